"""Whose drafts are whose: owners, departments, shares, the bin, holds, words beside."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.cite.markdown import parse
from assistant.drafting.access import Ownership, Permission, Share, permission
from assistant.drafting.models import Draft, Request, Section
from assistant.drafting.store import DraftStore
from assistant.people.person import Person, alone
from tests.assistant.officials import ADMIN, CHIEF, LI, OFFICE, RURAL, TOP, WANG, ZHANG, person
from vectorstore.errors import PolicyError

GONE = "没有这份稿子"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 30, 2, 42, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[DraftStore]:
    made = DraftStore(tmp_path / "drafts.sqlite3", bin_days=30, clock=clock)
    yield made
    made.close()


def draft(owner: Person = ZHANG, name: str = "d1") -> Draft:
    sections = tuple(Section(f"s{n}", f"第{n}部分", body=parse(f"原文{n}。")) for n in (1, 2, 3))
    return Draft(name, owner.id, Request("写", "通知", "节水通知", "节水"), sections)


def edited(of: Draft, section: str, words: str) -> Draft:
    return of.with_section(replace(of.section(section), body=parse(words)))


def texts(of: Draft) -> dict[str, str]:
    return {section.id: section.text for section in of.sections}


def to(one: Person, right: str = "write") -> Share:
    return Share("person", one.id, right, one.name)  # type: ignore[arg-type]


# --- who may what -----------------------------------------------------------------------------------

READ_LI = Share("person", LI.id, "read")
WRITE_TOP = Share("department", TOP.id, "write")
READ_OFFICE = Share("department", OFFICE.id, "read")


@pytest.mark.parametrize(
    ("who", "ownership", "expected"),
    [
        (ZHANG, Ownership(ZHANG.id), "owner"),
        (LI, Ownership(ZHANG.id), "none"),
        (LI, Ownership(ZHANG.id, shares=(READ_LI,)), "read"),
        (LI, Ownership(ZHANG.id, shares=(READ_LI, WRITE_TOP)), "write"),  # the more of two
        (CHIEF, Ownership(ZHANG.id, shares=(READ_OFFICE,)), "none"),  # above it, not in it
        (WANG, Ownership(ZHANG.id, shares=(READ_OFFICE,)), "read"),
        (WANG, Ownership(ZHANG.id, OFFICE.id), "write"),
        (LI, Ownership(ZHANG.id, TOP.id), "none"),  # a department's draft is its own people's
        (CHIEF, Ownership(ZHANG.id, TOP.id), "write"),
        (ADMIN, Ownership(ZHANG.id, RURAL.id), "none"),  # looking after accounts opens no draft
        (person("无部门"), Ownership(ZHANG.id, ""), "none"),  # no department is not one
        (alone("browser:1"), Ownership("browser:2"), "none"),
    ],
)
def test_rights(who: Person, ownership: Ownership, expected: Permission) -> None:
    assert permission(who, ownership) == expected


def test_a_forbidden_draft_is_like_none(store: DraftStore) -> None:
    saved = store.save(draft(), "新建", ZHANG)
    said = set()
    for identifier in (saved.id, "nothing"):
        for deed in (
            lambda i: store.load(i, LI), lambda i: store.versions(i, LI),
            lambda i: store.load(i, LI, 1), lambda i: store.ownership(i, LI),
            lambda i: store.delete(i, LI), lambda i: store.restore(i, LI),
            lambda i: store.share(i, LI, to(LI)), lambda i: store.unshare(i, LI, "person", "x"),
            lambda i: store.move(i, LI, owner=LI.id), lambda i: store.hold(i, "s1", LI),
            lambda i: store.save(replace(saved, id=i), "改", LI),
        ):  # fmt: skip
            with pytest.raises(PolicyError) as caught:
                deed(identifier)
            said.add(str(caught.value))
    assert len(said) == 1
    assert store.listed(LI) == []


def test_who_reads_does_not_write_and_who_writes_does_not_give_away(store: DraftStore) -> None:
    saved = store.save(draft(), "新建", ZHANG)
    store.share(saved.id, ZHANG, to(LI, "read"))
    assert store.load(saved.id, LI) == saved
    with pytest.raises(PolicyError, match="只给您看"):
        store.save(edited(saved, "s1", "李四改。"), "改", LI)
    store.share(saved.id, ZHANG, to(LI, "write"))
    again = store.save(edited(saved, "s1", "李四改。"), "改", LI)
    assert again.owner == ZHANG.id
    for deed in (
        lambda: store.delete(saved.id, LI),
        lambda: store.share(saved.id, LI, to(WANG)),
        lambda: store.move(saved.id, LI, owner=LI.id),
    ):
        with pytest.raises(PolicyError, match=GONE):
            deed()
    (row,) = store.listed(ZHANG)
    assert (row.name, row.shelf) == ("李四", "own")
    (row,) = store.listed(LI)
    assert (row.permission, row.shelf) == ("write", "shared")
    store.unshare(saved.id, ZHANG, "person", LI.id)
    assert store.listed(LI) == []


def test_a_moved_draft_is_its_new_owners(store: DraftStore) -> None:
    saved = store.save(draft(), "新建", ZHANG)
    store.move(saved.id, ZHANG, department=OFFICE.id)
    (row,) = store.listed(WANG)
    assert (row.shelf, row.permission) == ("department", "write")
    store.move(saved.id, ZHANG, department="", owner=LI.id)
    assert store.listed(WANG) == store.listed(ZHANG) == []
    moved = store.load(saved.id, LI)
    assert moved.owner == LI.id
    assert store.save(edited(moved, "s1", "李四改。"), "改", LI).version == 2


# --- the bin ----------------------------------------------------------------------------------------


def test_the_bin_keeps_for_its_days_and_no_longer(store: DraftStore, clock: Clock) -> None:
    saved = store.save(draft(), "新建", ZHANG)
    store.share(saved.id, ZHANG, to(LI))
    store.delete(saved.id, ZHANG)
    assert [row.shelf for row in store.listed(ZHANG)] == ["bin"]
    assert store.listed(LI) == []
    with pytest.raises(PolicyError, match=GONE):
        store.load(saved.id, ZHANG)
    with pytest.raises(PolicyError, match=GONE):
        store.save(edited(saved, "s1", "改。"), "改", ZHANG)  # a tab that had it open
    clock.passes(days=29)
    store.restore(saved.id, ZHANG)
    assert store.load(saved.id, LI) == saved
    store.delete(saved.id, ZHANG)
    clock.passes(days=30)
    assert store.listed(ZHANG) == []
    with pytest.raises(PolicyError, match=GONE):
        store.restore(saved.id, ZHANG)
    assert store._database.rows("SELECT * FROM versions") == []
    assert store._database.rows("SELECT * FROM shares") == []


# --- two people -------------------------------------------------------------------------------------


def test_different_sections_are_brought_together(store: DraftStore) -> None:
    saved = store.save(draft(), "新建", ZHANG)
    store.share(saved.id, ZHANG, to(LI))
    store.save(edited(saved, "s1", "张三改。"), "改", ZHANG)
    both = store.save(edited(saved, "s3", "李四改。"), "改", LI)
    assert texts(both) == {"s1": "张三改。", "s2": "原文2。", "s3": "李四改。"}
    assert both.version == 3
    assert store.holds.asides(saved.id, LI) == []


def test_of_one_section_both_texts_are_kept(store: DraftStore) -> None:
    saved = store.save(draft(), "新建", ZHANG)
    store.share(saved.id, ZHANG, to(LI))
    store.save(edited(saved, "s1", "张三改。"), "改", ZHANG)
    found = store.save(edited(saved, "s1", "李四改。"), "改", LI)
    assert texts(found)["s1"] == "张三改。"
    assert found.version == 2  # nothing new was in it
    (aside,) = store.holds.asides(saved.id, LI)
    assert (aside.section, aside.text) == ("s1", "李四改。")
    assert store.holds.asides(saved.id, ZHANG) == []  # each sees their own
    store.holds.drop_aside(saved.id, LI, aside)
    assert store.holds.asides(saved.id, LI) == []


def test_a_section_is_held_for_two_minutes_after_the_last_key(
    store: DraftStore, clock: Clock
) -> None:
    saved = store.save(draft(), "新建", ZHANG)
    store.share(saved.id, ZHANG, to(LI))
    assert store.hold(saved.id, "s1", ZHANG) is None
    clock.passes(seconds=100)
    assert store.hold(saved.id, "s1", ZHANG) is None  # goes on typing
    clock.passes(seconds=100)
    hold = store.hold(saved.id, "s1", LI)
    assert hold is not None
    began = datetime(2026, 11, 30, 2, 42, tzinfo=UTC).astimezone().strftime("%H:%M")
    assert hold.sentence == f"张三正在改这一部分（{began} 起）"
    assert store.hold(saved.id, "s2", LI) is None
    refused = store.save(edited(saved, "s1", "李四改。"), "改", LI)
    assert texts(refused)["s1"] == "原文1。"
    assert [a.text for a in store.holds.asides(saved.id, LI)] == ["李四改。"]
    clock.passes(seconds=21)
    assert store.hold(saved.id, "s1", LI) is None
    assert texts(store.save(edited(saved, "s1", "再改。"), "改", LI))["s1"] == "再改。"
    store.holds.release(saved.id, LI)
    assert store.holds.others(saved.id, ZHANG) == {}


def test_who_only_reads_holds_nothing(store: DraftStore) -> None:
    saved = store.save(draft(), "新建", ZHANG)
    store.share(saved.id, ZHANG, to(LI, "read"))
    with pytest.raises(PolicyError, match=GONE):
        store.hold(saved.id, "s1", LI)


STEPS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=14)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)  # fmt: skip
@given(steps=STEPS)
def test_no_interleaving_of_two_people_loses_anything(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, bool]]
) -> None:
    """Each edits another section; a step is (who, whether they open the draft anew before)."""
    store = DraftStore(tmp_path_factory.mktemp("two") / "drafts.sqlite3")
    saved = store.save(draft(), "新建", ZHANG)
    store.share(saved.id, ZHANG, to(LI))
    open_in = {True: saved, False: saved}
    said = {"s1": "原文1。", "s2": "原文2。", "s3": "原文3。"}
    for number, (is_first, anew) in enumerate(steps):
        who, section = (ZHANG, "s1") if is_first else (LI, "s3")
        opened = store.load(saved.id, who) if anew else open_in[is_first]
        said[section] = f"第{number}次改。"
        open_in[is_first] = store.save(edited(opened, section, said[section]), "改", who)
    assert texts(store.load(saved.id, ZHANG)) == said
    assert store.holds.asides(saved.id, ZHANG) == store.holds.asides(saved.id, LI) == []
    store.close()
