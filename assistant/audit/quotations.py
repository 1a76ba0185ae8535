"""Quotations of a text, held against the passages: word for word, or where they differ."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from assistant.audit.alignment import Aligner, pairs
from assistant.audit.claims import Claim
from assistant.audit.naming import mention_of
from assistant.audit.scope import Scope
from assistant.cite.citation import Citation
from assistant.find.evidence import Evidence
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import sentences
from vectorstore.language.text import fold, search_copy, squeeze

QUOTATION = Pattern(
    r"[“「]([^”」]{8,400}+)[”」]",
    yes=("“聚焦老年人就医场景”",),
    no=("“五老”", "聚焦老年人就医场景"),
    why="long enough to be somebody's words, not a name",
)
_NEAR = 0.6


def quotations(
    sentence: str, scope: Scope, aligner: Aligner, evidence: Evidence
) -> Iterator[Claim]:
    for match in QUOTATION.finditer(sentence):
        quoted, at = match[1], match.span(1)
        if scope.ids and _held_by(quoted, scope.ids, evidence):
            found = mention_of(quoted, evidence)
            yield Claim("引文", quoted, *at, "相符", "与原文一致", found)
        elif found := mention_of(quoted, evidence):
            if scope.is_named and not _is_of(found, scope, evidence):
                yield Claim("引文", quoted, *at, "不符", f"这段话出自《{found.title}》", found)
            else:
                yield Claim("引文", quoted, *at, "相符", "与原文一致", found)
        else:
            yield _altered(quoted, at, scope, aligner, evidence)


def _altered(
    quoted: str, at: tuple[int, int], scope: Scope, aligner: Aligner, evidence: Evidence
) -> Claim:
    for document_id in scope.ids:
        if original := _original(quoted, evidence.quoter.source(document_id)):
            best = aligner.best(quoted, quoted, (document_id,))
            source = best.citation(evidence) if best else None
            what = _difference(quoted, original)
            return Claim("引文", quoted, *at, "不符", f"引文与原文有出入：{what}", source, original)
    best = aligner.best(quoted, quoted, scope.ids)
    if best and best.score >= _NEAR:
        source = best.citation(evidence)
        original = _original(quoted, best.text)
        what = _difference(quoted, original) if original else "见对照的原文"
        return Claim(
            "引文", quoted, *at, "不符", f"引文与原文有出入：{what}", source, original, "中"
        )
    return Claim("引文", quoted, *at, "未收录", "库中没有这段文字，无法核对", sure="低")


def _is_of(found: Citation, scope: Scope, evidence: Evidence) -> bool:
    """Whether a passage is of a document that is meant, or of a copy of it."""
    titles = {evidence.summary(identifier).metadata.title for identifier in scope.ids}
    return found.document_id in scope.ids or found.title in titles


def _held_by(text: str, ids: Sequence[str], evidence: Evidence) -> bool:
    wanted = fold(search_copy(text))
    return any(wanted in fold(search_copy(evidence.quoter.source(i))) for i in ids)


def _original(quoted: str, source: str) -> str | None:
    """The stretch of a source that a quotation alters: it begins or ends alike, and most of it is
    the same. As the source has it, without line breaks."""
    wanted = squeeze(quoted)
    for start, end in sentences(source):
        text = squeeze(source[start:end])
        if len(pairs(wanted) & pairs(text)) < _NEAR * len(pairs(wanted)):
            continue
        matcher = SequenceMatcher(None, fold_marks(wanted), fold_marks(text), autojunk=False)
        blocks = [b for b in matcher.get_matching_blocks() if b.size >= 2]
        if not blocks or sum(b.size for b in blocks) < _NEAR * len(wanted):
            continue
        first = max(0, blocks[0].b - blocks[0].a)
        behind = len(wanted) - blocks[-1].a - blocks[-1].size
        last = min(len(text), blocks[-1].b + blocks[-1].size + behind)
        found = text[first:last]
        if abs(len(found) - len(wanted)) <= max(4, len(wanted) // 4):
            return found.rstrip("。；，,;") if wanted[-1] not in "。；，" else found
    return None


def fold_marks(text: str) -> str:
    """A copy of the same length in which marks of either width are one."""
    return text.translate(_NARROW)


_NARROW = str.maketrans("，；：（）！？", ",;:()!?")


def _difference(ours: str, theirs: str) -> str:
    a, b = squeeze(ours), squeeze(theirs)
    matcher = SequenceMatcher(None, fold_marks(a), fold_marks(b), autojunk=False)
    changed = [
        f"这里是“{a[i:j] or '（无）'}”，原文是“{b[k:m] or '（无）'}”"
        for tag, i, j, k, m in matcher.get_opcodes()
        if tag != "equal"
    ]
    return "；".join(changed[:3])
