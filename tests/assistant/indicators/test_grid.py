"""One indicator over places and years, and where documents do not agree."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.indicators.chosen import Chosen
from assistant.indicators.grid import Grid, grid, names_of, path_of, picked
from tests.assistant.stated import WATER, put
from vectorstore.index import PolicyIndex
from vectorstore.library import Library, View
from vectorstore.models import Viewer


@pytest.fixture
def water(view: View) -> Grid:
    return grid(view, Chosen(), [WATER])


def test_places_stand_below_the_place_they_belong_to(water: Grid) -> None:
    assert water.places == (
        ("云岭省",), ("云岭省", "松湖市"), ("云岭省", "青禾市"), ("云岭省", "青禾市", "望江县"),
    )  # fmt: skip
    assert water.years == (2025, 2026, 2027)
    assert (water.count, water.unit) == (8, "%")


def test_what_does_not_agree_is_told(water: Grid) -> None:
    """Two figures of one year; a city's target below its province's. The old plan's target is
    no conflict with that of the plan which repealed it."""
    said = [c.sentence for c in water.conflicts]
    assert len(said) == 2
    assert "青禾市 2025 年" in said[0]
    assert "92.1%" in said[0]
    assert "91.6%" in said[0]
    assert "94%以上与云岭省的95%以上不一致" in said[1]
    disputed = {row.fact.value for row in water.rows if water.is_disputed(row)}
    assert disputed == {92.1, 91.6, 94.0, 95.0}


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "figure"},
        {"condition": "山区"},
        {"unit": "户"},
        {"base_year": 2020},
        {"level": "县"},
        {"year": 2029},
        {"value": 93.0},
    ],
)
def test_what_is_not_the_same_thing_is_no_conflict(
    index: PolicyIndex, other: dict[str, object]
) -> None:
    fields = {
        "subject": "巡查率",
        "place": "甲市",
        "level": "市",
        "value": 93.0,
        "unit": "%",
        "year": 2026,
    }
    put(index, "a", [("巡查率93%", "target", fields)], title="甲")
    second = fields | {"value": 94.0} | {k: v for k, v in other.items() if k != "kind"}
    put(index, "b", [("巡查率94%", str(other.get("kind", "target")), second)], title="乙")
    view = Library(index).seen_by(Viewer("甲"), as_of=date(2026, 1, 1))
    assert grid(view, Chosen(), ["巡查率"]).conflicts == ()


def test_two_values_in_one_document_are_of_two_things(index: PolicyIndex) -> None:
    fields = {"subject": "巡查率", "place": "甲市", "value": 93.0, "unit": "%", "year": 2026}
    said = [("巡查率93%", "target", fields), ("巡查率94%", "target", fields | {"value": 94.0})]
    put(index, "a", said, title="甲")
    view = Library(index).seen_by(Viewer("甲"), as_of=date(2026, 1, 1))
    found = grid(view, Chosen(), ["巡查率"])
    assert len(list(found.rows)) == 2
    assert found.conflicts == ()


def test_words_find_names_and_the_same_name_is_picked(view: View) -> None:
    names = names_of(view, Chosen(word="农村"))
    assert [(n.name, n.documents) for n in names] == [
        (WATER, 5),
        ("规模化供水工程覆盖农村人口比例", 1),
    ]
    assert picked(names, Chosen(word="农村"), []) == (WATER,)
    assert picked(names, Chosen(word="农村"), ["别的"]) == ("别的",)
    other = names[1].name
    assert picked(names, Chosen(word=other), []) == (other,)
    assert names_of(view, Chosen(word="没有")) == []


def test_nobody_sees_what_the_view_does_not_show(library: Library, view: View) -> None:
    narrow = library.seen_by(Viewer("乙", frozenset({"lake"})), as_of=view.as_of)
    found = grid(narrow, Chosen(), [WATER])
    assert {row.document.id for row in found.rows} == {"lake"}
    assert found.conflicts == ()
    assert [n.documents for n in names_of(narrow, Chosen())] == [1]


def test_a_figure_without_a_place_is_its_documents(view: View, water: Grid) -> None:
    row = next(r for r in water.rows if r.document.id == "lake")
    assert path_of(replace(row, fact=replace(row.fact, place="")), {}) == ("云岭省", "松湖市")
