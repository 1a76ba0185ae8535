"""Looks up what somebody else's text states: every 《title》, 〔number〕, quotation and figure.

A claim that the corpus contradicts is shown beside the passage that does; one on which the
corpus is silent is called that, and not wrong.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from assistant.audit.alignment import Aligned, Aligner, changed_wording, pairs, phrases
from assistant.cite.citation import Citation, citation_of
from assistant.find.evidence import Evidence
from assistant.understand.corpus import full_name, same_title, title_core
from assistant.understand.scope import find_places
from vectorstore.errors import PolicyError
from vectorstore.language.figures import Figure, figures, same_figure
from vectorstore.language.names import DOCUMENT_NUMBER, TITLE, number_endings
from vectorstore.language.sentences import sentences
from vectorstore.language.text import fold, says, search_copy
from vectorstore.models import DocumentSummary

Kind = Literal["标题", "文号", "引文", "数字", "表述"]
Verdict = Literal["相符", "不符", "已失效", "未收录"]

MAX_CHARACTERS = 200_000
_BEHIND_TITLE = 12  # characters between a title and the number that goes with it
_QUOTATION = re.compile(r"[“「]([^”」]{8,400}+)[”」]")
_AS_CURRENT = (
    "现行", "正在", "目前", "当前", "有效", "继续", "按照", "根据", "依据", "依照", "遵照", "执行", "落实",
)  # fmt: skip
_SAYS_EXPIRED = re.compile(r"届满|到期|期满|已过|过期|已经?结束|废止|失效|上一轮|往期|曾")
_NEAR_QUOTE = 0.6
_DATES = frozenset("年月日")


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a text states: text[start:end], the verdict, and what it was held against."""

    kind: Kind
    text: str
    start: int
    end: int
    verdict: Verdict
    message: str
    source: Citation | None = None

    @property
    def is_fault(self) -> bool:
        return self.verdict in ("不符", "已失效") or (
            self.verdict == "未收录" and self.kind in ("标题", "文号", "引文")
        )


def audit(text: str, evidence: Evidence) -> list[Claim]:
    """The claims of a text, in order. Raises PolicyError for a text that is empty or too long."""
    if not text.strip():
        raise PolicyError("没有可核对的文字", "There is no text to check")
    if len(text) > MAX_CHARACTERS:
        raise PolicyError(
            f"文字有 {len(text)} 字，一次最多核对 {MAX_CHARACTERS} 字；请分几次",
            f"The text has {len(text)} characters, at most {MAX_CHARACTERS} at a time; check it in parts",
        )
    claims: list[Claim] = []
    aligner = Aligner(evidence)
    context: tuple[str, ...] = ()
    for number, (start, end) in enumerate(sentences(text)):
        evidence.progress.stage(f"核对第 {number + 1} 句")
        sentence = text[start:end]
        named = _named_documents(sentence, evidence)
        # 「该方案」「同年」: a sentence that names no document speaks of the last one named.
        context = named or (() if text[:start].endswith("\n\n") else context)
        for claim in _claims(sentence, context, aligner, evidence):
            claims.append(_moved(claim, start))
    return sorted(claims, key=lambda claim: (claim.start, claim.end))


def summary(claims: Sequence[Claim]) -> str:
    """What was looked up and what came of it, in one line."""
    counts = Counter(claim.verdict for claim in claims)
    said = "，".join(f"{name} {counts[name]} 处" for name in get_args(Verdict) if counts[name])
    return (
        f"核对了 {len(claims)} 处：{said}。"
        if claims
        else "没有找到可核对的标题、文号、引文或数字。"
    )


def _moved(claim: Claim, by: int) -> Claim:
    return Claim(
        claim.kind, claim.text, claim.start + by, claim.end + by, claim.verdict, claim.message,
        claim.source,
    )  # fmt: skip


def _claims(
    sentence: str, context: Sequence[str], aligner: Aligner, evidence: Evidence
) -> Iterator[Claim]:
    yield from _titles_and_numbers(sentence, evidence)
    yield from _quotations(sentence, context, aligner, evidence)
    yield from _figures(sentence, context, aligner)


def _named_documents(sentence: str, evidence: Evidence) -> tuple[str, ...]:
    corpus = evidence.corpus
    ids: dict[str, None] = {}
    for match in TITLE.finditer(sentence):
        ids.update(dict.fromkeys(corpus.titled(match[1])))
    for match in DOCUMENT_NUMBER.finditer(sentence):
        for number in number_endings(match):
            ids.update(dict.fromkeys(corpus.with_number(number)))
    if not ids:
        for place in find_places(sentence, corpus, ()):
            ids.update(dict.fromkeys(corpus.in_region(place.path)))
    return tuple(ids)


# --- titles and document numbers ------------------------------------------------------------------


def _titles_and_numbers(sentence: str, evidence: Evidence) -> Iterator[Claim]:
    numbers = list(DOCUMENT_NUMBER.finditer(sentence))
    for match in TITLE.finditer(sentence):
        yield _title(match, sentence, evidence)
    titles = list(TITLE.finditer(sentence))
    for match in numbers:
        before = [t for t in titles if 0 <= match.start() - t.end() <= _BEHIND_TITLE]
        yield _number(match, before[-1][1] if before else None, evidence)


def _title(match: re.Match[str], sentence: str, evidence: Evidence) -> Claim:
    corpus, title = evidence.corpus, match[1]
    at = match.span()
    if ids := corpus.titled(title):
        documents = [corpus.by_id[i] for i in ids]
        document = documents[0]
        source = _card_of(document, "title", evidence)
        if all(d.is_over for d in documents):
            message = f"《{document.metadata.title}》{document.state}"
            rest = sentence.replace(match[0], "")
            if says(rest, _AS_CURRENT) and not _SAYS_EXPIRED.search(rest):
                return Claim(
                    "标题", match[0], *at, "已失效", f"{message}，这里当作现行文件引用", source
                )
            return Claim("标题", match[0], *at, "相符", message, source)
        return Claim("标题", match[0], *at, "相符", "库中有这份文件", source)
    if citing := corpus.citing(title=title):
        document = corpus.by_id[citing[0]]
        return Claim("标题", match[0], *at, "相符", f"库中没有原文，{full_name(document)}引用过它")
    if mention := _mention(title, evidence):
        return Claim("标题", match[0], *at, "相符", "库中没有原文，有文件提到它", mention)
    near = [d for d in corpus.documents if _resembles(title, d.metadata.title)]
    if near:
        return Claim(
            "标题", match[0], *at, "不符",
            f"库中没有《{title}》；名称相近的是《{near[0].metadata.title}》",
            _card_of(near[0], "title", evidence),
        )  # fmt: skip
    return Claim("标题", match[0], *at, "未收录", "库中没有这份文件，也没有文件提到它")


def _resembles(title: str, other: str) -> bool:
    a, b = title_core(title), title_core(other)
    return len(pairs(a) & pairs(b)) >= 0.75 * max(len(a), len(b), 2)


def _mention(text: str, evidence: Evidence) -> Citation | None:
    """Where the corpus holds a string, white space and width aside."""
    wanted = fold(search_copy(text))
    for hit in evidence.search(text):
        passage = hit.passage
        if wanted in fold(search_copy(passage.text)):
            for start, end in sentences(passage.text):
                if wanted in fold(search_copy(passage.text[start:end])):
                    quote = evidence.quoter.quote(hit.document, passage, start, end)
                    return citation_of(quote)
            whole = evidence.quoter.quote(hit.document, passage, 0, len(passage.text))
            return citation_of(whole)
    return None


def _number(match: re.Match[str], title: str | None, evidence: Evidence) -> Claim:
    known = evidence.corpus.numbers
    number = next((n for n in map(fold, number_endings(match)) if n in known), None)
    start = match.end() - len(match[0])
    if title is not None:
        right = _number_of(title, evidence)
        if right and (number is None or fold(right) != number):
            return Claim(
                "文号", match[0], start, match.end(), "不符",
                f"文号与标题不符：《{title}》的文号是{right}",
            )  # fmt: skip
    if number is None:
        return Claim("文号", match[0], start, match.end(), "未收录", "库中没有这个文号")
    titles, document = known[number]
    source = _card_of(document, "document_number", evidence) if document else None
    if title is not None and titles and not any(
        same_title(title_core(title), title_core(t)) or title_core(title) == title_core(t)
        for t in titles
    ):  # fmt: skip
        return Claim(
            "文号", match[0], start, match.end(), "不符",
            f"文号与标题不符：库中这个文号属于《{titles[0]}》", source,
        )  # fmt: skip
    said = f"库中这个文号属于《{titles[0]}》" if titles else "库中有文件引用这个文号"
    return Claim("文号", match[0], start, match.end(), "相符", said, source)


def _number_of(title: str, evidence: Evidence) -> str | None:
    """The number that goes with a title: of the document itself, or as others cite it."""
    corpus, wanted = evidence.corpus, title_core(title)
    for identifier in corpus.titled(title):
        if number := corpus.by_id[identifier].metadata.document_number:
            return number
    for document in corpus.documents:
        for cited, number in document.metadata.cites:
            if cited and number and title_core(cited) == wanted:
                return number
    return None


def _card_of(document: DocumentSummary, field: str, evidence: Evidence) -> Citation | None:
    quote = evidence.quoter.field(document, field)
    return citation_of(quote) if quote else None


# --- quotations -----------------------------------------------------------------------------------


def _quotations(
    sentence: str, context: Sequence[str], aligner: Aligner, evidence: Evidence
) -> Iterator[Claim]:
    for match in _QUOTATION.finditer(sentence):
        quoted = match[1]
        if found := _mention(quoted, evidence):
            named = _named_documents(sentence, evidence)
            if named and found.document_id not in named and not _held_by(quoted, named, evidence):
                yield Claim(
                    "引文", quoted, *match.span(1), "不符", f"这段话出自《{found.title}》", found
                )
            else:
                yield Claim("引文", quoted, *match.span(1), "相符", "与原文一致", found)
            continue
        best = aligner.best(quoted, quoted, context)
        if best and best.score >= _NEAR_QUOTE:
            source = best.citation(evidence)
            yield Claim("引文", quoted, *match.span(1), "不符", "引文与原文有出入", source)
        else:
            yield Claim("引文", quoted, *match.span(1), "未收录", "库中没有这段文字")


def _held_by(text: str, ids: Sequence[str], evidence: Evidence) -> bool:
    wanted = fold(search_copy(text))
    return any(wanted in fold(search_copy(evidence.quoter.source(i))) for i in ids)


# --- figures and wording --------------------------------------------------------------------------


def _figures(sentence: str, context: Sequence[str], aligner: Aligner) -> Iterator[Claim]:
    covered = [m.span() for p in (TITLE, DOCUMENT_NUMBER, _QUOTATION) for m in p.finditer(sentence)]
    for start, end in phrases(sentence):
        phrase = sentence[start:end]
        stated = [
            f
            for f in figures(phrase)
            if not any(a <= start + f.start < b for a, b in covered) and f.unit
        ]
        if not stated:
            continue
        near = aligner.nearest(phrase, sentence, context)
        agreed: tuple[Figure, Aligned] | None = None
        for figure in stated:
            claim, held = _figure(figure, start + figure.start, stated, near, aligner)
            if held and agreed is None:
                agreed = figure, held
            if claim:
                yield claim
        if agreed and (wording := changed_wording(phrase, agreed[1].phrase, agreed[0])):
            ours, theirs = wording
            yield Claim(
                "表述", phrase, start, end, "不符",
                f"程度与原文不同：这里是“{ours or '（无）'}”，原文是“{theirs or '（无）'}”",
                agreed[1].citation(aligner.evidence),
            )  # fmt: skip


def _figure(
    figure: Figure,
    at: int,
    stated: Sequence[Figure],
    near: Sequence[Aligned],
    aligner: Aligner,
) -> tuple[Claim | None, Aligned | None]:
    """The verdict on one figure, and the sentence that holds it if one does."""
    span = (at, at + len(figure.text))
    for aligned in near:
        if any(same_figure(figure, other) for other in aligned.figures):
            source = aligned.citation(aligner.evidence)
            return Claim("数字", figure.text, *span, "相符", "与原文一致", source), aligned
    for aligned in near:
        free = [o for o in aligned.figures if not any(same_figure(o, f) for f in stated)]
        like = [o for o in free if o.unit == figure.unit or o.value == figure.value]
        if like:
            source = aligned.citation(aligner.evidence)
            what = "单位" if like[0].value == figure.value else "数字"
            message = f"{what}与原文不同：这里是“{figure.text}”，原文是“{like[0].text}”"
            return Claim("数字", figure.text, *span, "不符", message, source), None
    if figure.unit in _DATES:
        return None, None
    return Claim("数字", figure.text, *span, "未收录", "库中没有找到对应的说法"), None
