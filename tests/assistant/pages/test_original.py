"""A document's page: its text in readable form, its cited places, who is given what."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.pages.documents import add_document_routes
from assistant.pages.filters import chosen_filter
from assistant.pages.original_text import text_of
from assistant.pages.pictures import Folder, Pictures
from assistant.pages.places import Mark, Place, sought
from assistant.pages.readable import Grid, Line, PageStart, blocks
from assistant.people.log import Entry
from assistant.people.viewer import PERSON
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from ingest.originals import draw_original
from ingest.parse.limits import Limits
from ingest.prepare import PreparedDocument, Recipe, prepare_file
from tests.assistant.officials import LI, ZHANG
from tests.conftest import ROOT, HashEmbedder, count_characters
from vectorstore.errors import FileRejected, PolicyError
from vectorstore.files.pages import Asked, Drawn
from vectorstore.index import PolicyIndex
from vectorstore.language.text import squeeze
from vectorstore.library import Library
from vectorstore.models import Audience, Document, DocumentSummary, Heading, Metadata, Passage, Span

SAMPLES = sorted((ROOT / "corpus").iterdir())


def prepared(path: Path) -> PreparedDocument:
    return prepare_file(path, Recipe(count_characters, 320, 10**8)).documents[0]


def document(text: str, *headings: str, pages: Sequence[int] = ()) -> Document:
    outline = tuple(Heading(1, words, text.index(words)) for words in headings)
    return Document("d", "0" * 64, (), "txt", text, Metadata("标题"), outline, tuple(pages))


# --- readable text --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.suffix)
def test_the_blocks_hold_all_of_the_text(path: Path) -> None:
    found = prepared(path)
    said = []
    for block in blocks(found.document, found.passages):
        if isinstance(block, Line):
            said.append(block.span)
        elif isinstance(block, Grid):
            said += [*block.header, *(cell for row in block.rows for cell in row)]
    text = found.document.text
    assert squeeze("".join(text[s.start : s.end] for s in said)) == squeeze(text)


def test_word_has_headings_and_a_real_table() -> None:
    found = prepared(next(p for p in SAMPLES if p.suffix == ".docx"))
    shown = text_of(found.document, found.passages, Place("x"))
    assert "<h2><span id=" in shown
    assert "（一）明确养护责任</span></h3>" in shown
    assert '<th scope="col">牵头部门</th>' in shown
    assert "<td>建立养护资金动态调整机制</td><td>省财政厅</td>" in shown
    assert shown.count("<table>") == 1
    assert shown.count("牵头部门") == 1


def test_items_are_a_list_and_pages_are_told() -> None:
    text = "一、目标\n包括：\n1.水库\n2.渠道\n完。"
    made = document(text, "一、目标", pages=(0, text.index("2.")))
    found = list(blocks(made, ()))
    assert [b.kind for b in found if isinstance(b, Line)] == [
        "heading", "paragraph", "item", "item", "paragraph",
    ]  # fmt: skip
    assert found[3] == PageStart(2)
    shown = text_of(made, (), Place("d"))
    assert '<ul class="items"><li>1.水库</li></ul><p class="page" id="page-2">' in shown


def test_hostile_text_stays_text_and_an_id_stands_once() -> None:
    text = "<img src=x onerror=1>甲${7*7}\t乙\n丙\t丁"
    row = Passage("p", "d", 0, 0, len(text), text)
    made = replace(document(text), text=text)
    shown = text_of(made, (row,), Place("d", Span(5, 30), (Mark(1, Span(5, 30)),)))
    assert "<img" not in shown
    assert "${" not in shown
    assert shown.count('id="quote"') == 1


# --- cited places ---------------------------------------------------------------------------------

TEXT = "甲乙丙丁" * 25


def test_an_address_says_what_it_was_made_of() -> None:
    made = document(TEXT)
    place = Place.of(made, 10, 20, "2:10-20,1:40-44,1:40-44,9:0-500,x:1-2,-1:1-2,3:7", "pages")
    assert [m.number for m in place.marks] == [2, 1]
    assert (place.number, place.before, place.after) == (1, None, Span(40, 44))
    assert place.as_pages
    assert place.address == "/documents/d?start=10&end=20&marks=2:10-20,1:40-44&view=pages#quote"
    later = place.at(Span(40, 44))
    assert (later.number, later.before, later.after) == (2, Span(10, 20), None)
    elsewhere = Place.of(made, 30, 32, "2:10-20,1:40-44", "")
    assert (elsewhere.number, elsewhere.before, elsewhere.after) == (0, Span(10, 20), Span(40, 44))
    assert Place.of(made, 90, 500, "", "").here is None


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789:-,x²"), max_size=60), st.integers(), st.integers())
def test_no_address_breaks_the_page(marks: str, start: int, end: int) -> None:
    made = document(TEXT)
    place = Place.of(made, start, end, marks, "")
    assert place == Place.of(made, *((place.here and (place.here.start, place.here.end)) or (-1, -1)),
                             place.query.get("marks", ""), "")  # fmt: skip
    assert text_of(made, (), place)


def test_words_are_sought_page_by_page() -> None:
    text = "重复的话。别的。\n重复的话。上半下半。"
    made = document(text, pages=(0, text.index("下半")))
    start = text.rindex("重复")
    found = sought(made, Place("d", Span(start, len(text))))
    assert [(s.page, s.words, s.nth) for s in found] == [(1, "重复的话。上半", 0), (2, "下半。", 0)]
    once = sought(made, Place("d", Span(start, start + 5)))
    assert [(s.page, s.nth) for s in once] == [(1, 1)]


def test_within_one_document_is_a_scope() -> None:
    assert chosen_filter([], [], [], [], [], "abc").document_ids == frozenset({"abc"})
    assert not chosen_filter([], [], [], [], [], "")


# --- who is given what ----------------------------------------------------------------------------


class Kept:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.is_full = False

    def record(self, entry: Entry) -> None:
        if self.is_full:
            raise PolicyError("日志写不进去")
        self.entries.append(entry)


class Pages:
    """The routes over the samples, for whoever a test names."""

    def __init__(self, client: TestClient, index: PolicyIndex, log: Kept):
        self.client, self.index, self.log = client, index, log
        made = {d.format: d for d in index.catalog.documents()}
        self.pdf, self.docx = made["pdf"], made["docx"]

    def get(self, path: str, who: str = "张三") -> tuple[int, str, bytes]:
        answer = self.client.get(path, headers={"x-plays": {"张三": "z", "李四": "l"}[who]})
        return answer.status_code, answer.headers.get("content-type", ""), answer.content

    def text(self, path: str, who: str = "张三") -> str:
        return self.get(path, who)[2].decode()


@pytest.fixture
def pages(filled: PolicyIndex, tmp_path: Path) -> Iterator[Pages]:
    assistant = Assistant(Library(filled), LexicalReader(filled.token_weights), 0.2, AnswerSettings())  # fmt: skip
    desk = DraftingDesk(assistant, DraftStore(tmp_path / "drafts.sqlite3"), DraftSettings())
    log = Kept()
    services = Services(assistant.library, HashEmbedder(), assistant, desk, log)  # type: ignore[arg-type]
    site = FastAPI()

    @site.exception_handler(PolicyError)
    def said(_: Any, error: PolicyError) -> Any:
        from fastapi.responses import PlainTextResponse

        return PlainTextResponse(str(error), 503)

    def drawing(path: str, asked: Asked) -> Drawn:
        return draw_original(path, asked, 10**8, Limits())

    add_document_routes(site, services, Pictures(tmp_path / "pictures", drawing))
    people = {"z": ZHANG, "l": LI}

    async def played(scope: Any, receive: Any, send: Any) -> None:
        named = dict(scope.get("headers", ())).get(b"x-plays", b"").decode()
        await site(scope | {PERSON: people[named]} if named else scope, receive, send)

    with TestClient(played) as client:
        yield Pages(client, filled, log)
    desk.store.close()


def addresses(of: DocumentSummary) -> list[str]:
    return [
        f"/documents/{of.id}", f"/documents/{of.id}?view=pages&start=0&end=5",
        f"/documents/{of.id}/about", f"/documents/{of.id}/pages/1", f"/originals/{of.id}",
        f"/documents/side?left={of.id}", f"/documents/side?right={of.id}",
    ]  # fmt: skip


def test_what_is_not_seen_is_answered_like_what_is_not_there(pages: Pages) -> None:
    pages.index.put_audience(pages.pdf.id, Audience("部门", ("d-office",)))
    absent = replace(pages.pdf, id="0" * 16)
    for hidden, missing in zip(addresses(pages.pdf), addresses(absent), strict=True):
        assert pages.get(hidden)[0] == 200
        before = len(pages.log.entries)
        assert pages.get(hidden, "李四") == pages.get(missing, "李四")
        assert pages.get(hidden, "李四")[0] == 404
        assert len(pages.log.entries) == before
    for path in ("/documents/side", "/documents/side?q=节约用水", f"/documents/side?left={pages.docx.id}"):  # fmt: skip
        assert pages.pdf.metadata.title in pages.text(path) or "q=" not in path
        assert pages.pdf.metadata.title not in pages.text(path, "李四")


def test_what_may_not_be_downloaded_has_no_pictures(pages: Pages) -> None:
    pages.index.put_audience(pages.pdf.id, Audience(may_download=False))
    text = pages.text(f"/documents/{pages.pdf.id}?view=pages")
    assert "版面图" in text
    assert "第一章 总则" in text
    assert "/pages/" not in text
    assert "/originals/" not in text
    assert pages.get(f"/documents/{pages.pdf.id}/pages/1")[0] == 404
    pages.index.put_audience(pages.pdf.id, Audience(may_quote=False))
    assert "ask-within" not in pages.text(f"/documents/{pages.pdf.id}")
    assert pages.get(f"/documents/{pages.pdf.id}/about")[0] == 404


def test_pages_are_shown_with_the_passage_marked(pages: Pages) -> None:
    found = pages.index.document(pages.pdf.id)
    assert found
    start = found.text.index("（一）超出不足")
    address = f"/documents/{found.id}?start={start}&end={start + 20}&view=pages"
    shown = pages.text(address)
    assert shown.count("<figure") == 2
    assert shown.count('id="quote"') == 1
    assert '<rect x="' in shown
    assert 'class="here"' in shown
    assert "引文：" in shown
    status, kind, picture = pages.get(f"/documents/{found.id}/pages/1")
    assert (status, kind, picture[:4]) == (200, "image/png", b"\x89PNG")
    assert [e.deed for e in pages.log.entries] == ["open document"] * 2
    assert pages.log.entries[-1].details["page"] == 1
    assert pages.get(f"/documents/{found.id}/pages/3")[0] == 404
    assert pages.get(f"/documents/{found.id}/pages/0")[0] == 404
    assert pages.get(f"/documents/{pages.docx.id}/pages/1")[0] == 404


def test_without_its_entry_nothing_is_shown(pages: Pages) -> None:
    pages.log.is_full = True
    for path in (f"/documents/{pages.pdf.id}", f"/documents/{pages.pdf.id}/pages/1"):
        status, _, said = pages.get(path)
        assert (status, said.decode()) == (503, "日志写不进去")


def test_the_page_says_where_each_field_was_read_and_what_is_cited(pages: Pages) -> None:
    text = pages.text(f"/documents/{pages.pdf.id}?start=0&end=9&marks=1:0-9,2:20-30,3:300-310")
    assert 'aria-label="回答引用的各处' in text
    assert "引文 1 / 3" in text
    assert 'data-key="]"' in text
    assert 'data-key="["' not in text
    assert '<mark id="mark-2" class="other" title="回答的出处 2">' in text
    assert text.count("marks=1:0-9,2:20-30,3:300-310") > 5  # each field's place keeps them
    assert 'action="/"' in text
    assert f'name="within" value="{pages.pdf.id}"' in text


# --- what is kept ---------------------------------------------------------------------------------


def test_the_folder_of_pictures_stays_small(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "kept", 10)
    for name in "abc":
        folder.put(name, b"1234")
        folder.get("a")
    assert (folder.get("a"), folder.get("b"), folder.get("c")) == (b"1234", b"", b"1234")
    assert sorted(p.name for p in folder.root.iterdir()) == ["a", "c"]
    (folder.root / "a").unlink()  # tidied away by somebody
    assert folder.get("a") == b""


def test_a_file_that_is_gone_is_tried_at_its_other_places(tmp_path: Path) -> None:
    tried = []

    def drawing(path: str, asked: Asked) -> Drawn:
        tried.append(path)
        if path != "/c":
            raise FileRejected("没有")
        return Drawn(((1, 1),), picture=b"x")

    pictures = Pictures(tmp_path, drawing)
    of = DocumentSummary("d", "0" * 64, ("/a", "/c"), "pdf", Metadata("标题"), 1, "")
    assert pictures._picture(of, 1) == pictures._picture(of, 1) == b"x"
    assert tried == ["/a", "/c"]
    with pytest.raises(FileRejected, match="没有"):
        pictures._picture(replace(of, source_paths=("/a",)), 2)
