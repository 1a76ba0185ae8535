"""/account/keys: one's own keys for programs."""

from typing import Annotated, Any

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.pages.key_forms import fresh_key, key_form, key_list, scopes_of, whole
from assistant.pages.markup import both, element
from assistant.pages.plain import pick
from assistant.pages.shell import OWN_HEADERS, bar, plain_page, problem
from assistant.people.door import Door
from assistant.people.keys import new_key_id
from assistant.people.languages import is_english
from assistant.people.log import recorded
from assistant.people.units import Refused
from assistant.people.viewer import entry_of, person_of
from assistant.settings import ApiSettings

PAGE = "/account/keys"
Typed = Annotated[str, Form()]
Several = Annotated[list[str] | None, Form()]


def add_key_routes(site: FastAPI, door: Door, settings: ApiSettings) -> None:
    """Whoever is logged in makes keys for what they may do, and revokes their own."""

    def page(
        request: Request, *, secret: str = "", error: str = "", name: str = "", status: int = 200
    ) -> Response:
        person, english = person_of(request), is_english(request)
        body = (
            element("p", element("a", both("回到我的账号", "My account"), href="/account"))
            + element("h1", both("我的密钥", "My keys"))
            + _ABOUT
            + (fresh_key(secret) if secret else "")
            + (problem(error) if error else "")
            + key_list(door.people.keys.of(person.id), PAGE)
            + (element("h2", both("新建", "New")) + key_form(PAGE, person, settings, name=name)
               if settings.own_keys and scopes_of(person) else "")
        )  # fmt: skip
        title = pick(english, "我的密钥", "My keys")
        whole = bar("/account", person) + element("main", body)
        shown = plain_page(title, whole, class_="plain-page", looks="page.css facts.css people.css keys.css",
                           script="plain.js", english=english)  # fmt: skip
        return HTMLResponse(shown, status, headers=OWN_HEADERS)

    @site.get(PAGE)
    def listed(request: Request) -> Response:
        return page(request)

    @site.post(PAGE)
    def change(
        request: Request, deed: Typed = "", key: Typed = "", name: Typed = "",
        scope: Several = None, days: Typed = "", per_minute: Typed = "",
    ) -> Response:  # fmt: skip
        """Makes a key, or revokes one. Of somebody else's there is none here."""
        person, keys = person_of(request), door.people.keys
        if deed == "revoke":
            if key not in {known.id for known in keys.of(person.id)}:
                return page(request, error="没有这个密钥。", status=404)
            with recorded(door.log, entry_of(request, "revoke key", key)):
                keys.revoke(key)
            return RedirectResponse(PAGE, 303)
        wanted = sorted(scope or [])
        try:
            if not settings.own_keys:
                raise Refused("本单位的密钥由管理员建")
            if not set(wanted) <= set(scopes_of(person)):
                raise Refused("只能选自己有权限的范围")
            life, rate = whole(days), whole(per_minute)
            if life > settings.key_days:
                raise Refused(f"密钥最长有效 {settings.key_days} 天")
            new = new_key_id()
            details: dict[str, Any] = {"scopes": wanted, "days": life, "per_minute": rate}
            with recorded(door.log, entry_of(request, "add key", new, **details, owner=person.id)):
                _, secret = keys.add(person.id, name, wanted, days=life, per_minute=rate, identifier=new)  # fmt: skip
        except Refused as error:
            return page(request, error=str(error), name=name[:60], status=422)
        return page(request, secret=secret)


_ABOUT = element(
    "p",
    both("程序用密钥代您调用本系统：看得到的与您相同，做得到的只有所选的范围，每次调用都记入审计日志。密钥等同密码，不要发给别人。",
         "Programs call with a key in your name. They see what you see, and do what its scopes say. Keep it like a password."),
    class_="note",
)  # fmt: skip
