"""The place that a document is of: that of its issuer, else the one its title begins with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.paper import Found, Paper
from vectorstore.language.dates import AT_MEETING
from vectorstore.language.names import PLACE_OF_ORGAN, PLACE_OF_STANDARD
from vectorstore.language.regions import (
    is_worded,
    province_of_code,
    region_of_name,
    short_name,
    unlisted_place,
)
from vectorstore.models import Span


@dataclass(frozen=True, slots=True)
class Place:
    """Full names from the province down; () where no place is stated."""

    path: tuple[str, ...] = ()
    span: Span | None = None


def read_region(paper: Paper, title: Found, issuer: Found | None, number: str | None) -> Place:
    """The path of divisions, from the first field that begins with one; a place that no list
    knows is read off the names of organs."""
    for field in _fields(paper, title, issuer):
        if path := region_of_name(_bare(field.value)):
            return Place(_narrowed(path, title.value), field.span)
    for field in _organs(paper, issuer):
        if named := _place_of_organ(_bare(field.value.partition("、")[0])):
            return Place(named, field.span)
    if not issuer and (named := _named(title.value)):
        return Place(named, title.span)
    province = province_of_code(number) if number else None
    own = province and (issuer is None or issuer.value.startswith(short_name(province)))
    return Place((province,)) if province and own else Place()


def _fields(paper: Paper, title: Found, issuer: Found | None) -> Iterator[Found]:
    if noted := paper.notes.get("region"):
        yield noted
    if issuer:
        yield issuer
    about = re.sub(r"^.*?关于(?:印发|转发|公布|发布)?《?", "", title.value)
    yield Found(about, title.span)
    yield title
    yield from _organs(paper, None)


def _organs(paper: Paper, issuer: Found | None) -> Iterator[Found]:
    """What names an organ or a place of its own: a congress, the cover of a standard."""
    for line in paper.lines[paper.after_title : paper.after_title + 4]:
        if match := AT_MEETING.match(line.text.text):
            part = line.text[match.start("meeting") : match.end("meeting")]
            named = part.text.partition("第")[0]  # 青禾市第六届人民代表大会
            yield Found(f"{named}人民政府", Span(part.start, part.end))
    for line in paper.head:
        if match := PLACE_OF_STANDARD.match(line.text.text):
            place = line.text[: match.end("place")]
            yield Found(f"{place.text}人民政府", Span(place.start, place.end))
    if issuer:
        yield issuer


def _place_of_organ(name: str) -> tuple[str, ...]:
    """云岭省青禾市 of 云岭省青禾市水利局, nothing of 开发区党建工作部."""
    organ = PLACE_OF_ORGAN.match(name)
    places = organ.groups() if organ else ()
    return tuple(place for place in places if place and not is_worded(place[:-1], place[-1]))


def _named(title: str) -> tuple[str, ...]:
    """The place that a title begins with by the form of its name, after 关于印发《 and the like."""
    about = re.sub(r"^.{0,12}?关于(?:印发|转发|公布|发布)?", "", title).lstrip("《〈“")
    return unlisted_place(about) or unlisted_place(title)


def _bare(name: str) -> str:
    return name.removeprefix("中共").removeprefix("中国共产党").removeprefix("共青团")


def _narrowed(path: tuple[str, ...], title: str) -> tuple[str, ...]:
    """A rule of the province for one of its districts is of the district."""
    named = region_of_name(title)
    return named if len(named) > len(path) and named[: len(path)] == path else path
