"""What all pages share: keys, questions in the page, the first picture, help, messages in words."""

import re
from typing import Any

import gradio as gr
import pytest
from playwright.sync_api import Browser, expect

from assistant.pages.document import ASSETS
from assistant.pages.failing import in_words
from assistant.pages.first_picture import framed
from assistant.pages.help import KEYS, PARTS
from assistant.pages.start import draft_example
from tests.apart import run_apart
from tests.assistant.pages.conftest import OpenPage, ask
from vectorstore.errors import PolicyError

COMPARISON = "青禾市和松湖县的文件有什么不同？"


# --- keys -------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.model
@pytest.mark.parametrize("path", ["/", "/facts", "/compare"])
def test_the_keys_are_shown_in_a_dialog_and_the_focus_stays_in_it(
    app: str, open_page: OpenPage, path: str
) -> None:
    page = open_page(app + path)
    page.wait_for_selector("h1", state="attached")
    button = page.locator("[data-keys]")
    button.focus()
    page.keyboard.press("?")
    dialog = page.locator("dialog#keys")
    expect(dialog).to_be_visible()
    for _ in range(5):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog')?.id") == "keys"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(dialog).to_be_visible()
    dialog.locator("[data-close]").click()
    expect(dialog).to_be_hidden()


@pytest.mark.browser
@pytest.mark.model
def test_a_slash_goes_to_the_box_and_typing_is_left_alone(app: str, open_page: OpenPage) -> None:
    page = open_page(app)
    page.wait_for_selector("#conversation .welcome")
    page.locator("[data-theme]").focus()
    page.keyboard.press("/")
    box = page.locator("#question textarea")
    expect(box).to_be_focused()
    page.keyboard.type("和/或?")
    expect(box).to_have_value("和/或?")
    expect(page.locator("dialog#keys")).to_have_count(0)


# --- before and without scripts ---------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.model
@pytest.mark.parametrize("locale", ["zh-CN", "en-US", "de-DE"])
def test_no_text_of_gradios_own_shows_while_a_page_opens(
    app: str, open_page: OpenPage, locale: str
) -> None:
    page = open_page("about:blank", locale=locale)
    page.add_init_script(
        """window.texts = new Set();
        new MutationObserver(() => { if (document.body) texts.add(document.body.innerText.slice(0, 300)); })
          .observe(document, {childList: true, subtree: true, characterData: true});"""
    )
    page.goto(app)
    page.wait_for_selector(".foot")
    seen = " ".join(page.evaluate("[...texts]"))
    assert "正在打开…" in seen
    assert not re.search(r"Loading|加载中|Lade|Home\b", seen)
    expect(page.locator("#opening")).to_be_hidden()


@pytest.mark.browser
@pytest.mark.model
def test_without_scripts_a_sentence_says_so(app: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(app)
    expect(page.locator("#without-script")).to_contain_text("要用 JavaScript")
    expect(page.locator("#opening")).to_be_hidden()
    page.click("#without-script a[href='/facts']")
    expect(page.locator("h1")).to_contain_text("指标与分工")
    context.close()


def test_the_template_keeps_what_gradio_needs() -> None:
    before = '<html lang="en"><head><meta property="og:title" content="Gradio" /></head><body><gradio-app x></gradio-app></body>'
    after = framed(before)
    assert 'lang="zh-CN"' in after
    assert "og:title" not in after
    assert after.index("shell.css") < after.index("</head>")
    assert after.endswith("</noscript><gradio-app x></gradio-app></body>")


# --- narrow tables, the start, the help -------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.model
def test_a_table_becomes_cards_on_a_narrow_screen(app: str, open_page: OpenPage) -> None:
    page = open_page(app, width=390, height=844)
    ask(page, COMPARISON)
    table = page.locator(".turn .table-wrap.as-cards")
    expect(table.locator("thead")).to_have_css("position", "absolute")
    cell = table.locator("tbody td").first
    assert cell.bounding_box()["width"] > 280  # type: ignore[index]
    label = cell.evaluate("td => getComputedStyle(td, '::before').content")
    assert label == '"原文"'
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
@pytest.mark.model
def test_an_example_of_the_start_page_is_laid_into_the_box(app: str, open_page: OpenPage) -> None:
    page = open_page(app)
    page.wait_for_selector("#conversation .welcome .steps")
    page.click(".welcome a[href='/start']")
    expect(page.locator(".start > li")).to_have_count(3)
    question = page.locator(".start .examples a").first.inner_text()
    page.click(".start .examples a >> nth=0")
    expect(page.locator("#question textarea")).to_have_value(question)
    expect(page.locator(".turn")).to_have_count(0)  # sending is up to people
    page.goto(f"{app}/start")
    wish = page.locator(".start .examples a").last.inner_text()
    page.click(".start .examples a >> nth=-1")
    expect(page.locator("#request textarea")).to_have_value(wish)
    page.goto(app)
    ask(page, question)
    page.goto(app)
    expect(page.locator(".welcome .steps")).to_be_hidden()  # no newcomer any more
    expect(page.locator(".welcome a[href='/start']")).to_be_visible()


@pytest.mark.browser
@pytest.mark.model
def test_the_help_has_its_pictures_and_both_languages(app: str, open_page: OpenPage) -> None:
    page = open_page(f"{app}/help")
    for picture in page.locator(".part img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("img => img.naturalWidth") == 900
    page.click("a[href='/help?lang=en']")
    assert page.locator("h1").inner_text().strip() == "Help"
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_pictures_are_small() -> None:
    files = [ASSETS / "help" / part.picture for part in PARTS if part.picture]
    assert len(files) >= 4
    assert sum(file.stat().st_size for file in files) < 600_000


def test_all_words_of_the_help_have_a_twin() -> None:
    pairs = [pair for part in PARTS for pair in ((part.zh, part.en), *part.said)]
    pairs += [(zh, en) for _, _, keys in KEYS for _, zh, en in keys]
    for zh, en in pairs:
        assert re.search(r"[\u4e00-\u9fff]", zh)
        assert not re.search(r"[\u4e00-\u9fff]", en)


@pytest.mark.parametrize(
    ("titles", "named"),
    [
        (["某市人民政府关于印发《某市养老行动方案》的通知"], "《某市养老行动方案》"),
        (["长" * 60, "节约用水办法"], "《节约用水办法》"),
        (["长" * 60], ""),
        ([], ""),
    ],
)
def test_a_draft_is_offered_after_a_document_of_the_library(titles: list[str], named: str) -> None:
    example = draft_example(titles)
    assert named in example
    assert bool(example) == bool(named)


# --- what failed, in words --------------------------------------------------------------------------


def _of_each_kind(error: Exception) -> list[Any]:
    def plain() -> None:
        raise error

    def steps() -> Any:
        yield 1
        raise error

    async def later() -> None:
        raise error

    async def later_steps() -> Any:
        yield 1
        raise error

    async def drain(made: Any) -> None:
        async for _ in made:
            pass

    return [
        in_words(plain),
        lambda: list(in_words(steps)()),
        lambda: run_apart(in_words(later)()),
        lambda: run_apart(drain(in_words(later_steps)())),
    ]


def test_an_error_of_a_function_is_a_sentence_with_the_number_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for call in _of_each_kind(ValueError("<b>secret</b>")):
        caplog.clear()
        with pytest.raises(gr.Error) as raised:
            call()
        said = raised.value.message
        assert "secret" not in said
        number = re.search(r"日志编号 (\w{8})", said)
        assert number
        assert f"[{number[1]}]" in caplog.text
        assert "已经保存的都在" in said


def test_an_error_for_people_is_said_as_it_is_and_stays_text() -> None:
    for call in _of_each_kind(PolicyError("没有 <b>这份</b> 文件")):
        with pytest.raises(gr.Error) as raised:
            call()
        assert raised.value.message == "没有 &lt;b&gt;这份&lt;/b&gt; 文件"


def test_a_function_stays_of_its_kind_and_keeps_its_signature() -> None:
    import inspect

    async def ask_(request: gr.Request, question: str) -> str:
        return question

    wrapped = in_words(ask_)
    assert inspect.iscoroutinefunction(wrapped)
    assert list(inspect.signature(wrapped).parameters) == ["request", "question"]
    assert run_apart(wrapped(None, "问")) == "问"  # type: ignore[arg-type]
