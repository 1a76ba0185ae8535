"""Every page, wide and narrow, light and dark: axe-core finds nothing severe, there is one
heading of the first level, and nothing moves sideways but in its own frame."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.people.passwords import hashed
from assistant.people.person import ROLES
from assistant.people.store import People
from tests.assistant.pages.conftest import OpenPage, ask, running_app
from tests.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.model]

PASSWORD = "晴天去河边走一走吧"
COMPARISON = "青禾市和松湖县的文件有什么不同？"
GRADIO = ("/", "/library", "/draft", "/audit")
PLAIN = (
    "/facts", "/facts/indicator", "/compare", "/proposals", "/drafts", "/saved", "/help", "/start",
)  # fmt: skip
ADMIN = tuple(
    f"/admin/{name}"
    for name in ("gaps", "answers", "terms", "people", "departments", "use", "state", "backups")
)
OF_PEOPLE = ("/admin/people", "/admin/departments")  # only where people log in
SIZES = ((1280, 860), (390, 844))


# Colours fade over.
FADED = "document.getAnimations().every((one) => one.playState !== 'running')"


def faults(page: Page) -> list[str]:
    """What is wrong with a page as it is open now, in both sizes and both themes."""
    found: list[str] = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for _ in ("as it is", "the other theme"):
            theme = page.locator("[data-theme]")
            if theme.count():
                theme.click()
                page.wait_for_function(FADED)
            found += [f"{page.url} {width}: {fault}" for fault in findings(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{page.url} {width}: moves sideways")
    if (count := page.locator("h1").count()) != 1:
        found.append(f"{page.url}: {count} headings of the first level")
    return found


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("h1", state="attached")
    if page.locator("gradio-app").count():
        page.wait_for_selector(".foot")
    return page


def test_every_page_of_one_user(app: str, open_page: OpenPage) -> None:
    page = open_page(app)
    ask(page, COMPARISON)
    page.wait_for_selector(".turn .table-wrap")
    found = faults(page)
    for path in (*GRADIO, *PLAIN, *(p for p in ADMIN if p not in OF_PEOPLE)):
        found += faults(opened(page, app + path))
    document = page.request.get(f"{app}/compare/documents?q=").json()[0]["id"]
    found += faults(opened(page, f"{app}/documents/{document}"))
    assert found == []


def test_a_draft_and_a_checked_text(app: str, open_page: OpenPage) -> None:
    page = opened(open_page(app), f"{app}/draft")
    page.fill("#request textarea", "起草《××县社区养老服务实施方案》，参考现有文件并注明出处")
    page.click("#begin")
    expect(page.locator("#sections label").first).to_be_visible()
    found = faults(page)
    opened(page, f"{app}/drafts")
    found += faults(page)
    opened(page, f"{app}/audit")
    page.fill(
        "#paste textarea", "《松湖县节约用水管理办法》（松政规〔2022〕7号）自2023年1月1日起施行。"
    )
    page.click("#audit")
    page.wait_for_selector(".audited")
    found += faults(page)
    assert found == []


@pytest.fixture
def office(tmp_path: Path) -> Iterator[str]:
    """The app for an office with one person of every role."""
    people = People(tmp_path / "data" / "people.sqlite3")
    department = people.put_department("办公室").id
    account = people.add("zhang", "张敏", department=department, roles=ROLES)
    people.set_password(account.id, hashed(PASSWORD), must_change=False)
    people.close()
    with running_app(tmp_path, POLICY_WEB_LOGIN="local", POLICY_WEB_SEPARATE="false") as address:
        yield address


def test_every_page_where_people_log_in(office: str, open_page: OpenPage) -> None:
    page = opened(open_page(office), f"{office}/login")
    found = faults(page)
    page.fill("input[name=login]", "zhang")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("#conversation .welcome")
    for path in ("/", "/library", "/account", "/log", *ADMIN):
        found += faults(opened(page, office + path))
    page.context.close()
    assert found == []
