"""The list of accounts, and one of them with all that can be done to it by whoever looks."""

from datetime import datetime

from assistant.pages.admin.frame import (
    button,
    choice,
    field,
    folded,
    form,
    hidden,
    link,
    note,
    number_of,
    sheet,
)
from assistant.pages.markup import both, element, join, text
from assistant.people.permissions import may
from assistant.people.person import APART, ROLES, Department, Person
from assistant.people.store import Account, People

PAGE = "/admin/people"
_ROWS = 50
_SOURCES = {
    "local": "本系统密码",
    "oidc": "统一登录",
    "proxy": "统一入口",
    "service": "服务账号（程序用密钥，不登录）",
}


def paths(people: People) -> dict[str, str]:
    """Departments by id, as 局 / 科."""
    found: dict[str, str] = {}
    for department in people.departments():
        above = found.get(department.parent, "")
        found[department.id] = f"{above} / {department.name}" if above else department.name
    return found


def options(departments: list[Department], names: dict[str, str]) -> list[tuple[str, str]]:
    return [("", "（没有部门）"), *((d.id, names[d.id]) for d in departments)]


def listing(
    people: People, actor: Person, words: str, page: str, typed: tuple[str, str, str] = ("", "", "")
) -> str:
    names = paths(people)
    every = people.people()
    sought = words.strip().casefold()
    found = [a for a in every if not sought or sought in _searched(a, names)]
    number = max(1, number_of(page))
    shown = found[(number - 1) * _ROWS : number * _ROWS]
    told = (
        f"共 {len(every)} 个账号" + (f"，符合“{words}”的 {len(found)} 个" if sought else "") + "。"
    )
    search = element(
        "form",
        field(("登录名、姓名、部门、角色", "Login, name, department, role"), "q", words, kind="search", longest=80, class_="grow")
        + button("查找", "Search"),
        method="get", action=PAGE, class_="line", role="search",
    )  # fmt: skip
    last = -(-len(found) // _ROWS)
    steps = ((number - 1, "上一页", "Previous"), (number + 1, "下一页", "Next"))
    pages = join(link(zh, en, PAGE, q=words, page=n) for n, zh, en in steps if 1 <= n <= last)
    return (
        element("p", text(told), class_="note", role="status")
        + _apart(people, every)
        + (_adding(people, names, typed) if may(actor, "set up people") else "")
        + search
        + (sheet(_HEADER, (_row(a, names) for a in shown), "账号") if shown else "")
        + element("nav", pages, class_="pager", aria_label="分页")
    )


_HEADER = (
    ("登录名", "Login"), ("姓名", "Name"), ("部门", "Department"), ("角色", "Roles"), ("状态", "State"),
)  # fmt: skip


def _searched(account: Account, names: dict[str, str]) -> str:
    parts = (account.login, account.name, names.get(account.department, ""), *account.roles)
    return " ".join(parts).casefold()


def _row(account: Account, names: dict[str, str]) -> list[str]:
    return [
        element("a", text(account.login), href=f"{PAGE}/{account.id}"),
        text(account.name),
        text(names.get(account.department, "—")),
        text("、".join(role for role in ROLES if role in account.roles) or "—"),
        text(_state(account)),
    ]


def _state(account: Account) -> str:
    if account.is_disabled:
        return "已停用"
    state = "待改密码" if account.must_change else "在用"
    return f"{state}，权限待确认" if account.is_held else state


def _apart(people: People, every: list[Account]) -> str:
    """三员: who has which, and whether one hand has several."""
    rows = []
    for role in (role for role in ROLES if role in APART):
        holders = [a.name for a in every if role in a.roles and not a.is_disabled]
        rows.append(element("div", element("dt", text(role)) + element("dd", text("、".join(holders[:10]) or "无人"))))  # fmt: skip
    several = [a.name for a in every if len(a.roles & APART) > 1 and not a.is_disabled]
    told = ("三员分立：一人只能有其中一个角色。" if people.separate
            else "三员没有要求分立（POLICY_WEB_SEPARATE）。")  # fmt: skip
    told += f"现在一人兼任的：{'、'.join(several[:10])}。" if several else ""
    return folded(
        "三员", "The three administrators",
        element("p", text(told), class_="note") + element("dl", join(rows), class_="pairs"), is_open=people.separate,
    )  # fmt: skip


def _adding(people: People, names: dict[str, str], typed: tuple[str, str, str]) -> str:
    login, name, department = typed
    content = (
        field(("登录名", "Login"), "login", login, longest=80, required=True, autocomplete="off")
        + field(("姓名", "Name"), "name", name, longest=60, required=True, autocomplete="off")
        + ("" if people.separate else choice(("部门", "Department"), "department", options(people.departments(), names), department))
        + field(("初始密码（首次登录必须改）", "First password"), "password", kind="password",
                longest=200, required=True, autocomplete="new-password")
        + button("建账号", "Add", main=True)
    )  # fmt: skip
    hint = (
        note("三员分立：本人首次登录改过密码后，由安全管理员定部门、授角色并确认，账号才能使用。",
             "It may do nothing before its owner changed the password and its rights are confirmed.")
        if people.separate
        else note("新账号只有查阅角色，其他角色由安全管理员授予。", "A new account can only read; roles are granted separately.")
    )  # fmt: skip
    adding = form(f"{PAGE}/add", content, class_="line") + hint
    return folded("新建账号", "Add an account", adding, is_open=bool(login)) + _adding_service(
        people, names
    )


def _adding_service(people: People, names: dict[str, str]) -> str:
    content = (
        hidden(service="1")
        + field(("登录名", "Login"), "login", longest=80, required=True, autocomplete="off")
        + field(("名称", "Name"), "name", longest=60, required=True, autocomplete="off")
        + ("" if people.separate else choice(("部门", "Department"), "department", options(people.departments(), names)))
        + button("建服务账号", "Add a service", main=True)
    )  # fmt: skip
    hint = note("给别的系统用：没有密码，不能登录，凭密钥调用；看得到什么由它的部门、群组决定。密钥在它的页面上建。",
                "For another system: no password and no login; it comes with keys, made on its page.")  # fmt: skip
    return folded(
        "新建服务账号", "Add a service", form(f"{PAGE}/add", content, class_="line") + hint
    )


def detail(people: People, account: Account, actor: Person, drafts: int) -> str:
    """`drafts`: how many they own."""
    names = paths(people)
    rows = [
        ("登录名", account.login), ("姓名", account.name),
        ("部门", names.get(account.department, "—")), ("登录方式", _SOURCES[account.source]),
        ("状态", _state(account)),
        ("角色", "、".join(r for r in ROLES if r in account.roles) or "—"),
        ("稿子", f"{drafts} 份"),
        ("建于", datetime.fromtimestamp(account.created).strftime("%Y-%m-%d")),
    ]  # fmt: skip
    pairs = join(element("div", element("dt", text(n)) + element("dd", text(v))) for n, v in rows)
    sets_up, grants = may(actor, "set up people"), may(actor, "grant rights")
    return (
        element("p", link("回到人员", "All people", PAGE))
        + element("h2", text(account.name))
        + element("dl", pairs, class_="pairs")
        + (_set_up(people, account, names) if sets_up else "")
        + (_granting(people, account, names) if grants else "")
        + (_handing_over(account) if sets_up and drafts else "")
        + (_erasing(account) if sets_up else "")
    )


def _set_up(people: People, account: Account, names: dict[str, str]) -> str:
    own = f"{PAGE}/{account.id}"
    change = (
        field(("姓名", "Name"), "name", account.name, longest=60, required=True, class_="grow")
        + ("" if people.separate else choice(("部门", "Department"), "department", options(people.departments(), names), account.department))
        + button("保存", "Save", main=True)
    )  # fmt: skip
    password = (
        field(("新的初始密码", "New first password"), "password", kind="password", longest=200,
              required=True, autocomplete="new-password", class_="grow")
        + button("重设密码", "Reset the password")
    )  # fmt: skip
    is_off = account.is_disabled
    use = hidden(to="enabled" if is_off else "disabled") + (
        button("恢复使用", "Enable") if is_off else button("停用", "Disable")
    )
    return (
        element("h2", both("账号", "Account"))
        + form(f"{own}/change", change, class_="line")
        + (form(f"{own}/password", password, class_="line") if account.source == "local" else "")
        + form(f"{own}/use", use)
    )


def _granting(people: People, account: Account, names: dict[str, str]) -> str:
    own = f"{PAGE}/{account.id}"
    roles = _boxes(("角色", "Roles"), "role", [(r, r) for r in ROLES], account.roles)
    every = [(g.id, g.name) for g in people.groups()]
    groups = _boxes(("群组", "Groups"), "group", every, account.groups)
    grouping = form(f"{own}/groups", groups + button("保存群组", "Save groups"), class_="stacked")
    place = form(
        f"{own}/department",
        choice(("部门", "Department"), "department", options(people.departments(), names), account.department)
        + button("保存部门", "Save the department"),
        class_="line",
    )  # fmt: skip
    return (
        element("h2", both("权限", "Rights"))
        + (_releasing(account) if account.is_held else "")
        + (place if people.separate else "")
        + form(f"{own}/roles", roles + button("保存角色", "Save roles"), class_="stacked")
        + (grouping if every else "")
        + _sessions(people, account)
    )


def _releasing(account: Account) -> str:
    told = note("这个账号的密码由没有这些权限的人设过，权限暂停。请先当面或打电话向本人核实：已经登录并改了密码；再看部门、角色、群组，然后确认。",
                "Its rights rest: ask its owner whether they changed the password, then confirm.")  # fmt: skip
    confirm = form(f"{PAGE}/{account.id}/release", button("确认，恢复权限", "Confirm", main=True))
    return told + ("" if account.must_change else confirm)


def _boxes(
    labels: tuple[str, str], name: str, every: list[tuple[str, str]], chosen: frozenset[str]
) -> str:
    items = join(
        element("label", element("input", type="checkbox", name=name, value=value, checked=value in chosen)
                + text(f" {label}"))
        for value, label in every
    )  # fmt: skip
    return element("fieldset", element("legend", both(*labels)) + items, class_="checks-row")


def _sessions(people: People, account: Account) -> str:
    own = f"{PAGE}/{account.id}/sessions"
    found = people.sessions.of(account.id)
    if not found:
        return note("现在没有登录。", "Not logged in.")
    rows = [
        [
            text(datetime.fromtimestamp(s.created).strftime("%m-%d %H:%M")),
            text(datetime.fromtimestamp(s.seen).strftime("%m-%d %H:%M")),
            text(s.address),
            text(s.browser[:80]),
            form(own, hidden(session=s.id) + button("结束", "End")),
        ]
        for s in found
    ]
    header = (
        ("登录", "Since"),
        ("最近", "Seen"),
        ("来自", "From"),
        ("浏览器", "Browser"),
        ("", ""),
    )
    every = form(own, button("结束全部登录", "End all"))
    return sheet(header, rows, "登录") + every


def _handing_over(account: Account) -> str:
    """For somebody who was shut out: who is at work hands over their drafts themselves."""
    title = ("把稿子转给别人…", "Hand over the drafts…")
    if not account.is_disabled:
        return folded(*title, note("停用这个账号以后，可以把全部稿子转给另一位同事。",
                                   "Disable the account first."))  # fmt: skip
    content = (
        note("全部稿子连同回收站里的，转给另一位有起草角色的同事；办理的人看不到内容。",
             "All drafts, those in the bin too, go to a colleague; you do not see them.")
        + field(("转给（登录名）", "To (login)"), "to", longest=80, required=True, autocomplete="off", class_="grow")
        + button("转交", "Hand over")
    )  # fmt: skip
    return folded(*title, form(f"{PAGE}/{account.id}/drafts", content, class_="stacked"))


def _erasing(account: Account) -> str:
    content = (
        note("按本人要求删除：问答记录、收藏、没有回答的问题里的姓名、只有本人能打开的稿子、别人稿子里的姓名；"
             "审计日志按规定隐去姓名；账号一并删除，不能恢复。要留的稿子请先转给别人。",
             "Erases what is kept of this person, and the account. It cannot be undone.")
        + field(("再写一次登录名", "Type the login"), "login", longest=80, required=True, autocomplete="off", class_="grow")
        + button("删除个人数据和账号", "Erase")
    )  # fmt: skip
    return folded("删除个人数据…", "Erase personal data…",
                  form(f"{PAGE}/{account.id}/erase", content, class_="stacked"))  # fmt: skip
