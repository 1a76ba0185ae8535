"""Chromium: coming in by keyboard, and a login that ends in the middle."""

import re

import pytest
from playwright.sync_api import Browser, expect

from assistant.people import passwords
from tests.attack.conftest import serving
from vectorstore.settings import IndexSettings

pytestmark = pytest.mark.browser
PASSWORD = "三只青蛙 坐在河边"


def test_what_was_typed_outlives_the_login(
    browser: Browser, filled: object, settings: IndexSettings
) -> None:
    with serving(settings, login="local") as site:
        people = site.services.people
        assert people is not None
        account = people.add("zhang", "张三", roles=["查阅"])
        people.set_password(account.id, passwords.hashed(PASSWORD), must_change=False)
        context = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 800})
        page = context.new_page()
        page.goto(f"{site.address}/facts?word=水")
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.wait_for_selector("#f-login:focus")
        page.keyboard.type("zhang")
        page.keyboard.press("Tab")
        page.keyboard.type("不对的密码")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("登录名或密码不对")
        page.wait_for_selector("#f-password:focus")
        page.keyboard.type(PASSWORD)  # the focus is where the mistake is
        page.keyboard.press("Enter")
        page.wait_for_url("**/facts?word=*")
        assert page.evaluate("document.cookie") == ""  # nothing for scripts

        page.goto(site.address)
        expect(page.locator(".bar .who")).to_have_text("张三")
        expect(page.locator(".bar nav a")).to_have_count(4)
        page.wait_for_selector("#conversation .welcome")
        box = page.locator("#question textarea")
        box.fill("农村自来水普及率是多少？")
        people.sessions.end_all(account.id)
        box.press("Enter")
        expect(page.locator("#ended")).to_contain_text("登录已结束")
        assert box.input_value() == "农村自来水普及率是多少？"
        with context.expect_page() as opened:
            page.locator("#ended a").click()
        again = opened.value
        again.locator("#f-login").fill("zhang")
        again.locator("#f-password").fill(PASSWORD)
        again.locator("#f-password").press("Enter")
        again.wait_for_selector(".about")
        box.press("Enter")
        page.wait_for_selector(".turn:last-child article")
        page.locator(".bar button[type=submit]").click()
        expect(page.get_by_role("status")).to_contain_text("已退出。")
        page.go_back()
        page.wait_for_url(re.compile("/login"))  # nothing of the pages stays behind
        context.close()
