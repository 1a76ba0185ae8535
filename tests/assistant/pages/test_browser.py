"""The pages in a real browser, against the real app."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.assistant.pages.conftest import OpenPage, ask, running_app
from tests.assistant.scripted import Script, number_of, serve

pytestmark = [pytest.mark.browser, pytest.mark.model]

QUESTION = "青禾市到2025年底要建成多少个老年助餐点？"


def test_a_question_is_answered_and_its_source_opens(app: str, open_page: OpenPage) -> None:
    page = open_page(app)
    expect(page.locator(".offers .example")).to_have_count(3, timeout=60_000)
    ask(page, QUESTION)
    expect(page.locator(".turn:last-child .text")).to_contain_text("120个")
    page.click(".turn:last-child a.mark >> nth=0")
    card = page.locator(".card.active")
    expect(card).to_contain_text("青政发〔2024〕8号")
    expect(card.locator("mark")).to_contain_text("120个")
    card.locator("a.open").click()
    document = page.frame_locator("dialog#reader iframe")
    expect(document.locator("mark#quote")).to_contain_text("助餐点120个")
    expect(document.locator("mark#quote")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_an_example_is_asked_by_a_click(app: str, open_page: OpenPage) -> None:
    page = open_page(app)
    page.click(".offers .example >> nth=0")
    page.wait_for_selector(".turn article.reply")
    assert page.locator(".checks summary .zh").inner_text().endswith("摘录")


def test_a_follow_up_shows_how_it_was_understood(app: str, open_page: OpenPage) -> None:
    page = open_page(app)
    ask(page, QUESTION)
    ask(page, "由谁牵头？", wait=".turn:nth-child(2) article")
    expect(page.locator(".turn:nth-child(2) .completed")).to_contain_text("青禾市")
    expect(page.locator(".turn:nth-child(2) .text")).to_contain_text("市商务局")


def test_a_refusal_says_what_was_looked_for(app: str, open_page: OpenPage) -> None:
    page = open_page(app)
    ask(page, "火星探测器的发射窗口是什么时候？")
    expect(page.locator(".turn article.refusal")).to_contain_text("没有找到")


def test_too_long_a_question_gets_a_sentence(app: str, open_page: OpenPage) -> None:
    page = open_page(app)
    page.wait_for_selector(".welcome")
    page.evaluate("document.querySelector('#question textarea').removeAttribute('maxlength')")
    ask(page, "长" * 20_000, wait=".turn .problem")
    expect(page.locator(".turn .problem")).to_contain_text("超过上限")


def test_an_empty_question_changes_nothing(app: str, open_page: OpenPage) -> None:
    page = open_page(app)
    page.wait_for_selector(".welcome")
    page.focus("#question textarea")
    page.keyboard.press("Enter")
    ask(page, "青禾市到2025年底要建成多少个老年助餐点？")
    expect(page.locator(".turn")).to_have_count(1)


@pytest.mark.parametrize("dark", [False, True])
def test_narrow_screens_do_not_scroll_sideways(app: str, open_page: OpenPage, dark: bool) -> None:
    page = open_page(app, width=390, height=844, dark=dark)
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(".cards")).to_be_hidden()
    page.click(".turn a.mark >> nth=0")
    expect(page.locator(".card.active")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_buttons_of_the_box_are_wide_enough_to_be_read_and_touched(
    app: str, open_page: OpenPage
) -> None:
    page = open_page(app, width=390, height=844)
    ask(page, QUESTION)
    buttons = page.locator("#ask button").all()
    assert len(buttons) >= 4
    for button in buttons:
        assert button.evaluate("b => b.clientWidth >= 60 && b.scrollWidth <= b.clientWidth")


def test_the_filters_keep_clear_of_the_sources(app: str, open_page: OpenPage) -> None:
    page = open_page(app, width=1400)
    ask(page, QUESTION)
    page.wait_for_selector(".turn.viewed > .pair > .sources")
    box, filters, sources = (
        page.locator(part).bounding_box()
        for part in ("#ask", "#scope", ".turn.viewed > .pair > .sources")
    )
    assert box
    assert filters
    assert sources
    assert abs(filters["x"] - box["x"]) <= 2
    assert filters["x"] + filters["width"] <= sources["x"]


def test_english_visitors_read_english_labels(app: str, open_page: OpenPage) -> None:
    page = open_page(app, locale="en-US")
    expect(page.locator("#send")).to_have_text("Send")
    expect(page.locator(".bar nav")).to_contain_text("Library")
    assert page.locator(".bar nav a >> nth=0").inner_text().strip() == "Ask"


def test_the_library_lists_filters_uploads_and_deletes(
    app: str, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(f"{app}/library")
    expect(page.locator("#documents")).to_contain_text("松湖县节约用水管理办法")
    good = tmp_path / "某某县水库通知.txt"
    good.write_text(
        "某某县人民政府关于加强水库管理的通知\n各镇：\n要加强水库管理，每日巡查2次，确保安全度汛。\n某某县人民政府\n2024年5月6日\n",
        encoding="utf-8",
    )
    (tmp_path / "空.txt").write_text("", encoding="utf-8")
    page.set_input_files("#upload input[type=file]", [str(good), str(tmp_path / "空.txt")])
    report = page.locator("#report")
    expect(report).to_contain_text("已入库")
    expect(report).to_contain_text("文件是空的")
    expect(page.locator("#documents")).to_contain_text("水库管理")  # the list is drawn anew
    page.fill("#library-q", "水库")
    page.press("#library-q", "Enter")
    expect(page.locator("#documents")).not_to_contain_text("松湖县")
    page.click("[data-more]")
    expect(page.locator("tr.detail")).to_contain_text("打开全文")
    page.click("tr.detail [data-shelf=delete]")
    expect(page.locator("#shelf-dialog")).to_contain_text("要从资料库删除")
    page.click("#shelf-dialog [type=submit]")
    expect(page.locator("#shelf-said")).to_contain_text("已删除 1 份文件")
    expect(page.locator("#shelf-count")).to_contain_text("没有符合的文件")


HOSTILE = """某某市关于加强<img src=x onerror="window.hacked=1">管理的通知
助餐点要达到500个<script>window.hacked=1</script>，{{constructor.constructor('window.hacked=1')()}}${window.hacked=1}，确保落实。
"""


def test_hostile_text_stays_text(tmp_path: Path, open_page: OpenPage) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "坏.txt").write_text(HOSTILE, encoding="utf-8")
    with running_app(tmp_path, POLICY_WEB_SAMPLES=str(folder)) as address:
        page = open_page(address)
        ask(page, "<b onclick=1>${7*7}{{7*7}}</b>")
        expect(page.locator(".turn .asked")).to_contain_text("${7*7}{{7*7}}")
        ask(page, "助餐点要达到多少个？", wait=".turn:nth-child(2) article")
        expect(page.locator(".turn:nth-child(2) .text")).to_contain_text("500个<script>")
        assert page.evaluate("window.hacked") is None
        page.click(".turn:nth-child(2) a.mark >> nth=0")
        page.click(".card.active a.open")
        frame = page.frame_locator("dialog#reader iframe")
        expect(frame.locator("h1")).to_contain_text("<img")
        assert page.evaluate("window.hacked") is None
        page.keyboard.press("Escape")
        page.goto(f"{address}/library")
        expect(page.locator("#documents")).to_contain_text("<img")
        assert page.evaluate("window.hacked") is None
        page.close()


def right(body: dict) -> str:  # type: ignore[type-arg]
    mark = number_of(body, "助餐点120个")
    return f"青禾市到2025年底建成助餐点120个[{mark}]。\n每餐补贴900元[{mark}]。"


def test_generation_streams_stops_and_shows_doubts(tmp_path: Path, open_page: OpenPage) -> None:
    slow = Script("正在逐字写出的回答。" * 200, between=0.05)
    with (
        serve(Script(right, between=0.02), Script(right), slow, slow, Script(status=500)) as server,
        running_app(
            tmp_path, POLICY_LLM_BASE_URL=server.base_url, POLICY_LLM_MODEL="scripted"
        ) as address,
    ):
        page = open_page(address)
        expect(page.locator("#way")).to_contain_text("生成")
        ask(page, QUESTION, wait=".turn .stages .now")
        page.wait_for_selector(".turn article.reply")
        expect(page.locator(".turn del")).to_contain_text("900元")
        expect(page.locator(".turn .doubt")).to_contain_text("所引原文里没有")
        expect(page.locator(".checks summary .zh")).to_contain_text("生成")
        ask(page, QUESTION, wait=".turn:nth-child(2) .text")
        expect(page.locator(".turn:nth-child(2) .text")).to_contain_text("正在逐字")
        page.click("#stop")
        expect(page.locator(".turn:nth-child(2) .problem")).to_contain_text("已停止")
        assert server.ended_early.wait(5)
        server.scripts[:] = [Script(status=500)]
        ask(page, QUESTION, wait=".turn:nth-child(3) article")
        expect(page.locator(".turn:nth-child(3) .note").first).to_contain_text("以下为摘录作答")
        page.close()


def test_a_second_question_waits_and_stop_ends_both(tmp_path: Path, open_page: OpenPage) -> None:
    slow = Script("正在逐字写出的回答。" * 200, between=0.05)
    with (
        serve(slow) as server,
        running_app(
            tmp_path, POLICY_LLM_BASE_URL=server.base_url, POLICY_LLM_MODEL="scripted"
        ) as address,
    ):
        page = open_page(address)
        ask(page, QUESTION, wait=".turn .text")
        ask(page, "由谁牵头？", wait=".turn:nth-child(2) .note")
        expect(page.locator(".turn:nth-child(2) .note")).to_contain_text("等上一个做完")
        expect(page.locator("#question textarea")).to_have_value("")
        page.click("#stop")
        expect(page.locator(".turn:nth-child(1) .problem")).to_contain_text("已停止")
        expect(page.locator(".turn:nth-child(2) .problem")).to_contain_text("已停止")
        expect(page.locator("#stop")).to_be_disabled()
        page.click("#again")
        expect(page.locator(".welcome")).to_be_visible()
        expect(page.locator(".turn")).to_have_count(0)
        page.close()


def test_filters_narrow_the_search_and_are_removed_as_chips(app: str, open_page: OpenPage) -> None:
    page = open_page(app)
    page.wait_for_selector(".welcome")
    page.click("#scope button >> nth=0")
    page.click("#by-region input")
    page.click("#by-region [role=option]:has-text('松湖县')")
    expect(page.locator("#chips")).to_contain_text("松湖县")
    ask(page, "每餐补贴多少元？")
    expect(page.locator(".turn article")).to_have_class("refusal")
    page.locator("#chips input").first.uncheck()
    expect(page.locator("#chips")).to_have_count(0)
    ask(page, "80周岁以上老年人每餐补贴多少元？", wait=".turn:nth-child(2) article")
    expect(page.locator(".turn:nth-child(2) .text")).to_contain_text("2元")


def test_feedback_is_kept_on_this_machine(open_page: OpenPage, tmp_path: Path) -> None:
    with running_app(tmp_path) as address:
        page = open_page(address)
        ask(page, QUESTION)
        page.click("[data-vote=down]")
        page.keyboard.press("Escape")  # nothing is sent
        expect(page.locator("form.in-page")).to_have_count(0)
        expect(page.locator("[data-vote=down]")).to_be_focused()
        page.click("[data-vote=down]")
        expect(page.locator("form.in-page input")).to_be_focused()
        page.keyboard.type("日期不对")
        page.keyboard.press("Enter")
        expect(page.locator("[data-vote=down]")).to_have_attribute("aria-pressed", "true")
        with closing(sqlite3.connect(tmp_path / "data" / "office.sqlite3")) as db:
            assert db.execute("SELECT why FROM votes").fetchall() == [("日期不对",)]
        assert page.request.post(f"{address}/feedback", data={"vote": "sideways"}).status == 422
        page.context.close()
