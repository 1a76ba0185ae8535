"""问答 as people use it, in Chromium: one server with a reader that can be held."""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect

from assistant.answers.answer import Answer
from assistant.cite.citation import Citation
from assistant.cite.structure import Block, Check, Line, Sentence, Table
from assistant.people.viewer import COOKIE, LOCAL
from tests.assistant.pages.conftest import OpenPage
from tests.conftest import HashEmbedder
from tests.load.serving import Served, served
from vectorstore.index import PolicyIndex
from vectorstore.settings import IndexSettings

# Gradio says so of every app with several pages, whatever it is told.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]
QUESTION = "青禾市到2025年底要建成多少个老年助餐点？"
NOWHERE = "火星探测器的发射窗口是什么时候？"
LAST = "#talk > .turns > .turn:last-child"


@pytest.fixture(scope="module")
def site(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("chat") / "data"
    shutil.copytree(sample_index / "data", folder)
    opened = PolicyIndex(IndexSettings(data_dir=folder), HashEmbedder())
    with served(opened, concurrency=1) as made:
        yield made
    opened.close()


@pytest.fixture
def page(site: Served, open_page: OpenPage) -> Iterator[Page]:
    site.reader.let.set()
    opened = open_page(site.address, width=1400, height=900)
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.wait_for_selector("#talk .welcome")
    yield opened
    site.reader.let.set()


def box(page: Page) -> Locator:
    return page.locator("#question textarea")


def send(page: Page, question: str) -> None:
    """By the keyboard alone, from wherever the focus is put by the page."""
    box(page).fill(question)
    box(page).press("Enter")


# --- answers made by hand -------------------------------------------------------------------------


def sentence(words: str, *marks: int) -> Sentence:
    return Sentence((words, *marks), Check(words, marks, "supported") if marks else None)


def long_answer(site: Served) -> Answer:
    """A sentence, a list of 30, a table of 20 rows; marks 1 and 2 are of one passage, 3 of another."""
    document = site.services.assistant.view(LOCAL).documents()[0]
    first, second = site.services.assistant.view(LOCAL).passages_of(document.id)[:2]

    def cited(mark: int, passage: str, start: int, quote: str) -> Citation:
        m = document.metadata
        return Citation(
            mark, document.id, document.source_paths[0], m.title, m.issuer, m.document_number,
            "/".join(m.region), document.state, ("一、总体要求",), quote, start, start + len(quote), 2,
            "2024-03-01", passage,
        )  # fmt: skip

    citations = (
        cited(1, first.id, 0, "第一句原文，写明目标"),
        cited(2, first.id, 40, "第二句原文,半角逗号也照原样"),
        cited(3, second.id, 200, "另一段的原文"),
    )
    rows = tuple((sentence(f"事项{n}"), sentence(f"要求{n}", 3)) for n in range(20))
    blocks: list[Block] = [Line((sentence("到2025年建成120个。", 1, 2),)), Line()]
    blocks += [Line((sentence(f"第{n}项工作要做好。", 2),)) for n in range(1, 31)]
    blocks.append(Table((sentence("事项"), sentence("要求")), rows))
    return Answer("要做什么？", "要做什么？", tuple(blocks), "extractive", "list", citations)


def open_stored(site: Served, page: Page, answer: Answer) -> None:
    cookie = next(c["value"] for c in page.context.cookies() if c["name"] == COOKIE)
    kept = site.services.history.conversations
    begun = kept.ask(f"browser:{cookie}", "", answer.question)
    kept.answered(begun, answer)
    page.goto(f"{site.address}/?c={begun.conversation}")
    page.wait_for_selector(f"{LAST} article")


# --- the form of an answer ------------------------------------------------------------------------


def test_one_passage_has_one_card_with_all_its_marks(site: Served, page: Page) -> None:
    open_stored(site, page, long_answer(site))
    cards = page.locator(f"{LAST} .card")
    expect(cards).to_have_count(2)
    expect(cards.first.locator("h3 .number")).to_have_text(["1", "2"])
    page.locator(f"{LAST} a.mark", has_text="2").first.press("Enter")
    expect(page.locator(".card.active")).to_have_count(1)
    expect(page.locator(".place.active blockquote")).to_contain_text("第二句原文,半角逗号也照原样")


def test_the_answering_sentence_leads_and_long_lists_are_folded(site: Served, page: Page) -> None:
    open_stored(site, page, long_answer(site))
    expect(page.locator(f"{LAST} p.lead")).to_contain_text("到2025年建成120个。")
    rest = page.locator(f"{LAST} details.rest")
    expect(rest.locator("summary .zh")).to_have_text("共 30 项，展开其余 23 项")
    expect(page.locator(f"{LAST} .rest p", has_text="第30项工作要做好。")).to_be_hidden()
    rest.locator("summary").press("Enter")
    expect(page.locator(f"{LAST} .rest p", has_text="第30项工作要做好。")).to_be_visible()


def test_the_head_of_a_long_table_stays_in_sight(site: Served, page: Page) -> None:
    open_stored(site, page, long_answer(site))
    wrap = page.locator(f"{LAST} .tabled.tall .table-wrap")
    wrap.scroll_into_view_if_needed()
    wrap.evaluate("x => { x.scrollTop = x.scrollHeight }")
    top = wrap.bounding_box()
    head = wrap.locator("thead th").first.bounding_box()
    assert top
    assert head
    assert abs(head["y"] - top["y"]) < 3
    expect(page.locator(f"{LAST} .tabled .count .zh")).to_have_text("共 20 行")


def test_the_sources_at_the_right_are_those_of_the_turn_in_view(site: Served, page: Page) -> None:
    for nth in range(1, 5):
        send(page, QUESTION if nth % 2 else "松湖县非居民用水户超计划用水怎样加价收费？")
        page.wait_for_selector(f"#turn-{nth} article")
    expect(page.locator(".sources:visible")).to_have_count(1)
    expect(page.locator("#turn-4.viewed .sources")).to_be_visible()
    page.mouse.move(500, 300)
    page.mouse.wheel(0, -5000)
    expect(page.locator("#turn-1.viewed .sources")).to_be_visible()
    expect(page.locator(".sources:visible")).to_have_count(1)
    shown = page.locator("#turn-1 .sources").bounding_box()
    text = page.locator("#turn-1 .text").bounding_box()
    assert shown
    assert text
    assert text["width"] <= 42 * 17 + 2
    assert shown["x"] >= text["x"] + text["width"]
    assert shown["x"] + shown["width"] <= 1400


# --- while it waits -------------------------------------------------------------------------------


@pytest.mark.parametrize(("locale", "stage"), [("zh-CN", "检索"), ("en-US", "Searching")])
def test_stages_and_the_place_in_the_queue_are_in_the_language_of_the_page(
    site: Served, open_page: OpenPage, locale: str, stage: str
) -> None:
    site.reader.let.clear()
    page = open_page(site.address, locale=locale)
    page.wait_for_selector("#talk .welcome")
    send(page, QUESTION)
    expect(page.locator("#turn-1 .stages")).to_contain_text(stage, use_inner_text=True)
    other = open_page(site.address, locale=locale)
    other.wait_for_selector("#talk .welcome")
    send(other, QUESTION)
    waits = "排队中" if locale == "zh-CN" else "In the queue"
    expect(other.locator("#turn-1 .note")).to_contain_text(waits, use_inner_text=True)
    site.reader.let.set()
    other.wait_for_selector("#turn-1 article")


def test_a_second_question_waits_and_is_asked_then(site: Served, page: Page) -> None:
    site.reader.let.clear()
    send(page, QUESTION)
    expect(box(page)).to_have_value("")
    send(page, NOWHERE)
    expect(box(page)).to_have_value("")
    expect(page.locator("#turn-2 .note")).to_contain_text("等上一个做完")
    box(page).fill("还在打的字")
    site.reader.let.set()
    page.wait_for_selector("#turn-1 article.reply")
    page.wait_for_selector("#turn-2 article.refusal")
    expect(page.locator("#turn-2 .asked")).to_contain_text("火星")
    expect(box(page)).to_have_value("还在打的字")  # an answer takes nothing out of the box


def test_a_late_picture_takes_nothing_back(site: Served, page: Page) -> None:
    """The last picture of a question is sent once more when it has ended: by then another may
    have been answered."""
    site.reader.let.clear()
    send(page, QUESTION)
    expect(page.locator("#turn-1 .stages")).to_be_visible()
    send(page, NOWHERE)
    expect(page.locator("#turn-2 .note")).to_be_visible()
    before = page.evaluate(
        """() => { const talk = document.querySelector('#talk'), room = document.createElement('div');
        room.append(...[...talk.querySelectorAll(':scope > .turns > .turn')].map(x => x.cloneNode(true)));
        Object.assign(room.dataset, { talk: talk.dataset.talk, turns: 2, change: 2 });
        return room.outerHTML; }"""
    )
    site.reader.let.set()
    page.wait_for_selector("#turn-2 article.refusal")
    page.wait_for_selector("#turn-1 article.reply")
    fewer = before.replace('data-turns="2"', 'data-turns="1"')
    other = before.replace('data-talk="', 'data-talk="another')
    for late in (before, fewer, other):
        page.evaluate("picture => { window.drawn.push(picture); window.chat.draw(); }", late)
    assert page.locator("#turn-1 article.reply").is_visible()
    assert page.locator("#turn-2 article.refusal").is_visible()


def test_stop_gives_the_question_back(site: Served, page: Page) -> None:
    site.reader.let.clear()
    send(page, QUESTION)
    page.wait_for_selector("#turn-1 .stages")
    page.keyboard.press("Escape")
    expect(page.locator("#turn-1 .problem")).to_contain_text("已停止")
    expect(box(page)).to_have_value(QUESTION)
    site.reader.let.set()
    box(page).press("Enter")
    page.wait_for_selector("#turn-2 article.reply")
    expect(box(page)).to_have_value("")


def test_stop_leaves_what_is_being_typed(site: Served, page: Page) -> None:
    site.reader.let.clear()
    send(page, QUESTION)
    page.wait_for_selector("#turn-1 .stages")
    box(page).fill("别的问题")
    page.click("#stop")
    expect(page.locator("#turn-1 .problem")).to_contain_text("已停止")
    expect(box(page)).to_have_value("别的问题")
    site.reader.let.set()


def test_what_could_not_be_sent_comes_back(site: Served, browser: Browser) -> None:
    """In a context of its own: the browser says in the console that the server is not there."""
    with browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        page.goto(site.address)
        page.wait_for_selector("#talk .welcome")
        page.route("**/queue/join*", lambda route: route.abort())
        send(page, QUESTION)
        expect(page.locator("#chat-said")).to_contain_text("没有发出去")
        expect(box(page)).to_have_value(QUESTION)


def test_an_export_of_nothing_says_so(site: Served, page: Page) -> None:
    page.locator("#export").press("Enter")
    expect(page.locator("#export-said")).to_contain_text("没有可以导出的内容")
    send(page, QUESTION)
    page.wait_for_selector(f"{LAST} article")
    with page.expect_download() as download:
        page.locator("#export").press("Enter")
    assert download.value.suggested_filename.endswith(".docx")
    expect(page.locator("#export-said .note")).to_have_count(0)


def test_edit_ask_anew_and_recall_by_keyboard(site: Served, page: Page) -> None:
    send(page, QUESTION)
    page.wait_for_selector("#turn-1 article.reply")
    page.locator("#turn-1 .asked [data-redo][data-fill]").press("Enter")
    expect(box(page)).to_have_value(QUESTION)
    box(page).fill("松湖县非居民用水户超计划用水怎样加价收费？")
    box(page).press("Enter")
    expect(page.locator("#turn-1 .asked p").first).to_contain_text("松湖县")
    expect(page.locator("#turn-1 .earlier > summary")).to_contain_text("1")
    page.wait_for_selector("#turn-1 > .pair article")
    page.locator("#turn-1 > .asked .again").press("Enter")
    expect(page.locator("#turn-1 .earlier > summary")).to_contain_text("2")
    page.wait_for_selector("#turn-1 > .pair article")
    expect(page.locator("#talk > .turns > .turn")).to_have_count(1)
    box(page).press("ArrowUp")
    expect(box(page)).to_have_value("松湖县非居民用水户超计划用水怎样加价收费？")
    box(page).press("ArrowUp")
    expect(box(page)).to_have_value(QUESTION)
    box(page).press("ArrowDown")
    expect(box(page)).to_have_value("松湖县非居民用水户超计划用水怎样加价收费？")


# --- limits and filters ---------------------------------------------------------------------------


def test_a_removed_limit_stays_away(site: Served, page: Page) -> None:
    send(page, "青禾市到2025年底要建成多少个老年助餐点？")
    page.wait_for_selector("#turn-1 article.reply")
    page.locator("#turn-1 .scope button.chip", has_text="青禾市").press("Enter")
    page.wait_for_selector("#turn-2 article")
    expect(page.locator("#turn-2 .asked p")).to_have_text("到2025年底要建成多少个老年助餐点？")
    expect(page.locator("#turn-2 .scope")).to_have_count(0)
    send(page, "由谁牵头？")
    page.wait_for_selector("#turn-3 article")
    # The document that answered is taken over, and said to be; the place is not.
    chips = page.locator("#turn-3 .scope button.chip")
    expect(chips.filter(has_not_text="《")).to_have_count(0)
    expect(page.locator("#turn-3 .completed")).not_to_contain_text("青禾")


def filter_by(page: Page, place: str) -> None:
    page.click("#scope button >> nth=0")
    page.click("#by-region input")
    page.click(f"#by-region [role=option]:has-text('{place}')")
    expect(page.locator("#chips")).to_contain_text(place)
    page.keyboard.press("Escape")


def test_a_filter_that_shuts_out_what_was_asked_is_named_and_taken_away(
    site: Served, page: Page
) -> None:
    filter_by(page, "松湖县")
    send(page, QUESTION)
    refusal = page.locator("#turn-1 article.refusal")
    expect(refusal.locator(".text")).to_contain_text("筛选只含松湖县；青禾有 1 份文件在库中")
    refusal.locator("[data-unfilter]").press("Enter")
    page.wait_for_selector("#turn-2 article.reply")
    expect(page.locator("#turn-2 .asked p")).to_have_text(QUESTION)
    expect(page.locator("#chips input:checked")).to_have_count(0)
    send(page, "望江区课后服务收费标准是多少？")
    page.wait_for_selector("#turn-3 article.reply")


def test_the_language_is_chosen_on_any_page_and_remembered(site: Served, page: Page) -> None:
    """The browser asks for Chinese; the other language stays, on Gradio's pages and on others."""
    expect(page.locator("#send")).to_have_text("发送")
    page.locator("[data-language]").press("Enter")
    expect(page.locator("#send")).to_have_text("Send")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#history-search")).to_have_attribute("placeholder", "search")
    page.goto(f"{site.address}/facts")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"{site.address}/compare")
    expect(page.locator("#old")).to_have_attribute("placeholder", "words of a title or number")
    page.locator("[data-language]").press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.goto(site.address)
    expect(page.locator("#send")).to_have_text("发送")


# --- refusals -------------------------------------------------------------------------------------


def test_a_refusal_shows_the_nearest_passages_first_and_helps_on(site: Served, page: Page) -> None:
    send(page, NOWHERE)
    refusal = page.locator("#turn-1 article.refusal")
    expect(refusal.locator(":scope > *").first).to_contain_text(
        "最接近的原文是（供参考，不是回答）"
    )
    assert refusal.locator("ul.near li").count() >= 1
    expect(refusal.locator(".help .understood")).to_contain_text("火星探测器")
    expect(refusal.locator(".help")).to_contain_text("可以这样改")
    refusal.locator(".understood button").press("Enter")
    expect(box(page)).to_have_value(NOWHERE)
    refusal.locator("ul.near a").first.press("Enter")
    expect(page.frame_locator("dialog#reader iframe").locator("mark#quote")).to_be_visible()


# --- copying --------------------------------------------------------------------------------------

_READ = """async (kind) => {
  const [item] = await navigator.clipboard.read();
  return (await item.getType(kind)).text();
}"""


def clipboard(page: Page, kind: str) -> str:
    return str(page.evaluate(_READ, kind))


def test_answers_references_and_tables_are_copied(site: Served, page: Page) -> None:
    open_stored(site, page, long_answer(site))
    button = page.locator(f"{LAST} [data-copy-answer]")
    button.press("Enter")
    expect(button).to_have_text("已复制")
    plain, html = clipboard(page, "text/plain"), clipboard(page, "text/html")
    assert "第30项工作要做好。[2]" in plain
    assert "[2] 《" in plain
    assert "“第二句原文,半角逗号也照原样”" in plain  # a quote keeps its signs
    assert html.count("<tr>") == 21
    assert "第30项工作要做好。[2]" in re.sub(r"<[^>]*>", "", html)
    assert "展开" not in html

    page.locator(f"{LAST} [data-copy-table]").press("Enter")
    page.wait_for_function("document.querySelector('[data-copy-table]').textContent === '已复制'")
    table = clipboard(page, "text/html")
    assert "<table" in table
    assert 'border="1"' in table
    assert clipboard(page, "text/plain").splitlines()[0] == "事项\t要求"

    reference = page.locator(f"{LAST} .card button[data-copy]", has_text="GB/T 7714").first
    reference.evaluate("x => { x.id = 'reference' }")
    reference.press("Enter")
    expect(page.locator("#reference")).to_have_text("已复制")
    title = site.services.assistant.view(LOCAL).documents()[0].metadata.title
    entry = page.evaluate("navigator.clipboard.readText()")
    assert title in entry
    assert entry.endswith("[Z]. 2024-03-01: 2.")


def test_a_table_is_fetched_as_an_excel_file(site: Served, page: Page) -> None:
    open_stored(site, page, long_answer(site))
    with page.expect_download() as download:
        page.locator(f"{LAST} .tabled a.tool").press("Enter")
    sheet = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("事项", "要求")
    assert rows[1] == ("事项0", "要求0[3]")
    assert str(rows[-1][0]).startswith("[3] 《")


# --- how it looks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "dark"), [(390, False), (390, True), (1280, False)])
def test_nothing_scrolls_sideways(
    site: Served, open_page: OpenPage, width: int, dark: bool
) -> None:
    page = open_page(site.address, width=width, height=844, dark=dark)
    page.wait_for_selector("#talk .welcome")
    open_stored(site, page, long_answer(site))
    send(page, NOWHERE)
    page.wait_for_selector("#turn-2 article.refusal")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
