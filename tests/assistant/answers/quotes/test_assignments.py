"""Who is to do what, as passages state it."""

import pytest

from assistant.answers.quotes.assignments import assignment_of, assignments, role_quote
from assistant.find.evidence import Evidence
from tests.assistant.answers.conftest import EvidenceOver
from tests.assistant.answers.documents import ask, passage_with
from vectorstore.language.roles import LEAD, RESPONSIBLE, SUPPORT
from vectorstore.models import Cell, Passage

LONG = "清理河道垃圾要坚持日常保洁，发现成片垃圾的，当日组织打捞，运往指定地点处理。" * 6
RIVER = f"""某某县河道管护方案

（示例（虚构）：本文件为测试而编写，地名、机构和数字均为虚构。）

一、清理河道垃圾

{LONG}

{LONG}

分工：清理河道垃圾由县水务局牵头，县城管局、各乡镇配合。

二、修建步道

{LONG.replace("清理河道垃圾", "修建沿河步道")}责任单位：县住建局。
"""


def test_roles_of_a_task_are_read_with_their_organs(evidence: Evidence) -> None:
    document, passage = passage_with("城镇节水工程\n", evidence)
    found = assignment_of(document, passage)
    assert found
    assert [(role.role, role.organs) for role in found.roles] == [
        (LEAD, "市住房城乡建设局"),
        (SUPPORT, "市水务局"),
    ]
    assert found.task == "（三）城镇节水工程"
    assert (found.document, found.passage) == (document, passage)


def test_a_passage_without_organs_assigns_nothing(evidence: Evidence) -> None:
    assert assignment_of(*passage_with("再生水利用率达到25%", evidence)) is None


@pytest.mark.parametrize(
    ("words", "quotes"),
    [
        ("城镇节水工程\n", ["（市住房城乡建设局牵头，市水务局配合）"] * 2),
        (
            "换装节水龙头",
            [*["（县水务局牵头，县财政局配合）"] * 2, "责任单位：县机关事务中心、县水务局"],
        ),
    ],
)
def test_a_role_is_quoted_where_it_is_stated(
    words: str, quotes: list[str], evidence: Evidence
) -> None:
    assignment = assignment_of(*passage_with(words, evidence))
    assert assignment
    found = [role_quote(assignment, role, evidence) for role in assignment.roles]
    assert [quote.text for quote in found] == quotes
    source = evidence.quoter.source(assignment.document.id)
    assert [source[q.start : q.end] for q in found] == quotes


def test_a_role_in_a_table_is_quoted_from_its_cell(evidence: Evidence) -> None:
    document, _ = passage_with("换装节水龙头", evidence)
    source = evidence.quoter.source(document.id)

    def cell(header: str, words: str) -> Cell:
        return Cell(header, source.index(words), source.index(words) + len(words))

    row = Passage(
        "row", document.id, 9, 0, 0, "治理管网漏损\n县水务局",
        context="序号：1；重点任务：治理管网漏损；牵头部门：县水务局",
        kind="row", cells=(cell("重点任务", "治理管网漏损"), cell("牵头部门", "县水务局")),
    )  # fmt: skip
    assignment = assignment_of(document, row)
    assert assignment
    assert assignment.task == "重点任务：治理管网漏损"
    (role,) = assignment.roles
    assert (role.role, role_quote(assignment, role, evidence).text) == (LEAD, "县水务局")


def test_the_task_that_is_asked_about_is_found(evidence: Evidence) -> None:
    question = ask("推广节水器具的责任单位是哪些？", evidence)
    (found,) = assignments(question, evidence, "推广节水器具")
    assert found.document.metadata.title == "云桥县节约用水实施方案"
    assert (RESPONSIBLE, "县机关事务中心、县水务局") in [(r.role, r.organs) for r in found.roles]


def test_a_task_that_no_document_has_is_assigned_to_nobody(evidence: Evidence) -> None:
    question = ask("火星探测由谁牵头？", evidence)
    assert assignments(question, evidence, "火星探测") == []


def test_a_passage_without_organs_takes_those_of_its_section(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(RIVER)
    question = ask("清理河道发现成片垃圾当日组织打捞由谁牵头？", evidence)
    (found,) = assignments(question, evidence, "清理河道发现成片垃圾当日组织打捞")
    assert [(r.role, r.organs) for r in found.roles] == [
        (LEAD, "县水务局"),
        (SUPPORT, "县城管局、各乡镇"),
    ]


@pytest.mark.parametrize(
    ("task", "organs"),
    [
        ("推广节水器具", ["县机关事务中心、县水务局"]),
        ("治理管网漏损", ["县水务局", "县财政局"]),
    ],
)
def test_of_two_items_in_one_passage_the_roles_of_the_one_that_is_meant(
    task: str, organs: list[str], evidence: Evidence
) -> None:
    question = ask(f"云桥县{task}由谁负责？", evidence)
    found = assignments(question, evidence, task)
    assert [role.organs for a in found for role in a.roles] == organs
