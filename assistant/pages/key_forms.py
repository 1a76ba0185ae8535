"""Forms and lists of keys, on 我的账号 and on a service's page of 管理."""

import time
from collections.abc import Collection, Iterable

from assistant.pages.markup import both, element, join, text
from assistant.people.keys import ACTION_OF, LONGEST_NAME, MOST_PER_MINUTE, SCOPES, Key, Scope
from assistant.people.permissions import may
from assistant.people.person import Person
from assistant.settings import ApiSettings

_WHAT: dict[Scope, tuple[str, str]] = {
    "ask": ("提问", "ask"),
    "search": ("检索", "search"),
    "read": ("读文件、指标、对照、订阅", "read documents, facts, comparisons, feeds"),
    "upload": ("上传文件", "upload"),
    "delete": ("删除文件", "delete"),
    "draft": ("起草", "drafts"),
    "audit": ("核对文稿", "audit texts"),
}
_PERIODS = (30, 90, 180, 365)


def scopes_of(person: Person) -> list[Scope]:
    """What a key of somebody's could open."""
    return [scope for scope in SCOPES if may(person, ACTION_OF[scope])]


def key_form(
    action: str,
    person: Person,
    settings: ApiSettings,
    *,
    chosen: Iterable[str] = (),
    name: str = "",
) -> str:
    """For a new key of `person`."""
    wanted = set(chosen) or {"ask", "search", "read"}
    boxes = join(
        element("label", element("input", type="checkbox", name="scope", value=scope, checked=scope in wanted)
                + both(f" {scope}（{_WHAT[scope][0]}）", f" {scope} ({_WHAT[scope][1]})"))
        for scope in scopes_of(person)
    )  # fmt: skip
    periods = [days for days in _PERIODS if days < settings.key_days] + [settings.key_days]
    options = join(
        element("option", text(f"{d} 天 / days"), value=d, selected=d == 90) for d in periods
    )
    return element(
        "form",
        _labelled("key-name", "名称（给哪个程序用）", "Name (for which program)",
                  element("input", id="key-name", name="name", value=name, required=True, maxlength=LONGEST_NAME, autocomplete="off"))
        + element("fieldset", element("legend", both("范围", "Scopes")) + boxes)
        + _labelled("key-days", "有效", "Valid for", element("select", options, id="key-days", name="days"))
        + _labelled("key-rate", "每分钟最多调用", "Calls per minute",
                    element("input", id="key-rate", name="per_minute", type="number", min=1, max=MOST_PER_MINUTE, value=settings.per_minute))
        + element("button", both("建密钥", "Make a key"), type="submit", class_="primary"),
        method="post", action=action, class_="key-form",
    )  # fmt: skip


def whole(typed: str) -> int:
    """A number from a form; 0, which is refused, for what is none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0


def _labelled(identifier: str, zh: str, en: str, box: str) -> str:
    return element("p", element("label", both(zh, en), for_=identifier) + box, class_="field")


def fresh_key(secret: str) -> str:
    """The only time that it is shown."""
    told = both("这是新密钥，只显示这一次，请现在复制保存。丢了就吊销它，另建一个。",
                "This is the new key. It is shown only now; copy it.")  # fmt: skip
    box = element("input", value=secret, readonly=True, size=64, class_="secret", autocomplete="off",
                  aria_label="密钥 / key")  # fmt: skip
    return element("div", element("p", told) + element("p", box), class_="done", role="status")


def key_list(
    keys: list[Key], action: str, *, rights: Collection[str] = (), can_release: bool = False
) -> str:
    """Somebody's keys, each with its deeds; `action` is where they are sent, `rights` what their
    owner has now."""
    items = join(_item(key, action, rights, can_release) for key in keys)
    return element("ul", items, class_="keys") if items else ""


def _item(key: Key, action: str, rights: Collection[str], can_release: bool) -> str:
    waits = key.waiting(rights)
    state, lives = _state(key, waits, is_part=len(waits) < len(rights))
    scopes = "、".join(scope for scope in SCOPES if scope in key.scopes)
    about = both(
        f"{key.id} · {scopes} · 每分钟 {key.per_minute} 次 · 建于 {_day(key.created)} · "
        f"到期 {_day(key.expires)} · 最近使用 {_day(key.used)}",
        f"{key.id} · {scopes} · {key.per_minute} per minute · made {_day(key.created)} · "
        f"expires {_day(key.expires)} · last used {_day(key.used)}",
    )
    head = element("b", text(key.name)) + " " + element("span", both(*state), class_="note")
    deeds = (
        _deed(action, key, "release", "确认", "Confirm") if waits and lives and can_release else ""
    )
    deeds += _deed(action, key, "revoke", "吊销", "Revoke") if lives else ""
    return element("li", element("div", head + element("p", about, class_="note")) + deeds)


def _state(key: Key, waits: Collection[str], *, is_part: bool) -> tuple[tuple[str, str], bool]:
    if key.revoked:
        return ("已吊销", "revoked"), False
    if key.expires <= time.time():
        return ("已过期", "expired"), False
    if waits and is_part:
        return ("在用；部分权限待安全管理员确认", "in use, some rights to be confirmed"), True
    return ("权限待安全管理员确认", "to be confirmed") if waits else ("在用", "in use"), True


def _deed(action: str, key: Key, deed: str, zh: str, en: str) -> str:
    hidden = element("input", type="hidden", name="key", value=key.id)
    button = element("button", both(zh, en), type="submit", class_="tool", name="deed", value=deed,
                     aria_label=f"{zh} {key.name}")  # fmt: skip
    return element("form", hidden + button, method="post", action=action)


def _day(seconds: int) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds)) if seconds else "—"
