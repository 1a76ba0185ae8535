"""How soon the page is drawn and speaks with long conversations open: `python -m tests.load.painting`.

A conversation of TURNS turns is opened in 1, 5 and 20 tabs of one browser, each of which holds its
connection; in one more tab the first paint, the conversation whole, and the first words of a new
answer are timed. Milliseconds of the clock, the middle of three.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.assistant.pages.conftest import CHROMIUM, ask, running_app
from tests.evals.render import table

TURNS = 30
TABS = (1, 5, 20)
TRIES = 3
QUESTION = "青禾市到2025年底要建成多少个老年助餐点？由谁牵头？"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def main() -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(locale="zh-CN")
        context.set_default_timeout(120_000)
        talk = conversation(context.new_page(), address)
        rows = [(str(tabs), *map(str, timed(context, talk, tabs))) for tabs in TABS]
        browser.close()
    print(table(("打开的对话", "首次绘制", "30 轮都画出来", "下一问的第一句"), rows))
    return 0


def conversation(page: Page, address: str) -> str:
    """The address of a conversation of TURNS turns."""
    page.goto(address)
    for turn in range(1, TURNS + 1):
        ask(page, QUESTION, wait=f".turn:nth-of-type({turn}) article")
    talk = page.locator("[data-conversation]").last.get_attribute("data-conversation")
    return f"{address}/?c={talk}"


def timed(context: BrowserContext, talk: str, tabs: int) -> tuple[int, int, int]:
    opened = [context.new_page() for _ in range(tabs)]
    for page in opened:
        page.goto(talk)
        page.wait_for_selector(".turn")
    found = [once(context, talk) for _ in range(TRIES)]
    for page in opened:
        page.close()
    first, second, third = (round(statistics.median(each)) for each in zip(*found, strict=True))
    return first, second, third


def once(context: BrowserContext, talk: str) -> tuple[float, float, float]:
    page = context.new_page()
    began = time.perf_counter()
    page.goto(talk)
    page.wait_for_function(f"document.querySelectorAll('.turn').length >= {TURNS}")
    drawn = 1000 * (time.perf_counter() - began)
    painted = float(page.evaluate(PAINTED))
    turns = page.locator(".turn").count()
    began = time.perf_counter()
    ask(page, QUESTION, wait=f".turn:nth-of-type({turns + 1}) article")
    spoke = 1000 * (time.perf_counter() - began)
    page.close()
    return painted, drawn, spoke


if __name__ == "__main__":
    sys.exit(main())
