"""Sections made of what documents say, as one's own: guidance, targets, tasks, safeguards."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from assistant.audit.alignment import alike
from assistant.cite.citation import Marks
from assistant.cite.quote import Quote
from assistant.cite.splitting import line_of
from assistant.cite.structure import Body, Line, Piece
from assistant.drafting.bearing import use_by_headings
from assistant.drafting.duties import duties_of, said_duties
from assistant.drafting.localize import TAIL, localized
from assistant.drafting.models import DATA_BLANK, YEAR_BLANK, Draft, Section
from assistant.drafting.own_parts import own_problems
from assistant.drafting.sources import PINNED, Found, lean_on
from assistant.find.evidence import Evidence
from vectorstore.facts import FactFilter
from vectorstore.language.roles import SAYS_WHO

NOTHING = "（库中没有找到可参考的内容，请补写）"
_CHINESE = "一二三四五六七八九十"
# What a safeguard is about, and what is said of it where the library says nothing: no facts.
_SAFEGUARDS = (
    ("强化经费保障", re.compile(r"经费|财政|资金|投入|预算"), ""),
    ("加强组织领导", re.compile(r"领导小组|联席会议|组织领导|统筹|协调|责任|成员单位|专班|部署|议事日程"),
     "各有关单位要高度重视，明确分管领导和责任人，细化措施，抓好落实。"),
    ("加强宣传引导", re.compile(r"宣传|舆论|氛围|典型"), ""),
    ("严格督导考核", re.compile(r"督查|督导|监督检查|监测评估|目标责任|纳入.{0,20}考核|绩效|问责|表彰"),
     "建立工作台账，定期调度进展情况，及时研究解决存在的问题。"),
)  # fmt: skip


_SAME_TARGET = 0.6
_SHORT = 60  # characters
_MOST_ANSWERED = 4
_ORDER = ("加强组织领导", "强化经费保障", "加强宣传引导", "严格督导考核")
# Kinds in which who does it stands behind each task.
_ASSIGNING = frozenset(("实施方案", "行动计划", "通知", "意见", "分工表", "管理办法"))


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
        if draft.request.kind not in _ASSIGNING:
            duties = []
        if duties and (who := said_duties(duties, items[0].hit.document, draft.request)):
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
    """What is to be reached, with gaps for one's own figures: whole sentences of a part on
    targets, of others the stretch that states the target."""
    lines: list[Line] = []
    said: list[str] = []
    for item in lean_on(draft, section, evidence):
        quote = _stated(item, evidence)
        if quote is None:
            continue
        region = item.hit.document.metadata.region
        text = localized(quote.text, region, draft.request, evidence.view.as_of.year)
        bare = re.sub(r"到\d{4}年|\[[^\[\]]*+\]|达到|超过", "", text)
        if DATA_BLANK not in text or any(alike(bare, other) > _SAME_TARGET for other in said):
            continue
        said.append(bare)
        lines.append(line_of(text, marks.of(quote), "。"))
    if lines:
        return tuple(lines)
    period = draft.request.period
    until = f"{period[1]}年" if period else YEAR_BLANK
    return (line_of(f"到{until}，{draft.request.topic}[主要指标]达到{DATA_BLANK}。"),)


def _stated(item: Found, evidence: Evidence) -> Quote | None:
    """The sentence of a part on targets; of a sentence on a task the stretch from its first
    target to its last, None where it sets none."""
    quote = item.quote(evidence)
    if item.hit.score >= PINNED or use_by_headings(item.hit.passage) == "targets":
        return quote
    where = FactFilter(kinds=("target",), document_ids=frozenset({quote.document_id}))
    facts = [f for f in evidence.view.facts(where) if quote.start <= f.start < f.end <= quote.end]
    if not facts or len(item.text) < _SHORT:
        return quote if facts else None
    start, end = min(f.start for f in facts), max(f.end for f in facts)
    text = " ".join(evidence.quoter.source(quote.document_id)[start:end].split())
    return replace(quote, start=start, end=end, text=text)


def safeguards(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """Who leads, who pays, who looks after it: each with what documents say, or a set phrase."""
    found = lean_on(draft, section, evidence)
    fitting: dict[str, list[Found]] = {heading: [] for heading, _, _ in _SAFEGUARDS}
    for item in found:
        told = (heading for heading, words, _ in _SAFEGUARDS if words.search(item.text))
        if (heading := next(told, None)) and len(fitting[heading]) < 2:
            fitting[heading].append(item)
    lines: list[Line] = []
    for heading in _ORDER:
        otherwise = next(o for h, _, o in _SAFEGUARDS if h == heading)
        pieces = _sentences(fitting[heading], draft, evidence, marks)
        if pieces or otherwise:
            number = f"（{_CHINESE[len(lines)]}）"
            lines.append(line_of(f"{number}{heading}。", *(pieces or [otherwise])))
    return tuple(lines)


def plans(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """What is to be done next, one by one."""
    lines = [line_of("下一步，重点做好以下工作：")]
    for problem, mark in own_problems(draft, marks):
        number = _CHINESE[len(lines) - 1]
        lines.append(line_of(f"{number}是{problem}", mark, "，[改进措施和完成时限]。"))
        if len(lines) > _MOST_ANSWERED:
            break
    for item in lean_on(draft, section, evidence):
        number = _CHINESE[len(lines) - 1]
        text = written(item, draft, evidence)
        lines.append(line_of(f"{number}是{text}", marks.of(item.quote(evidence)), "。"))
    return (
        tuple(lines) if len(lines) > 1 else (line_of("下一步，重点做好以下工作：[下一步打算]。"),)
    )


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
