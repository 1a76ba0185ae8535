"""/login, /logout and /account: coming in, going out, and what is one's own."""

import re
import time
from collections.abc import Callable
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.pages.account_keys import add_key_routes
from assistant.pages.allowed import first_page
from assistant.pages.identity import REFUSED, SESSION, session_cookie
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.pages.refusals import NO_ENTRY, deny
from assistant.pages.shell import NAME, OWN_HEADERS, bar, language_switch, plain_page, problem
from assistant.people.door import Door
from assistant.people.languages import is_english
from assistant.people.log import recorded
from assistant.people.passwords import LONGEST, SHORTEST, WeakPassword
from assistant.people.person import ROLES, Person
from assistant.people.sessions import Session, TooManyTries
from assistant.people.units import Refused
from assistant.people.viewer import address_of, entry_of, person_of
from assistant.settings import ApiSettings, WebSettings
from vectorstore.errors import PolicyError
from vectorstore.settings import load_settings

_SAID = {
    "out": ("已退出。", "You are logged out."),
    "changed": ("密码已修改；请用新密码登录。", "Password changed; log in with the new one."),
    "ended": ("已结束。", "Ended."),
}
_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,1000}")
Field = Annotated[str, Form()]


def own_path(wanted: str) -> str:
    """An address of this site to go on to, '' for any other: a link to the login must not lead
    from it to somewhere else."""
    is_own = _OWN_PATH.fullmatch(wanted) and not wanted.startswith(("/login", "/logout"))
    return wanted if is_own else ""


def add_login_routes(site: FastAPI, door: Door, web: WebSettings) -> None:
    """The login by password, and what is everybody's own. oidc.py has the other login."""

    @site.get("/login")
    def login(request: Request, next: str = "", said: str = "") -> Response:
        person = person_of(request)
        if person.login:
            return RedirectResponse(own_path(next) or first_page(person), 303)
        return login_page(request, web, next, said=said, error=request.scope.get(REFUSED, ""))

    if web.login == "local":
        _add_password_route(site, door, web)

    @site.post("/logout")
    def logout(request: Request) -> Response:
        person = person_of(request)
        if person.login:
            with recorded(door.log, entry_of(request, "log out", person.id)):
                door.people.sessions.end(person.id, request.scope[SESSION])
        answer = RedirectResponse("/login?said=out", 303)
        answer.headers.append("set-cookie", session_cookie(request.scope, ""))
        return answer

    _add_account_routes(site, door, web)
    add_key_routes(site, door, load_settings(ApiSettings))


def _add_password_route(site: FastAPI, door: Door, web: WebSettings) -> None:
    @site.post("/login")
    def enter(
        request: Request, login: Field = "", password: Field = "", next: Field = ""
    ) -> Response:
        browser = request.headers.get("user-agent", "")
        try:
            token = door.log_in(login, password[: LONGEST + 1], address_of(request), browser)
        except (Refused, TooManyTries) as error:
            status = 429 if isinstance(error, TooManyTries) else 403
            return login_page(request, web, next, login=login, error=error, status=status)
        return came_in(request, door, token, next)


def came_in(request: Request, door: Door, token: str, next: str) -> Response:
    """The answer to whoever logged in. What session the browser had before ends: nobody goes on
    under a cookie that somebody else may have put there."""
    before = person_of(request)
    if before.login:
        door.people.sessions.end(before.id, request.scope[SESSION])
    answer = RedirectResponse(own_path(next) or "/", 303)
    answer.headers.append("set-cookie", session_cookie(request.scope, token))
    return answer


def _add_account_routes(site: FastAPI, door: Door, web: WebSettings) -> None:
    def page(
        request: Request, said: str = "", error: str | PolicyError = "", status: int = 200
    ) -> Response:
        person, english = person_of(request), is_english(request)
        body = account_body(door, person, request.scope[SESSION], web, said, error, english)
        whole = bar("/account", person) + element("main", body)
        title = pick(english, "我的账号", "My account")
        shown = plain_page(title, whole, class_="plain-page", looks="page.css facts.css people.css",
                           script="plain.js", english=english)  # fmt: skip
        return HTMLResponse(shown, status, headers=OWN_HEADERS)

    @site.get("/account")
    def account(request: Request, said: str = "") -> Response:
        return page(request, said)

    @site.post("/account/password")
    def change(request: Request, old: Field = "", new: Field = "", again: Field = "") -> Response:
        try:
            door.change_password(person_of(request), old, new, again, address_of(request))
        except (Refused, WeakPassword, TooManyTries) as error:
            return page(request, error=error, status=422)
        answer = RedirectResponse("/login?said=changed", 303)
        answer.headers.append("set-cookie", session_cookie(request.scope, ""))
        return answer

    @site.post("/account/sessions")
    def end(request: Request, session: Field = "") -> Response:
        """Ends one session, or all but this one. Of somebody else's there is none here."""
        person, own = person_of(request), request.scope[SESSION]
        sessions, others = door.people.sessions, session == "others"
        if not others and session not in {known.id for known in sessions.of(person.id)}:
            return page(request, error="没有这个登录，可能已经结束。", status=404)
        which = "others" if others else "one"
        with recorded(door.log, entry_of(request, "log out", person.id, sessions=which)):
            if others:
                sessions.end_all(person.id, but=own)
            else:
                sessions.end(person.id, session)
        return RedirectResponse("/account?said=ended", 303)


# --- the pages ----------------------------------------------------------------------------------


def login_page(
    request: Request,
    web: WebSettings,
    next: str = "",
    *,
    login: str = "",
    said: str = "",
    error: str | PolicyError = "",
    status: int = 200,
) -> HTMLResponse:
    """The page of whoever is not in."""
    deny(request.scope, NO_ENTRY)  # a failed login has an entry of its own
    english, wanted = is_english(request), own_path(next)
    ways: dict[str, Callable[[], str]] = {
        "local": lambda: _password_form(login, wanted, bool(error), english),
        "oidc": lambda: _elsewhere(wanted),
        "proxy": lambda: element(
            "p",
            both("请从单位的统一入口打开本系统。", "Open this site through your office's portal."),
        ),
    }
    body = (
        element("h1", both(*NAME))
        + (element("p", both(*_SAID[said]), class_="done", role="status") if said in _SAID else "")
        + (
            element(
                "p",
                both("登录后继续打开您要看的页面。", "Log in to go on to the page you asked for."),
                class_="note",
            )
            if wanted and not error
            else ""
        )
        + (problem(error) if error else "")
        + ways[web.login]()
        + element("p", language_switch("tool"), class_="tools")
    )
    title = pick(english, f"登录 · {NAME[0]}", f"Log in · {NAME[1]}")
    shown = plain_page(title, element("main", body, class_="login"), class_="plain-page",
                       looks="page.css facts.css people.css", script="plain.js", english=english)  # fmt: skip
    return HTMLResponse(shown, status, headers=OWN_HEADERS)


def _password_form(login: str, next: str, is_wrong: bool, english: bool) -> str:
    return element(
        "form",
        _field("login", "登录名", "Login", "username", value=login[:80], autofocus=not login)
        + _field("password", "密码", "Password", "current-password", kind="password", autofocus=bool(login), invalid=is_wrong)
        + element("input", "", type="hidden", name="next", value=next)
        + element("button", both("登录", "Log in"), type="submit", class_="primary"),
        method="post", action="/login", aria_label=pick(english, "登录", "Log in"),
    )  # fmt: skip


def _elsewhere(next: str) -> str:
    address = "/login/oidc" + (f"?next={next}" if next else "")
    label = both("用单位统一登录", "Log in with your office's account")
    return element("p", element("a", label, href=address, class_="primary"))


def _field(
    name: str, zh: str, en: str, complete: str, *, kind: str = "text", value: str = "",
    autofocus: bool = False, invalid: bool = False, hint: str = "", least: int | None = None,
) -> str:  # fmt: skip
    box = element("input", "", id=f"f-{name}", name=name, type=kind, autocomplete=complete, required=True,
                  value=value or None, autofocus=autofocus, maxlength=LONGEST, minlength=least,
                  autocapitalize="none", spellcheck="false", aria_invalid="true" if invalid else None,
                  aria_describedby=f"h-{name}" if hint else None)  # fmt: skip
    label = element("label", both(zh, en), for_=f"f-{name}")
    return element("p", label + box + hint, class_="field")


def account_body(
    door: Door,
    person: Person,
    own: str,
    web: WebSettings,
    said: str,
    error: str | PolicyError,
    english: bool,
) -> str:
    """Who one is here, one's password, where one is logged in."""
    account = door.people.account(person.id)
    must = account is not None and account.must_change
    return (
        element("h1", both("我的账号", "My account"))
        + (element("p", both(*_SAID[said]), class_="done", role="status") if said in _SAID else "")
        + (element("p", both("这个密码是管理员设的，请先改成自己的，再继续使用。", "An administrator chose this password; change it before you go on."), class_="notice", role="status") if must else "")
        + (element("p", both("您的账号还没有权限：改过密码后，请找安全管理员核实、确认。", "Your account has no rights yet; ask the security administrator to confirm it."), class_="notice", role="status") if account and account.is_held else "")
        + (problem(error) if error else "")
        + _about(door, person)
        + (_change_form(english) if account and account.source == "local" else "")
        + ("" if must else _KEYS)
        + ("" if web.login == "proxy" or must else _sessions(door.people.sessions.of(person.id), own))
    )  # fmt: skip


_KEYS = element(
    "p", element("a", both("我的密钥（供程序调用）", "My keys for programs"), href="/account/keys")
)


def _about(door: Door, person: Person) -> str:
    names = {d.id: d.name for d in door.people.departments()}
    line = " › ".join(names[d] for d in reversed(person.departments) if d in names)
    groups = [group.name for group in door.people.groups() if group.id in person.groups]
    rows = (
        ("姓名", "Name", person.name),
        ("登录名", "Login", person.login),
        ("部门", "Department", line),
        ("角色", "Roles", "、".join(role for role in ROLES if role in person.roles)),
        ("群组", "Groups", "、".join(groups)),
    )
    return element(
        "dl",
        join(
            element("div", element("dt", both(zh, en)) + element("dd", text(value or "—")))
            for zh, en, value in rows
        ),
        class_="about",
    )


def _change_form(english: bool) -> str:
    hint = element("span", both(
        f"至少 {SHORTEST} 个字符，不含登录名和姓名；可以用几个不相干的词连起来。修改后所有登录都会结束。",
        f"At least {SHORTEST} characters, without your login or name. All sessions end.",
    ), class_="note", id="h-new")  # fmt: skip
    return element("h2", both("修改密码", "Change password")) + element(
        "form",
        _field("old", "现在的密码", "Present password", "current-password", kind="password")
        + _field("new", "新密码", "New password", "new-password", kind="password", hint=hint, least=SHORTEST)
        + _field("again", "再输一次新密码", "New password again", "new-password", kind="password", least=SHORTEST)
        + element("button", both("修改密码", "Change password"), type="submit", class_="primary"),
        method="post", action="/account/password", aria_label=pick(english, "修改密码", "Change password"),
    )  # fmt: skip


def _sessions(sessions: list[Session], own: str) -> str:
    others = len(sessions) - any(session.id == own for session in sessions)
    everything = _end("others", "结束其他全部登录", "End all others") if others > 1 else ""
    return (
        element("h2", both(f"登录情况（{len(sessions)}）", f"Where you are logged in ({len(sessions)})"))
        + element("ul", join(_session(session, session.id == own) for session in sessions), class_="sessions")
        + everything
    )  # fmt: skip


def _session(session: Session, is_own: bool) -> str:
    where = element("b", text(browser_name(session.browser))) + text(f" · {session.address or '—'}")
    times = both(
        f"登录 {_at(session.created)} · 最近使用 {_at(session.seen)}",
        f"since {_at(session.created)} · last used {_at(session.seen)}",
    )
    mine = element("span", both("这里", "This one"), class_="state")
    deed = mine if is_own else _end(session.id, "结束", "End")
    return element("li", element("div", where + element("p", times, class_="note")) + deed)


def _end(identifier: str, zh: str, en: str) -> str:
    hidden = element("input", "", type="hidden", name="session", value=identifier)
    button = element("button", both(zh, en), type="submit", class_="tool")
    return element("form", hidden + button, method="post", action="/account/sessions")


def browser_name(agent: str) -> str:
    """What people call the browser that sent this name of its own."""
    names = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
    name = next((name for mark, name in names if mark in agent), agent[:40] or "—")
    systems = ("Windows", "Android", "iPhone", "Mac OS", "Linux")
    system = next((system for system in systems if system in agent), "")
    return f"{name} {system}".strip()


def _at(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
