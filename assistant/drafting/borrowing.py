"""Sections made of what documents say, as one's own: guidance, targets, tasks, safeguards."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from assistant.cite.citation import Marks
from assistant.cite.splitting import line_of
from assistant.cite.structure import Body, Line, Piece
from assistant.drafting.duties import duties_of, said_duties
from assistant.drafting.localize import TAIL, localized
from assistant.drafting.models import DATA_BLANK, YEAR_BLANK, Draft, Section
from assistant.drafting.sources import Found, lean_on
from assistant.find.evidence import Evidence
from vectorstore.language.roles import SAYS_WHO

NOTHING = "（库中没有找到可参考的内容，请补写）"
_CHINESE = "一二三四五六七八九十"
# What a safeguard is about, and what is said of it where the library says nothing: no facts.
_SAFEGUARDS = (
    ("加强组织领导", r"领导小组|联席会议|组织领导|统筹|协调|责任|成员单位|专班|部署|议事日程",
     "各有关单位要高度重视，明确分管领导和责任人，细化措施，抓好落实。"),
    ("强化经费保障", r"经费|财政|资金|投入|预算", ""),
    ("加强宣传引导", r"宣传|舆论|氛围|典型", ""),
    ("严格督导考核", r"考核|督查|督导|监督|监测|评估|问责|检查|表彰",
     "建立工作台账，定期调度进展情况，及时研究解决存在的问题。"),
)  # fmt: skip


def written(item: Found, draft: Draft, evidence: Evidence) -> str:
    """A sentence of a document in one's own words, without the full stop and without who is
    responsible there."""
    text = TAIL.sub(lambda m: "" if SAYS_WHO.search(m[0]) else m[0], item.text.strip())
    region = item.hit.document.metadata.region
    return localized(text, region, draft.request, evidence.view.as_of.year)


def measures(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """Measures that documents take, each a paragraph with its source."""
    lines = [_line(item, draft, evidence, marks) for item in lean_on(draft, section, evidence)]
    return tuple(dict.fromkeys(lines)) or (line_of(NOTHING),)


def _line(item: Found, draft: Draft, evidence: Evidence, marks: Marks) -> Line:
    region = item.hit.document.metadata.region
    text = localized(item.text, region, draft.request, evidence.view.as_of.year)
    return line_of(text, marks.of(item.quote(evidence)), "。")


def tasks(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """What is to be done, a paragraph for each passage that it is taken from, and who does it."""
    found = lean_on(draft, section, evidence)
    lines = []
    for _, group in groupby(found, key=lambda item: item.hit.passage.id):
        items = list(group)
        pieces = _sentences(items, draft, evidence, marks)
        duties = duties_of(items[0].hit.passage, items[0].hit.document, evidence)
        if who := said_duties(duties, items[0].hit.document, draft.request):
            mark = marks.of(evidence.quoter.fact(items[0].hit.document, duties[0]))
            pieces += [f"（{who}）", mark]
        lines.append(line_of(*pieces))
    return tuple(dict.fromkeys(lines)) or (line_of(NOTHING),)


def _sentences(
    items: Iterable[Found], draft: Draft, evidence: Evidence, marks: Marks
) -> list[Piece]:
    pieces: list[Piece] = []
    for item in items:
        pieces += [written(item, draft, evidence), marks.of(item.quote(evidence)), "。"]
    return pieces


def guidance(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    found = lean_on(draft, section, evidence)
    lines = [line_of(*_sentences([item], draft, evidence, marks)) for item in found]
    return tuple(dict.fromkeys(lines)) or (
        line_of(
            f"紧紧围绕{draft.request.topic}，坚持问题导向，突出重点，分类施策，统筹推进各项任务落实。"
        ),
    )


def targets(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """What is to be reached, with gaps for one's own figures."""
    lines: dict[str, Line] = {}
    for item in lean_on(draft, section, evidence):
        text = written(item, draft, evidence)
        if DATA_BLANK in text:
            key = re.sub(r"到\d{4}年|\[[^\]]*\]", "", text)
            lines.setdefault(key, line_of(text, marks.of(item.quote(evidence)), "。"))
    if lines:
        return tuple(lines.values())
    period = draft.request.period
    until = f"{period[1]}年" if period else YEAR_BLANK
    return (line_of(f"到{until}，{draft.request.topic}[主要指标]达到{DATA_BLANK}。"),)


def safeguards(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """Who leads, who pays, who looks after it: each with what documents say, or a set phrase."""
    found = lean_on(draft, section, evidence)
    lines: list[Line] = []
    taken: set[int] = set()
    for heading, words, otherwise in _SAFEGUARDS:
        fitting = [i for i, f in enumerate(found) if i not in taken and re.search(words, f.text)]
        taken.update(fitting[:2])
        pieces = _sentences((found[i] for i in fitting[:2]), draft, evidence, marks)
        if pieces or otherwise:
            number = f"（{_CHINESE[len(lines)]}）"
            lines.append(line_of(f"{number}{heading}。", *(pieces or [otherwise])))
    return tuple(lines)


def plans(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """What is to be done next, one by one."""
    found = lean_on(draft, section, evidence)
    lines = [line_of("下一步，重点做好以下工作：")]
    for i, item in enumerate(found[: len(_CHINESE)]):
        text = written(item, draft, evidence)
        lines.append(line_of(f"{_CHINESE[i]}是{text}", marks.of(item.quote(evidence)), "。"))
    return tuple(lines) if found else (line_of("下一步，重点做好以下工作：[下一步打算]。"),)


def schedule(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """Three stages in the plan's own years; set phrases without facts."""
    years = _stages(draft.request.period)
    said = (
        ("启动部署阶段", "制定具体措施，明确任务分工和完成时限，做好动员部署。"),
        ("全面实施阶段", "对照任务分工推进落实，定期调度进展，及时解决存在的问题。"),
        ("总结评估阶段", "对任务完成情况进行总结评估，梳理好的经验做法，形成长效机制。"),
    )
    return tuple(
        line_of(f"（{_CHINESE[i]}）{name}（{year}）。", what)
        for i, ((name, what), year) in enumerate(zip(said, years, strict=True))
    )


def _stages(period: tuple[int, int] | None) -> Sequence[str]:
    if period is None:
        return ("[起止时间]",) * 3
    first, last = period
    if last - first < 2:
        return (
            f"{first}年上半年",
            f"{first}年下半年" if first == last else f"{first}—{last}年",
            f"{last}年底",
        )
    middle = f"{first + 1}年" if last - first == 2 else f"{first + 1}—{last - 1}年"
    return (f"{first}年", middle, f"{last}年")
