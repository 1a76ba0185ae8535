"""Scripts planted in names, titles, texts and questions stay text in every view."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ingest.pipeline import ingest
from tests.assistant.pages.conftest import ask
from tests.attack.conftest import Site, serving
from tests.conftest import MODELS, HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.settings import IndexSettings

pytestmark = pytest.mark.browser

RUN = "alert(window.hacked=1)"  # no mark at which a sentence would be cut
SCRIPT = f"<script>{RUN}</script>"
IMAGE = f'<img src=planted onerror="{RUN}">'
NAME = "坏<img src=planted onerror=alert(1)>.txt"  # no slash in a file name
TITLE = f"某某市人民政府关于加强{IMAGE}老年助餐管理的通知"
TEXT = f"""{TITLE}
各县：
一、总体要求{SCRIPT}
到2025年，老年助餐点要达到500个{SCRIPT}，[全文](javascript:{RUN}){{{{constructor.constructor('{RUN}')()}}}}${{{RUN}}}，由市民政局{IMAGE}牵头负责落实。
二、加强<i onclick=a()>助餐保障
要加强资金保障，每个助餐点每年补助3万元{IMAGE}，由市财政局负责。
某某市人民政府
2024年5月6日
"""
QUESTION = f"老年助餐点要达到多少个？{SCRIPT}{IMAGE}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site over one document that attacks whoever reads it."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "corpus").mkdir()
    (folder / "corpus" / NAME).write_text(TEXT, encoding="utf-8")
    settings = IndexSettings(data_dir=folder / "data", model_dir=MODELS)
    index = PolicyIndex(settings, HashEmbedder())
    ingest(index, [folder / "corpus"])
    index.close()
    with serving(settings) as site:
        yield site


@pytest.fixture
def page(browser: Browser, hostile: Site) -> Iterator[Page]:
    """Fails when a script ran, a dialog opened, or something was asked for that is not ours."""
    context = browser.new_context(locale="zh-CN")
    context.set_default_timeout(60_000)
    opened = context.new_page()
    seen: list[str] = []
    opened.on("dialog", lambda d: (seen.append(f"dialog {d.message}"), d.dismiss()))
    opened.on("request", lambda r: seen.append(r.url) if _is_foreign(r.url, hostile) else None)
    yield opened
    opened.wait_for_timeout(500)
    ran = [frame.evaluate("window.hacked") for frame in opened.frames]
    live = [
        frame.locator("[onerror], [onclick], a[href^=javascript]").count()
        for frame in opened.frames
    ]
    context.close()
    assert seen == []
    assert set(ran) == {None}
    assert set(live) == {0}


def _is_foreign(url: str, site: Site) -> bool:
    return "planted" in url or not url.startswith((site.address, "data:", "blob:", "about:"))


def conversation(page: Page, site: Site) -> None:
    page.goto(site.address)
    ask(page, QUESTION)
    expect(page.locator(".turn .asked")).to_contain_text(IMAGE)  # the turn's own title
    expect(page.locator(".turn .text")).to_contain_text(f"500个{SCRIPT}")


def card(page: Page, site: Site) -> None:
    conversation(page, site)
    page.click(".turn a.mark >> nth=0")
    expect(page.locator(".card.active")).to_contain_text("<img")
    page.hover(".turn a.mark >> nth=0")  # its tip


def document(page: Page, site: Site) -> None:
    identifier = site.services.library.index.catalog.documents()[0].id
    page.goto(f"{site.address}/documents/{identifier}")
    expect(page.locator("h1")).to_contain_text("<img")
    expect(page.locator("main")).to_contain_text(SCRIPT)


def row(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/library")
    expect(page.locator("#documents")).to_contain_text("<img")


def detail(page: Page, site: Site) -> None:
    row(page, site)
    page.locator("#documents [data-more]").first.click()
    expect(page.locator("tr.detail")).to_contain_text(NAME)
    page.click("tr.detail [data-shelf=delete]")
    expect(page.locator("#shelf-dialog")).to_contain_text("<img")
    page.keyboard.press("Escape")
    page.fill("#library-q", "助餐点 <script>")
    page.press("#library-q", "Enter")
    expect(page.locator("#documents .hits")).to_contain_text(SCRIPT)


def report(page: Page, site: Site) -> None:
    row(page, site)
    file = {
        "name": f"新{NAME}",
        "mimeType": "text/plain",
        "buffer": TEXT.replace("500个", "600个").encode(),
    }
    page.set_input_files("#upload input[type=file]", [file])
    expect(page.locator("#report table")).to_contain_text("alert")


def draft(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/draft")
    page.fill("#request textarea", f"起草《××县老年助餐{IMAGE}实施方案》，参考现有文件并注明出处。")
    page.click("#begin")
    page.wait_for_selector("#draft .draft")
    page.click("#write")
    page.wait_for_selector("text=已写完")
    expect(page.locator("#draft")).to_contain_text("<img")
    page.click("#draft a.mark >> nth=0")
    expect(page.locator(".card.active")).to_be_visible()
    page.click("text=可用的出处")


def audit(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/audit")
    page.fill(
        "#paste textarea",
        f"根据《{TITLE}》，老年助餐点要达到700个{SCRIPT}，由市民政局{IMAGE}牵头。",
    )
    page.click("#audit")
    expect(page.locator(".audited")).to_contain_text(SCRIPT)
    expect(page.locator(".audited")).to_contain_text("700个")


def examples(page: Page, site: Site) -> None:
    page.goto(site.address)
    expect(page.locator(".offers .example").first).to_contain_text("老年助餐点")
    page.click(".offers .example >> nth=0")
    expect(page.locator(".turn .asked")).to_contain_text("老年助餐点")


@pytest.mark.parametrize(
    "view", [conversation, card, document, row, detail, report, draft, audit, examples], ids=lambda v: v.__name__
)  # fmt: skip
def test_a_planted_script_stays_text(
    page: Page, hostile: Site, view: Callable[[Page, Site], None], tmp_path: Path
) -> None:
    view(page, hostile)
