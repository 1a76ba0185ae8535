"""An office at work: two people log in to the real app in two browsers, and it is killed between."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.people.passwords import hashed
from assistant.people.store import People
from tests.assistant.pages.conftest import OpenPage, ask, running_app, settings_of, started_app
from tests.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.model]

PASSWORD = "晴天去河边走一走吧"
QUESTION = "青禾市到2025年底要建成多少个老年助餐点？"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder for data that knows two people of one department."""
    people = People(tmp_path / "data" / "people.sqlite3")
    department = people.put_department("民政局").id
    for login, name in (("zhang", "张敏"), ("li", "李强")):
        account = people.add(login, name, department=department, roles=("查阅", "起草"))
        people.set_password(account.id, hashed(PASSWORD), must_change=False)
    people.close()
    return tmp_path


def logged_in(open_page: OpenPage, address: str, login: str) -> Page:
    page = open_page(f"{address}/login", width=1400)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("#conversation .welcome")
    return page


def test_nothing_is_lost_between_two_people_and_a_kill(office: Path, open_page: OpenPage) -> None:
    login = {"POLICY_WEB_LOGIN": "local"}
    with started_app(office, **login) as (address, process):
        zhang = logged_in(open_page, address, "zhang")
        ask(zhang, QUESTION)
        mine = zhang.url.rpartition("?c=")[2]
        item = zhang.locator("#history-list li", has_text="青禾市")
        item.locator("summary").click()
        item.locator("[data-deed=share]").click()
        link = item.locator("input.link").input_value().rpartition("/")[2]
        zhang.goto(f"{address}/draft")
        zhang.fill("#request textarea", "起草《青禾市老年助餐服务实施方案》")
        zhang.click("#begin")
        expect(zhang.locator("#sections label").first).to_be_visible()
        zhang.goto(f"{address}/drafts")
        zhang.click("main a.tool[href^='/drafts/'] >> nth=0")
        zhang.fill("form[action$='/share'] input[name=who]", "李强")
        zhang.select_option("form[action$='/share'] select[name=right]", "write")
        zhang.click("form[action$='/share'] button")
        expect(zhang.locator("main")).to_contain_text("李强")
        zhang.context.close()
        process.kill()
    with running_app(office, **login) as address:
        li = logged_in(open_page, address, "li")
        li.goto(f"{address}/shared/{link}")
        expect(li.locator("main")).to_contain_text("120个")
        li.goto(f"{address}/?c={mine}")
        expect(li.locator("#conversation .problem")).to_contain_text("没有这次对话")
        li.goto(f"{address}/drafts")
        expect(li.locator("main")).to_contain_text("老年助餐服务实施方案")
        zhang = logged_in(open_page, address, "zhang")
        zhang.goto(f"{address}/?c={mine}")
        expect(zhang.locator(".turns")).to_contain_text("120个")
        for page in (zhang, li):  # before the server goes, or what they wait for fails
            page.context.close()
    verdict = subprocess.run(
        [sys.executable, "-m", "assistant", "audit-log", "verify"],
        cwd=ROOT, env=settings_of(office, **login), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert verdict.returncode == 0, verdict.stderr
