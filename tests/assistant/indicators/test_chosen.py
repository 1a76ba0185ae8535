"""Filters: from an address to what a view is asked, and back."""

import pytest

from assistant.indicators.chosen import Chosen, places_of, years_of
from assistant.indicators.listing import PAGE, listing
from vectorstore.library import View


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("2027", (2027,)), ("2027年", (2027,)), ("2025-2027", (2025, 2026, 2027)),
        ("２０２５—２０２６", (2025, 2026)), ("", ()), ("明年", ()), ("2027-2025", ()),
        ("1000-9999", ()), ("2025-2026-2027", ()), ("٢٠٢٧", ()),
    ],
)  # fmt: skip
def test_years_are_read(written: str, years: tuple[int, ...]) -> None:
    assert years_of(written) == years


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ({}, 19),
        ({"kind": "duty"}, 3),
        ({"kind": "duty", "organ": "财政局"}, 1),
        ({"word": "自来水普及率"}, 8),
        ({"year": "2026"}, 2),
        ({"year": "2026-2027"}, 6),
        ({"state": "已废止"}, 1),
        ({"place": "云岭省/青禾市"}, 14),
        ({"place": "青禾"}, 14),
        ({"place": "松湖市"}, 2),
        ({"place": "望江县"}, 1),
        ({"place": "云岭省"}, 19),
        ({"place": "青禾市", "kind": "target"}, 3),
        ({"document": "lake"}, 2),
        ({"document": "lake", "state": "已废止"}, 0),
        ({"document": "没有"}, 0),
        ({"kind": "没有这一类"}, 0),
        ({"year": "明年"}, 0),
        ({"organ": "%"}, 0),
        ({"unknown": "x"}, 19),
    ],
)
def test_filters_leave(view: View, values: dict[str, str], count: int) -> None:
    assert listing(view, Chosen.of(values)).count == count


def test_an_address_says_all_that_is_chosen() -> None:
    chosen = Chosen(kind="duty", organ="教育局&x=1", year="2025-2027")
    address = chosen.address(page="2")
    assert address.startswith("/facts?kind=duty&")
    assert "x=1" not in address.replace("%26x%3D1", "")
    assert address.endswith("&page=2")
    assert Chosen().address() == "/facts"
    assert chosen.without("organ") == Chosen(kind="duty", year="2025-2027")


def test_long_values_are_cut() -> None:
    assert len(Chosen.of({"word": " 长" * 5000}).word) <= 60


def test_places_come_with_all_above_them(view: View) -> None:
    assert places_of(view) == ["云岭省", "云岭省/松湖市", "云岭省/青禾市"]


def test_a_page_behind_the_last_is_the_last(view: View) -> None:
    found = listing(view, Chosen(), 99)
    assert (found.page, found.pages, len(found.rows)) == (1, 1, 19)
    assert PAGE == 50
