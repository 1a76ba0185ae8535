"""指标与分工 in a real browser: by keyboard alone, on narrow screens, in the dark."""

import pytest
from playwright.sync_api import expect

from tests.assistant.pages.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.model]


def test_the_address_keeps_what_was_typed(app: str, open_page: OpenPage) -> None:
    page = open_page(f"{app}/facts")
    page.get_by_label("部门").focus()
    page.keyboard.type("民政局")
    page.keyboard.press("Enter")
    page.wait_for_url("**/facts?**organ=*")
    expect(page.get_by_label("部门")).to_have_value("民政局")
    expect(page.locator(".chips a")).to_contain_text("民政局")
    page.locator("td.c-section a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark#quote").first).to_be_in_viewport()


@pytest.mark.parametrize("path", ["/facts", "/facts/indicator"])
def test_nothing_scrolls_sideways(app: str, open_page: OpenPage, path: str) -> None:
    page = open_page(f"{app}{path}", width=390, height=844, dark=True)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(230, 233, 240)"


def test_the_theme_is_remembered(app: str, open_page: OpenPage) -> None:
    page = open_page(f"{app}/facts")
    page.click("[data-theme]")
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(230, 233, 240)"
