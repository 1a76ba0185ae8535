"""Pages of other websites, open in the browser of a user of this one."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.attack.conftest import Site

pytestmark = pytest.mark.browser

# What a hostile page tries against `target`: forms and fetches that need no permission. Gives
# what it could read. The names of the files say how they were sent.
ATTACK = """async (target) => {
  const read = [];
  const send = async (path, body, mode, type) => {
    try {
      const answer = await fetch(target + path, {
        method: body ? "POST" : "GET", body, mode, credentials: "include",
        headers: type ? {"Content-Type": type} : {},
      });
      read.push(await answer.text());
    } catch (error) { read.push(""); }
  };
  for (const mode of ["no-cors", "cors"]) {
    const form = new FormData();
    form.append("files", new Blob(["planted"]), `by-${mode}.txt`);
    await send("/gradio_api/upload", form, mode);
    const vote = JSON.stringify({question: "planted", mode: "model", vote: "up"});
    await send("/feedback", vote, mode, mode === "cors" ? "application/json" : "text/plain");
    await send("/gradio_api/queue/join", '{"data": [], "fn_index": 0, "session_hash": "x"}', mode, "text/plain");
    await send("/healthz", null, mode);
    await send("/gradio_api/app_id", null, mode);
    await send("/", null, mode);
  }
  return read.join("");
}"""
FORM = """<form action="{target}/gradio_api/upload" method="post" enctype="multipart/form-data" target="hole">
<input type="file" name="files"></form><iframe name="hole"></iframe>"""


@contextmanager
def hostile_server(html: str) -> Iterator[int]:
    """A web server of somebody else; gives its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose browser has visited the site before, and has its cookie."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def stored(site: Site) -> list[Path]:
    return [
        *site.run.rglob("by-*.txt"),
        *([site.data / "office.sqlite3"] if any(site.services.office.votes.counts()) else []),
        *site.run.rglob("chosen.txt"),
    ]


@pytest.mark.parametrize("own", ["127.0.0.1", "localhost", "policy.lan"])
@pytest.mark.parametrize("foreign", ["evil.example", "127.0.0.1"])
def test_a_page_of_another_site_sends_and_reads_nothing(
    site: Site, page: Page, tmp_path: Path, own: str, foreign: str
) -> None:
    target = f"http://{own}:{site.port}"
    page.goto(f"{target}/healthz")  # has its cookie now
    chosen = tmp_path / "chosen.txt"
    chosen.write_text("planted", encoding="utf-8")
    with hostile_server(FORM.format(target=target)) as port:
        page.goto(f"http://{foreign}:{port}/")
        read = page.evaluate(ATTACK, target)
        page.set_input_files("input", str(chosen))
        with page.expect_response("**/gradio_api/upload"):
            page.evaluate("document.forms[0].submit()")
    assert read == ""
    assert stored(site) == []


def test_a_name_that_is_made_to_point_here_gets_nothing(site: Site, page: Page) -> None:
    """DNS rebinding: for the browser the page is of the very origin that it attacks."""
    target = f"http://evil.example:{site.port}"
    opened = page.goto(f"{target}/library")
    assert opened is not None
    assert opened.status == 421
    read = page.evaluate(ATTACK, target)
    assert "POLICY_WEB_HOSTS" in read
    assert "documents" not in read
    assert "gradio_config" not in read
    assert stored(site) == []


def test_the_site_is_not_shown_inside_another(site: Site, page: Page) -> None:
    with hostile_server(f'<iframe src="{site.address}/library"></iframe>') as port:
        page.goto(f"http://evil.example:{port}/")
        page.wait_for_timeout(1000)
        shown = [frame for frame in page.frames if frame.url.startswith(site.address)]
        assert all(frame.locator("#documents").count() == 0 for frame in shown)
    # A link to the site from elsewhere is welcome.
    with hostile_server(f'<a href="{site.address}/audit">核对</a>') as port:
        page.goto(f"http://evil.example:{port}/")
        page.click("a")
        page.wait_for_selector("#audit")
