"""Figures and how firm they are, held against the sentence that speaks of the same thing."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from assistant.audit.alignment import Aligned, Aligner, changed_wording, phrases
from assistant.audit.claims import Claim, Confidence
from assistant.audit.scope import Scope
from vectorstore.language.figures import Figure, figures, same_figure

Span = tuple[int, int]
_DATES = frozenset("年月日")
_SURE = 0.75  # how near a sentence must be where the text does not say whose it is


def stated_figures(
    sentence: str, covered: Sequence[Span], scope: Scope, aligner: Aligner
) -> Iterator[Claim]:
    """`covered` are stretches that others judge."""
    if scope.is_own:
        return
    for start, end in phrases(sentence):
        phrase = sentence[start:end]
        stated = [f for f in figures(phrase) if f.unit]
        open_ = [
            f
            for f in stated
            if not any(
                a < start + f.start + len(f.text) and start + f.start < b for a, b in covered
            )
        ]
        if not open_:
            continue
        near = [
            a for a in aligner.nearest(phrase, sentence, scope.ids) if scope.ids or a.score >= _SURE
        ]
        agreed: tuple[Figure, Aligned] | None = None
        for figure in open_:
            claim, held = _figure(
                figure, start + figure.start, stated, near, aligner, phrase, scope.ids
            )
            if held and agreed is None:
                agreed = figure, held
            if claim:
                yield claim
        if agreed and (wording := changed_wording(phrase, agreed[1].phrase, agreed[0])):
            ours, theirs = wording
            yield Claim(
                "表述", phrase, start, end, "不符",
                f"程度与原文不同：这里是“{ours or '（无）'}”，原文是“{theirs or '（无）'}”",
                agreed[1].citation(aligner.evidence), sure="中",
            )  # fmt: skip


def _figure(
    figure: Figure,
    at: int,
    stated: Sequence[Figure],
    near: Sequence[Aligned],
    aligner: Aligner,
    phrase: str,
    ids: Sequence[str],
) -> tuple[Claim | None, Aligned | None]:
    """The verdict on one figure, and the sentence that holds it if one does."""
    span = (at, at + len(figure.text))
    for aligned in near:
        if any(same_figure(figure, other) for other in aligned.figures):
            source = aligned.citation(aligner.evidence)
            return Claim("数字", figure.text, *span, "相符", "与原文一致", source), aligned
    if _is_total(figure, [*stated, *(o for a in near[:1] for o in a.figures)]):
        return None, None  # 省级15所、市级50所，共65所: added up by whoever wrote it
    if elsewhere := aligner.stating(figure, phrase, ids):
        return Claim("数字", figure.text, *span, "相符", "与原文一致", elsewhere), None
    for aligned in near:
        free = [o for o in aligned.figures if not any(same_figure(o, f) for f in stated)]
        like = [o for o in free if o.unit == figure.unit or o.value == figure.value]
        if like:
            source = aligned.citation(aligner.evidence)
            what = "单位" if like[0].value == figure.value else "数字"
            message = f"{what}与原文不同：这里是“{figure.text}”，原文是“{like[0].text}”"
            right = like[0].text if len(like) == 1 and aligned.score >= _SURE else None
            sure: Confidence = "高" if right else "中"
            return Claim("数字", figure.text, *span, "不符", message, source, right, sure), None
    if figure.unit in _DATES:
        return None, None
    message = "库中没有找到对应的说法，无法判断"
    return Claim("数字", figure.text, *span, "未收录", message, sure="低"), None


_MOST_PARTS = 4


def _is_total(figure: Figure, others: Sequence[Figure]) -> bool:
    """Whether a figure is the sum of some others of its unit."""
    parts = {o.value for o in others if o.unit == figure.unit and o.value < figure.value}
    sums = (
        sum(some)
        for count in range(2, min(len(parts), _MOST_PARTS) + 1)
        for some in combinations(sorted(parts), count)
    )
    return len(parts) <= 8 and any(abs(total - figure.value) < 1e-6 for total in sums)
