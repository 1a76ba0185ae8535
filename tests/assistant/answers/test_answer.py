"""How an answer is put together from what its parts say."""

import json

import pytest

from assistant.answers.answer import Answer, compose
from assistant.answers.content import Content, Statement, table
from assistant.chat import Assistant
from assistant.cite.structure import Line, Table
from assistant.find.reading import LexicalReader
from assistant.people.viewer import LOCAL
from assistant.settings import AnswerSettings
from assistant.understand.corpus import corpus_of
from assistant.understand.turns import understand
from vectorstore.index import PolicyIndex
from vectorstore.library import Library


@pytest.fixture
def assistant(filled: PolicyIndex) -> Assistant:
    return Assistant(Library(filled), LexicalReader(filled.token_weights), 0.3, AnswerSettings())


def composed(assistant: Assistant, words: str, text: str) -> Answer:
    """An answer of one statement, and of a table with it, both quoting the place of `words`."""
    view = assistant.view(LOCAL)
    evidence = assistant.evidence(view)
    hit = next(h for h in evidence.search(words) if words in h.passage.text)
    at = hit.passage.text.index(words)
    quote = evidence.quoter.quote(hit.document, hit.passage, at, at + len(words))
    said = Statement(text, (quote,))
    rows = [(Statement("甲"), said), (Statement("乙"), Statement("未载明"))]
    question = understand(["问"], corpus_of(view), ())
    content = Content((said, table(("文件", "原文"), rows)))
    return compose(question, [content, content], view)


def test_a_greeting_is_no_refusal(assistant: Assistant) -> None:
    answer = assistant.ask(["你好"])
    said = json.loads(json.dumps(answer.as_json()))
    assert said["refused"] is False
    assert said["answer"].startswith("您好！")
    assert (said["kind"], said["checks"], said["citations"], said["near"]) == ("chat", [], [], [])


def test_text_is_rendered_from_the_structure(assistant: Assistant) -> None:
    words = "到2025年底建成助餐点120个"
    answer = composed(assistant, words, f"{words}。再建99个。\n另起一行。")
    line = f"{words}。再建99个。"
    assert answer.text == (
        f"{line}[1]\n另起一行。[1]\n\n| 文件 | 原文 |\n| --- | --- |\n"
        f"| 甲 | {line} 另起一行。[1] |\n| 乙 | 未载明 |"
    )  # both parts say the same, which is said once
    first = answer.body[0]
    assert isinstance(first, Line)
    assert [s.plain for s in first.sentences] == [f"{words}。", "再建99个。"]
    assert [s.check and s.check.verdict for s in first.sentences] == ["supported", "unsupported"]
    assert all(s.check and s.check.marks == (1,) for s in first.sentences)  # the mark is shown once


def test_what_a_document_holds_is_no_mark_and_no_table(assistant: Assistant) -> None:
    """A document that has [1] or | in its text."""
    words = "到2025年底建成助餐点120个"
    answer = composed(assistant, words, f"| {words}[7]。")
    first = answer.body[0]
    assert isinstance(first, Line)
    assert first.sentences[0].pieces == (f"| {words}[7]。", 1)
    assert answer.checks[0].marks == (1,)
    assert isinstance(answer.body[2], Table)
