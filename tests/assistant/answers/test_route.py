"""Each kind of question goes its way; what no document can answer goes none."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.answers import route
from assistant.answers.content import Content, Refusal, Reply, Statement
from assistant.answers.route import GREETING, answer_part
from assistant.find.evidence import Evidence
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from tests.assistant.answers.conftest import EvidenceOver, look_up
from tests.assistant.answers.documents import ask
from vectorstore.index import PolicyIndex
from vectorstore.models import SearchFilter


def answered(text: str, evidence: Evidence) -> Content:
    return answer_part(ask(text, evidence), evidence)


def refusal(text: str, evidence: Evidence) -> Refusal:
    said = answered(text, evidence).said
    assert isinstance(said, Refusal)
    return said


# --- the ways ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "kind", "first"),
    [
        ("青溪市到2025年再生水利用率达到多少？", Kind.FACT, "到2025年，全市再生水利用率达到25%，创建节水型小区40个。"),
        ("什么是再生水？", Kind.DEFINITION, "再生水是指污水经处理后达到水质标准、可以再次使用的水。"),
        ("青溪市的方案有哪些保障措施？", Kind.LIST, "（一）加强组织领导"),
        ("青溪市城镇节水工程由谁牵头？", Kind.DEPARTMENT, "牵头单位：市住房城乡建设局"),
        ("市住房城乡建设局负责哪些工作？", Kind.DUTY, "城镇节水工程：市住房城乡建设局是牵头单位。"),
        ("云桥县的方案文号是多少？", Kind.METADATA, "发文字号为云桥政办发〔2022〕11号。"),
        ("云桥县的方案还有效吗？", Kind.TEMPORAL, "《云桥县节约用水实施方案》（云桥政办发〔2022〕11号）：本方案自2022年9月1日起施行。"),
        ("青溪市和云桥县的文件哪份成文早？", Kind.COMPARISON, "成文日期：青溪市较早，为2021年5月12日；云桥县为2022年8月10日。"),
        ("哪些文件提到节水龙头？", Kind.AGGREGATION, "共有 1 份文件提到“节水龙头”。"),
    ],
)  # fmt: skip
def test_each_kind_goes_its_way(question: str, kind: Kind, first: str, evidence: Evidence) -> None:
    assert ask(question, evidence).kind is kind
    assert answered(question, evidence).statements[0].text == first


def test_a_way_that_finds_nothing_hands_over_to_the_plain_one(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = replace(ask("公园开放时间延长至几时？", evidence), kind=Kind.DUTY)
    plain = answer_part(question, evidence)
    assert plain.statements[0].text == "公园开放时间延长至22时，草坪供市民搭设帐篷。"
    tried: list[Question] = []
    said = Content((Statement("先说的。"),))

    def first(question: Question, _: Evidence) -> Content | None:
        tried.append(question)
        return None

    def second(_question: Question, _: Evidence) -> Content | None:
        return said

    monkeypatch.setitem(route.WAYS, Kind.DUTY, (first, second))
    assert answer_part(question, evidence) == said
    assert tried == [question]


def test_a_greeting_is_returned(evidence: Evidence, evidence_over: EvidenceOver) -> None:
    assert answered("你好", evidence).said == Reply(GREETING)
    assert answered("你好", evidence_over()).said == Reply(GREETING)


# --- no way -----------------------------------------------------------------------------------


def test_an_empty_library_says_how_to_fill_it(evidence_over: EvidenceOver) -> None:
    assert "先在“文件库”上传文件" in refusal("再生水利用率是多少？", evidence_over()).reason


def test_a_scope_that_holds_nothing_says_so(three: PolicyIndex) -> None:
    evidence = look_up(three, SearchFilter(years=((1990, 1991),)))
    assert (
        refusal("再生水利用率是多少？", evidence).reason == "筛选范围内没有文件，请放宽筛选再问。"
    )


def test_an_unknown_document_is_not_made_up(evidence: Evidence) -> None:
    found = refusal("《某某省湿地条例》怎么规定的？", evidence)
    assert found.reason == "资料库没有收录《某某省湿地条例》，无法依据库内资料回答。"
    found = refusal("某某政发〔2019〕77号怎么规定的？", evidence)
    assert "没有收录某某政发〔2019〕77号" in found.reason


def test_an_unknown_document_that_others_cite_is_shown_where_they_do(evidence: Evidence) -> None:
    found = refusal("《澜峰省节约用水条例》怎么规定的？", evidence)
    assert "库中有 2 份文件提到它，但没有收录原文。" in found.reason
    assert "根据《澜峰省节约用水条例》，制定本方案。" in [c.quote for c in found.near]
    found = refusal("澜峰政发〔2020〕3号怎么规定的？", evidence)
    assert "库中有 1 份文件提到它" in found.reason


def test_a_place_without_documents_is_named(evidence_over: EvidenceOver) -> None:
    text = "青溪市人民政府\n青溪市节水办法\n（示例（虚构）：为测试而编写。）\n每户每月用水不超过9吨。\n青溪市人民政府\n2021年5月12日\n"
    evidence = evidence_over(text)
    found = refusal("北京市每户用水不超过几吨？", evidence)
    assert found.reason == "资料库没有收录北京市的文件，无法依据库内资料回答。"


# --- from below -------------------------------------------------------------------------------


def test_an_answer_from_a_place_below_is_noted(evidence_over: EvidenceOver) -> None:
    text = """江苏省徐州市人民政府关于印发节水办法的通知

各区人民政府：

徐州市节水办法

（示例（虚构）：本文件为测试而编写，内容均为虚构。）

一、用水定额

每户居民每月用水不超过9吨。

徐州市人民政府
2021年5月12日
"""
    evidence = evidence_over(text)
    content = answered("江苏省居民每户每月用水不超过几吨？", evidence)
    assert content.statements[0].text == "每户居民每月用水不超过9吨。"
    assert content.notes == ("以上出自徐州市的文件，不是江苏省本级的文件。",)
    assert answered("徐州市居民每户每月用水不超过几吨？", evidence).notes == ()
    assert evidence.view.as_of == date(2026, 11, 24)
