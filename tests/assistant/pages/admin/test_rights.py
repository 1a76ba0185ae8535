"""Who may open and do what in 管理: every route, every role."""

import re
from typing import get_args

import pytest

from assistant.pages.admin.frame import SECTIONS
from assistant.people.permissions import Action, may
from assistant.people.person import ROLES, Person, Role
from tests.assistant.pages.admin.conftest import Site

# Whose page or deed each address is: of whoever may do one of these.
WHOSE: dict[str, tuple[Action, ...]] = {
    "GET /admin": ("answer gaps", "set up people", "grant rights", "look after the system"),
    "GET /admin/gaps": ("answer gaps",),
    "POST /admin/gaps/want": ("answer gaps",),
    "POST /admin/gaps/unwant": ("answer gaps",),
    "POST /admin/gaps/outside": ("answer gaps",),
    "POST /admin/gaps/reopen": ("answer gaps",),
    "POST /admin/gaps/retest": ("answer gaps",),
    "GET /admin/answer": ("answer gaps",),
    "POST /admin/answer": ("answer gaps",),
    "GET /admin/answers": ("answer gaps",),
    "POST /admin/answers/remove": ("answer gaps",),
    "GET /admin/terms": ("answer gaps",),
    "POST /admin/terms/preview": ("answer gaps",),
    "POST /admin/terms/save": ("answer gaps",),
    "GET /admin/state": ("look after the system",),
    "GET /admin/use": ("look after the system",),
    "GET /admin/backups": ("look after the system",),
    "POST /admin/backups/make": ("look after the system",),
    "POST /admin/backups/check": ("look after the system",),
    "GET /admin/people": ("set up people", "grant rights"),
    "POST /admin/people/add": ("set up people",),
    "GET /admin/people/{identifier}": ("set up people", "grant rights"),
    "POST /admin/people/{identifier}/change": ("set up people",),
    "POST /admin/people/{identifier}/password": ("set up people",),
    "POST /admin/people/{identifier}/use": ("set up people",),
    "POST /admin/people/{identifier}/erase": ("set up people",),
    "POST /admin/people/{identifier}/drafts": ("set up people",),
    "POST /admin/people/{identifier}/roles": ("grant rights",),
    "POST /admin/people/{identifier}/groups": ("grant rights",),
    "POST /admin/people/{identifier}/sessions": ("grant rights",),
    "POST /admin/people/{identifier}/department": ("set up people",),  # apart: "grant rights"
    "POST /admin/people/{identifier}/release": ("grant rights",),
    "POST /admin/people/{identifier}/keys": ("set up people",),  # to revoke, "grant rights" too
    "GET /admin/departments": ("set up people", "grant rights"),
    "POST /admin/departments/put": ("set up people",),
    "POST /admin/departments/remove": ("set up people",),
    "POST /admin/groups/put": ("grant rights",),
    "POST /admin/groups/remove": ("grant rights",),
}


def routes(site: Site) -> set[str]:
    return {
        f"{method} {route.path}"  # type: ignore[attr-defined]
        for route in site.client.app.routes  # type: ignore[attr-defined]
        for method in getattr(route, "methods", None) or ()
        if route.path.startswith("/admin") and method in ("GET", "POST")
    }


def test_every_route_is_in_the_table(site: Site) -> None:
    assert routes(site) == set(WHOSE)
    assert {path for path, *_ in SECTIONS} <= {route.split()[1] for route in WHOSE}


@pytest.mark.parametrize("role", [*get_args(Role), None])
def test_who_may_not_finds_nothing_and_it_is_noted(site: Site, role: Role | None) -> None:
    victim = site.people.add("victim", "某人")
    site.become(*([role] if role else []))
    unchanged = site.people.account(victim.id)
    for route, actions in WHOSE.items():
        if any(may(site.person, action) for action in actions):
            continue
        method, path = route.split()
        path = path.replace("{identifier}", victim.id)
        site.log.entries.clear()
        answer = site.client.request(method, path, data={"id": "1"} if method == "POST" else None)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"}), route
        assert site.log.deeds == [("refused", "refused")], route
    assert site.people.account(victim.id) == unchanged


@pytest.mark.parametrize("role", ROLES)
def test_who_may_opens_their_pages_and_sees_links_to_no_others(site: Site, role: Role) -> None:
    site.become(role)
    own = {path for path, *_, actions in SECTIONS if any(may(site.person, a) for a in actions)}
    for path in own:
        page = site.get(path)
        nav = page[page.index('class="sections"') : page.index("<main>")]
        assert set(re.findall(r'href="(/admin/[a-z]+)"', nav)) == own
    begun = site.client.get("/admin")
    assert begun.status_code == (303 if own else 404)
    if own:
        assert begun.headers["location"] in own


def test_pages_with_forms_allow_nothing_from_elsewhere(site: Site) -> None:
    headers = site.client.get("/admin/terms").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert headers["cache-control"] == "no-store"


def test_who_sets_up_accounts_takes_over_no_one_who_watches(site: Site) -> None:
    watcher = site.people.add("shenji", "审计员", roles=["审计"], password="x")
    site.people.add("anquan", "安全员", roles=["安全管理"])
    site.become("系统管理")
    for deed in ("password", "use", "change", "erase", "drafts"):
        form = {
            "password": "一个 足够长 的密码",
            "to": "disabled",
            "name": "别人",
            "login": "shenji",
        }
        page = site.post(f"/admin/people/{watcher.id}/{deed}", **form)
        assert (page.status_code, "由安全管理员办理" in page.text) == (400, True), deed
    assert site.people.account(watcher.id) == watcher
    assert site.people.password_of(watcher.id) == "x"
    assert site.log.deeds == [("refused", "refused")] * 5


def test_where_three_are_apart_nobody_grants_themselves(site: Site) -> None:
    site.people.separate = True
    me = site.people.add("me", "李某", roles=["安全管理"])
    site.people.add("other", "王某", roles=["安全管理"])
    site.become("安全管理", identifier=me.id)
    page = site.post(f"/admin/people/{me.id}/roles", role=["安全管理", "资料管理"])
    assert page.status_code == 400
    assert "三员分立" in page.text
    other = site.people.add("third", "张某")
    page = site.post(f"/admin/people/{other.id}/roles", role=["系统管理", "审计"])
    assert page.status_code == 400
    assert "不能由一人兼任" in page.text
    assert site.people.account(other.id) == other


PASSWORD = "一个 足够长 的密码"


def test_where_three_are_apart_no_hand_alone_opens_a_departments_documents(site: Site) -> None:
    people = site.people
    people.separate = True
    bureau = people.put_department("财政局")
    site.become("系统管理")
    new = {"login": "new", "name": "新人", "password": PASSWORD}
    assert (
        "部门由安全管理员决定" in site.post("/admin/people/add", **new, department=bureau.id).text
    )
    assert people.by_login("new") is None
    assert site.post("/admin/people/add", **new).status_code == 303
    account = people.by_login("new")
    assert account
    own = f"/admin/people/{account.id}"
    page = site.post(f"{own}/change", name="新人", department=bureau.id)
    assert "部门由安全管理员决定" in page.text
    for path, form in (
        (f"{own}/department", {"department": bureau.id}), (f"{own}/release", {}),
        ("/admin/departments/put", {"name": "别的", "id": bureau.id}),
        ("/admin/departments/put", {"name": "新的"}), ("/admin/departments/remove", {"id": bureau.id}),
    ):  # fmt: skip
        assert site.post(path, **form).status_code == 404, path
    assert [d.name for d in people.departments()] == ["财政局"]
    site.become("安全管理")
    assert site.post(f"{own}/department", department=bureau.id).status_code == 303
    site.post(f"{own}/roles", role=["资料管理"])
    assert "本人还没有登录改过密码" in site.post(f"{own}/release").text
    person = people.person(account.id)  # what whoever knows the first password gets
    assert person
    assert (person.roles, person.departments) == (frozenset(), ())
    people.set_password(account.id, "their own", must_change=False)
    assert "确认，恢复权限" in site.get(own)
    assert site.post(f"{own}/release").status_code == 303
    person = people.person(account.id)
    assert person
    assert (person.roles, person.departments) == ({"资料管理"}, (bureau.id,))


def test_a_reset_gives_whoever_makes_it_no_rights_that_they_lack(site: Site) -> None:
    people = site.people
    unit, group = people.put_department("水务局"), people.put_group("专班", [])
    same = people.add("same", roles=["系统管理"])
    more = [people.add("a", roles=["资料管理"]), people.add("b", department=unit.id, roles=[]),
            people.add("c", roles=[])]  # fmt: skip
    people.set_groups(more[2].id, [group.id])
    people.add("keeps", roles=["系统管理", "安全管理"])
    site.become("系统管理")
    for account in (same, *more):
        done = site.post(f"/admin/people/{account.id}/password", password=PASSWORD)
        assert done.status_code == 303
    for account in more:
        person = people.person(account.id)
        assert person
        assert not (person.roles)
        assert not (person.departments)
        assert not (person.groups)
        kept = people.account(account.id)
        assert kept
        assert (kept.roles, kept.groups) == (account.roles, kept.groups)
    assert (people.account(same.id) or same).is_held is False
    site.become("系统管理", "安全管理")  # who could grant them
    kept = people.add("d", roles=["资料管理"])
    site.post(f"/admin/people/{kept.id}/password", password=PASSWORD)
    assert (people.account(kept.id) or kept).is_held is False


def test_renaming_a_group_leaves_who_is_in_it(site: Site) -> None:
    one, two = site.people.add("a"), site.people.add("b")
    group = site.people.put_group("专班", [one.id, two.id])
    site.post(f"/admin/people/{one.id}/groups", group=[])
    site.post("/admin/groups/put", id=group.id, name="新专班")
    assert [(g.name, g.members) for g in site.people.groups()] == [("新专班", {two.id})]
    page = site.post(f"/admin/people/{one.id}/groups", group=["group:none"])
    assert "可能已删除" in page.text


def test_without_logging_in_there_are_no_people_to_set_up(site: Site) -> None:
    assert Person("browser:1", roles=frozenset(ROLES), is_alone=True).is_alone
    object.__setattr__(site.services, "people", None)
    page = site.get("/admin/terms")
    assert "/admin/people" not in page
    assert "/admin/backups" in page
