"""What a reader of a shared draft sees of sources that they may not see."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.drafting.access import Share
from assistant.drafting.covering import COVERED
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft
from assistant.people.person import Person
from assistant.settings import DraftSettings
from tests.assistant.conftest import REQUEST, desk_over
from tests.assistant.officials import LI, OFFICE, ZHANG
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import Audience, Viewer


@pytest.fixture
def shared(filled: PolicyIndex, tmp_path: Path) -> tuple[DraftingDesk, Draft]:
    """Zhang's desk, and a draft of all sections that Li may change."""
    desk = desk_over(filled, tmp_path).seen_by(ZHANG)
    draft = desk.begin(REQUEST)
    for step in desk.write(draft):
        draft = step.draft
    desk.store.share(draft.id, ZHANG, Share("person", LI.id, "write"))
    return desk, draft


def blind(desk: DraftingDesk, hidden: str) -> DraftingDesk:
    """Li's desk, who sees all documents but one."""
    seen = desk.assistant.view(ZHANG.viewer).ids - {hidden}
    return desk.seen_by(LI, Viewer(LI.id, may_see=frozenset(seen)))


def words(draft: Draft) -> str:
    return repr((draft.sections, draft.sources))


def test_quotes_of_hidden_documents_are_covered(shared: tuple[DraftingDesk, Draft]) -> None:
    desk, draft = shared
    hidden = draft.sources[0].document_id
    gone = [s for s in draft.sources if s.document_id == hidden]
    reader = blind(desk, hidden)
    shown = reader.covered(reader.open(draft.id))
    assert COVERED in words(shown)
    for source in gone:
        assert source.title not in words(shown)
        assert "".join(source.quote.split()) not in "".join(words(shown).split())
    others = [s for s in draft.sources if s.document_id != hidden]
    assert all(s in shown.sources for s in others)
    assert desk.covered(draft) == draft  # the owner sees what they wrote
    assert reader.seen_by(LI).covered(draft) == draft  # and so does who sees the document


def test_a_covered_section_is_neither_judged_nor_lost(shared: tuple[DraftingDesk, Draft]) -> None:
    desk, draft = shared
    section = next(s for s in draft.sections if s.marks)
    source = draft.source(section.marks[0])
    assert source is not None
    reader = blind(desk, source.document_id)
    assert reader.is_covered(draft, section.id)
    for deed in (reader.write_one, reader.remove_section):
        with pytest.raises(PolicyError, match="无权查看"):
            deed(draft, section.id)
    checked, _ = reader.check(reader.open(draft.id))
    assert checked.section(section.id) == draft.section(section.id)
    free = next(s for s in draft.sections if not reader.is_covered(draft, s.id))
    changed = reader.edit(checked, free.id, heading=free.heading, text="李四改。")
    assert changed.section(section.id).body == section.body
    assert changed.sources == draft.sources


def test_documents_that_are_gone_are_covered_for_others_only(
    shared: tuple[DraftingDesk, Draft],
) -> None:
    """The owner keeps their own text."""
    desk, draft = shared
    away = replace(draft.sources[0], document_id="gone")
    draft = replace(draft, id="other", version=0, sources=(away, *draft.sources[1:]))
    draft = desk.store.save(draft, "新建", ZHANG)
    assert desk.covered(draft) == draft
    assert COVERED in words(desk.seen_by(LI).covered(draft))


OLD = "a" * 16  # the id of a file's earlier text


@pytest.mark.parametrize("what", ["deleted", "read anew", "hidden since it was read anew"])
@pytest.mark.parametrize("owner", [ZHANG, LI])
def test_what_was_covered_stays_so_when_its_document_goes(
    shared: tuple[DraftingDesk, Draft], filled: PolicyIndex, what: str, owner: Person
) -> None:
    """Of Zhang, or of Li to whom the draft was handed over; the document is for Zhang's
    department, the last one since its newer text is there."""
    desk, draft = shared
    document = draft.sources[0].document_id
    Library(filled).admit(document, Audience("部门", (OFFICE.id,)))
    if what == "deleted":
        with filled.writing():
            filled.delete_document(document)
    else:
        sources = (
            replace(s, document_id=OLD) if s.document_id == document else s for s in draft.sources
        )
        draft = desk.store.save(replace(draft, sources=tuple(sources)), "改", ZHANG)
        if what == "read anew":
            Library(filled).admit(OLD, Audience("部门", (OFFICE.id,)))
    desk.store.move(draft.id, ZHANG, owner=owner.id)
    own = desk.seen_by(owner)
    shown = own.covered(own.open(draft.id))
    if owner is ZHANG:
        assert shown.sources == draft.sources
        return
    for source in draft.sources:
        if source.document_id in (document, OLD):
            assert source.title not in words(shown)
            assert "".join(source.quote.split()) not in "".join(words(shown).split())


def test_files_are_covered_too(shared: tuple[DraftingDesk, Draft]) -> None:
    from assistant.export.word import to_markdown

    desk, draft = shared
    reader = blind(desk, draft.sources[0].document_id)
    text = to_markdown(reader.covered(draft), "送审版", DraftSettings())
    assert COVERED in text
    assert draft.sources[0].title not in text
