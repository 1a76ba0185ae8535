"""The facts that a question is about, by their names."""

from assistant.find.evidence import Evidence
from assistant.find.stated import distinct, facts_about, fit, of_documents
from tests.assistant.answers.conftest import EvidenceOver, evidence_over  # noqa: F401
from vectorstore.facts import Fact

TEXT = """砚湖市渡船方案

（示例（虚构）：为测试而编写，内容均为虚构。）

一、工作目标

到2025年，全市渡船检验率达到95%，农民船员培训人数达到300人，渡口灯塔总数达到12座。

二、任务分工

修缮渡口。（市交通运输局牵头，市财政局配合）

砚湖市人民政府
2021年5月12日
"""


def named(subject: str, group: str = "", **more: object) -> Fact:
    return Fact("target", "d", 0, 4, "原文", subject, group, **more)  # type: ignore[arg-type]


def test_the_fact_whose_name_fits_comes_first(evidence_over: EvidenceOver) -> None:  # noqa: F811
    evidence: Evidence = evidence_over(TEXT)
    documents = evidence.view.documents()
    found = facts_about("渡船检验率", evidence, ("target",), documents)
    assert found[0].fact.quote == "全市渡船检验率达到95%"
    assert [m.fit for m in found] == sorted((m.fit for m in found), reverse=True)
    assert facts_about("渡船检验率", evidence, ("duty",), documents) == []
    assert facts_about("渡船检验率", evidence, ("target",), ()) == []
    assert facts_about("火星探测", evidence, ("target",), documents) == []


def test_all_facts_of_some_kinds_in_the_order_of_the_text(
    evidence_over: EvidenceOver,  # noqa: F811
) -> None:
    evidence = evidence_over(TEXT)
    documents = evidence.view.documents()
    targets = of_documents(documents, evidence, "target")
    assert [f.value for f in targets] == [95, 300, 12]
    assert [f.role for f in of_documents(documents, evidence, "duty")] == ["lead", "support"]
    assert of_documents((), evidence, "target") == []


def test_a_name_that_says_more_than_was_asked_fits_less() -> None:
    weights = {"培训": 1.0, "训人": 1.0, "人数": 1.0}
    assert fit(named("培训人数"), weights) > fit(named("农民培训人数"), weights) > 0.7
    assert fit(named("检验率"), weights) == 0
    below = named("总数", heading_path=("培训人数",))
    assert 0 < fit(below, weights) < 0.5  # only its heading speaks of it


def test_what_is_stated_by_the_same_words_is_shown_once() -> None:
    first, again = named("甲"), named("乙")
    other = Fact("target", "d", 5, 9, "原文", "甲")
    assert distinct([first, again, other]) == [first, other]
