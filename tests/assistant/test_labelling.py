"""Who wrote it: said beside answers and sections, in files, and in fields that programs read."""

import io
import json
from dataclasses import replace

import pytest
from docx import Document

from assistant.answers.answer import Answer
from assistant.chat import Assistant
from assistant.cite.markdown import parse
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft
from assistant.export.reports import conversation_report
from assistant.find.reading import LexicalReader
from assistant.labelling import Producer, after_editing, aigc
from assistant.pages.below import with_sources
from assistant.pages.conversation import Turn, conversation
from assistant.pages.drafts import draft_html
from assistant.settings import AnswerSettings, DraftSettings
from tests.assistant.export.test_word import custom_properties
from vectorstore.index import PolicyIndex
from vectorstore.library import Library

OURS = Producer("某县科协")


@pytest.fixture
def extract(filled: PolicyIndex) -> Answer:
    reader = LexicalReader(filled.token_weights)
    assistant = Assistant(Library(filled), reader, 0.2, AnswerSettings())
    answer = assistant.ask(["青禾市到2025年底要建成多少个老年助餐点？"])
    assert answer.citations
    return answer


@pytest.fixture
def model(extract: Answer) -> Answer:
    return replace(extract, mode="model")


def test_an_answer_says_who_wrote_it(extract: Answer, model: Answer) -> None:
    quoted, written = extract.as_json(producer=OURS)["label"], model.as_json("q7", OURS)["label"]
    assert quoted == {"text": "原文摘录", "aigc": None}
    assert written["text"] == "模型辅助生成，须人工审核"
    assert written["aigc"]["ContentProducer"] == "某县科协"
    assert (written["aigc"]["Label"], written["aigc"]["ProduceID"]) == ("1", "q7")
    for answer, said in ((extract, "原文摘录"), (model, "模型辅助生成，须人工审核")):
        assert f"0 句存疑 · {said}" in conversation([Turn(1, "问", answer=answer)], {})
    assert with_sources(model).startswith("（模型辅助生成，须人工审核）\n")
    assert "原文摘录" not in with_sources(extract)


def test_what_tells_nothing_of_the_corpus_has_no_label(filled: PolicyIndex) -> None:
    reader = LexicalReader(filled.token_weights)
    answer = Assistant(Library(filled), reader, 0.2, AnswerSettings()).ask(["你好"])
    assert answer.as_json()["label"] == {"text": "", "aigc": None}


def test_a_conversation_leaves_with_its_labels(extract: Answer, model: Answer) -> None:
    def opened(*answers: Answer, **settings: bool) -> tuple[list[str], dict[str, str], str]:
        report = conversation_report(answers, DraftSettings(**settings))
        document = Document(io.BytesIO(report))
        category = document.core_properties.category or ""
        return [p.text for p in document.paragraphs], custom_properties(document), category

    lines, properties, category = opened(extract, model)
    assert lines[0] == "（模型辅助生成，须人工审核）"
    assert lines.index("〔原文摘录〕") < lines.index("〔模型辅助生成，须人工审核〕")
    assert json.loads(properties["AIGC"])["Label"] == "1"
    assert category == "AI辅助生成"
    lines, properties, category = opened(extract)
    assert (lines[0], properties, category) == ("（原文摘录）", {}, "原文摘录")
    lines, properties, category = opened(model, ai_label=False)
    assert not any("模型辅助" in line for line in lines)
    assert (properties, category) == ({}, "")


def test_a_section_knows_who_wrote_it(desk: DraftingDesk, written: Draft) -> None:
    section = next(s for s in written.sections if s.marks)
    assert section.origin == "extract"
    edited = desk.edit(written, section.id, heading=section.heading, text=f"{section.text}另。")
    assert edited.section(section.id).origin == "extract edited"
    retitled = desk.edit(written, section.id, heading="新标题", text=section.text)
    assert retitled.section(section.id).origin == "extract edited"  # merged with the edit before
    added = desk.add_section(retitled, "新部分")
    new = added.sections[-1].id
    own = desk.edit(added, new, heading="新部分", text="自己写的话。")
    assert own.section(new).origin == "person"
    assert "原文摘录，经人修改" in draft_html(own, new)
    assert draft_html(own, new).count("模型辅助") == 0


def test_words_of_a_model_are_never_a_persons_alone() -> None:
    origin = after_editing("model", was_empty=False)
    assert origin == after_editing(origin, was_empty=True) == "model edited"
    assert after_editing("", was_empty=False) == ""  # of before it was noted: nobody knows
    assert aigc(["person", "extract edited"], OURS, "1", "文") is None
    checksums = {(aigc(["model"], OURS, "1", text) or {})["ReservedCode1"] for text in "甲乙"}
    assert len(checksums) == 2


def test_words_of_a_model_that_stood_aside_are_still_a_models(
    desk: DraftingDesk, written: Draft
) -> None:
    section = next(s for s in written.sections if s.marks)
    desk.edit(written, section.id, heading=section.heading, text="别人先改。")
    said = replace(section, body=parse("模型写的话。"), origin="model")
    found = desk.store.save(written.with_section(said), "写成", desk.person)
    assert found.section(section.id).text == "别人先改。"
    taken = desk.take_aside(found, section.id)
    assert (taken.section(section.id).text, taken.section(section.id).origin) == (
        "模型写的话。",
        "model",
    )
    assert desk.aside(taken, section.id) is None
