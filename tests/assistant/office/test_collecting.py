"""资料夹 and 分类: who sees and fills which, and that they follow a file that is read anew."""

from dataclasses import replace

import pytest

from assistant.office.collecting import Holder, classes_of, still_there
from assistant.office.office import Office
from vectorstore.errors import PolicyError
from vectorstore.models import DocumentSummary, Metadata

LI = Holder("user:li", "李某", ("water", "city"))
COLLEAGUE = Holder("user:wang", "王某", ("water", "city"))
BELOW = Holder("user:below", "赵某", ("station", "water", "city"))
ELSEWHERE = Holder("user:else", "钱某", ("roads", "city"))
KEEPER = Holder("user:keeper", "孙某", ("archive", "city"), keeps=True)


def document(identifier: str, path: str = "") -> DocumentSummary:
    paths = (path or f"/f/{identifier}.txt",)
    return DocumentSummary(identifier, identifier, paths, "txt", Metadata(identifier), 3, "2026")


def test_own_department_and_all_reach_whom_they_say(office: Office) -> None:
    kept = office.collections
    made = {
        shown: kept.make(f"水务{shown}", shown, LI).id for shown in ("own", "department", "all")
    }

    def seen(holder: Holder) -> set[str]:
        return {c.shown for c in kept.seen_by(holder)}

    assert seen(LI) == {"own", "department", "all"}
    assert seen(COLLEAGUE) == seen(BELOW) == {"department", "all"}
    assert seen(ELSEWHERE) == seen(KEEPER) == {"all"}
    with pytest.raises(PolicyError) as hidden:
        kept.documents(made["own"], COLLEAGUE)
    with pytest.raises(PolicyError) as absent:
        kept.documents("none", COLLEAGUE)
    assert str(hidden.value) == str(absent.value)


def test_who_fills_and_keeps_a_collection(office: Office) -> None:
    kept = office.collections
    shared, for_all = (kept.make(f"水务{s}", s, LI).id for s in ("department", "all"))
    assert kept.put(shared, [document("a")], COLLEAGUE) == 1
    assert kept.put(for_all, [document("a"), document("b")], KEEPER) == 2
    for holder, identifier in ((BELOW, shared), (COLLEAGUE, for_all), (ELSEWHERE, shared)):
        with pytest.raises(PolicyError):
            kept.put(identifier, [document("c")], holder)
    for deed in (
        lambda: kept.change(shared, "改名", "all", COLLEAGUE),
        lambda: kept.remove(shared, COLLEAGUE),
    ):
        with pytest.raises(PolicyError):
            deed()
    kept.change(for_all, "全市水务", "all", KEEPER)
    assert [c.name for c in kept.seen_by(ELSEWHERE)] == ["全市水务"]
    with pytest.raises(PolicyError):  # nobody makes another's collection their own
        kept.change(for_all, "全市水务", "own", KEEPER)
    kept.remove(for_all, KEEPER)
    assert kept.seen_by(ELSEWHERE) == []


def test_names_are_plain_and_stand_once(office: Office) -> None:
    kept = office.collections
    made = kept.make("  节水\u200b  专题 ", "own", LI)
    assert made.name == "节水 专题"
    for name, shown in (("节水 专题", "all"), (" ", "own"), ("长" * 41, "own"), ("别的", "world")):
        with pytest.raises(PolicyError):
            kept.make(name, shown, LI)
    with pytest.raises(PolicyError):  # nobody without a department has one's collections
        kept.make("部门的", "department", Holder("browser:1"))
    assert kept.make("节水 专题", "own", COLLEAGUE).owner == COLLEAGUE.id


def test_a_file_that_was_read_anew_stays_in_its_collection(office: Office) -> None:
    kept = office.collections
    identifier = kept.make("节水", "own", LI).id
    kept.put(identifier, [document("a"), document("b")], LI)
    assert kept.put(identifier, [document("a")], LI) == 0
    newer = document("a2", "/f/a.txt")
    now = {d.id: d for d in (newer, document("c"))}
    held = kept.documents(identifier, LI)
    assert still_there(held, now) == {"a2"}
    assert kept.take(identifier, [newer], LI) == 1
    assert still_there(kept.documents(identifier, LI), now) == frozenset()


def test_a_class_is_one_word_and_follows_the_file(office: Office) -> None:
    first, second = document("a"), document("b")
    assert office.classes.put([first, second], " 水务 ") == "水务"
    office.classes.put([second], "道路")
    newer = document("a2", "/f/a.txt")
    now = {d.id: d for d in (newer, second)}
    assert classes_of(office.classes.all(), now) == {"a2": "水务", "b": "道路"}
    office.classes.put([newer], "养老")
    assert classes_of(office.classes.all(), now) == {"a2": "养老", "b": "道路"}
    office.classes.put([newer, second], "")
    assert office.classes.all() == {}
    with pytest.raises(PolicyError):
        office.classes.put([first], "长" * 21)


def test_who_is_erased_leaves_what_others_use(office: Office) -> None:
    kept = office.collections
    kept.make("自己的", "own", LI)
    shared = kept.make("部门的", "department", LI).id
    assert kept.forget(LI.id) == 2
    (left,) = kept.seen_by(COLLEAGUE)
    assert (left.id, left.owner, left.owner_name) == (shared, "", "")
    kept.change(shared, "本科室的", "department", COLLEAGUE)  # somebody must look after it
    assert replace(left, name="本科室的") == kept.load(shared, BELOW)
