"""The drafting desk in a browser, from an outline to files: words edited where they stand, the
outline by keys and drag, comments, gaps, changes, find and replace; two people on one draft."""

import io
import re

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from assistant.drafting.access import Share
from assistant.drafting.blanks import blanks_of
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft
from tests.assistant.conftest import REQUEST
from tests.assistant.officials import LI, ZHANG
from tests.assistant.pages.conftest import OpenPage
from tests.assistant.pages.test_drafts_together import BOX, edit, office, open_as, save  # noqa: F401

pytestmark = pytest.mark.browser


@pytest.fixture
def written(office: tuple[str, DraftingDesk]) -> Draft:  # noqa: F811
    _, desk = office
    draft = desk.begin(REQUEST)
    for step in desk.write(draft):
        draft = step.draft
    draft, _ = desk.check(draft)
    desk.store.share(draft.id, ZHANG, Share("person", LI.id, "read", LI.name))
    return draft


def headings(page: Page) -> list[str]:
    return page.locator("#draft section").evaluate_all("all => all.map(s => s.dataset.heading)")


def order_of(page: Page, *wanted: str) -> None:
    """Waits until the headings that begin with a number, level one, are these."""
    numbered = (
        "all => all.map(s => s.dataset.heading).filter(h => /^[一二三四五]、/.test(h)).join(' ')"
    )
    page.wait_for_function(
        f"wanted => ({numbered})([...document.querySelectorAll('#draft section')]) === wanted",
        arg=" ".join(wanted),
    )


def test_a_draft_from_its_text_to_its_files(
    office: tuple[str, DraftingDesk], written: Draft, open_page: OpenPage  # noqa: F811
) -> None:  # fmt: skip
    address, desk = office
    page = open_as(open_page, address, "zhang", written.id, width=1400, height=1000)
    names = [h for h in headings(page) if re.match("[一二三四五]、", h)]
    first, second, *rest = (name[2:] for name in names)

    # Words are edited where they stand; Escape takes nothing over, Ctrl+Enter keeps.
    edit(page, 1, "不要的话。")
    page.keyboard.press("Escape")
    expect(page.locator(BOX)).to_have_count(0)
    edit(page, 1, "本县建成助餐点[本地数据]。\n另见第二部分。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#message")).to_contain_text("已保存")
    expect(page.locator("#draft section").nth(1)).to_contain_text("另见第二部分。")
    expect(page.locator("#draft section").nth(1).locator("[data-edit]")).to_be_focused()
    assert "不要的话" not in desk.open(written.id).sections[1].text

    # The outline by keys, then by drag; numbers and references follow.
    page.locator("#sections input").nth(1).focus()
    page.keyboard.press("Alt+ArrowDown")
    order_of(page, f"一、{second}", f"二、{first}", *names[2:])
    expect(page.locator("#draft")).to_contain_text("另见第一部分。")
    labels = page.locator("#sections label")
    labels.nth(2).drag_to(labels.nth(1), target_position={"x": 20, "y": 3})
    order_of(page, *names)
    expect(page.locator("#told")).to_contain_text("已移动")
    assert rest

    # A reader comments on a sentence; the author settles it.
    reader = open_as(open_page, address, "li", written.id)
    expect(reader.locator("#draft [data-edit]")).to_have_count(0)
    box = reader.locator("#draft section").nth(1).locator("details.comments")
    box.locator("summary").click()
    box.locator("select").select_option("另见第二部分。")
    box.locator("textarea").fill("哪一部分？")
    box.locator(".comment-form [type=submit]").click()
    expect(reader.locator("#draft .comment-mark")).to_have_count(1)
    reader.context.close()
    page.reload()
    page.locator("#draft a.comment-mark").click()
    comment = page.locator("#draft .comment-list li").first
    expect(comment).to_be_focused()
    expect(comment).to_contain_text("李四")
    comment.get_by_role("button", name="解决").click()
    expect(page.locator("#draft .comment-list li.settled")).to_have_count(1)

    # A gap leads to where it is filled; the keyboard alone fills and goes on.
    gaps = len(blanks_of(desk.open(written.id)))
    page.locator("#draft section").nth(1).locator("a.gap").click()
    expect(page.locator("#gap")).to_be_focused()
    page.keyboard.type("35个")
    page.keyboard.press("Enter")
    expect(page.locator("#gaps")).to_have_text(re.compile(rf"要填的空（{gaps - 1}）"))
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".gap-now")).to_contain_text(f"第 2 / {gaps - 1} 处")
    assert "本县建成助餐点35个[" in desk.open(written.id).sections[1].text

    # What changed, and the files.
    page.goto(f"{address}/drafts/{written.id}/versions?from={written.version}")
    expect(page.locator(".changed-line ins").first).to_be_visible()
    answer = page.request.get(f"{address}/drafts/{written.id}/red-head.docx")
    said = "\n".join(p.text for p in Document(io.BytesIO(answer.body())).paragraphs)
    assert "本县建成助餐点35个。" in said


def test_lengths_and_found_words_without_a_mouse_at_390_pixels(
    office: tuple[str, DraftingDesk], written: Draft, open_page: OpenPage  # noqa: F811
) -> None:  # fmt: skip
    address, desk = office
    page = open_as(open_page, address, "zhang", written.id, width=390, height=844)
    section = page.locator("#draft section").nth(1)
    section.locator("details.aim summary").press("Enter")
    section.locator("[name=wanted]").fill("300")
    page.keyboard.press("Enter")
    expect(section).to_contain_text("目标 300 字")
    assert desk.open(written.id).sections[1].wanted == 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("own", "export", "versions", "find?what=本地", "insert?words=助餐", "style"):
        page.goto(f"{address}/drafts/{written.id}/{name}")
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
