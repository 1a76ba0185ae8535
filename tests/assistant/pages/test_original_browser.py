"""The original in a real browser: beside the answer, on narrow screens, by keyboard alone."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from ingest.pipeline import ingest
from tests.assistant.pages.conftest import OpenPage, ask
from tests.attack.conftest import Site, serving
from tests.chromium import CHROMIUM
from tests.conftest import MODELS, ROOT
from vectorstore.settings import IndexSettings

pytestmark = pytest.mark.browser

QUESTION = "松湖县非居民用水户超计划用水怎么加价收费？"
FIRST, SECOND = "（一）超出不足百分之二十", "第十条 违反本办法"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if CHROMIUM is None:
        pytest.skip("没有 Chromium，跳过")
    folder = tmp_path_factory.mktemp("originals")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    with serving(IndexSettings(data_dir=folder / "data", model_dir=MODELS)) as served:
        ingest(served.services.library.index, [folder / "corpus"])
        yield served


def of_kind(site: Site, kind: str) -> str:
    return next(d.id for d in site.services.library.index.catalog.documents() if d.format == kind)


def cited(site: Site, *, here: str = FIRST) -> str:
    """The PDF's address with two marks, `here` in view."""
    found = site.services.library.index.document(of_kind(site, "pdf"))
    assert found
    at = {
        words: (found.text.index(words), found.text.index(words) + 30) for words in (FIRST, SECOND)
    }
    marks = ",".join(f"{n}:{a}-{b}" for n, (a, b) in enumerate(at.values(), 1))
    start, end = at[here]
    return f"{site.address}/documents/{found.id}?start={start}&end={end}&marks={marks}"


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("dialog#reader iframe")


def box_of(page: Page, selector: str) -> dict[str, float]:
    box = page.locator(selector).first.bounding_box()
    assert box
    return dict(box)


def is_within(page: Page, width: int) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


# --- beside the answer ----------------------------------------------------------------------------


def test_beside_the_answer_on_a_wide_screen(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.address, width=1400)
    ask(page, QUESTION)
    page.locator(".card a.open").first.click()
    expect(frame(page).locator("#quote")).to_be_in_viewport()
    panel, answer = box_of(page, "dialog#reader"), box_of(page, ".turn .text")
    assert answer["x"] + answer["width"] <= panel["x"]
    assert panel["x"] + panel["width"] == 1400
    expect(page.locator(".turn .text").first).to_be_in_viewport()
    expect(page.locator("#question textarea")).to_be_visible()
    assert is_within(page, 1400)
    expect(frame(page).locator("mark#quote")).to_have_attribute("title", re.compile("出处 1"))
    # A mark of the answer leads to its place in the panel; Escape closes that, from inside too.
    page.locator(".turn a.mark").last.click()
    expect(frame(page).locator("#quote")).to_be_in_viewport()
    frame(page).locator("main.source").press("Escape")
    expect(page.locator("dialog#reader")).to_be_hidden()
    page.wait_for_function("!document.body.classList.contains('reading')")


def test_a_question_is_asked_within_the_document(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.address, width=1400)
    ask(page, QUESTION)
    page.locator(".card a.open").first.click()
    box = frame(page).locator("form.ask-within input[type=text]")
    box.fill("每餐补贴多少元？")  # stands in another document
    box.press("Enter")
    expect(page.locator("#within-chip")).to_contain_text("《松湖县节约用水管理办法》 ✕")
    second = page.locator(".turn:nth-child(2) article")
    expect(second).to_be_visible()
    expect(second).not_to_contain_text("2元")
    page.locator("#within-chip button").click()
    expect(page.locator("#within-chip")).to_have_count(0)
    ask(page, "青禾市80周岁以上老年人每餐补贴多少元？", wait=".turn:nth-child(3) article")
    expect(page.locator(".turn:nth-child(3) article")).to_contain_text("2元")


def test_a_documents_own_page_asks_on_the_page_of_questions(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(f"{site.address}/documents/{of_kind(site, 'pdf')}")
    box = page.locator("form.ask-within input[type=text]")
    box.fill(QUESTION)
    box.press("Enter")
    expect(page.locator("#within-chip")).to_contain_text("松湖县节约用水管理办法")
    expect(page.locator(".turn article")).to_contain_text("加价")
    # What an address says is shown and not sent: any site can lead here.
    page.goto(f"{site.address}/?within={of_kind(site, 'pdf')}&q=不要自动发送")
    expect(page.locator("#question textarea")).to_have_value("不要自动发送")
    page.wait_for_timeout(500)
    expect(page.locator(".turn")).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True])
def test_a_whole_page_with_a_way_back_on_a_narrow_screen(
    site: Site, open_page: OpenPage, dark: bool
) -> None:
    page = open_page(site.address, width=390, height=844, dark=dark)
    ask(page, QUESTION)
    page.locator(".turn a.mark").first.click()
    page.locator(".card.active a.open").click()
    expect(frame(page).locator("#quote")).to_be_in_viewport()
    assert box_of(page, "dialog#reader")["width"] == 390
    back = page.locator("#close-reader")
    expect(back).to_have_text("← 返回")
    back.click()
    expect(page.locator("dialog#reader")).to_be_hidden()
    expect(page.locator(".turn article")).to_be_visible()
    page.locator(".card.active a.open").click()
    expect(page.locator("dialog#reader")).to_be_visible()
    page.go_back()  # the browser's own way
    expect(page.locator("dialog#reader")).to_be_hidden()
    expect(page.locator(".turn article")).to_be_visible()


# --- its own page ---------------------------------------------------------------------------------


def test_pages_are_pictures_with_the_passage_marked(site: Site, open_page: OpenPage) -> None:
    page = open_page(cited(site), width=1400)
    page.get_by_role("link", name="版面").click()
    expect(page.locator("rect#quote")).to_be_in_viewport()
    picture = page.locator(".leaf img").first
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") == 1240
    expect(page.locator("rect.other").first).to_be_attached()
    # What is under the box, in the picture itself, is ink: the words stand there.
    ink = page.evaluate("""() => {
      const image = document.querySelector(".leaf img"), box = document.querySelector("rect#quote");
      const view = box.ownerSVGElement.viewBox.baseVal, scale = image.naturalWidth / view.width;
      const canvas = Object.assign(document.createElement("canvas"), {width: image.naturalWidth, height: image.naturalHeight});
      const pen = canvas.getContext("2d"); pen.drawImage(image, 0, 0);
      const side = (name) => Number(box.getAttribute(name)) * scale;
      const data = pen.getImageData(side("x"), side("y"), side("width"), side("height")).data;
      let dark = 0; for (let i = 0; i < data.length; i += 4) dark += data[i] < 100;
      return dark / (data.length / 4); }""")
    assert 0.03 < ink < 0.6
    page.get_by_role("link", name="文字").click()
    expect(page.locator("mark#quote")).to_contain_text("超出不足百分之二十")


def test_marks_are_walked_by_keyboard(site: Site, open_page: OpenPage) -> None:
    page = open_page(cited(site), width=1280)
    expect(page.locator(".marks .count")).to_contain_text("1 / 2")
    page.keyboard.press("]")
    expect(page.locator(".marks .count")).to_contain_text("2 / 2")
    expect(page.locator("mark#quote").first).to_contain_text("第十条")
    expect(page.locator("mark#quote").first).to_be_in_viewport()
    page.keyboard.press("[")
    expect(page.locator(".marks .count")).to_contain_text("1 / 2")
    page.get_by_role("link", name="下一处").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".marks .count")).to_contain_text("2 / 2")


def test_finding_counts_and_steps_by_keyboard(site: Site, open_page: OpenPage) -> None:
    page = open_page(cited(site), width=1280)
    said = page.locator("main.source").inner_text()
    page.keyboard.press("/")
    page.keyboard.type("用水")
    count = page.locator("#find-count")
    expect(count).to_contain_text(f"{said.count('用水')} 处")
    expect(page.locator("mark.hit")).to_have_count(said.count("用水"))
    page.keyboard.press("Enter")
    first = count.inner_text()
    page.keyboard.press("Enter")
    assert count.inner_text() != first
    page.keyboard.press("Shift+Enter")
    expect(count).to_have_text(first)
    expect(page.locator("mark.hit.now").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("mark.hit")).to_have_count(0)
    assert page.locator("main.source").inner_text() == said
    page.keyboard.type("第六条 非 居民用水户")  # over the edge of an element, and white space
    expect(count).to_contain_text("1 处")
    page.keyboard.press("Control+A")
    page.keyboard.type("没有这几个字")
    expect(count).to_have_text("没有找到")


def test_from_the_printed_pages_finding_leads_to_the_text(site: Site, open_page: OpenPage) -> None:
    page = open_page(f"{cited(site)}&view=pages")
    page.locator("#find-words").fill("节水设施")
    page.locator("#find-words").press("Enter")
    expect(page.locator("#find-count")).to_contain_text("/ ")
    expect(page.locator("mark.hit.now").first).to_be_in_viewport()


def test_word_and_html_are_readable(site: Site, open_page: OpenPage) -> None:
    page = open_page(f"{site.address}/documents/{of_kind(site, 'docx')}")
    expect(page.locator("main table th")).to_have_count(5)
    page.get_by_role("navigation", name="目录").get_by_text("（三）推行").click()
    expect(page.locator("main h3", has_text="（三）推行")).to_be_in_viewport()
    page.locator("dl.facts a").first.click()
    expect(page.locator("mark#quote").first).to_contain_text("云岭政办发〔2023〕21号")
    page.goto(f"{site.address}/documents/{of_kind(site, 'html')}")
    expect(page.locator("main h2").first).to_contain_text("一、工作目标")
    expect(page.locator(".views")).to_have_count(0)


def test_two_documents_scroll_on_their_own(site: Site, open_page: OpenPage) -> None:
    page = open_page(f"{site.address}/documents/{of_kind(site, 'docx')}", width=1400)
    page.get_by_role("link", name="并排阅读").click()
    page.get_by_role("searchbox", name="标题或文号").fill("节约用水")
    page.keyboard.press("Enter")
    expect(page.locator(".offered-list li")).to_have_count(1)
    page.locator(".offered-list a").click()
    left, right = (page.frame_locator("iframe >> nth=0"), page.frame_locator("iframe >> nth=1"))
    expect(left.locator("h1")).to_contain_text("农村公路")
    expect(right.locator("h1")).to_contain_text("节约用水")
    right.locator("main").evaluate("() => window.scrollTo({top: 300, behavior: 'instant'})")
    assert right.locator("main").evaluate("() => window.scrollY") > 100
    assert left.locator("main").evaluate("() => window.scrollY") == 0
    page.set_viewport_size({"width": 390, "height": 844})
    assert is_within(page, 390)


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_scrolls_sideways(site: Site, open_page: OpenPage, width: int, dark: bool) -> None:
    page = open_page(cited(site), width=width, height=844, dark=dark)
    for address in (cited(site), f"{cited(site)}&view=pages", f"{site.address}/documents/{of_kind(site, 'docx')}", f"{site.address}/documents/side"):  # fmt: skip
        page.goto(address)
        assert is_within(page, width)
        ground, ink = page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
        )
        assert ground != ink
