"""The pages about one draft: gaps and own material, versions, find and replace, insertions, style,
comments, order, export. The office is invented."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from starlette.testclient import TestClient

from assistant.cite.markdown import parse
from assistant.drafting.access import Share
from assistant.drafting.blanks import blanks_of
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft, Section, is_own
from assistant.export.pdf import PDF, NoPdf
from assistant.pages import draft_export
from assistant.pages.draft_own import Reader, add_own_routes, place_of
from tests.assistant.officials import LI, ZHANG
from tests.assistant.pages.test_draft_routes import (  # noqa: F401
    HOSTILE,
    Kept,
    become,
    client,
    desk,
    log,
)

SECTIONS = (
    Section("a", "一、工作目标", body=parse("全县建成助餐点[本地数据]。\n见第二部分。"), state="已写"),
    Section("b", "二、重点任务", body=parse(f"开展培训。{HOSTILE}\n新增床位[本地数据]。"), state="已写"),
    Section("c", "三、保障措施", body=parse("加强领导，“加强领导”。"), state="已写"),
)  # fmt: skip


@pytest.fixture
def draft(desk: DraftingDesk) -> Draft:  # noqa: F811
    begun = desk.begin("起草《松湖县社区养老服务实施方案》")
    return desk.keep(replace(begun, sections=SECTIONS), "写成")


def now(desk: DraftingDesk, draft: Draft) -> Draft:  # noqa: F811
    return desk.open(draft.id)


PAGES = ("own", "export", "versions", "find?what=领导", "insert?section=a&words=助餐点", "style")
DEEDS = ("own/fill", "own/fill-all", "own/notes", "own/drop", "versions", "find", "insert", "style",
         "order", "length", "comments", "comments/x/settle")  # fmt: skip


def test_a_foreign_draft_has_none_of_the_pages(client: TestClient, draft: Draft) -> None:  # noqa: F811
    become(client, LI)
    for path in PAGES:
        assert client.get(f"/drafts/{draft.id}/{path}").status_code == 404, path
    for path in DEEDS:
        assert client.post(f"/drafts/{draft.id}/{path}").status_code == 404, path


def test_whoever_may_only_read_changes_nothing(
    client: TestClient, draft: Draft, desk: DraftingDesk  # noqa: F811
) -> None:  # fmt: skip
    desk.store.share(draft.id, ZHANG, Share("person", LI.id, "read", "李四"))
    become(client, LI)
    blank = blanks_of(draft)[0]
    sent = {
        "own/fill": {"place": place_of(blank), "clause": blank.clause, "value": "5个"},
        "own/notes": {"note": "助餐点5个"}, "versions": {"number": "1"},
        "find": {"what": "领导", "to": "x", "place": "c.0.2"}, "order": {"section": "c", "before": "a"},
        "length": {"section": "a", "wanted": "50"},
        "insert": {"section": "a", "key": "p:x:0:1"}, "style": {"slip": "all"},
    }  # fmt: skip
    for path in PAGES:
        page = client.get(f"/drafts/{draft.id}/{path}")
        assert page.status_code == 200
        assert f'<form method="post" action="/drafts/{draft.id}' not in page.text, path
    for path, fields in sent.items():
        assert client.post(f"/drafts/{draft.id}/{path}", data=fields).status_code in (400, 409), path  # fmt: skip
    assert now(desk, draft) == draft


def test_hostile_words_are_shown_as_words(client: TestClient, draft: Draft) -> None:  # noqa: F811
    for path in (*PAGES, "find?what=img", "own?at=2"):
        page = client.get(f"/drafts/{draft.id}/{path}").text
        assert "<img" not in page
        assert "${7" not in page


def test_gaps_are_filled_one_after_the_other(
    client: TestClient, draft: Draft, desk: DraftingDesk, log: Kept  # noqa: F811
) -> None:  # fmt: skip
    base = f"/drafts/{draft.id}/own"
    page = client.get(base).text
    assert "要填的空（2）" in page
    assert "第 1 / 2 处" in page
    blank = blanks_of(draft)[0]
    sent = {"place": place_of(blank), "clause": blank.clause, "value": "35个", "number": "1"}
    answer = client.post(f"{base}/fill", data=sent)
    assert answer.headers["location"] == f"{base}?said=filled"
    filled = now(desk, draft)
    section = filled.section("a")
    assert section.text.startswith("全县建成助餐点35个[")
    (mark,) = section.marks
    source = filled.source(mark)
    assert source is not None
    assert is_own(source)
    assert "第 1 / 1 处" in client.get(base).text
    again = client.post(f"{base}/fill", data=sent)
    assert again.status_code == 400
    assert "已经改动" in again.text
    deeds = [entry.deed for entry in log.entries]
    assert deeds == ["write draft"]


def test_own_material_is_pasted_contradictions_are_shown_and_gaps_filled(
    client: TestClient, draft: Draft, desk: DraftingDesk  # noqa: F811
) -> None:  # fmt: skip
    base = f"/drafts/{draft.id}/own"
    client.post(f"{base}/notes", data={"note": "全县现有助餐点35个。\n新增床位120张。"})
    client.post(f"{base}/notes", data={"note": f"全县现有助餐点38个。{HOSTILE}"})
    page = client.get(base).text
    assert "前后有 1 处不一致" in page
    assert "<img" not in page
    second = now(desk, draft).own[1]
    client.post(f"{base}/drop", data={"note": second.id})
    assert "不一致" not in client.get(base).text
    assert client.post(f"{base}/fill-all").headers["location"] == f"{base}?said=2"
    assert not blanks_of(now(desk, draft))
    assert "新增床位120张[" in now(desk, draft).section("b").text
    assert client.post(f"{base}/notes", data={"note": " "}).status_code == 400


def test_a_file_is_read_and_leaves_nothing(
    desk: DraftingDesk, client: TestClient, draft: Draft, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    site = client.app
    rooms: list[Path] = []

    def folder() -> Path:
        rooms.append(tmp_path / f"room{len(rooms)}")
        rooms[-1].mkdir()
        return rooms[-1]

    from fastapi import FastAPI

    from assistant.pages.draft_desks import DraftDesks
    from assistant.pages.draft_lists import Directory
    from assistant.people.viewer import PERSON
    from assistant.services import Services

    other = FastAPI()
    services = Services(desk.assistant.library, None, desk.assistant, desk)  # type: ignore[arg-type]
    add_own_routes(other, DraftDesks(services, Directory()),
                   Reader(lambda p: p.read_text("utf-8"), folder))  # fmt: skip

    @other.middleware("http")
    async def who(request, go_on):  # type: ignore[no-untyped-def]
        request.scope[PERSON] = site.state.person  # type: ignore[attr-defined]
        return await go_on(request)

    sender = TestClient(other, follow_redirects=False)
    base = f"/drafts/{draft.id}/own/notes"
    files = {"file": ("..\\..\\数据.txt", "助餐点35个。".encode())}
    assert sender.post(base, files=files).status_code == 303
    note = now(desk, draft).own[0]
    assert (note.origin, note.text) == ("数据.txt", "助餐点35个。")
    refused = sender.post(base, files={"file": ("宏.exe", b"MZ")})
    assert refused.status_code == 400
    assert ".txt、.docx、.xlsx" in refused.text
    assert rooms
    assert not [room for room in rooms if room.exists()]


def test_words_are_found_and_the_chosen_replaced(
    client: TestClient, draft: Draft, desk: DraftingDesk  # noqa: F811
) -> None:  # fmt: skip
    base = f"/drafts/{draft.id}/find"
    page = client.get(base, params={"what": "加强领导"}).text
    assert "找到 2 处" in page
    assert page.count("checked") == 1  # not the one within the quotation
    sent = {"what": "加强领导", "to": "加强组织领导", "place": ["c.0.0", "c.9.9"]}
    assert client.post(base, data=sent).status_code == 303
    assert now(desk, draft).section("c").text == "加强组织领导，“加强领导”。"
    none = client.post(base, data={"what": "加强领导", "to": "x"})
    assert none.status_code == 400
    assert "没有选中" in none.text
    assert client.get(base, params={"what": "x" * 200}).status_code == 400


def test_a_passage_is_inserted_with_its_citation(
    client: TestClient, draft: Draft, desk: DraftingDesk  # noqa: F811
) -> None:  # fmt: skip
    base = f"/drafts/{draft.id}/insert"
    page = client.get(base, params={"section": "a", "words": "老年助餐点"}).text
    keys = [part.split('"')[0] for part in page.split('name="key" value="')[1:]]
    passage = next(key for key in keys if key.startswith("p:"))
    sent = {"section": "a", "words": "老年助餐点", "key": passage, "after": "0"}
    assert client.post(base, data=sent).status_code == 303
    inserted = now(desk, draft)
    lines = inserted.section("a").text.split("\n")
    assert lines[0] == "全县建成助餐点[本地数据]。"
    assert lines[1].startswith("《")
    (source,) = inserted.sources
    text = desk.evidence().quoter.source(source.document_id)[source.start : source.end]
    assert "".join(text.split()) == "".join(source.quote.split())
    for key in ("p:nothing:0:5", "f:nothing:0:5", "x", "p:a:b:c", f"{passage}9"):
        assert client.post(base, data={**sent, "key": key}).status_code in (303, 400)
    assert len(now(desk, draft).sources) <= 2


def test_a_row_of_facts_is_inserted(
    client: TestClient, draft: Draft, desk: DraftingDesk  # noqa: F811
) -> None:  # fmt: skip
    base = f"/drafts/{draft.id}/insert"
    page = client.get(base, params={"section": "a", "words": "助餐点"}).text
    key = next(p.split('"')[0] for p in page.split('name="key" value="')[1:] if p.startswith("f:"))
    client.post(base, data={"section": "a", "words": "助餐点", "key": key})
    assert "助餐点" in now(desk, draft).sources[0].quote


def test_what_changed_between_versions_and_the_way_back(
    client: TestClient, draft: Draft, desk: DraftingDesk  # noqa: F811
) -> None:  # fmt: skip
    desk.edit(draft, "c", heading="三、保障措施", text="加强组织领导，“加强领导”。")
    base = f"/drafts/{draft.id}/versions"
    page = client.get(base).text
    assert "1 个部分、1 句有变化" in page
    assert "<ins>组织" in page
    same = client.get(base, params={"from": draft.version, "to": draft.version}).text
    assert "文字相同" in same
    assert client.get(base, params={"from": "x", "to": "-1"}).status_code == 200
    sent = client.post(base, data={"number": str(draft.version)})
    assert sent.status_code == 303
    assert now(desk, draft).section("c").text == draft.section("c").text
    assert client.post(base, data={"number": "999"}).status_code == 400


def test_the_order_comes_from_the_page_and_numbers_follow(
    client: TestClient, draft: Draft, desk: DraftingDesk  # noqa: F811
) -> None:  # fmt: skip
    base = f"/drafts/{draft.id}/order"
    assert client.post(base, data={"section": "c", "before": "a"}).status_code == 200
    moved = now(desk, draft)
    assert [s.heading for s in moved.sections] == ["一、保障措施", "二、工作目标", "三、重点任务"]
    assert moved.section("a").text.endswith("见第三部分。")
    assert client.post(base, data={"section": "gone"}).status_code == 409


def test_a_length_is_noted_and_survives_an_edit(
    client: TestClient, draft: Draft, desk: DraftingDesk  # noqa: F811
) -> None:  # fmt: skip
    base = f"/drafts/{draft.id}/length"
    assert client.post(base, data={"section": "a", "wanted": "500"}).status_code == 200
    for wrong in ("-1", "many", "9999999"):
        assert client.post(base, data={"section": "a", "wanted": wrong}).status_code == 409
    older = replace(draft, version=draft.version)  # as another tab has it open
    desk.edit(older, "a", heading="一、工作目标", text="另写。")
    assert (now(desk, draft).section("a").wanted, now(desk, draft).section("a").text) == (
        500,
        "另写。",
    )


def test_comments_are_made_settled_and_removed(
    client: TestClient, draft: Draft, desk: DraftingDesk  # noqa: F811
) -> None:  # fmt: skip
    desk.store.share(draft.id, ZHANG, Share("person", LI.id, "read", "李四"))
    become(client, LI)
    base = f"/drafts/{draft.id}/comments"
    sent = {"section": "a", "quote": "见第二部分。", "said": f"哪一部分？{HOSTILE}"}
    assert client.post(base, data=sent).status_code == 200
    assert client.post(base, data={**sent, "said": " "}).status_code == 409
    assert client.post(base, data={**sent, "section": "gone"}).status_code == 409
    (comment,) = desk.store.comments.of(draft.id)
    assert (comment.name, comment.quote, comment.is_open) == (LI.name, "见第二部分。", True)
    become(client, ZHANG)
    assert client.post(f"{base}/{comment.id}/remove").status_code == 409
    assert client.post(f"{base}/{comment.id}/settle").status_code == 200
    (settled,) = desk.store.comments.of(draft.id)
    assert (settled.is_open, settled.resolver) == (False, ZHANG.name)
    become(client, LI)
    assert client.post(f"{base}/{comment.id}/reopen").status_code == 200
    assert client.post(f"{base}/{comment.id}/remove").status_code == 200
    assert desk.store.comments.of(draft.id) == []
    assert client.post(f"{base}/{comment.id}/settle").status_code == 404


def test_slips_of_style_are_mended(
    client: TestClient, draft: Draft, desk: DraftingDesk  # noqa: F811
) -> None:  # fmt: skip
    said = "根据松政发[2024]3号文件，开展培训。\n原文“按照松政发[2024]3号执行的有关要求”。"
    draft = desk.edit(draft, "b", heading="二、重点任务", text=said)
    base = f"/drafts/{draft.id}/style"
    page = client.get(base).text
    assert "〔2024〕" in page
    assert client.post(base, data={"slip": "all"}).status_code == 303
    mended = now(desk, draft).section("b").text
    assert "松政发〔2024〕3号文件" in mended
    assert "“按照松政发[2024]3号执行的有关要求”" in mended
    assert client.post(base, data={"slip": "b.0.0.x"}).status_code == 400


def test_the_export_page_names_what_is_open(client: TestClient, draft: Draft) -> None:  # noqa: F811
    page = client.get(f"/drafts/{draft.id}/export").text
    assert "还有 5 处没有定" in page  # three sections unchecked, two gaps
    assert f"/drafts/{draft.id}/red-head.docx" in page
    answer = client.get(f"/drafts/{draft.id}/red-head.docx")
    texts = [p.text for p in Document(io.BytesIO(answer.content)).paragraphs]
    assert any(text.endswith("文件") for text in texts)
    for name in ("plain.docx", "red-head.docx"):
        assert client.get(f"/drafts/templates/{name}").status_code == 200
    assert client.get("/drafts/templates/other.docx").status_code == 404


def test_a_pdf_comes_from_libreoffice_or_the_page_says_why_not(
    client: TestClient, draft: Draft, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    monkeypatch.setattr(draft_export, "to_pdf", lambda word, seconds: b"%PDF-1.7")
    answer = client.get(f"/drafts/{draft.id}/final.pdf")
    assert (answer.content, answer.headers["content-type"]) == (b"%PDF-1.7", PDF)

    def fail(word: bytes, seconds: int) -> bytes:
        raise NoPdf("导出 PDF 需要 LibreOffice")

    monkeypatch.setattr(draft_export, "to_pdf", fail)
    monkeypatch.setattr(draft_export, "can_make_pdf", lambda: False)
    refused = client.get(f"/drafts/{draft.id}/final.pdf")
    assert refused.status_code == 503
    assert "需要 LibreOffice" in refused.text
    assert "final.pdf" not in refused.text


def test_a_bad_template_is_said_on_the_page(
    client: TestClient, draft: Draft, desk: DraftingDesk, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    desk.settings = desk.settings.model_copy(update={"template": tmp_path / "没有.docx"})
    answer = client.get(f"/drafts/{draft.id}/review.docx")
    assert answer.status_code == 409
    assert "没有.docx 不能用" in answer.text
