"""时效核对 in a real browser: by keyboard alone, under a name of the network, on narrow screens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.assistant.pages.conftest import OpenPage, running_app

pytestmark = [pytest.mark.browser, pytest.mark.model]

TEXT = """砚湖市人民政府关于印发《砚湖市渡船管理办法{mark}》的通知
砚湖政发〔{year}〕{number}号

各区人民政府，市政府各部门：
《砚湖市渡船管理办法{mark}》已经市政府同意，现印发给你们，请认真贯彻执行。

砚湖市人民政府
{year}年3月1日

砚湖市渡船管理办法{mark}

第一条 渡船应当配备救生设备{number}件。
第二条 渡口由所在区人民政府管理。
"""


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with two editions of one document that do not name each other."""
    folder: Path = tmp_path_factory.mktemp("editions")
    (folder / "samples").mkdir()
    for year, number, mark in ((2015, 4, "（试行）"), (2021, 9, "")):
        file = folder / "samples" / f"{year}.txt"
        file.write_text(TEXT.format(year=year, number=number, mark=mark), encoding="utf-8")
    samples = str(folder / "samples")
    with running_app(
        folder, POLICY_WEB_SAMPLES=samples, POLICY_WEB_HOSTS='["policy.lan"]'
    ) as found:
        yield found


def test_a_pair_is_decided_and_opened_again_by_keyboard(address: str, open_page: OpenPage) -> None:
    """Over plain http a browser says only by Origin where a form comes from."""
    page = open_page(f"{address.replace('127.0.0.1', 'policy.lan')}/proposals")
    expect(page.locator(".proposal")).to_have_count(1)
    page.get_by_role("button", name="确认替代").focus()
    page.keyboard.press("Enter")  # without a reason the browser does not send
    assert page.evaluate("document.activeElement.name") == "reason"
    page.keyboard.type("管同一件事")
    page.keyboard.press("Tab")
    page.keyboard.type("王某")
    page.keyboard.press("Enter")  # decides nothing by the way
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已记下")
    expect(page.locator(".decided")).to_contain_text("由人确认：管同一件事（王某")
    page.locator(".decided a").first.click()
    expect(page.locator(".standing blockquote")).to_contain_text("由人确认：管同一件事")
    page.get_by_role("link", name="时效核对").click()
    page.get_by_role("button", name="撤销").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已撤销")
    expect(page.locator(".proposal")).to_have_count(1)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_nothing_scrolls_sideways(address: str, open_page: OpenPage, locale: str) -> None:
    page = open_page(f"{address}/proposals", width=390, height=844, dark=True, locale=locale)
    expect(page.locator(".proposal")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(230, 233, 240)"
