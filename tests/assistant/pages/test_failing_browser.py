"""What Gradio shows in its corner when a function fails or the server goes away."""

import threading
import time
from collections.abc import Iterator

import gradio as gr
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Browser, expect

from assistant.pages.document import ASSETS
from assistant.pages.failing import all_in_words
from assistant.pages.first_picture import put_first_picture
from vectorstore.errors import PolicyError

pytestmark = pytest.mark.browser


@pytest.fixture
def server() -> Iterator[uvicorn.Server]:
    """A page of Gradio with two buttons that fail."""

    def broken() -> str:
        raise ValueError("secret")

    def refused() -> str:
        raise PolicyError("<b>没有</b>这份文件", "There is no such document")

    with gr.Blocks(analytics_enabled=False) as pages:
        said = gr.HTML('<div id="here">在</div>')
        gr.Button("one", elem_id="broken").click(broken, None, said)
        gr.Button("two", elem_id="refused").click(refused, None, said)
    all_in_words(pages)
    put_first_picture()
    site = FastAPI()
    site.mount("/look", StaticFiles(directory=ASSETS))
    head = '<script src="/look/shell.js" defer></script>'
    gr.mount_gradio_app(
        site, pages, path="/", css_paths=[ASSETS / "page.css"], head=head, show_error=False,
        ssr_mode=False, pwa=False,
    )  # fmt: skip
    made = uvicorn.Server(
        uvicorn.Config(site, port=0, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=made.run, daemon=True, name="served")
    thread.start()
    while not made.started:
        time.sleep(0.05)
    yield made
    made.should_exit = True
    thread.join(20)


def test_messages_are_sentences(server: uvicorn.Server, browser: Browser) -> None:
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    page.click("#broken")
    toast = page.locator("[data-testid=toast-body]")
    expect(toast).to_contain_text("已经保存的都在")
    expect(toast).to_contain_text("日志编号")
    assert "Something failed" not in toast.inner_text()  # the twin is for English readers
    assert "secret" not in toast.inner_text()
    page.reload()
    page.click("#refused")
    expect(toast).to_contain_text("<b>没有</b>这份文件")
    page.reload()
    expect(page.locator("#broken")).to_be_visible()
    page.wait_for_load_state("networkidle")
    server.should_exit = True
    next(t for t in threading.enumerate() if t.name == "served").join(60)
    page.click("#broken")
    expect(toast.first).to_contain_text("与服务器的连接断了", timeout=60_000)
    expect(toast.first).to_contain_text("页面上的文字都在")
    context.close()
