"""Accounts, departments, groups, and what must hold of them."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.people.schema import PEOPLE
from assistant.people.store import People
from assistant.people.units import Refused
from tests.vectorstore.catalog.test_migrations import scripts, structure
from vectorstore.sqlite.database import Database, Store


def test_a_person_has_their_department_and_all_above_it(people: People) -> None:
    city = people.put_department("市政府")
    bureau = people.put_department("教育局", city.id)
    office = people.put_department("办公室", bureau.id)
    people.put_department("办公室", city.id)  # another of that name elsewhere
    account = people.add(" Zhang.San ", "张三", department=office.id, roles=["起草"])
    group = people.put_group("专班", [account.id])
    person = people.person(account.id)
    assert person is not None
    assert person.departments == (office.id, bureau.id, city.id)
    assert (person.login, person.name, person.groups) == ("zhang.san", "张三", {group.id})
    assert person.roles == {"起草"}
    assert person.viewer.departments == {office.id, bureau.id, city.id}
    people.put_department("教育局", "", bureau.id)  # moved to the top
    moved = people.person(account.id)
    assert moved is not None
    assert moved.departments == (office.id, bureau.id)
    assert [d.name for d in people.departments()] == ["市政府", "办公室", "教育局", "办公室"]


def test_logins_have_one_spelling(people: People) -> None:
    account = people.add("Ｚhang")
    assert people.by_login("ZHANG") == account
    for login in ("zhang", "", "a/b", "<b>", "x" * 81):
        with pytest.raises(Refused):
            people.add(login)


def test_a_tree_stays_a_tree(people: People) -> None:
    top = people.put_department("一")
    below = people.put_department("二", top.id)
    for deed in (
        lambda: people.put_department("一", below.id, top.id),
        lambda: people.put_department("一", top.id, top.id),
        lambda: people.put_department("二", top.id),  # a twin
        lambda: people.put_department("三", "dept:none"),
        lambda: people.put_department("三", "", "dept:none"),
        lambda: people.put_department("   "),
        lambda: people.remove_department(top.id),
        lambda: people.remove_department("dept:none"),
        lambda: people.add("x", department="dept:none"),
    ):
        with pytest.raises(Refused):
            deed()
    account = people.add("x", department=below.id)
    with pytest.raises(Refused):
        people.remove_department(below.id)
    people.change(account.id, department="")
    people.remove_department(below.id)
    assert [d.id for d in people.departments()] == [top.id]


@settings(max_examples=30, deadline=None)
@given(moves=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=15))
def test_whatever_is_moved_everybody_has_a_way_up(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[int, int]]
) -> None:
    store = People(tmp_path_factory.mktemp("p") / "people.sqlite3")
    made = [store.put_department(f"部门{n}") for n in range(6)]
    for child, parent in moves:
        try:
            store.put_department(made[child].name, made[parent].id, made[child].id)
        except Refused:
            continue
    parents = {d.id: d.parent for d in store.departments()}
    assert len(parents) == 6  # a circle would not be reached from the top
    for department in made:
        line = store.above(department.id)
        assert line[0] == department.id
        assert len(set(line)) == len(line)
        assert parents[line[-1]] == ""
    store.close()


def test_the_last_who_can_put_things_right_stays(people: People) -> None:
    first = people.add("a", roles=["系统管理", "安全管理", "查阅"])
    for deed in (
        lambda: people.disable(first.id),
        lambda: people.remove(first.id),
        lambda: people.set_roles(first.id, ["系统管理"]),
        lambda: people.set_roles(first.id, []),
    ):
        with pytest.raises(Refused, match="最后一个"):
            deed()
    second = people.add("b", roles=["系统管理", "安全管理"])
    people.disable(second.id)
    with pytest.raises(Refused, match="最后一个"):
        people.disable(first.id)  # the other cannot come in
    people.enable(second.id)
    assert people.set_roles(first.id, ["查阅"]).roles == {"查阅"}
    people.remove(first.id)
    assert people.person(first.id) is None
    assert people.add("a").id != first.id  # nobody inherits what belonged to an id


def test_three_roles_are_kept_apart_where_the_office_says_so(tmp_path: Path) -> None:
    store = People(tmp_path / "people.sqlite3", separate=True)
    for roles in (["系统管理", "审计"], ["安全管理", "审计"], ["系统管理", "安全管理", "查阅"]):
        with pytest.raises(Refused, match="三员分立"):
            store.add("x", roles=roles)
    account = store.add("x", roles=["审计", "查阅"])
    with pytest.raises(Refused, match="三员分立"):
        store.set_roles(account.id, ["审计", "系统管理"])
    with pytest.raises(Refused, match="没有“站长”这个角色"):
        store.set_roles(account.id, ["站长"])
    account = store.account(account.id) or account
    assert account.roles == {"审计", "查阅"}
    store.close()


def test_groups(people: People) -> None:
    one, two = people.add("a"), people.add("b")
    group = people.put_group("专班", [one.id])
    with pytest.raises(Refused):
        people.put_group("专班", [])
    with pytest.raises(Refused):
        people.put_group("别的", ["user:none"])
    people.put_group("新专班", [two.id], group.id)
    assert [(g.name, g.members) for g in people.groups()] == [("新专班", {two.id})]
    assert people.people()[0].groups == frozenset()
    assert people.put_group("专班", identifier=group.id).members == {two.id}  # only renamed
    people.set_groups(one.id, [group.id])
    people.set_groups(two.id, [])
    assert people.groups()[0].members == {one.id}
    people.remove(one.id)
    assert people.groups()[0].members == frozenset()
    people.remove_group(group.id)
    assert people.groups() == []


def test_a_group_that_is_renamed_while_somebody_leaves_it_does_not_bring_them_back(
    people: People,
) -> None:
    """Whatever one page read before, a statement changes only what it is about."""
    accounts = [people.add(f"p{n}") for n in range(6)]
    group = people.put_group("专班", [a.id for a in accounts])
    deeds = [
        *(lambda a=a: people.set_groups(a.id, []) for a in accounts),
        *(lambda n=n: people.put_group(f"专班{n}", identifier=group.id) for n in range(12)),
    ]
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(deed) for deed in deeds]:
            done.result()
    assert people.groups()[0].members == frozenset()


def test_what_is_held_may_nothing_and_counts_for_nothing(people: People) -> None:
    unit = people.put_department("局")
    first = people.add("a", roles=["系统管理", "安全管理"])
    held = people.add(
        "b", roles=["系统管理", "安全管理"], department=unit.id, held=True, password="x"
    )
    person = people.person(held.id)
    assert person
    assert (person.roles, person.departments) == (frozenset(), ())
    with pytest.raises(Refused, match="最后一个"):
        people.disable(first.id)
    with pytest.raises(Refused, match="最后一个"):
        people.set_password(first.id, "y", must_change=True, held=True)
    with pytest.raises(Refused, match="还没有登录"):
        people.release(held.id)
    people.set_password(held.id, "y", must_change=False)
    assert people.as_person(people.release(held.id)).departments == (unit.id,)
    people.disable(first.id)


def test_the_file_is_for_its_owner_alone(people: People) -> None:
    assert stat.S_IMODE(people.database.path.stat().st_mode) == 0o600


def test_it_is_all_there_when_opened_again(people: People) -> None:
    people.add("a", "甲", password="hash", roles=["审计"])
    people.close()
    again = People(people.database.path)
    (account,) = again.people()
    assert (account.name, account.roles, account.must_change) == ("甲", {"审计"}, True)
    assert again.password_of(account.id) == "hash"
    again.close()


def test_the_migrations_lead_to_the_schema(tmp_path: Path) -> None:
    """From an empty first format, each step; the same as a fresh file."""
    fresh = tmp_path / "fresh.sqlite3"
    Database(fresh, PEOPLE).close()
    assert [int(path.name[1:5]) for path in scripts(PEOPLE)] == [*range(1, PEOPLE.version + 1)]
    first = scripts(PEOPLE)[0].read_text(encoding="utf-8").split('"""')[3]
    older = Store(PEOPLE.label, first.strip(), 1, PEOPLE.migrations, PEOPLE.tables, PEOPLE.remedy)
    old = tmp_path / "old.sqlite3"
    Database(old, older).close()
    Database(old, PEOPLE).close()
    assert structure(old) == structure(fresh)
