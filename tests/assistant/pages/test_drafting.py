"""The drafting desk and the audit in a real browser."""

from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.assistant.pages.conftest import OpenPage, running_app

pytestmark = [pytest.mark.browser, pytest.mark.model]

REQUEST = "起草《××县社区养老服务实施方案》，参考现有文件并注明出处。"


def outline(page: Page, address: str) -> None:
    page.goto(f"{address}/draft")
    page.fill("#request textarea", REQUEST)
    page.click("#begin")
    page.wait_for_selector("#draft .draft")


def write_all(page: Page) -> None:
    page.click("#write")
    page.wait_for_selector("text=已写完")


def test_the_whole_path_and_a_restart(open_page: OpenPage, tmp_path: Path) -> None:
    with running_app(tmp_path) as address:
        page = open_page(f"{address}/draft")
        outline(page, address)
        assert page.locator("#sections input").count() >= 4
        write_all(page)
        page.click("#check")
        expect(page.locator("#message")).to_contain_text("0 句存疑")
        expect(page.locator("#draft mark.blank").first).to_be_visible()

        page.click("#draft a.mark >> nth=0")
        expect(page.locator(".card.active mark")).not_to_be_empty()

        page.locator("#sections label").nth(2).click()
        page.wait_for_function(
            "document.querySelector('#heading textarea, #heading input').value.startsWith('二、')"
        )
        page.click("text=可用的出处")
        page.locator("#candidates label").first.click()
        page.click("#insert")
        expect(page.locator("#message")).to_contain_text("已插入")
        body = page.input_value("#body textarea")
        quoted = body.split("\n")[-1]
        page.click("#draft section.current [data-edit]")
        page.fill("#draft .in-place textarea", quoted.replace("”[", "，新增床位98765张”["))
        page.click("#draft .in-place [type=submit]")
        expect(page.locator("#message")).to_contain_text("已保存")
        page.click("#check")
        expect(page.locator("#first-doubt")).to_contain_text("98765")
        expect(page.locator("#sections")).to_contain_text("有存疑")

        with page.expect_download() as waiting:
            page.click("#exports a >> nth=0")
        file = tmp_path / "稿.docx"
        waiting.value.save_as(file)
        assert waiting.value.suggested_filename.endswith("（送审版）.docx")
        assert "98765" in "\n".join(p.text for p in Document(str(file)).paragraphs)
        state = page.context.storage_state()
        page.context.close()  # before the app goes

    with running_app(tmp_path) as address:
        page = open_page(f"{address}/healthz")
        page.context.add_cookies(state["cookies"])  # type: ignore[arg-type]
        page.goto(f"{address}/draft")
        page.click("#drafts input")
        page.click("#drafts [role=option] >> nth=0")
        expect(page.locator("#draft")).to_contain_text("98765", timeout=60_000)
        page.click("#versions input")
        assert page.locator("#versions [role=option]").count() >= 7
        page.context.close()


def test_two_people_do_not_see_each_others_drafts(app: str, open_page: OpenPage) -> None:
    first, second = open_page(f"{app}/draft"), open_page(f"{app}/draft")
    outline(first, app)
    link = first.get_attribute("#exports a >> nth=0", "href")
    assert link is not None
    second.goto(f"{app}/draft")
    second.wait_for_selector(".foot")
    second.click("#drafts input")
    expect(second.locator("#drafts [role=option]")).to_have_count(0)
    assert second.request.get(f"{app}{link}").status == 404
    assert first.request.get(f"{app}{link}").status == 200


def test_bad_requests_get_a_sentence(app: str, open_page: OpenPage) -> None:
    page = open_page(f"{app}/draft")
    page.click("#begin")
    expect(page.locator("#message .problem")).to_contain_text("请写明要起草什么")
    page.click("#check")
    expect(page.locator("#message .problem")).to_contain_text("请先写明")


@pytest.mark.parametrize("path", ["/draft", "/audit"])
def test_narrow_screens_do_not_scroll_sideways(app: str, open_page: OpenPage, path: str) -> None:
    page = open_page(f"{app}{path}", width=390, height=844)
    page.wait_for_selector(".foot")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_pasted_text_is_audited_and_reported(
    app: str, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(f"{app}/audit")
    page.fill("#paste textarea", "青禾市到2025年底建成助餐点210个，每餐补贴2元。<b onclick=x>")
    page.click("#audit")
    expect(page.locator(".audited .card")).to_have_count(1)
    expect(page.locator(".audited .card")).to_contain_text("120个")
    expect(page.locator(".audit-text")).to_contain_text("<b onclick=x>")
    with page.expect_download() as waiting:
        page.click("#report")
    file = tmp_path / "报告.docx"
    waiting.value.save_as(file)
    rows = [[c.text for c in row.cells] for row in Document(str(file)).tables[0].rows]
    assert any("不符" in row for row in rows)


def test_a_click_repairs_a_slip(app: str, open_page: OpenPage) -> None:
    page = open_page(f"{app}/audit")
    page.fill("#paste textarea", "要认真布署，，落实国发[2021]9号。<b onclick=x>")
    page.click("#audit")
    expect(page.locator("#proof")).to_contain_text("3 处可以一键改正")
    page.locator("#slips label").filter(has_text="布署 → 部署").click()
    expect(page.locator("#paste textarea")).to_have_value(
        "要认真部署，，落实国发[2021]9号。<b onclick=x>"
    )
    page.click("#mend-all")
    expect(page.locator("#paste textarea")).to_have_value(
        "要认真部署，落实国发〔2021〕9号。<b onclick=x>"
    )
    expect(page.locator("#slips")).to_be_hidden()


def test_an_uploaded_file_is_audited(app: str, open_page: OpenPage, tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("松湖县规定循环用水率不得低于百分之九十。")
    document.save(str(tmp_path / "稿.docx"))
    page = open_page(f"{app}/audit")
    page.set_input_files("#audit-file input[type=file]", str(tmp_path / "稿.docx"))
    page.wait_for_selector("#audit-file .file-preview, #audit-file table")
    page.click("#audit")
    expect(page.locator(".audited .card").first).to_contain_text("百分之七十")


def test_a_conversation_leaves_as_word(app: str, open_page: OpenPage, tmp_path: Path) -> None:
    from tests.assistant.pages.conftest import ask

    page = open_page(app)
    ask(page, "青禾市到2025年底要建成多少个老年助餐点？")
    with page.expect_download() as waiting:
        page.click("#export")
    file = tmp_path / "问答.docx"
    waiting.value.save_as(file)
    assert "120个" in "\n".join(p.text for p in Document(str(file)).paragraphs)
