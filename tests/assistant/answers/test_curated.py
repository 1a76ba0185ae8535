"""Approved answers: kept only with support, given only to those who see their sources."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answers.curated import NotSupported, given, reviewed, written
from assistant.chat import Assistant
from assistant.find.reading import LexicalReader
from assistant.office.office import Office
from assistant.office.sight import ALL as ALL_SIGHT
from assistant.settings import AnswerSettings
from tests.assistant.stated import put
from tests.conftest import HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import Passage, Viewer

QUESTION = "青禾市河湖保洁每年投入多少万元？"
SAID = "青禾市河湖保洁每年投入240万元"
FULL = {"title": "青禾市河湖保洁办法", "region": ("云岭省", "青禾市"), "issuer": "青禾市水利局"}
ALL = Viewer("甲")
BLIND = Viewer("乙", may_see=frozenset())
STATED: Any = ((SAID, "amount", {"subject": "河湖保洁投入", "text": "240万元"}),)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office.sqlite3", HashEmbedder().embed_passages)
    yield made
    made.close()


@pytest.fixture
def assistant(index: PolicyIndex, office: Office) -> Assistant:
    put(index, "rivers", STATED, date_written=date(2024, 1, 2), **FULL)
    reader = LexicalReader(index.token_weights)
    return Assistant(Library(index), reader, 0.3, AnswerSettings(), office=office)


def passage(assistant: Assistant) -> Passage:
    (hit, *_) = assistant.view(ALL).search("河湖保洁投入", 3)
    return hit.passage


def keep(assistant: Assistant, text: str, question: str = QUESTION) -> None:
    evidence = assistant.evidence(assistant.view(ALL))
    asked = assistant.question_of([question], evidence)
    assert assistant.office
    answer = written(asked, text, {1: passage(assistant)}, evidence)
    assistant.office.curated.put(answer, "李某", ALL_SIGHT)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "还没有写"),
        ("每年投入240万元。", "没有得到"),
        ("每年投入260万元[1]。", "没有得到"),
        ("青禾市河湖保洁每年投入240万元[1]。另外由市长亲自督办。", "没有得到"),
        ("青禾市河湖保洁每年投入240万元[2]。", r"\[2\]"),
        ("长" * 4001, "4000"),
    ],
)
def test_what_is_not_supported_is_not_kept(assistant: Assistant, text: str, why: str) -> None:
    with pytest.raises(NotSupported, match=why):
        keep(assistant, text)
    assert assistant.office
    assert assistant.office.curated.all() == ()


def test_it_is_given_with_its_citation_and_says_so(assistant: Assistant) -> None:
    keep(assistant, f"{SAID}[1]。")
    for asked in (QUESTION, "青禾市河湖保洁每年投入多少万元"):
        answer = assistant.ask([asked], viewer=ALL)
        assert answer.text == f"{SAID}[1]。"
        assert [c.document_id for c in answer.citations] == ["rivers"]
        assert "经人工核定（李某" in answer.notes[0]
        assert [check.verdict for check in answer.checks] == ["supported"]
    other = assistant.ask(["青禾市河湖保洁每月投入多少万元？谁负责？"], viewer=ALL)
    assert not any("人工核定" in note for note in other.notes)


def test_who_does_not_see_the_source_is_not_given_the_answer(assistant: Assistant) -> None:
    keep(assistant, f"{SAID}[1]。")
    answer = assistant.ask([QUESTION], viewer=BLIND)
    assert answer.refused
    assert "240" not in str(answer.as_json())
    assert assistant.office
    assert assistant.office.curated.all()[0].review == ""  # hidden, not gone


def test_a_source_that_changed_puts_the_answer_aside(
    assistant: Assistant, index: PolicyIndex
) -> None:
    keep(assistant, f"{SAID}[1]。")
    office = assistant.office
    assert office
    assert reviewed(office, assistant.view(ALL)) == 0
    changed: Any = ((SAID.replace("240", "260"), "amount", {"subject": "河湖保洁投入"}),)
    put(index, "rivers", changed, date_written=date(2024, 1, 2), **FULL)
    evidence = assistant.evidence(assistant.view(ALL))
    assert given(assistant.question_of([QUESTION], evidence), evidence, office) is None
    assert reviewed(office, assistant.view(ALL)) == 1
    assert "变化" in office.curated.all()[0].review
    answer = assistant.ask([QUESTION], viewer=ALL)
    assert not any("人工核定" in note for note in answer.notes)


def test_what_may_not_be_quoted_is_no_source(assistant: Assistant) -> None:
    keep(assistant, f"{SAID}[1]。")
    office = assistant.office
    assert office
    (known,) = office.curated.all()
    view = assistant.view(ALL)
    summary = view.summary("rivers")
    assert summary

    class Unquotable:
        """The view, with the document for reading only."""

        def summary(self, _: str) -> Any:
            return replace(summary, audience=replace(summary.audience, may_quote=False))

    from assistant.answers.curated import fault

    assert "不供引用" in fault(known, Unquotable())  # type: ignore[arg-type]
