"""Reads what a document says about itself, by rule, each field with the place it stands in.

Four dates are kept apart (成文, 印发, 发布, 实施), and the issuer (发文机关) from the site or office
that published the page. What is not stated stays None.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from ingest.clean import Cleaned
from ingest.document_number import read_number
from ingest.enactment import read_enactment
from ingest.issuer import read_issuer
from ingest.paper import HAN_SPACE, Found, Paper
from ingest.parse.document import ParsedDocument
from ingest.patterns import LABELS
from ingest.period import read_period
from ingest.region import read_region
from ingest.signature import Signature, read_signatures
from ingest.stated_dates import read_dates
from vectorstore.language.names import (
    DOCUMENT_NUMBER,
    EXPLAINS,
    KIND_AT_END,
    STANDARD_NUMBER,
    TELLS,
    TITLE,
    TITLE_THEN_NUMBER,
    likely_number,
    written_number,
)
from vectorstore.language.text import search_copy
from vectorstore.models import Metadata, Span


def read_metadata(parsed: ParsedDocument, cleaned: Cleaned, fallback_title: str) -> Metadata:
    """All fields of one document. `fallback_title` serves a text without any title."""
    paper = _paper(parsed, cleaned)
    title = _title(paper) or Found(fallback_title, None)
    signature = _own_signature(paper)
    number = read_number(paper)
    issuer = read_issuer(paper, signature)
    days = read_dates(paper, signature)
    region = read_region(paper, title, issuer, number.value if number else None)
    period = read_period(paper, title.value, title.span)
    read = {
        "title": title, "document_number": number, "issuer": issuer, **days,
        "publisher": paper.notes.get("publisher"), "status": paper.notes.get("status"),
    }  # fmt: skip
    spans = {name: value.span for name, value in read.items() if value and value.span}
    if region.span:
        spans["region"] = region.span
    if period and period.span:
        spans["period"] = period.span
    values = {name: value.value for name, value in read.items() if value}
    return Metadata(
        title=title.value,
        issuer=values.get("issuer"),
        publisher=values.get("publisher"),
        document_number=values.get("document_number"),
        date_written=_day(days, "date_written"),
        date_printed=_day(days, "date_printed"),
        date_published=_day(days, "date_published"),
        date_effective=_day(days, "date_effective"),
        region=region.path,
        period=period.text if period else None,
        period_end=period.last if period else None,
        status=values.get("status"),
        kind=_kind(title.value, values.get("document_number"), paper.is_news and not issuer),
        cites=tuple(_cited(_body_text(paper), values.get("document_number"))),
        fields=spans,
    )


def _paper(parsed: ParsedDocument, cleaned: Cleaned) -> Paper:
    after = cleaned.title[1] if cleaned.title else 1
    enacted = {
        fact.field: Found(fact.value, Span(fact.place.start, fact.place.end))
        for fact in read_enactment([line.text for line in cleaned.lines[after:]])
    }
    return Paper(cleaned.lines, cleaned.title, dict(_noted_fields(parsed, cleaned)), enacted)


def _noted_fields(parsed: ParsedDocument, cleaned: Cleaned) -> Iterator[tuple[str, Found]]:
    for name, hint in parsed.hints.items():
        if hint.strip():
            yield name, Found(hint.strip(), None)
    for note in reversed(cleaned.notes):  # the first of two equal labels wins
        field, value = LABELS[note.label], note.value
        if field and value and any(map(str.isalnum, value.text)):
            yield field, Found(value.text.strip("】])） "), Span(value.start, value.end))


def _title(paper: Paper) -> Found | None:
    if paper.title:
        lines = paper.lines[slice(*paper.title)]
        text = HAN_SPACE.remove_from("".join(line.text.text for line in lines))
        return Found(text, Span(lines[0].text.start, lines[-1].text.end))
    if noted := paper.notes.get("title"):
        return noted
    return _first_line(paper)


_HEADLINE = 60
_CALL = 16  # characters of a call that opens a headline: 速看！


def _first_line(paper: Paper) -> Found | None:
    """The headline of a page that is no official document."""
    if not paper.lines:
        return None
    first = paper.lines[0].text
    if len(first) > _HEADLINE:  # headline and text in one line
        first = first[: first.text.find(" ")] if " " in first.text[: _HEADLINE + 1] else first
    if not 2 <= len(first) <= _HEADLINE or first.text[-1] in "。；，：":
        return None
    text, end = first.text, first.end
    if len(first) <= _CALL and first.text[-1] in "！!" and len(paper.lines) > 1:
        second = paper.lines[1].text
        if len(second) <= 40 and second.text[-1] not in "。；，：":
            text, end = first.text + second.text, second.end
    return Found(text, Span(first.start, end)) if len(text) >= 4 else None


def _own_signature(paper: Paper) -> Signature | None:
    """The signature of the document itself, not a row of a list or an annex: its names stand in
    the title or the head, or a sentence ends above it."""
    signatures = list(read_signatures(paper.lines, paper.after_title))
    head = HAN_SPACE.remove_from(
        "".join(line.text.text for line in (*paper.above_title, *paper.head))
    )

    def weight(signature: Signature) -> int:
        return 2 * (signature.names[0] in head) + signature.is_below_text

    best: Sequence[Signature] = sorted(signatures, key=weight, reverse=True)
    if not best or (not weight(best[0]) and (paper.is_news or len(best) > 2)):
        return None
    return best[0]


def _day(days: Mapping[str, Found], name: str) -> date | None:
    return date.fromisoformat(days[name].value) if name in days else None


def _kind(title: str, number: str | None, told: bool) -> str | None:
    """文种; what a report tells of another document is none of its own."""
    if EXPLAINS.match(title):
        return "解读"
    if told or TELLS.match(title):
        return None
    if match := KIND_AT_END.search(title):
        return match["kind"]
    return "标准" if number and STANDARD_NUMBER.fullmatch(number) else None


def _body_text(paper: Paper) -> str:
    return "\n".join(line.text.text for line in paper.lines[paper.after_title :])


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
