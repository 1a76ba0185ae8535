"""Who leads, who supports, who is responsible: read from the conventions of plans.

（X牵头，Y配合）, （责任单位：X、Y）, 分工：由X牵头，Y配合, and the columns 牵头部门 / 责任部门 of a table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vectorstore.language.names import HAN, ORGAN_END
from vectorstore.language.pattern import Pattern
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


ROLE_LABEL = Pattern(
    r"(?:牵头|责任|负责|配合|参与|参加|主办|协办|承办|协同|实施)(?:单位|部门)",
    yes=("牵头单位", "责任部门", "参加单位", "协办单位"),
    no=("责任人", "有关单位"),
    why="what a list of organs is introduced with, and the head of a column of them",
)
LABELLED_TAIL = Pattern(
    rf"[（(【\[]?(?:{ROLE_LABEL}|责任领导|责任人|完成时限|完成时间)[】\]]?\s*[:：]",
    yes=("责任单位：", "（牵头单位:", "【完成时限】：", "责任人："),
    no=("责任单位要落实", "工作目标："),
    why="opens a line that says who and by when, and belongs to what stands above it",
)
SAYS_WHO = Pattern(
    r"牵头|负责|配合|责任|分工",
    yes=(("市教育局牵头", "牵头"), ("责任单位", "责任")),
    no=("试行", "市教育局"),
    why="tells a responsibility from other things that stand in brackets",
)
_IN_BRACKET = r"(?:[^（()）\n]|[（(][^（()）\n]{0,200}[)）])"
RESPONSIBILITY_TAIL = Pattern(
    rf"[（(](?={_IN_BRACKET}{{0,400}}?{SAYS_WHO}){_IN_BRACKET}{{0,400}}[)）]",
    yes=(
        "（市教育局牵头，市财政局配合）",
        "(责任单位：市科技局、市科协)",
        "（市委宣传部（市政府新闻办）牵头）",
        "（各区按职责分工负责）",
    ),
    no=("（试行）", "市教育局牵头", "（没有完，市教育局牵头"),
    why="the bracket behind a sentence that says who does it, and belongs to it",
)
_ENDING_TAIL = Pattern(
    r"[（(](?P<body>(?:[^（()）]|[（(][^（()）]*[)）]){4,600}?)[)）](?=[。；\s]|$)|"
    r"(?<=[。”])(?P<lost>[^。；（(]{2,60}?牵头[^。（(]{0,300}?配合)[)）]",
    yes=(
        "（市教育局牵头，市财政局配合）",
        ("建成。（区科协（区青少年中心）牵头）", "（区科协（区青少年中心）牵头）"),
        ("建成。区科协牵头，区妇联配合）", "区科协牵头，区妇联配合）"),
    ),
    no=("（市教育局牵头）负责", "市教育局牵头"),
    why="a bracket at the end of a clause; one that has lost its first half is known by its words",
)
_LABELLED = Pattern(
    rf"(?P<label>{ROLE_LABEL})\s*[:：]\s*"
    rf"(?P<organs>[^；;。\n]{{2,500}}?)(?=[；;。\n）)]|$|{ROLE_LABEL}\s*[:：])",
    yes=(
        "责任单位：市科技局、市科协",
        ("（牵头单位：市教育局；配合单位：各区）", "牵头单位：市教育局"),
        ("牵头单位：市教育局 责任单位：市科协", "牵头单位：市教育局 "),
    ),
    no=("责任单位要落实", "单位：市教育局"),
)
_LEAD_CLAUSE = Pattern(
    r"由(?P<lead>[^；;。：:，,]{2,120}?)牵头[，,；;]?"
    r"(?:(?P<support>[^。；;]{2,300}?)(?:参与|配合|参加))?",
    yes=("由市教育局牵头", "由市教育局牵头，市财政局、各区配合"),
    no=("市教育局牵头", "由市教育局，牵头"),
)
_CHARGE = Pattern(
    rf"由(?P<who>[^。；;，,]{{2,60}}?(?:部门|单位|机构|{ORGAN_END}))(?:负责|承担|组织实施)",
    yes=("由市教育局负责", "由有关部门承担", "由县残联组织实施"),
    no=("由专人负责", "市教育局负责"),
)
_PURE = Pattern(
    r"(?P<lead>[\u4e00-\u9fff、，,（()）“” ]{2,200}?)牵头[，,；;]?(?P<support>[^。；;]{2,600})?配合",
    yes=("市教育局牵头，市财政局、市科协配合", "市教育局牵头配合"),
    no=("市教育局牵头", "市教育局配合"),
)
_ONLY_LEAD = Pattern(
    r"(?P<lead>[\u4e00-\u9fff、，,（()）]{2,120}?)(?P<verb>牵头|负责)"
    r"(?:[，,]?(?:各|有关).{2,30}?(?:配合|负责|分工))?",
    yes=("市教育局负责", "市教育局牵头", "市科协牵头，各部门按职责分工"),
    no=("市教育局", "负责"),
)
LED_BY = Pattern(
    rf"由?(?P<organ>{HAN}{{2,14}}?{ORGAN_END})所?(?P<role>牵头|负责|主管)",
    yes=("由市应急局牵头", "市科协主管", "县残联所负责"),
    no=("由谁牵头", "专人负责"),
    why="what a question takes for granted, or a clause states, about an organ",
)


def roles_in(passage: Passage) -> list[Role]:
    """All roles that a passage states, in order."""
    if passage.cells:
        return list(_from_cells(passage))
    return sorted(_from_text(passage.text), key=lambda role: role.start)


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
    taken: list[tuple[int, int]] = []

    def is_new(match: re.Match[str]) -> bool:
        return all(match.end() <= start or end <= match.start() for start, end in taken)

    for match in _LABELLED.finditer(text):
        role = _LABEL_ROLES.get(match["label"][0], RESPONSIBLE)
        yield Role(role, match["organs"].strip(), match.start(), match.end())
        taken.append(match.span())
    for match in _ENDING_TAIL.finditer(text):
        body = match["body"] or match["lost"]
        if is_new(match) and ("牵头" in body or body.endswith("负责")):
            yield from _from_tail(body, *match.span())
            taken.append(match.span())
    for match in _LEAD_CLAUSE.finditer(text):
        if is_new(match):
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
