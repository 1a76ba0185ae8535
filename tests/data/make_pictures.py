"""Takes the pictures in docs/ from the real pages over the sample corpus:
python -m tests.data.make_pictures, with names (chat, library, audit, draft) only those"""

import io
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.conftest import ROOT
from tests.assistant.pages.conftest import CHROMIUM, ask, running_app

DOCS = ROOT / "docs"
QUESTIONS = (
    "青禾市到2025年底要建成多少个老年助餐点？由谁牵头？",
    "松湖县非居民用水户超计划用水怎样加价收费？",
)
DRAFT = "起草《××县社区养老服务实施方案》，参考现有文件并注明出处。"
AUDITED = (
    "青禾市提出，到2027年全市社区养老服务设施覆盖率达到85%，新增家庭养老床位3200张。"
    "松湖县规定“循环用水率不得低于百分之七十”。《松湖县节约用水管理办法》（松政规〔2022〕7号）自2023年1月1日起施行。"
)


def main() -> int:
    wanted = sys.argv[1:] or ["chat", "library", "audit", "draft"]
    with tempfile.TemporaryDirectory() as folder, running_app(Path(folder)) as address:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            for name, width, height, dark in (
                ("wide", 1280, 800, False), ("narrow", 390, 844, False), ("dark", 1280, 800, True),
            ):  # fmt: skip
                context = browser.new_context(
                    viewport={"width": width, "height": height}, locale="zh-CN",
                    color_scheme="dark" if dark else "light",
                )  # fmt: skip
                context.set_default_timeout(60_000)
                if "chat" in wanted:
                    chat(context.new_page(), address, name)
                if "library" in wanted and name == "wide":
                    library(context.new_page(), address)
                if "audit" in wanted and name == "wide":
                    audit(context.new_page(), address)
                if "draft" in wanted:
                    desk(context.new_page(), address, name, Path(folder))
                context.close()
            browser.close()
    return 0


def save(page: Page, name: str) -> None:
    page.wait_for_timeout(900)
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    taken.quantize(64, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(DOCS / f"{name}.png", optimize=True)


def chat(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_selector(".welcome")
    for number, question in enumerate(QUESTIONS, 1):
        ask(page, question, wait=f".turn:nth-child({number}) article")
    page.evaluate("window.scrollTo(0, 0)")
    save(page, f"chat-{name}")
    page.close()


def library(page: Page, address: str) -> None:
    page.goto(f"{address}/library")
    page.wait_for_selector("#documents")
    page.wait_for_timeout(1500)
    save(page, "library-wide")
    page.close()


def audit(page: Page, address: str) -> None:
    page.goto(f"{address}/audit")
    page.fill("#paste textarea", AUDITED)
    page.click("#audit")
    page.wait_for_selector(".audited")
    save(page, "audit-wide")
    page.close()


def desk(page: Page, address: str, name: str, folder: Path) -> None:
    page.goto(f"{address}/draft")
    page.fill("#request textarea", DRAFT)
    page.click("#begin")
    page.wait_for_selector("#draft .draft")
    page.click("#write")
    page.wait_for_selector("text=已写完")
    page.click("#check")
    page.wait_for_selector("text=句存疑")
    save(page, f"draft-{name}")
    if name == "wide":
        with page.expect_download() as waiting:
            page.click("#exports a >> nth=0")
        file = folder / "draft.docx"
        waiting.value.save_as(file)
        word_pages(file)
    page.close()


def word_pages(file: Path) -> None:
    """Three pages of the Word file as LibreOffice lays them out."""
    import subprocess

    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{file.parent}/profile",
         "--convert-to", "pdf", "--outdir", str(file.parent), str(file)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    pdf = pypdfium2.PdfDocument(file.with_suffix(".pdf"))
    chosen = [0, 1, len(pdf) - 1]
    for number, at in enumerate(chosen, 1):
        pdf[at].render(scale=1.1).to_pil().convert("L").save(DOCS / f"word-{number}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
