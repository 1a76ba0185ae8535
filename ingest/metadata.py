"""Reads what a document says about itself, by rule, each field with the place it stands in.

Four dates are kept apart (成文, 印发, 发布, 实施), and the issuer (发文机关) from the site or office
that published the page. What is not stated stays None.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.clean import Cleaned, Line
from ingest.enactment import read_enactment
from ingest.parse.document import ParsedDocument
from ingest.patterns import LABELS
from vectorstore.language.dates import (
    FIVE_YEAR_PLAN,
    IN_FORCE,
    PLAN_ENDS,
    PRINTED,
    YEAR_RANGE,
    parse_date,
    whole_date,
)
from vectorstore.language.names import (
    DOCUMENT_NUMBER,
    KIND_AT_END,
    ORGAN_LINE,
    PLACE_OF_ORGAN,
    RED_HEAD,
    TITLE,
    TITLE_THEN_NUMBER,
    likely_number,
    written_number,
)
from vectorstore.language.regions import province_of_code, region_of_name, short_name
from vectorstore.language.text import says, search_copy
from vectorstore.models import Metadata, Span

_RUNNING = 4  # lines at the top
_HAN_SPACE = re.compile(r"(?<![A-Za-z])\s+(?![A-Za-z])")


_PLAN = ("方案", "规划", "计划", "纲要", "要点", "意见", "行动")


@dataclass(frozen=True, slots=True)
class _Found:
    """A value and the span it was read from; no span for what an HTML head states."""

    value: str
    span: Span | None


def read_metadata(parsed: ParsedDocument, cleaned: Cleaned, fallback_title: str) -> Metadata:
    """All fields of one document. `fallback_title` serves a text without any title."""
    reader = _Reader(parsed, cleaned, fallback_title)
    return reader.read()


class _Reader:
    def __init__(self, parsed: ParsedDocument, cleaned: Cleaned, fallback_title: str):
        self.parsed = parsed
        self.lines = cleaned.lines
        self.title_range = cleaned.title
        self.fallback_title = fallback_title
        self.notes = dict(_noted_fields(parsed, cleaned))
        self.enacted = {
            fact.field: _Found(fact.value, Span(fact.place.start, fact.place.end))
            for fact in read_enactment([line.text for line in self.lines[self._after_title() :]])
        }
        self.spans: dict[str, Span] = {}

    def read(self) -> Metadata:
        title = self._title()
        number = self._keep("document_number", self._number())
        issuer = self._keep("issuer", self._issuer(title))
        written = self._date("date_written", self._signature_date())
        printed = self._date("date_printed", self._imprint_date())
        published = self._date("date_published", None)
        effective = self._date("date_effective", self._stated_effect())
        period, period_end = self._period(title)
        return Metadata(
            title=title,
            issuer=issuer,
            publisher=self._keep("publisher", self.notes.get("publisher")),
            document_number=number,
            date_written=written,
            date_printed=printed,
            date_published=published,
            date_effective=effective,
            region=self._region(title, issuer, number),
            period=period,
            period_end=period_end,
            status=self._keep("status", self.notes.get("status")),
            kind=_kind(title),
            cites=tuple(_cited(self._body_text(), number)),
            fields=self.spans,
        )

    # --- one field each -----------------------------------------------------------------

    def _title(self) -> str:
        if self.title_range:
            lines = self.lines[slice(*self.title_range)]
            self.spans["title"] = Span(lines[0].text.start, lines[-1].text.end)
            return _HAN_SPACE.sub("", "".join(line.text.text for line in lines))
        if noted := self.notes.get("title"):
            return self._keep("title", noted) or self.fallback_title
        first = self.lines[0].text if self.lines else None
        if first and 4 <= len(first) <= 60 and first.text[-1] not in "。；，：":
            self.spans["title"] = Span(first.start, first.end)
            return first.text
        return self.fallback_title

    def _number(self) -> _Found | None:
        if noted := self.notes.get("document_number"):
            match = DOCUMENT_NUMBER.search(search_copy(noted.value))
            return _Found(written_number(match), noted.span) if match else None
        for line in self._head():
            match = DOCUMENT_NUMBER.fullmatch(search_copy(line.text.text).strip("（）() "))
            if match:
                return _Found(written_number(match), Span(line.text.start, line.text.end))
        return self.enacted.get("document_number") or self._number_in_running_head()

    def _number_in_running_head(self) -> _Found | None:
        """Title, number and addressees run together in one line: the number stands free."""
        for line in self._head()[:_RUNNING]:
            for match in DOCUMENT_NUMBER.finditer(line.text.text):
                around = line.text.text[match.start() - 1 : match.end() + 1]
                if (
                    match.start()
                    and len(around) > 1
                    and around[0].isspace()
                    and around[-1].isspace()
                ):
                    place = line.text[match.start() : match.end()]
                    return _Found(written_number(match), Span(place.start, place.end))
        return None

    def _issuer(self, title: str) -> _Found | None:
        if noted := self.notes.get("issuer"):
            return noted
        for line in self._head():  # the red head carries the full name
            text = _HAN_SPACE.sub("", line.text.text)
            if RED_HEAD.fullmatch(text) and text.endswith("文件") and len(text) > 6:
                return _Found(text.removesuffix("文件"), Span(line.text.start, line.text.end))
        if enacted := self.enacted.get("issuer"):
            return enacted
        if signed := self._signature():
            return signed
        organ = re.match(r"(?P<organ>.{3,30}?)(?:关于|印发|转发|令第)", title)
        if organ and ORGAN_LINE.fullmatch(organ["organ"]) and "title" in self.spans:
            return _Found(organ["organ"], self.spans["title"])
        return None

    def _signature(self) -> _Found | None:
        """落款: an organ's name on a line of its own, above the date or above the annex."""
        found: list[Line] = []
        for index, line in enumerate(self.lines[self._after_title() :], self._after_title()):
            text = _HAN_SPACE.sub("", line.text.text)
            if not (ORGAN_LINE.fullmatch(text) and len(text) <= 40 and line.table is None):
                if found:
                    break
                continue
            if self._is_signature(index):
                found.append(line)
            elif found:
                break
        if not found:
            return None
        names = [_HAN_SPACE.sub("", line.text.text) for line in found]
        return _Found("、".join(names), Span(found[0].text.start, found[-1].text.end))

    def _is_signature(self, index: int) -> bool:
        following = [line.text.text for line in self.lines[index + 1 : index + 5]]
        for text in following:
            if whole_date(text):
                return True
            if not ORGAN_LINE.fullmatch(_HAN_SPACE.sub("", text)):
                return False
        return False

    def _signature_date(self) -> _Found | None:
        """成文日期: a date on a line of its own below the text of the notice."""
        for line in self.lines[self._after_title() :]:
            text = line.text
            stamp = whole_date(text.text)
            if stamp and "印发" not in text.text:
                return _Found(stamp.isoformat(), Span(text.start, text.end))
        return None

    def _imprint_date(self) -> _Found | None:
        for line in self.lines[-8:]:
            match = PRINTED.search(line.text.text)
            stamp = parse_date(match[0]) if match and match.start() <= 30 else None
            if stamp:
                return _Found(stamp.isoformat(), Span(line.text.start, line.text.end))
        return None

    def _stated_effect(self) -> _Found | None:
        """自2022年1月1日起施行."""
        for line in reversed(self.lines):
            if match := IN_FORCE.search(line.text.text):
                stamp = parse_date(match["day"])
                part = line.text[match.start("day") : match.end("day")]
                if stamp:
                    return _Found(stamp.isoformat(), Span(part.start, part.end))
        return None

    def _period(self, title: str) -> tuple[str | None, int | None]:
        """规划期: a range that the title or a 规划期 sentence states, else the years of the
        targets, else the 五年规划 that the document says it serves."""
        for text, span in self._period_places(title):
            match = YEAR_RANGE.search(search_copy(text))
            if match and 0 < int(match[2]) - int(match[1]) <= 30:
                if span:
                    self.spans["period"] = span
                return f"{match[1]}—{match[2]}", int(match[2])
        targets = list(self._target_years()) if says(title, _PLAN) else []
        years = sorted({year for year, _ in targets})
        plan = self._five_year_plan() if says(title, _PLAN) else None
        if plan and (not years or years[-1] <= plan[1]):
            self.spans["period"] = plan[2]
            return f"{plan[0]}（{plan[1] - 4}—{plan[1]}）", plan[1]
        if years:
            self.spans["period"] = targets[0][1]
            return "、".join(map(str, years)), None
        return None, None

    def _period_places(self, title: str) -> Iterator[tuple[str, Span | None]]:
        if says(title, _PLAN):
            own = re.sub(r"^.*?(?:贯彻|落实)《[^》]{0,120}》", "", title)
            yield own, self.spans.get("title")
            for line in self.lines[self._after_title() :][:12]:
                text = line.text.text
                if len(text) <= 40 and "《" not in text:
                    yield text, Span(line.text.start, line.text.end)
        for line in self.lines:
            if match := re.search(r"规划期[^。]{0,20}?(?:19|20)\d\d[^。]{0,12}", line.text.text):
                part = line.text[match.start() : match.end()]
                yield part.text, Span(part.start, part.end)

    def _target_years(self) -> Iterator[tuple[int, Span]]:
        """Years of 到2025年… in the paragraphs under a heading that says 目标."""
        near = 0
        for line in self.lines[self._after_title() :]:
            text = line.text.text
            if "目标" in text[:16]:
                near = 3
            if near and (match := re.search(r"(?:^|到|至)\s*(20\d\d)年", text)):
                part = line.text[match.start(1) : match.end()]
                yield int(match[1]), Span(part.start, part.end)
            near = max(0, near - 1)

    def _five_year_plan(self) -> tuple[str, int, Span] | None:
        """“十四五”期间 in the opening lines: its name and last year."""
        for line in self.lines[self._after_title() :][:12]:
            if match := FIVE_YEAR_PLAN.search(line.text.text):
                part = line.text[match.start() : match.end()]
                return match[1], PLAN_ENDS[match[1]], Span(part.start, part.end)
        return None

    def _region(self, title: str, issuer: str | None, number: str | None) -> tuple[str, ...]:
        noted = self.notes.get("region")
        places = [
            (noted.value if noted else "", noted.span if noted else None),
            (issuer or "", self.spans.get("issuer")),
            (re.sub(r"^.*?关于(?:印发|转发|公布|发布)?《?", "", title), self.spans.get("title")),
            (title, self.spans.get("title")),
        ]
        for text, span in places:
            path = region_of_name(text.removeprefix("中共").removeprefix("中国共产党"))
            if path:
                if span:
                    self.spans["region"] = span
                return path
        if (organ := PLACE_OF_ORGAN.match(issuer or "")) and "issuer" in self.spans:
            self.spans["region"] = self.spans["issuer"]
            return tuple(filter(None, organ.groups()))
        province = province_of_code(number) if number else None
        own = province and (issuer is None or issuer.startswith(short_name(province)))
        return (province,) if province and own else ()

    # --- helpers --------------------------------------------------------------------------

    def _keep(self, name: str, found: _Found | None) -> str | None:
        if found is None:
            return None
        if found.span:
            self.spans[name] = found.span
        return found.value

    def _date(self, name: str, found: _Found | None) -> date | None:
        noted = self.notes.get(name) or self.enacted.get(name)
        stamp = parse_date(noted.value) if noted else None
        if noted and stamp:
            self._keep(name, noted)
            return stamp
        value = self._keep(name, found)
        return date.fromisoformat(value) if value else None

    def _after_title(self) -> int:
        return self.title_range[1] if self.title_range else 1

    def _head(self) -> Sequence[Line]:
        """Lines above the body: the red head, the number, the title and what follows it."""
        return self.lines[: self._after_title() + 3]

    def _body_text(self) -> str:
        return "\n".join(line.text.text for line in self.lines[self._after_title() :])


def _noted_fields(parsed: ParsedDocument, cleaned: Cleaned) -> Iterator[tuple[str, _Found]]:
    for name, hint in parsed.hints.items():
        if hint.strip():
            yield name, _Found(hint.strip(), None)
    for note in reversed(cleaned.notes):  # the first of two equal labels wins
        field, value = LABELS[note.label], note.value
        if field and value and any(map(str.isalnum, value.text)):
            yield field, _Found(value.text.strip("】])） "), Span(value.start, value.end))


def _kind(title: str) -> str | None:
    match = KIND_AT_END.search(title)
    return match["kind"] if match else None


_LONGEST_TITLE = 200  # characters


def _cited(body: str, own_number: str | None) -> Iterator[tuple[str | None, str | None]]:
    """上位文件 that the text names with a title, a number, or both, in order, once each."""
    text = search_copy(body)
    seen: set[tuple[str | None, str | None]] = set()
    used: set[int] = set()
    for match in TITLE.finditer(text):
        number = TITLE_THEN_NUMBER.match(text, match.end())
        pair = (match[1], written_number(number) if number else None)
        if number:
            used.add(number.end("serial"))
        if 4 <= len(match[1]) <= _LONGEST_TITLE and pair not in seen:
            seen.add(pair)
            yield pair
    for number in DOCUMENT_NUMBER.finditer(text):
        pair = (None, likely_number(number))
        if number.end("serial") not in used and pair not in seen and pair[1] != own_number:
            seen.add(pair)
            yield pair
