"""Who a sentence speaks of, where the sentence that it follows nearly word for word speaks of
others: 个体工商户 in the place of 中小微企业."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from assistant.audit.alignment import Aligner
from assistant.audit.claims import Claim
from assistant.audit.scope import Scope
from vectorstore.language.names import ORGAN_END
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import search_copy
from vectorstore.language.words import word_spans

Span = tuple[int, int]
WHO = Pattern(
    rf"(?:企业|单位|机构|组织|人员|队员|工作者|者|户|员|群众|居民|学生|教师|干部|职工|团体|家庭|儿童|农民|市民|公司|学校|{ORGAN_END})$",
    yes=(("个体工商户", "户"), ("援助湖北医疗队队员", "队员")),
    no=("房租", "措施"),
    why="ends a name of people or of a body",
)
_NEAR = 0.62  # of the sentence's pairs, in the one that it follows
_AROUND = 4  # characters that both have in front of and behind what differs
_LONGEST = 18


def replaced(
    sentence: str, covered: Sequence[Span], scope: Scope, aligner: Aligner
) -> Iterator[Claim]:
    """`covered` are stretches that others judge."""
    if scope.is_own or not scope.ids:
        return
    best = aligner.best(sentence, sentence, scope.ids)
    if best is None or best.score < _NEAR:
        return
    ours, theirs = search_copy(sentence), search_copy(best.text)
    for own, other in _differences(ours, theirs):
        said, meant = ours[slice(*own)], theirs[slice(*other)]
        at = _place(said, own[0], sentence)
        if at is None or any(a < at[1] and at[0] < b for a, b in covered):
            continue
        if said in theirs or meant in ours:
            continue
        if _is_one_name(said) and _is_one_name(meant):
            message = f"对象与原文不同：这里是“{said}”，原文是“{meant}”"
            source = best.citation(aligner.evidence)
            yield Claim("对象", said, *at, "不符", message, source, meant, "中")


def _place(words: str, near: int, sentence: str) -> Span | None:
    """Where words of the copy that is compared stand in the sentence itself, which may be longer
    or shorter: of several places the nearest."""
    places = (at for at in range(len(sentence)) if sentence.startswith(words, at))
    start = min(places, key=lambda place: abs(place - near), default=None)
    return None if start is None else (start, start + len(words))


def _is_one_name(text: str) -> bool:
    return WHO.search(text) is not None and all(c.isalnum() for c in text)


def _differences(ours: str, theirs: str) -> Iterator[tuple[Span, Span]]:
    """Words that stand in each other's place between words that both have."""
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    kept = [b for b in blocks if b.size >= _AROUND or b.size == 0]
    for before, after in pairwise(kept):
        own = _in_words(ours, before.a + before.size, after.a)
        other = _in_words(theirs, before.b + before.size, after.b)
        if 2 <= own[1] - own[0] <= _LONGEST and 2 <= other[1] - other[0] <= _LONGEST:
            yield own, other


def _in_words(text: str, start: int, end: int) -> Span:
    """A stretch widened to whole words."""
    spans = word_spans(text)
    if end <= start or end > len(spans):
        return start, end
    return spans[start][0], spans[end - 1][1]
