"""Questions for the empty page, drawn from the documents and tried out first."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.answers.answer import Answer
from assistant.answers.content import Refusal
from assistant.answers.examples import draw_examples
from assistant.cite.citation import citation_of
from assistant.find.evidence import Evidence
from vectorstore.library import View

TARGET = "青溪到2025年再生水利用率的目标是多少？"
OTHER_TARGET = "云桥到2025年再生水利用率的目标是多少？"
LEAD = "青溪“农业节水工程”由谁牵头？"


@dataclass
class Asked:
    """Stands for the assistant: answers what it should, from the document that it should."""

    view: View
    evidence: Evidence
    refuses: Sequence[str] = ()
    cites: str = ""  # a document whatever is asked; else the one whose place the question names
    questions: list[str] = field(default_factory=list)

    def __call__(self, turns: Sequence[str]) -> Answer:
        (question,) = turns
        self.questions.append(question)
        answer = Answer(question, question, (), "extractive", "fact")
        if question in self.refuses:
            return replace(answer, said=Refusal("没有找到。"))
        place = self.cites or question[:2]
        document = next(d for d in self.view.documents() if place in d.metadata.title)
        quote = self.evidence.quoter.field(document, "title")
        assert quote
        return replace(answer, citations=(citation_of(quote, 1),))


def test_examples_are_of_different_kinds_about_different_documents(evidence: Evidence) -> None:
    asked = Asked(evidence.view, evidence)
    found = draw_examples(evidence.view, asked)
    assert found == [OTHER_TARGET, LEAD]
    assert set(found) <= set(asked.questions)  # each was tried out


def test_what_has_no_answer_is_no_example(evidence: Evidence) -> None:
    asked = Asked(evidence.view, evidence, refuses=[OTHER_TARGET, LEAD])
    found = draw_examples(evidence.view, asked)
    assert TARGET in found
    assert OTHER_TARGET not in found
    assert LEAD not in found


def test_what_another_document_answers_is_no_example(evidence: Evidence) -> None:
    asked = Asked(evidence.view, evidence, cites="公园")
    assert all("公园" in question for question in draw_examples(evidence.view, asked))
    assert OTHER_TARGET in asked.questions


def test_no_more_are_drawn_than_are_wanted(evidence: Evidence) -> None:
    asked = Asked(evidence.view, evidence)
    assert draw_examples(evidence.view, asked, count=1) == [OTHER_TARGET]
    assert asked.questions == [OTHER_TARGET]
    assert draw_examples(evidence.view, asked, count=0) == []
