"""Sections made of the author's own notes: what was done, what is wrong, what is asked for. Each
part of a note goes where it belongs, with a mark of its own; where there is none, a gap."""

import re
from collections.abc import Iterator
from typing import Literal

from assistant.cite.citation import Marks
from assistant.cite.splitting import line_of
from assistant.cite.structure import Body, Line
from assistant.drafting.models import DATA_BLANK, Draft, OwnNote, Section
from assistant.find.evidence import Evidence
from vectorstore.language.figures import figures
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import clauses
from vectorstore.language.text import search_copy

Use = Literal["contact", "problem", "request", "done"]
_CHINESE = "一二三四五六七八九十"
_CONTACT = Pattern(
    r"联系人|联系电话|联系方式|(?<!\d)1\d{10}(?!\d)",
    yes=(("联系人：张三", "联系人"), ("联系电话：0000-0000000", "联系电话")),
    no=("联系群众",),
)
_PROBLEM = Pattern(
    r"问题|不足|困难|短缺|偏低|偏少|滞后|薄弱|没去成|未(?:完成|达到|覆盖|到位|能)|没(?:有)?(?:完成|达到|覆盖|到位|去)|"
    r"缺(?:少|乏|口|人)|不高|不够|不平衡|还有[^，。；]{1,16}(?:没|未)|下降|欠",
    yes=(("还有2个乡镇没去成", "还有2个乡镇没"), ("经费偏低", "偏低"), ("人员不足", "不足")),
    no=("全部完成", "有所提高"),
    why="says what falls short",
)
_REQUEST = Pattern(
    r"申请|拟安排|拟申请|所需|需要?资金|请求|恳请|拟(?:建|购|设)|预计(?:惠及|投资)|总投资|资金来源",
    yes=(("拟申请资金600万元", "拟申请"), ("所需经费", "所需"), ("预计惠及企业420户", "预计惠及")),
    no=("全年投入资金50万元",),
    why="says what is asked for",
)


def use_of(text: str) -> Use:
    if _CONTACT.search(text):
        return "contact"
    if _REQUEST.search(text):
        return "request"
    return "problem" if _PROBLEM.search(text) else "done"


def parts_of(draft: Draft, use: Use) -> Iterator[tuple[OwnNote, int, int]]:
    """The clauses of the notes that are for one use: the note and [start, end) of its text."""
    for note in draft.own:
        for start, end in _clauses(note.text):
            if use_of(note.text[start:end]) == use:
                yield note, start, end


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    """Clauses; of one that says what was done and then what was not, both by themselves."""
    for start, end in clauses(text):
        clause = text[start:end]
        turn = re.search(r"[，,](?=(?:但|还有|仍有|不过)[^，。；]{2,40}$)", clause.rstrip("。；"))
        if turn and _PROBLEM.search(clause[turn.end() :]):
            yield start, start + turn.start()
            yield start + turn.end(), end
        else:
            yield start, end


def _lines(draft: Draft, use: Use, marks: Marks, number: bool = False) -> list[Line]:
    lines: list[Line] = []
    for note, start, end in parts_of(draft, use):
        words = _bare(note.text[start:end], draft)
        lead = f"{_CHINESE[len(lines) % 10]}是" if number else ""
        if words:
            citation = note.citation(start, end)
            lines.append(line_of(f"{lead}{words}", marks.of_citation(citation), "。"))
    return lines


def _bare(clause: str, draft: Draft) -> str:
    """Without the label that a list of one's own figures begins with (2025年云岭县：)."""
    words = clause.strip().rstrip("。；;，,")
    label = re.match(r"[^，。；：:]{2,14}[:：]", words)
    is_whose = label and (
        draft.request.unit in label[0] or draft.request.year.strip("年") in label[0]
    )
    return words[label.end() :] if label and is_whose and draft.request.unit else words


def situation(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """How things stand with oneself; another place's situation is none of it."""
    lines = [*_lines(draft, "done", marks), *_lines(draft, "problem", marks)]
    topic = draft.request.topic
    return tuple(lines) or (
        line_of(
            f"近年来，{draft.request.unit or '我单位'}围绕{topic}开展了有关工作：[已开展的工作和成效]。"
        ),
        line_of("当前存在的主要问题和需求：[存在的问题和需求]。"),
    )


def achievements(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    lines = _lines(draft, "done", marks)
    if not lines:
        return tuple(
            line_of(f"（{number}）{what}。[做法和成效]，[有关数据]{DATA_BLANK}。")
            for number, what in zip(
                "一二三", ("组织领导情况", "重点任务落实情况", "特色做法"), strict=True
            )
        )
    year = draft.request.year.strip("年") or ""
    lead = (
        f"{year}年以来"
        if re.fullmatch(r"\d{4}", year) and draft.request.kind != "工作总结"
        else "一年来"
    )
    said = line_of(f"{lead}，围绕{draft.request.topic}工作，主要开展了以下工作：")
    numbered = (
        line_of(f"（{_CHINESE[i % 10]}）", *(p for s in line.sentences for p in s.pieces))
        for i, line in enumerate(lines)
    )
    return (said, *numbered, *_progress(draft, marks))


def _progress(draft: Draft, marks: Marks) -> Iterator[Line]:
    """By how much a share rose, where one clause gives two of them: 9.1%（2024年8.3%）."""
    for note, start, end in parts_of(draft, "done"):
        clause = note.text[start:end]
        shares = [f for f in figures(search_copy(clause)) if f.unit == "%"]
        before = re.search(r"(?P<year>20\d\d)年[^，。；%]{0,6}?(?P<value>\d[\d.]{0,6})%", clause)
        if len(shares) == 2 and before and abs(float(before["value"]) - shares[1].value) < 1e-9:
            rise = round(shares[0].value - shares[1].value, 4)
            if rise > 0:
                name = re.split(r"[：:]", clause[: clause.find(shares[0].text)])[-1].strip()
                mark = marks.of_citation(note.citation(start, end))
                yield line_of(f"{name}比{before['year']}年提高{rise:g}个百分点", mark, "。")


def problems(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    lines = _lines(draft, "problem", marks, number=True)
    if len(lines) == 1:
        lines.append(line_of("二是[其他问题]。"))
    return tuple(lines) or (line_of("一是[问题一]。二是[问题二]。三是[问题三]。"),)


def own_problems(draft: Draft, marks: Marks) -> Iterator[tuple[str, int]]:
    """What the notes say falls short, each with its mark."""
    for note, start, end in parts_of(draft, "problem"):
        words = re.sub(r"^(?:但|还有|仍有|不过)", "", _bare(note.text[start:end], draft))
        yield words, marks.of_citation(note.citation(start, end))


def requested(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    """What is asked for, in the notes' own amounts."""
    request = draft.request
    lines = _lines(draft, "request", marks)
    if request.kind == "函":
        asked = f"商请贵单位{_plain(request.matter)}，具体事项：[时间、地点、数量等要求]。"
        return (line_of(asked), *lines)
    head = line_of(f"恳请同意{request.matter or request.topic}。")
    return (
        head,
        *(lines or (line_of(f"所需经费{DATA_BLANK}，用于[用途]，资金来源为[资金来源]。"),)),
    )


def _plain(matter: str) -> str:
    return re.sub(r"^(?:商请|恳请|请求|申请)", "", matter)


def contact(draft: Draft, section: Section, evidence: Evidence, marks: Marks) -> Body:
    for note, start, end in parts_of(draft, "contact"):
        words = note.text[start:end].strip().rstrip("。；")
        phone = "" if re.search(r"\d{7}", words) else "；联系电话：[电话]"
        return (line_of(f"（{words}", marks.of_citation(note.citation(start, end)), f"{phone}）"),)
    return (line_of("（联系人：[姓名]；联系电话：[电话]）"),)
