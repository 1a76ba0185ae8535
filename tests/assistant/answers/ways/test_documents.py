"""Which documents a question is about."""

import pytest

from assistant.answers.ways.documents import in_question, meant, read_first, titled_like
from assistant.find.evidence import Evidence
from tests.assistant.answers.conftest import EvidenceOver
from tests.assistant.answers.documents import ask, passage_with

COUNTY, CITY, PARK = "换装节水龙头", "三级漏损台账", "押金收据"  # each stands in one document


def names(found: list, evidence: Evidence) -> list[str]:  # type: ignore[type-arg]
    held = {passage_with(word, evidence)[0].id: word for word in (COUNTY, CITY, PARK)}
    return [held[document.id] for document in found]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("云桥政办发〔2022〕11号是哪天成文的？", [COUNTY]),  # by number
        ("《云桥县节约用水实施方案》是哪天成文的？", [COUNTY]),  # by title
        ("青溪市的方案是哪天成文的？", [CITY]),  # by place
        ("公园便民服务措施是哪天成文的？", [PARK]),  # whose title fits best
        ("湿地保护条例是哪天成文的？", []),
    ],
)
def test_the_document_that_is_meant(question: str, words: list[str], evidence: Evidence) -> None:
    assert names(meant(ask(question, evidence), evidence), evidence) == words


def test_an_answer_from_rows_looks_at_the_places_that_are_named(evidence: Evidence) -> None:
    assert names(in_question(ask("云桥县的目标有哪些？", evidence), evidence), evidence) == [COUNTY]
    assert len(in_question(ask("再生水利用率是多少？", evidence), evidence)) == 3


def test_a_title_that_several_documents_share_stands_for_the_newest(
    evidence_over: EvidenceOver,
) -> None:
    text = "某某乡渡船检验办法\n\n第一条 渡船每年检验{}次。\n\n某某乡人民政府\n{}年3月1日\n"
    evidence = evidence_over(text.format("一", 2016), text.format("两", 2021))
    found = titled_like(ask("渡船检验办法", evidence), evidence.view.documents())
    assert [d.metadata.year for d in found] == [2021]


def test_two_titles_that_fit_equally_well_leave_doubt(evidence_over: EvidenceOver) -> None:
    text = "某某乡{}检验办法\n\n第一条 {}每年检验一次。\n\n某某乡人民政府\n2016年3月1日\n"
    evidence = evidence_over(text.format("渡船", "渡船"), text.format("渔船", "渔船"))
    assert titled_like(ask("船检验办法", evidence), evidence.view.documents()) == []


def test_the_document_that_the_best_passages_all_belong_to(evidence: Evidence) -> None:
    found = read_first(ask("租借帐篷要提交哪些材料？", evidence), evidence)
    assert names(found, evidence) in ([PARK], [])
