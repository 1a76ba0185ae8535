"""Lists of organs as written → the organs one by one."""

from collections.abc import Iterator

from vectorstore.language.actors import (
    ACTOR_END,
    AND_SO_ON,
    BY_DUTIES,
    GLUED,
    JOINING,
    LEVEL_ONLY,
    LIST_MARK,
    NO_ACTOR,
    ONE_FIELD,
    SHORT_FOR,
    SURE_ACTOR_END,
)
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import squeeze

_OPEN, _CLOSE = "（(〔[【", "）)〕]】"
_MAX_LIST = 1500
_LONGEST = 40


_FIELD = Pattern(
    r"(?!国)[\u4e00-\u9fff]{2,8}?(?:行政|主管|有关|相关|管理){0,4}等?(?:行政|主管|有关|相关|其他){0,4}(?:部门|单位|机关)",
    yes=("财政部门", "审计等部门", "卫生健康主管部门"),
    no=("财政", "交通运输局"),
    why="the last field of several that share one 部门: 公安和财政部门",
)

_GENERIC = Pattern(
    r"(?:部门|机构|单位|个人|组织|团体|企业|机关)",
    yes=("机构", "个人"),
    no=("市财政局",),
    why="a bare word that shares what stands before the other: 有关部门和机构",
)
_SHARED = Pattern(
    r"(?:部门|机关|机构|单位|组织)$",
    yes=(("民政等部门", "部门"), ("财政部门", "部门")),
    no=("市财政局",),
    why="the word for organ that fields in front of it may share",
)


def organs_in(text: str) -> tuple[str, ...]:
    """市教育局、县财政局和县残联等部门 → each of the three; none of them twice.

    A name is never cut inside: 市自然资源和规划局, 市委宣传部（市政府新闻办） and
    省、自治区、直辖市人民政府 are one organ each, and so are fields that share one word for
    organ: 公安、民政等部门.
    """
    text = SHORT_FOR.remove_from(" ".join(text[:_MAX_LIST].split()))
    text = BY_DUTIES.remove_from(text, "、")
    pieces = [piece for part in _parts(text) for piece in _joined(part)]
    return tuple(dict.fromkeys(organ for organ in _whole(pieces, text) if len(organ) > 1))


def _whole(pieces: list[str], text: str) -> Iterator[str]:
    """Fields stay with the word for organ that they share, as they are written, and so do those
    of whom a list says what they are: 村民委员会、居民委员会等群众自治组织."""
    classed = max((i for i, piece in enumerate(pieces) if _CLASS.search(piece)), default=0)
    if classed:
        end = text.find(pieces[classed]) + len(pieces[classed])
        yield _trimmed(text[:end])
        pieces, text = pieces[classed + 1 :], text[end:]
    held: list[str] = []  # fields whose organ is still to come
    first = at = 0  # where they begin; how far the text is read
    for piece in pieces:
        start = max(text.find(piece, at), at)
        at = start + len(piece)
        bare = _bare(piece)
        first = first if held else start
        if not ACTOR_END.search(bare) and not held and not _SHARED.search(piece) and len(bare) > 1:
            held.append(bare)
            continue
        elif held and _SHARED.search(piece.strip("。.；;：: ")):
            yield _trimmed(text[first:at])
        elif held and not ACTOR_END.search(bare):
            held.append(bare)
            continue
        elif not ACTOR_END.search(bare) and _SHARED.search(piece):
            yield _trimmed(piece)  # 农林等相关部门
        else:
            yield from held
            yield bare
        held = []
    yield from held


def _trimmed(organ: str) -> str:
    return squeeze(organ).strip("。.；;：:、 ").removeprefix("由")


_CLASS = Pattern(
    r"(?<![高中初平同])等(?![级\d])(?=[\u4e00-\u9fff]{4,14}$)(?![相有其]关?他?(?:部门|单位|机构))[\u4e00-\u9fff]{1,11}(?:组织|企业|机构|团体|场所|单位|人员|经营者)$|"
    r"等[省市州区县乡镇][\u4e00-\u9fff]{0,12}(?:局|委|办|厅|院|政府|委员会)$",
    yes=(("居委会等群众自治组织", "等群众自治组织"), ("云溪、松湖等县水务局", "等县水务局")),
    no=("公安等部门", "高等学校"),
    why="says of a list what those are that it names",
)


def are_organs(text: str, any_actor: bool = False) -> bool:
    """Whether a stretch is nothing but organs, as it must be where nothing but its own words
    set it off from the text; with `any_actor` companies and the like, too."""
    if not text.strip() or len(text) > _MAX_LIST:
        return False
    organs = organs_in(text)
    end = ACTOR_END if any_actor else SURE_ACTOR_END
    if not organs or (not end.search(organs[-1]) and not _is_open(text)):
        return False
    return all(len(o) <= _LONGEST and not NO_ACTOR.search(o) for o in organs)


def _is_open(text: str) -> bool:
    """Ends with 等部门: what stands before may be fields alone (公安、民政等部门)."""
    match = AND_SO_ON.search(BY_DUTIES.remove_from(text).strip())
    return match is not None and match[0].endswith(("部门", "单位", "机构", "机关"))


def _parts(text: str) -> Iterator[str]:
    """Cut at commas and the like outside brackets; a level alone goes with what follows it."""
    held = ""
    for part in _cut(text):
        held += part
        if not LEVEL_ONLY.search(_last(held)) or not part:
            yield held
            held = ""
        else:
            held += "、"
    if held:
        yield held.rstrip("、")


def _last(held: str) -> str:
    """国务院和省 → 省."""
    held = held.split("、")[-1]
    for joining in JOINING.finditer(held):
        if _stands_alone(held[: joining.start()]):
            return held[joining.end() :]
    return held


def _cut(text: str) -> Iterator[str]:
    start = depth = at = 0
    while at < len(text):
        depth += (text[at] in _OPEN) - (text[at] in _CLOSE)
        mark = LIST_MARK.match(text, at) if depth <= 0 else None
        if mark:
            yield text[start:at]
            start = at = mark.end()
        else:
            at += 1
    yield text[start:]


def _joined(part: str) -> Iterator[str]:
    """Cut where 和, 及 or nothing at all stands between two whole names."""
    start = 0
    for match in JOINING.finditer(part):
        left, right = part[start : match.start()], part[match.end() :]
        whole = _stands_alone(left) and _goes_alone(right)
        if _GENERIC.fullmatch(right) and start == 0:
            continue
        fields = _FIELD.fullmatch(right) and not ONE_FIELD.search(left[-6:] + "和" + right[:8])
        if (whole or (left and fields and not LEVEL_ONLY.search(left))) and not _in_brackets(
            part, match.start()
        ):
            yield from _unglued(left)
            start = match.end()
    yield from _unglued(part[start:])


def _goes_alone(right: str) -> bool:
    """A whole name, or a field in a list that ends with 等部门: 法院和监察、审计等机关."""
    return (len(right) <= 4 and not LEVEL_ONLY.search(right)) or bool(
        ACTOR_END.search(AND_SO_ON.remove_from(right))
    )


def _stands_alone(left: str) -> bool:
    """市财政局 before 和; not 自然资源 or 市, of which more follows."""
    whole = SURE_ACTOR_END.search(left) or SURE_ACTOR_END.search(_bare(left))
    return bool(whole) and not LEVEL_ONLY.search(left)


def _unglued(part: str) -> Iterator[str]:
    start = 0
    for match in GLUED.finditer(part):
        if match.start() - start > 2 and not _in_brackets(part, match.start()):
            yield part[start : match.start()]
            start = match.start()
    yield part[start:]


def _in_brackets(text: str, at: int) -> bool:
    before = text[:at]
    return sum(map(before.count, _OPEN)) > sum(map(before.count, _CLOSE))


def _bare(organ: str) -> str:
    organ = AND_SO_ON.remove_from(squeeze(organ).strip("。.；;：: "))
    if organ.startswith("由"):
        organ = organ[1:]
    for opening, closing in ("（）", "()", "【】", "[]"):
        if organ.count(opening) != organ.count(closing):
            organ = organ.strip(opening + closing)
    return organ
