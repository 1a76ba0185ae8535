"""Who leads, who supports, who is responsible: read from the conventions of plans.

（X牵头，Y配合）, （责任单位：X、Y）, 分工：由X牵头，Y配合, and the columns 牵头部门 / 责任部门 of a table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vectorstore.models import Passage

LEAD, SUPPORT, RESPONSIBLE = "牵头", "配合", "责任"


@dataclass(frozen=True, slots=True)
class Role:
    """Organs in one role, and the stretch that says so: offsets into the passage's text, or,
    where `in_source` is set, into the document's source (cells of a table, where `organs` is
    the cell itself and left empty here)."""

    role: str
    organs: str
    start: int
    end: int
    in_source: bool = False


_TAIL = re.compile(
    r"[（(](?P<body>(?:[^（()）]|[（(][^（()）]*[)）]){4,600}?)[)）](?=[。；\s]|$)|"
    r"(?<=[。”])(?P<lost>[^。；（(]{2,60}?牵头[^。（(]{0,300}?配合)[)）]"
)
_LABELLED = re.compile(
    r"(?P<label>牵头(?:单位|部门)|责任(?:单位|部门)|配合(?:单位|部门)|参与单位|负责单位|主办单位|协办单位|承办单位)\s*[:：]\s*"
    r"(?P<organs>[^；;。\n]{2,500}?)(?=[；;。\n）)]|$|(?:牵头|责任|配合|参与)(?:单位|部门)\s*[:：])"
)
_ORGAN_CHARS = r"[^；;。：:，,]"
_SENTENCE = re.compile(
    rf"由(?P<lead>{_ORGAN_CHARS}{{2,120}}?)牵头[，,；;]?(?:(?P<support>[^。；;]{{2,300}}?)(?:参与|配合|参加))?"
)
_CHARGE = re.compile(
    r"由(?P<who>[^。；;，,]{2,60}?(?:部门|局|委|办|厅|部|院|会|单位|政府|机构))(?:负责|承担|组织实施)"
)
_PURE = re.compile(
    r"(?P<lead>[\u4e00-\u9fff、，,（()）“” ]{2,200}?)牵头[，,；;]?(?P<support>[^。；;]{2,600})?配合"
)
_ONLY_LEAD = re.compile(
    r"(?P<lead>[\u4e00-\u9fff、，,（()）]{2,120}?)(?P<verb>牵头|负责)(?:[，,]?(?:各|有关).{2,30}?(?:配合|负责|分工))?"
)


def roles_in(passage: Passage) -> list[Role]:
    """All roles that a passage states, in order."""
    if passage.cells:
        return list(_from_cells(passage))
    return list(_from_text(passage.text))


def _from_cells(passage: Passage) -> Iterator[Role]:
    for cell in passage.cells:
        for word, role in (
            ("牵头", LEAD),
            ("配合", SUPPORT),
            ("参与", SUPPORT),
            ("协办", SUPPORT),
            ("责任", RESPONSIBLE),
            ("负责", RESPONSIBLE),
            ("主办", LEAD),
        ):
            if word in cell.header:
                yield Role(role, "", cell.start, cell.end, in_source=True)
                break


def _from_text(text: str) -> Iterator[Role]:
    taken = 0
    for match in _LABELLED.finditer(text):
        role = _LABEL_ROLES.get(match["label"][0], RESPONSIBLE)
        yield Role(role, match["organs"].strip(), match.start(), match.end())
        taken = match.end()
    for match in _TAIL.finditer(text):
        body = match["body"] or match["lost"]
        if match.start() >= taken and ("牵头" in body or body.endswith("负责")):
            yield from _from_tail(body, *match.span())
            taken = match.end()
    for match in _SENTENCE.finditer(text):
        if match.start() >= taken:
            yield Role(LEAD, match["lead"], *match.span())
            if match["support"]:
                yield Role(SUPPORT, match["support"].strip("，,"), *match.span())
    for match in _CHARGE.finditer(text):
        yield Role(RESPONSIBLE, match["who"], *match.span())


_LABEL_ROLES = {"牵": LEAD, "主": LEAD, "配": SUPPORT, "参": SUPPORT, "协": SUPPORT}


def _from_tail(body: str, start: int, end: int) -> Iterator[Role]:
    """（X牵头，Y配合） or （X负责）; the brackets belong to the quote."""
    if match := _PURE.match(body):
        yield Role(LEAD, match["lead"].strip("，,；; "), start, end)
        if match["support"]:
            yield Role(SUPPORT, match["support"].strip("，,；; "), start, end)
    elif match := _ONLY_LEAD.match(body):
        yield Role(LEAD if match["verb"] == "牵头" else RESPONSIBLE, match["lead"], start, end)


_PREFIX = re.compile(r"^(?:自治区|全?省|全?市|全?区|全?县|州|旗|国家)")


def organ_name(text: str) -> str:
    """An organ without the level in front: 区交通局 → 交通局."""
    return _PREFIX.sub("", text)


def names_organ(organs: str, wanted: str) -> bool:
    """Whether a list of organs holds one, whatever level stands in front of it.

    The list may have lost its separators, so the name is looked for as a part of it.
    """
    base = organ_name(wanted)
    position = organs.find(base)
    while position >= 0:
        before = organs[:position]
        if (
            not before
            or not re.search(r"[\u4e00-\u9fff]$", before)
            or re.search(r"(?:省|市|区|县|州|旗|局|委|办|部|厅|会|联|协|院|，|、)$", before)
        ):
            return True
        position = organs.find(base, position + 1)
    return False
