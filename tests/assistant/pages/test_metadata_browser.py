"""Metadata corrected in a real browser, by keyboard, and seen in the citation of the next answer;
the reports and the followed folder on narrow screens."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.assistant.pages.conftest import OpenPage, ask, running_app

pytestmark = [pytest.mark.browser, pytest.mark.model]

TEXT = """砚湖市人民政府关于印发砚湖市渡船管理办法的通知
砚湖政发〔2021〕4号

各区人民政府，市政府各部门：
渡船应当配备救生衣三十件，由所在区人民政府每年检查一次。

砚湖市人民政府
2021年3月1日
"""
QUESTION = "渡船应当配备多少件救生衣？"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("corrected")
    for name in ("samples", "followed"):
        (made / name).mkdir()
    (made / "samples" / "渡船.txt").write_text(TEXT, encoding="utf-8")
    (made / "followed" / "航标.txt").write_text(TEXT.replace("渡船", "航标"), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def address(browser: Browser, folder: Path) -> Iterator[str]:
    settings = {
        "POLICY_WEB_SAMPLES": str(folder / "samples"),
        "POLICY_WATCH_FOLDER": str(folder / "followed"),
        "POLICY_WATCH_QUIET": "1",
        "POLICY_WATCH_EVERY": "1",
    }
    with running_app(folder, **settings) as found:
        yield found


def cited(page: Page, address: str) -> str:
    """The words of the first card of an answer, which leads to its document."""
    page.goto(address)
    ask(page, QUESTION)
    card = page.locator(".card").first
    expect(card).to_contain_text("渡船管理办法")
    return str(card.locator(".facts").text_content())


def test_a_field_is_corrected_by_keyboard_and_the_next_answer_cites_it(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(address)
    assert "砚湖政发〔2021〕4号" in cited(page, address)
    link = page.locator(".card a.open").first.get_attribute("href")
    page.goto(f"{address}{link}")
    page.locator("details.about > summary").press("Enter")  # folded: one came for a place
    page.get_by_role("link", name="改正这些信息").press("Enter")
    box = page.locator("#field-document_number")
    box.press("Control+a")
    page.keyboard.type("砚湖政发(2021)5号")
    box.press("Enter")  # presses none of the buttons of the fields
    page.get_by_role("button", name="保存改正").press("Enter")  # without a reason
    assert page.evaluate("document.activeElement.name") == "reason"
    page.keyboard.type("依据纸质件")
    page.keyboard.press("Tab")
    page.keyboard.type("王某")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已改正")
    expect(page.locator("#told-document_number")).to_contain_text("机器读到：砚湖政发〔2021〕4号")
    facts = cited(page, address)
    assert "砚湖政发〔2021〕5号" in facts
    assert "人工改正" in facts
    page.goto(f"{address}{link}")
    expect(page.locator("dl.facts")).to_contain_text("（王某，")
    page.locator("details.about > summary").press("Enter")
    page.get_by_role("link", name="改正这些信息").click()
    page.get_by_role("button", name="撤销改正：发文字号").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已撤销")
    expect(page.locator("#field-document_number")).to_have_value("砚湖政发〔2021〕4号")


def until(page: Page, words: str) -> None:
    """The folder is looked at every second, by a machine that may be busy."""
    deadline = time.monotonic() + 120
    while words not in str(page.locator("main").text_content()):
        assert time.monotonic() < deadline, words
        time.sleep(1)
        page.reload()


def test_what_is_put_into_the_folder_comes_in_and_what_goes_is_proposed(
    address: str, folder: Path, open_page: OpenPage
) -> None:
    file = folder / "followed" / "码头.txt"
    file.write_text(TEXT.replace("渡船", "码头").replace("4号", "9号"), encoding="utf-8")
    page = open_page(f"{address}/followed")

    until(page, "2 个文件，0 个还在变化")
    page.goto(f"{address}/imports")
    page.get_by_role("link", name="文件夹跟踪").first.click()
    expect(page.locator(".arrived")).to_contain_text("管理办法")
    file.unlink()
    page.goto(f"{address}/followed")
    until(page, "码头管理办法")
    page.get_by_role("button", name="移除").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已从资料库移除")
    expect(page.locator("main")).not_to_contain_text("码头管理办法")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_nothing_scrolls_sideways(address: str, open_page: OpenPage, locale: str) -> None:
    page = open_page(f"{address}/imports", width=390, height=844, dark=True, locale=locale)
    until(page, "文件夹跟踪")
    page.locator("main li a").last.click()  # the first that came in is still there
    expect(page.locator(".arrived")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".arrived .lacking a, .arrived .read a").first.evaluate(
        "a => location.assign(a.href.replace('/documents/', '/metadata/'))"
    )
    expect(page.locator(".fields")).to_be_visible()
    for path in ("", "/followed", "/metadata"):
        if path:
            page.goto(f"{address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(230, 233, 240)"
