"""The real app as a subprocess, and a real browser."""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.chromium import CHROMIUM
from tests.conftest import MODELS, ROOT

expect.set_options(timeout=60_000)  # other tests may share the two cores


def settings_of(folder: Path, **more: str) -> dict[str, str]:
    """What a program that works on the data below `folder` is started with."""
    own = {"POLICY_DATA_DIR": str(folder / "data"), "POLICY_MODEL_DIR": str(MODELS)}
    return {**os.environ, **own, "POLICY_WEB_PORT": "0", **more}


@contextmanager
def started_app(
    folder: Path, **environment: str
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Starts app.py on a free port and stops it afterwards; gives its address and process."""
    log = (folder / "app.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=settings_of(folder, **environment),
        stdout=subprocess.PIPE,
        stderr=log,
    )
    try:
        yield _address(process, folder / "app.log"), process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()
        if process.stdout:
            process.stdout.close()


@contextmanager
def running_app(folder: Path, **environment: str) -> Iterator[str]:
    with started_app(folder, **environment) as (address, _):
        yield address


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    assert process.stdout is not None
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        ready, _, _ = select.select([process.stdout], [], [], 1)
        line = process.stdout.readline().decode() if ready else ""
        if match := re.search(r"http://127\.0\.0\.1:\d+", line):
            return match[0]
        if process.poll() is not None:
            break
    pytest.fail(f"app.py did not start:\n{log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with the sample corpus and no language model."""
    if CHROMIUM is None:
        pytest.skip("没有 Chromium，跳过")
    with running_app(tmp_path_factory.mktemp("app")) as address:
        yield address


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages that fail the test on a console error or a request that leaves the machine."""
    contexts = []
    problems: list[str] = []

    def watch(page: Page) -> None:
        page.on("console", lambda m: problems.append(m.text) if is_problem(m) else None)
        page.on("pageerror", lambda e: problems.append(str(e)) if "aborted" not in str(e) else None)
        page.on("request", lambda r: problems.append(r.url) if not _is_local(r.url) else None)

    def open_(
        url: str, width: int = 1280, height: int = 860, dark: bool = False, locale: str = "zh-CN"
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(120_000)
        contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []


def is_problem(message: ConsoleMessage) -> bool:
    """An error that is not the server's going away while a page is still open."""
    return message.type == "error" and "ERR_INCOMPLETE_CHUNKED_ENCODING" not in message.text


def _is_local(url: str) -> bool:
    """policy.lan leads to this machine too (tests/chromium.py)."""
    own = ("http://127.0.0.1", "http://policy.lan:", "ws://127.0.0.1", "data:", "blob:", "about:")
    return url.startswith(own)


def ask(page: Page, question: str, *, wait: str = ".turn:last-child article") -> None:
    """Types a question, sends it with Enter and waits for the answer. Begins when the page has
    drawn its first picture, and Enter goes to the box whatever has the focus: neither the page's
    start nor the focus is what these tests are about."""
    page.wait_for_selector("#conversation :is(.welcome, .turn)")
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    page.wait_for_selector(wait)
