"""Nothing answers: what was looked for, and what comes nearest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.answers.answer import Answer
from assistant.answers.content import Refusal
from assistant.answers.refusing import nearest, refuse
from assistant.cite.citation import Citation
from assistant.find.evidence import Evidence, restricted
from assistant.find.reading import AnswerSpan, Reading
from assistant.pages.below import nearest as page_of_nearest
from assistant.people.viewer import LOCAL
from tests.assistant.answers.documents import ask, reading_of
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import SearchHit


def reason(question: str, evidence: Evidence) -> str:
    said = refuse(ask(question, evidence), evidence, []).said
    assert isinstance(said, Refusal)
    assert said.near == ()
    return said.reason


def test_a_refusal_says_what_was_looked_for_and_where(evidence: Evidence) -> None:
    assert (
        reason("探测器何时发射？", evidence)
        == "没有找到：在 3 份文件中没有读到能回答“探测器何时发射”的内容。"
    )


def test_only_documents_that_were_searched_are_counted(evidence: Evidence) -> None:
    question = ask("探测器何时发射？", evidence)
    one = evidence.view.documents()[0].id
    narrow = replace(question, where=restricted(question.where, [one]))
    said = refuse(narrow, evidence, []).said
    assert isinstance(said, Refusal)
    assert said.reason.startswith("没有找到：在 1 份文件中")


def test_a_long_question_is_named_by_its_topic(evidence: Evidence) -> None:
    told = "请问" + "我们单位去年采购了一台深空探测设备一直没有使用" * 4 + "，何时发射？"
    said = reason(told, evidence)
    assert "何时" not in said
    assert len(said.split("“")[1].split("”")[0]) == 60


def test_who_asks_in_english_is_told_that_the_documents_are_in_chinese(evidence: Evidence) -> None:
    hint = "The documents are in Chinese"
    said = reason("When is the launch?", evidence)
    assert "When is the launch" in said
    assert hint in said
    assert hint not in reason("When 发射？", evidence)


def test_the_nearest_places_are_offered_whether_or_not_they_answer(evidence: Evidence) -> None:
    found = [
        reading_of("25%", evidence),
        replace(reading_of("换装节水龙头", evidence), spans=()),  # no place: how it begins
        reading_of("押金收据", evidence),
        reading_of("专项资金", evidence),  # the fourth is not offered
    ]
    said = refuse(ask("探测器何时发射？", evidence), evidence, found).said
    assert isinstance(said, Refusal)
    first, second, third = said.near
    assert list(said.near) == nearest(evidence, found)
    assert first.quote == "全市再生水利用率达到25%"
    assert (first.document_number, first.mark) == ("青溪政发〔2021〕6号", 0)  # it bears no mark
    assert second.quote.startswith("二、重点工作\n（一）治理管网漏损")
    assert len(second.quote) <= 60
    assert third.quote == "2.押金收据一张。"


def test_a_row_of_a_table_is_offered_whole_with_its_columns(filled: PolicyIndex) -> None:
    view = Library(filled).seen_by(LOCAL, as_of=date(2026, 3, 1))
    evidence = Evidence(view, ByNothing(), 0.3, 10)
    document, passage = next(
        (d, p) for d in view.documents() for p in view.passages_of(d.id) if p.cells
    )
    span = AnswerSpan(0, 1, 1.0)
    hit = SearchHit(passage, document, 1.0, 1.0, 1.0)
    (near,) = nearest(evidence, [Reading(hit, 0.1, 1.0, (span,))])
    assert near.quote == passage.text
    assert near.row.startswith("序号：1；工作任务：建立养护资金动态调整机制；牵头部门：省财政厅")
    assert "序号：1；工作任务：" in page_of_nearest(refused_with(near))


class ByNothing:
    """A reader that is not asked."""

    name = "nothing"

    def read(self, question: str, hits: Sequence[SearchHit], share: float = 1.0) -> list[Reading]:
        return []


def refused_with(near: Citation) -> Answer:
    return Answer("问？", "问？", Refusal("没有找到。", (near,)), "extractive", "fact")
