"""Lists that a document sets out by its structure: headings below a section, counted items."""

import re
from collections.abc import Sequence

from assistant.answers.content import Statement
from assistant.answers.quotes.expansion import quoted, what_follows
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence
from assistant.find.reading import Reading
from assistant.understand.question import Question
from assistant.understand.terms import (
    beside_heading,
    count_asked,
    counts_said,
    names_heading,
    nouns_counted,
    points_at,
    series_asked,
)
from vectorstore.language.numbering import ITEM, enumerator, unnumbered
from vectorstore.language.numerals import COUNT, whole_number
from vectorstore.language.pattern import Pattern
from vectorstore.models import Passage

Item = tuple[Passage, str]  # a heading and the passage that it first stands in

_COUNT = re.compile(rf"(?P<n>{COUNT})(?:大|项|个方面|个|条|类|种|方面|点)")


def other_count(question: Question, count: int) -> tuple[str, ...]:
    """三大行动, where the document lists five."""
    said = counts_said(question)
    numbers = [whole_number(n) for n, _ in said]
    if not said or count in (*numbers, sum(numbers)):
        return ()
    return (f"提问中说的是“{said[0][0]}{said[0][1]}”，文件列出的是 {count} 项，以文件为准。",)


def counted_items(
    question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> Statement | None:
    """A、B、C、D、E五级: exactly as many items as are asked for, in front of their number."""
    if (asked := series_asked(question)) is None:
        return None
    n, noun = asked
    item = r"(?:[^，。；：、,;:\n（(）)]|[（(][^（()）]{0,12}[)）]){1,14}"
    pattern = re.compile(rf"(?:{item}、){{{whole_number(n) - 1}}}{item}?等?{n}{noun}")
    for reading in readings:
        passage = reading.hit.passage
        if match := pattern.search(passage.text):
            quote = evidence.quoter.quote(reading.hit.document, passage, *match.span())
            return Statement(quote.text, (quote,))
    return None


# --- headings ---------------------------------------------------------------------------------


def listed_headings(
    question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> list[Statement]:
    """The headings below the section that is asked about, when they are what is listed.

    That is so when the question asks for nothing but the section's heading (有哪些基本原则),
    when their number is the one asked for, or when the section's own text only announces them
    (重点实施以下…).
    """
    wanted = count_asked(question)
    if pointed := _pointed_section(question, evidence, readings):
        return pointed
    if counted := _counted_headings(question, evidence, readings):
        return counted
    fitting: list[Statement] = []
    for reading in readings[:3]:
        passage = reading.hit.passage
        for depth in range(len(passage.heading_path), 0, -1):
            section = evidence.section(passage, depth)
            items = _children(section, depth)
            if len(items) < 2:
                continue
            group = _asked_group(passage.heading_path[depth - 1], items, question)
            if group is not None:
                inside = _children([p for p in section if group in p.heading_path], depth)
                return _headings(reading, inside if len(inside) >= 2 else items, evidence)
            fits = len(items) == wanted if wanted else _announces(passage.text, len(items))
            close = depth == len(passage.heading_path) or wanted == len(items)
            topical = evidence.coverage(
                question.subject, passage.text, " ".join(passage.heading_path[:depth]),
                reading.hit.document.metadata.title,
            )  # fmt: skip
            if fits and close and topical > 0.5:
                fitting = (
                    fitting
                    or _below_named_item(question, reading, items, evidence)
                    or _headings(reading, items, evidence)
                )
    return fitting


def _below_named_item(
    question: Question, reading: Reading, items: Sequence[Item], evidence: Evidence
) -> list[Statement]:
    """办理……要提交哪些申请材料: what stands below the one item, 申请材料, that the question names."""
    named = [i for i in items if names_heading(question, (_name(i[1]),))]
    if len(named) != 1:
        return []
    passage, heading = named[0]
    position = passage.text.find(heading)
    if position < 0:
        return []
    below = what_follows(evidence, passage, position + len(heading))
    return quoted(evidence, reading.hit.document, below)


def _pointed_section(
    question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> list[Statement]:
    """“强化责任”这一章, “三大行动”: what stands below the heading that the question quotes."""
    for term in question.quoted:
        for reading in readings[:3]:
            for passage in evidence.view.passages_of(reading.hit.document.id):
                for depth, heading in enumerate(passage.heading_path, 1):
                    if _name(heading) == _name(term):
                        items = _children(evidence.section(passage, depth), depth)
                        if len(items) >= 2:
                            return _headings(reading, items, evidence)
    return []


def _counted_headings(
    question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> list[Statement]:
    """四大行动: the items of a section that are 行动, when there are four."""
    asked = nouns_counted(question)
    for reading in readings[:3] if asked else ():
        passage = reading.hit.passage
        for depth in range(len(passage.heading_path), 0, -1):
            items = _children(evidence.section(passage, depth), depth)
            named = [[i for i in items if _name(i[1]).endswith(noun)] for _, noun in asked]
            if all(len(own) == n for own, (n, _) in zip(named, asked, strict=True)):
                return _headings(reading, [i for own in named for i in own], evidence)
    return []


_GROUPS = ("任务", "措施", "目标", "分工")
_VERB_AND_COUNT = Pattern(
    rf"^(?:(?:实施|开展|推进)(?:{COUNT}[大项个])?|{COUNT}[大项个])",
    yes=(("实施五项重点工程", "实施五项"), ("三大行动", "三大"), ("推进养老服务", "推进")),
    no=("重点工程", "三农服务"),
    why="what a heading says before its name",
)
_KIND_OF_WORK = re.compile(r"(?:行动|工程|计划|工作)$")


def _name(heading: str) -> str:
    """A heading without its number, its first verb and its count: 三、实施五项重点工程 → 重点工程."""
    return _VERB_AND_COUNT.remove_from(unnumbered(heading).rstrip("：:。"))


def _asked_group(heading: str, items: Sequence[Item], question: Question) -> str | None:
    """Whether a question asks for what stands under a heading: None if not; otherwise the group
    of it that is meant (措施), or '' for all of it."""
    name = names_heading(question, (_name(heading), _KIND_OF_WORK.sub("", _name(heading))))
    if not name:
        return "" if _means(question, heading) else None
    rest = beside_heading(question, name)
    if sum(rest[-2:] in item for _, item in items) * 2 > len(items):  # 建哪些机制, each is one
        rest = rest[:-2]
    if rest in _GROUPS:
        return rest
    return "" if len(rest) <= 2 or points_at(question, name) else None


_STRENGTHENS = Pattern(
    r"^(?:加强|强化|健全|完善|落实|抓好|做好|建立)",
    yes=(("加强保障", "加强"), ("完善机制", "完善")),
    no=("保障措施", "组织保障"),
    why="what a heading does to what it names",
)


def _means(question: Question, heading: str) -> bool:
    """Whether nothing but what a heading names is asked for: 有哪些保障措施, 加强保障."""
    thing = _STRENGTHENS.remove_from(_name(heading))
    asked = beside_heading(question, "")
    group = next((g for g in _GROUPS if asked.endswith(g)), "")
    return len(thing) >= 2 and thing in (asked, asked.removesuffix(group))


def _headings(reading: Reading, children: Sequence[Item], evidence: Evidence) -> list[Statement]:
    return [
        Statement(quote.text, (quote,))
        for passage, heading in children
        if (quote := _heading_quote(evidence, reading, passage, heading))
    ]


def _announces(text: str, count: int) -> bool:
    if re.search(r"(?:以下|下列|如下)[^。]{0,30}[：:。]?\s*$", text):
        return True
    counts = sum(whole_number(m["n"]) for m in _COUNT.finditer(text[-80:]))
    return count >= 2 and counts == count


_ITEM_HEAD = re.compile(rf"^{ITEM}[^。；：:\n]{{2,40}}", re.MULTILINE)
_RUN_IN = re.compile(r"^[\u4e00-\u9fff、]{4,18}(?=。)", re.MULTILINE)


def _children(passages: Sequence[Passage], depth: int) -> list[Item]:
    """The next level's headings with the passage that each first stands in; group lines
    (五大提升行动) are passed through, and short items that share a passage are told apart."""
    found: dict[tuple[str, ...], Item] = {}
    is_numbered = False
    for passage in passages:
        path = passage.heading_path[depth:]
        while path and not enumerator(path[0]) and len(path) > 1:
            path = path[1:]
        if path:
            key = passage.heading_path[: len(passage.heading_path) - len(path) + 1]
            found.setdefault(key, (passage, path[0]))
            is_numbered = is_numbered or bool(enumerator(path[0]))
            continue
        for item in _ITEM_HEAD.findall(passage.text) or _RUN_IN.findall(passage.text):
            if item not in passage.heading_path:
                found.setdefault((*passage.heading_path[:depth], item), (passage, item))
    if is_numbered:  # first sentences are headings only among others without numbers
        return [i for i in found.values() if enumerator(i[1])]
    return list(found.values())


def _heading_quote(
    evidence: Evidence, reading: Reading, passage: Passage, heading: str
) -> Quote | None:
    position = passage.text.find(heading)
    if position < 0:
        return None
    return evidence.quoter.quote(reading.hit.document, passage, position, position + len(heading))
