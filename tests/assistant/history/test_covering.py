"""An old answer shows no more than its reader sees now."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.answers.answer import Answer
from assistant.cite.structure import Line
from assistant.export.conversation import Exchange, as_file
from assistant.history.covering import COVER, OLD_FORM, covered, shown
from assistant.history.models import Kept, Resting
from assistant.history.notices import notices
from assistant.history.sources import place_of
from assistant.history.storing import kept_of
from assistant.pages.conversation import Turn, conversation
from assistant.settings import DraftSettings
from tests.assistant.history.made import answer_of, citation, refusal_of
from tests.assistant.stated import fill
from vectorstore.index import PolicyIndex
from vectorstore.library import Library, View
from vectorstore.models import DocumentSummary, Viewer

SECRET = "只在乙里的八十八点八"


@pytest.fixture
def documents(filled: PolicyIndex) -> tuple[DocumentSummary, DocumentSummary]:
    first, second = Library(filled).seen_by(Viewer("甲"), as_of=date(2024, 6, 1)).documents()[:2]
    return first, second


@pytest.fixture
def answer(documents: tuple[DocumentSummary, DocumentSummary]) -> Answer:
    first, second = documents
    return answer_of(citation(1, first), citation(2, second, SECRET))


def seen(index: PolicyIndex, *ids: str) -> View:
    viewer = Viewer("甲", frozenset(ids)) if ids else Viewer("甲")
    return Library(index).seen_by(viewer, as_of=date(2024, 6, 1))


def everywhere(answer: Answer, view: View, *, is_owner: bool = True) -> str:
    """The page and every file, one after the other."""
    found = covered(answer, view, is_owner=is_owner)
    turn = Turn(1, answer.question, answer=found.answer, told=found.told, hidden=found.hidden)
    exchange = [Exchange(answer.question, "2024-06-01", found)]
    files = b"".join(as_file(kind, "题", exchange, DraftSettings()) for kind in ("md", "json"))
    return conversation([turn], {}) + files.decode()


def test_who_sees_all_sees_all(answer: Answer, filled: PolicyIndex) -> None:
    found = covered(answer, seen(filled), is_owner=True)
    assert (found.answer, found.hidden) == (answer, 0)


def test_what_is_hidden_now_is_covered(
    answer: Answer, filled: PolicyIndex, documents: tuple[DocumentSummary, DocumentSummary]
) -> None:
    first, second = documents
    view = seen(filled, first.id)
    assert SECRET in everywhere(answer, seen(filled))
    text = everywhere(answer, view)
    assert "第1句写明" in text
    assert COVER in text
    for hidden in (
        SECRET,
        second.id,
        second.metadata.title,
        second.source_paths[0],
        "另有一份",
        "值2",
    ):
        assert hidden not in text
    assert covered(answer, view, is_owner=True).hidden == 1


def test_what_may_not_be_quoted_any_more_is_covered(
    answer: Answer,
    filled: PolicyIndex,
    documents: tuple[DocumentSummary, DocumentSummary],
) -> None:
    second = documents[1]
    filled.put_audience(second.id, replace(second.audience, may_quote=False))
    view = seen(filled)
    assert view.known(second.id)
    assert SECRET not in everywhere(answer, view)


def test_a_colleague_sees_only_what_has_a_source(answer: Answer, filled: PolicyIndex) -> None:
    text = everywhere(answer, seen(filled), is_owner=False)
    assert SECRET in text
    for own in ("经查，有两处", "另有一份", "青河", "青禾市多少个"):
        assert own not in text
    assert "5 份" not in everywhere(refusal_of(), seen(filled), is_owner=False)


def test_covered_sentences_beside_each_other_are_one(filled: PolicyIndex) -> None:
    answer = answer_of(citation(1, "没有这份"))
    line = Line(tuple(s for block in answer.body[:3] for s in getattr(block, "sentences", ())))
    found = covered(replace(answer, said=(line,)), seen(filled), is_owner=True)
    assert found.answer.text == COVER
    whole = covered(answer, seen(filled), is_owner=True).answer  # two lines, an empty one, a table
    assert whole.text == COVER


def test_near_passages_are_looked_at_too(
    filled: PolicyIndex, documents: tuple[DocumentSummary, DocumentSummary]
) -> None:
    first, second = documents
    answer = refusal_of(citation(0, first), citation(0, second, SECRET))
    near = covered(answer, seen(filled, first.id), is_owner=True).answer.near
    assert [c.document_id for c in near] == [first.id]


def test_what_became_of_a_source_is_told(answer: Answer, filled: PolicyIndex) -> None:
    then = replace(answer.citations[0], status="已废止")
    old = replace(answer, citations=(then, answer.citations[1]))
    found = covered(old, seen(filled), is_owner=True)
    now = found.answer.citations[0].status
    assert found.told[1] == (f"提问时为“已废止”，现在为“{now}”",)
    assert f"现在为“{now}”" in everywhere(old, seen(filled))


def test_a_file_read_anew_shows_what_it_still_says(
    answer: Answer, filled: PolicyIndex, documents: tuple[DocumentSummary, DocumentSummary]
) -> None:
    view, first = seen(filled), documents[0]
    source = view.source(first.id)
    quote = source[40:80].strip()
    old = replace(citation(1, first, quote), document_id="0" * 16)
    found = covered(answer_of(old), view, is_owner=True)
    (now,) = found.answer.citations
    assert now.document_id == first.id
    assert "".join(source[now.start : now.end].split()) == "".join(quote.split())
    assert "已更新" in found.told[1][0]
    gone = covered(answer_of(replace(old, quote="新版里没有的话")), view, is_owner=True)
    assert gone.answer.citations == ()


def test_an_old_form_shows_its_text_to_whom_sees_all_of_it(
    answer: Answer, filled: PolicyIndex, documents: tuple[DocumentSummary, DocumentSummary]
) -> None:
    kept = replace(kept_of(answer), answer=None)
    whole = shown("问？", kept, seen(filled), is_owner=True).answer
    assert SECRET in whole.text
    assert whole.notes == (OLD_FORM,)
    part = shown("问？", kept, seen(filled, documents[0].id), is_owner=True).answer
    assert SECRET not in part.text
    sourceless = Kept(None, "库里有 5 份文件", ())
    assert "5 份" not in shown("问？", sourceless, seen(filled), is_owner=False).answer.text


def test_the_owner_of_a_saved_answer_is_told(
    answer: Answer, filled: PolicyIndex, documents: tuple[DocumentSummary, DocumentSummary]
) -> None:
    first, second = documents
    saved = Resting("s", "问？", kept_of(answer).sources)
    assert notices([saved], seen(filled)) == []
    (notice,) = notices([saved], seen(filled, first.id))
    assert second.metadata.title not in notice.text
    assert (
        notices([replace(saved, dismissed=frozenset({notice.key}))], seen(filled, first.id)) == []
    )
    moved = replace(saved, sources=(replace(saved.sources[0], id="f" * 16),))
    assert "已更新" in notices([moved], seen(filled))[0].text


@pytest.mark.parametrize(
    ("quote", "text", "place"),
    [("乙 丙", "甲\n乙\n丙丁", (2, 5)), ("丙", "甲", None), ("", "甲", None), ("甲", "", None)],
)
def test_quotes_are_found_whatever_the_white_space(
    quote: str, text: str, place: tuple[int, int] | None
) -> None:
    assert place_of(quote, text) == place


@pytest.mark.parametrize(
    ("document", "day", "told"),
    [
        ("city", date(2027, 6, 1), None),
        ("city", date(2028, 1, 10), "将在 30 天内届满"),
        ("city", date(2028, 3, 1), "已届满"),
        ("old", date(2026, 6, 1), "已废止"),
    ],
)
def test_what_is_repealed_or_ends_is_told(
    index: PolicyIndex, document: str, day: date, told: str | None
) -> None:
    fill(index)
    view = Library(index).seen_by(Viewer("甲"), as_of=day)
    summary = view.summary(document)
    assert summary is not None
    kept = kept_of(answer_of(replace(citation(1, summary), status="现行有效")))
    found = [n.text for n in notices([Resting("s", "问？", kept.sources)], view)]
    assert [told in text for text in found] == ([True] if told else [])
