"""Takes the pictures of /help from the real pages over the sample corpus:
python -m tests.data.make_help_pictures"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.assistant.pages.conftest import CHROMIUM, ask, running_app
from tests.conftest import ROOT

FOLDER = ROOT / "assistant" / "pages" / "assets" / "help"
TAKEN, KEPT = (1120, 700), (900, 563)  # width and height on the screen and in the file
QUESTIONS = (
    "青禾市到2025年底要建成多少个老年助餐点？由谁牵头？",
    "松湖县非居民用水户超计划用水怎样加价收费？",
)
DRAFT = "起草《××县社区养老服务实施方案》，参考现有文件并注明出处。"


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_app(Path(folder)) as address:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            size = {"width": TAKEN[0], "height": TAKEN[1]}
            page = browser.new_context(viewport=size, locale="zh-CN").new_page()  # type: ignore[arg-type]
            page.set_default_timeout(60_000)
            for name, show in (
                ("ask", asked),
                ("library", library),
                ("facts", facts),
                ("draft", drafted),
            ):
                show(page, address)
                page.wait_for_timeout(500)
                keep(page, name)
            browser.close()
    return 0


def keep(page: Page, name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").resize(KEPT, Image.Resampling.LANCZOS)  # fmt: skip
    picture.save(FOLDER / f"help-{name}.webp", quality=80, method=6)


def asked(page: Page, address: str) -> None:
    page.goto(address)
    for number, question in enumerate(QUESTIONS, 1):
        ask(page, question, wait=f".turn:nth-child({number}) article")
    page.click(".turn:last-child a.mark >> nth=0")


def library(page: Page, address: str) -> None:
    page.goto(f"{address}/library")
    expect(page.locator("#documents")).to_contain_text("松湖县节约用水管理办法")


def facts(page: Page, address: str) -> None:
    page.goto(f"{address}/facts")


def drafted(page: Page, address: str) -> None:
    page.goto(f"{address}/draft")
    page.fill("#request textarea", DRAFT)
    page.click("#begin")
    expect(page.locator("#sections label").first).to_be_visible()
    page.click("#write")
    expect(page.locator("#draft")).to_contain_text("[本地数据]", timeout=120_000)
    expect(page.locator("#stop")).to_be_disabled(timeout=120_000)


if __name__ == "__main__":
    sys.exit(main())
