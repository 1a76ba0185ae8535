"""Totals of a sentence that its own parts do not add up to."""

from collections.abc import Iterator, Sequence

from assistant.audit.claims import Claim
from vectorstore.language.figures import Figure, figures, plain_number, same_unit
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import says

TOTAL = Pattern(
    r"(?:[两二三四五六七八九十\d]{1,2}[类项级部分者个家县市区方面年]{1,2})?(?:合计|共计|总计|合共|总共|一共|加起来|加在一起|累计)(?:[是为达共有投资安排金额数]|一共){0,4}$",
    yes=("五类合计", "两级加起来是", ("生产能力一章合计", "合计"), "共计"),
    no=("其中", "计划"),
    why="in front of a total of what was told before",
)
_WHOLE = Pattern(
    r"(?:共|总|合计|共计|总计)[\u4e00-\u9fff]{0,12}$",
    yes=("共需资金", "总投资"),
    no=("其中展区改造",),
    why="in front of a total whose parts follow",
)
_PARTS_FOLLOW = Pattern(
    r"^[^。；]{0,12}?[，,（(：:](?:其中|包括|分别为|即)[：:，,]?",
    yes=(("，其中展区改造", "，其中"), "（其中"),
    no=("，完成率", "。其中"),
)
_ONLY_SOME = Pattern(
    r"[等余多约近]|以上|以下|左右|不少于|不低于|超过", yes=("等", "以上"), no=("其中",)
)
_EACH = Pattern(
    r"(?P<items>[^，。；：:]{1,60}?)(?:各|均为|都是)(?:为|有|占)?$",
    yes=("蔬菜面积、蔬菜产量、肉类产量各",),
    no=("蔬菜面积为",),
    why="several things that have one figure each",
)
_MOST = 12  # parts


def totals(sentence: str, wrong: Sequence[tuple[int, int]]) -> Iterator[Claim]:
    """`wrong` are figures that contradict a document: where one of them is a part, what the
    total should be is not known."""
    found = [f for f in _scored(sentence) if f.unit]
    for n, total in enumerate(found):
        before = sentence[: total.start]
        if said := TOTAL.search(before[-24:]):
            opens = total.start - len(said[0])  # 五类合计 counts kinds
            parts = _before(sentence, [f for f in found[:n] if f.start < opens], total)
        elif _WHOLE.search(before[-16:]):
            parts = _behind(sentence, found[n + 1 :], total)
        else:
            continue
        if len(parts) >= 2 or (len(parts) == 1 and parts[0][1] > 1):
            yield _judged(sentence, total, parts, wrong)


def _scored(sentence: str) -> list[Figure]:
    """Figures, points of a score among them."""
    found = []
    for figure in figures(sentence):
        end = figure.start + len(figure.text)
        if (
            not figure.unit
            and sentence[end : end + 1] == "分"
            and sentence[end + 1 : end + 2] not in "之别类"
        ):
            figure = Figure(figure.value, "分", f"{figure.text}分", figure.start)
        found.append(figure)
    return found


_Parts = list[tuple[Figure, int]]  # each figure with how often it counts


def _before(sentence: str, found: Sequence[Figure], total: Figure) -> _Parts:
    """The run of like figures in front of a total, in one breath."""
    parts: _Parts = []
    for figure in reversed(found[-_MOST:]):
        end = figure.start + len(figure.text)
        between = sentence[end : (parts[-1][0].start if parts else total.start)]
        if not same_unit(figure, total) or "。" in between or "；" in between or len(between) > 40:
            break
        if sentence[end : end + 2] in ("以上", "左右", "以下"):
            return []
        each = _EACH.search(sentence[: figure.start])
        parts.append((figure, each["items"].count("、") + 1 if each else 1))
    if says(sentence[: parts[-1][0].start] if parts else "", _ADDED):
        return []
    return _without_count(parts[::-1], total)


_ADDED = ("再加", "加上", "连同", "算上")  # to what the sentence before told


def _without_count(parts: _Parts, total: Figure) -> _Parts:
    """五项行动依次有4项、4项、4项、3项、2项: the first tells how many parts follow, unless all of them
    add up."""
    follow = parts[1:]
    is_count = len(follow) > 1 and parts[0][0].value == len(follow)
    adds_up = abs(sum(f.value * times for f, times in parts) - total.value) < 1e-6
    return follow if is_count and not adds_up else parts


def _behind(sentence: str, found: Sequence[Figure], total: Figure) -> _Parts:
    """Parts behind 其中; they need not be all."""
    end = total.start + len(total.text)
    if not _PARTS_FOLLOW.search(sentence[end : end + 20]):
        return []
    rest = sentence[end:]
    if _ONLY_SOME.search(rest.split("。")[0]):
        return []
    return [(f, 1) for f in found[:_MOST] if same_unit(f, total)]


def _judged(sentence: str, total: Figure, parts: _Parts, wrong: Sequence[tuple[int, int]]) -> Claim:
    summed = sum(figure.value * times for figure, times in parts)
    at = total.start, total.start + len(total.text)
    follows = parts[0][0].start > total.start
    if abs(summed - total.value) < 1e-6 * max(1.0, summed):
        return Claim("合计", total.text, *at, "相符", "与各项之和相符")
    if follows and summed < total.value:
        message = f"所列各项之和为{plain_number(summed)}{total.unit}，少于总数，未必列全"
        return Claim("合计", total.text, *at, "未收录", message, sure="低")
    known = any(a < f.start + len(f.text) and f.start < b for a, b in wrong for f, _ in parts)
    message = f"与各项之和不符：各项相加为{plain_number(summed)}{total.unit}"
    right = None if known or follows else _like(total, summed)
    return Claim("合计", total.text, *at, "不符", message, None, right, "中" if known else "高")


def _like(total: Figure, value: float) -> str | None:
    """A sum written as the total is; None where its scale would change."""
    for scale, factor in (("亿", 1e8), ("万", 1e4)):
        if scale in total.text:
            return f"{plain_number(value / factor)}{scale}{total.unit}"
    return f"{plain_number(value)}{total.unit}"
