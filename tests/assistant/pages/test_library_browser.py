"""文件库 in a real browser: found by text, several chosen, collections, by keyboard, on narrow
screens, in the dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.assistant.pages.conftest import OpenPage, running_app

pytestmark = [pytest.mark.browser, pytest.mark.model]

TEXT = """{place}人民政府关于印发{place}节约用水管理办法的通知
{place}政发〔{year}〕{number}号

各镇人民政府：
现将《{place}节约用水管理办法》印发给你们，请认真贯彻执行。

{place}人民政府
{year}年3月1日

{place}节约用水管理办法

第一条 鼓励单位和个人推广节水器具。
第二条 超计划用水的，每立方米加收水资源费{number}元。
"""
PLACES = ("安湖县", "白云县", "长河县", "东山县")


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with four ordinances that differ in place and figure."""
    folder: Path = tmp_path_factory.mktemp("shelf")
    (folder / "samples").mkdir()
    for number, place in enumerate(PLACES, 2):
        file = folder / "samples" / f"{place}.txt"
        file.write_text(
            TEXT.format(place=place, year=2018 + number, number=number), encoding="utf-8"
        )
    with running_app(folder, POLICY_WEB_SAMPLES=str(folder / "samples")) as found:
        yield found


def titles(page: Page) -> list[str]:
    return [t[:3] for t in page.locator("#documents td.c-title > a").all_inner_texts()]


def settled(page: Page, count: int) -> None:
    """The list is there, with so many rows."""
    expect(page.locator("#documents tbody tr")).to_have_count(count)
    expect(page.locator("#shelf [aria-busy=true]")).to_have_count(0)


def test_a_text_is_found_and_opens_at_its_passage(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/library")
    settled(page, 4)
    page.fill("#library-q", "水资源费4元")
    page.press("#library-q", "Enter")
    settled(page, 1)
    expect(page.locator(".hits mark").first).to_have_text("水资源费4元")
    assert "q=" in page.url
    page.click(".hits a >> nth=0")
    frame = page.frame_locator("dialog#reader iframe")
    expect(frame.locator("mark#quote")).to_contain_text("加收水资源费4元")
    page.keyboard.press("Escape")
    page.go_back()
    settled(page, 4)
    expect(page.locator("#library-q")).to_have_value("")


def test_columns_sort_and_filters_are_chips(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/library?sort=number&down=1")
    settled(page, 4)
    assert titles(page) == ["东山县", "长河县", "白云县", "安湖县"]
    page.click("th.c-title a")
    expect(page.locator("th.c-title")).to_have_attribute("aria-sort", "ascending")
    assert titles(page) == ["安湖县", "白云县", "长河县", "东山县"]
    expect(page.locator("th.c-title a")).to_be_focused()
    page.select_option("#library-year", "2021")
    settled(page, 1)
    assert titles(page) == ["白云县"]
    page.click(".chips a.chip")
    settled(page, 4)
    expect(page.locator("#library-year")).to_have_value("")


def test_several_go_into_a_collection_that_questions_keep_to(
    address: str, open_page: OpenPage
) -> None:
    """By keyboard alone, from the box to the answer."""
    page = open_page(f"{address}/library")
    settled(page, 4)
    for row in (0, 1):
        page.locator("[data-choose]").nth(row).focus()
        page.keyboard.press("Space")
    expect(page.locator("#shelf-chosen")).to_have_text("已选 2 份")
    page.locator(".shelf-tools [data-shelf=collect]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#shelf-dialog")).to_contain_text("《安湖县")
    page.keyboard.press("Tab")  # from the choice to the name
    page.keyboard.type("两县节水")
    page.keyboard.press("Enter")
    expect(page.locator("#shelf-said")).to_contain_text("已放入 2 份")
    expect(page.locator("#shelf-said")).to_be_focused()
    page.select_option("#library-collection", label="两县节水")
    settled(page, 2)
    expect(page.locator(".collection-line")).to_contain_text("仅自己可见")
    page.get_by_role("link", name="在这个资料夹里提问").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chips")).to_contain_text("资料夹：两县节水")
    page.fill("#question textarea", "超计划用水每立方米加收多少水资源费？")
    page.press("#question textarea", "Enter")
    page.wait_for_selector(".turn article")
    said = page.locator("#conversation")
    expect(said).to_contain_text("安湖县")
    expect(said).not_to_contain_text("东山县")
    expect(said).not_to_contain_text("加收水资源费5元")


def test_several_are_classed_and_deleted_after_a_question(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(f"{address}/library")
    settled(page, 4)
    page.check("#documents tr:has-text('长河县') [data-choose]")
    page.check("#documents tr:has-text('东山县') [data-choose]")
    page.click(".shelf-tools [data-shelf=class]")
    page.fill("#shelf-class", "水务")
    page.keyboard.press("Enter")
    expect(page.locator("#shelf-said")).to_contain_text("2 份文件的分类已改")
    expect(page.locator("td.c-class", has_text="水务")).to_have_count(2)
    page.check("#documents tr:has-text('东山县') [data-choose]")
    page.click(".shelf-tools [data-shelf=delete]")
    expect(page.locator("#shelf-dialog")).to_contain_text("要从资料库删除这 1 份文件吗")
    page.keyboard.press("Escape")
    settled(page, 4)
    page.click(".shelf-tools [data-shelf=delete]")
    page.click("#shelf-dialog [type=submit]")
    expect(page.locator("#shelf-said")).to_contain_text("已删除 1 份文件")
    settled(page, 3)
    with page.expect_download() as file:
        page.click("[data-export=csv]")
    assert "东山县" not in Path(file.value.path()).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_on_narrow_screens_rows_are_cards(address: str, open_page: OpenPage, locale: str) -> None:
    page = open_page(f"{address}/library?q=节水", width=390, height=844, dark=True, locale=locale)
    page.wait_for_selector("#documents .hits")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [row.bounding_box() for row in page.locator("#documents tbody tr").all()[:2]]
    assert all(box and box["width"] <= 390 for box in boxes)
    label = page.locator("#documents td.c-number").first.evaluate(
        "(cell) => getComputedStyle(cell, '::before').content"
    )
    assert label == ('"Number："' if locale == "en" else '"发文字号："')
    assert page.evaluate("getComputedStyle(document.querySelector('#documents td')).color") == (
        "rgb(230, 233, 240)"
    )
