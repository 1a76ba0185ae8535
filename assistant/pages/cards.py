"""Source cards: one for each passage that an answer cites, with all that it cites of it."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from assistant.cite.citation import Citation, reference
from assistant.cite.citation import address as words_at
from assistant.cite.gbt7714 import gbt7714
from assistant.pages.by_hand import by_hand
from assistant.pages.markup import both, element, join, text
from vectorstore.language.text import squeeze

Words = tuple[str, str]  # before and after a quote


def document_url(citation: Citation) -> str:
    return words_at(citation.document_id, citation.start, citation.end)


def sources(
    citations: Sequence[Citation],
    turn: int,
    around: Mapping[tuple[int, int], Words],
    told: Mapping[int, tuple[str, ...]],
    hidden: int = 0,
) -> str:
    """The cards of one turn; `hidden` sources are not for whoever looks."""
    if not (citations or hidden):
        return ""
    cards = join(_card(group, turn, around, told) for group in by_passage(citations))
    if hidden:
        line = both(f"有 {hidden} 条出处您现在看不到（可能已移除，或不再对您开放）。",
                    f"{hidden} sources are not open to you now.")  # fmt: skip
        cards += element("li", line, class_="card unseen")
    count = len(citations) + hidden
    head = both(f"出处 {count} 条", f"{count} sources")
    button = element("button", head, type="button", class_="fold", aria_expanded="false")
    return element(
        "aside", button + element("ol", cards, class_="cards"), class_="sources", aria_label="出处"
    )


def by_passage(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Those of one passage together, in the order of their first marks."""
    first: dict[tuple[str, ...], int] = {}
    for citation in citations:
        first.setdefault(_passage(citation), citation.mark)
    ordered = sorted(citations, key=lambda c: (first[_passage(c)], c.mark))
    return [list(group) for _, group in groupby(ordered, key=_passage)]


def _passage(citation: Citation) -> tuple[str, ...]:
    """What is cited by place alone (a field, a row) is a passage of its own."""
    place = citation.passage_id or f"{citation.start}-{citation.end}"
    return citation.document_id, place


def source_card(citation: Citation, turn: int) -> str:
    """The card of one source, as drafts show it."""
    return _card([citation], turn, {}, {})


def _card(
    group: Sequence[Citation],
    turn: int,
    around: Mapping[tuple[int, int], Words],
    told: Mapping[int, tuple[str, ...]],
) -> str:
    """Title, facts, section, and each quote with the text around it; `told` is what has become
    of the source since."""
    first = group[0]
    numbers = join(element("span", text(c.mark), class_="number") for c in group)
    since = dict.fromkeys(sentence for c in group for sentence in told.get(c.mark, ()))
    page = f" · 第 {first.page} 页" if first.page else ""
    places = _places(group)
    quotes = join(
        _quoted(same, turn, around, leading=first.mark, is_numbered=len(places) > 1)
        for same in places
    )
    return element(
        "li",
        element("h3", numbers + text(first.title))
        + _facts(first)
        + join(element("p", text(sentence), class_="since") for sentence in since)
        + element("p", text(" > ".join(first.heading_path) + page), class_="path")
        + quotes,
        class_="card",
        id=f"card-{turn}-{first.mark}",
        tabindex="-1",
    )


def _facts(citation: Citation) -> str:
    status = citation.status or "未标注"
    tone = {"未标注": "plain", "现行有效": "good"}.get(status, "caution")
    facts = [
        citation.document_number or "文号未载明",
        citation.issuer or "发文机关未载明",
        citation.date or "日期未载明",
        (citation.region or "").replace("/", " ") or None,
    ]
    shown = join(element("span", text(fact)) for fact in facts if fact)
    state = element("span", text(status), class_=f"state {tone}")
    return element("p", shown + state + by_hand(citation.corrected), class_="facts")


def _places(group: Sequence[Citation]) -> list[list[Citation]]:
    """What lies within another quote of the passage is shown in that one."""
    found: list[list[Citation]] = []
    for citation in sorted(group, key=lambda c: (c.start, -c.end)):
        if found and citation.end <= found[-1][0].end:
            found[-1].append(citation)
        else:
            found.append([citation])
    return found


def _quoted(
    same: Sequence[Citation],
    turn: int,
    around: Mapping[tuple[int, int], Words],
    *,
    leading: int,
    is_numbered: bool,
) -> str:
    """One stretch of the passage; all its marks lead here. `leading` is the card's own."""
    widest = same[0]
    before, after = around.get((turn, widest.mark), ("", ""))
    marks = "".join(f"[{c.mark}]" for c in sorted(same, key=lambda c: c.mark))
    number = element("span", text(marks), class_="marks") if is_numbered else ""
    quote = element(
        "blockquote",
        number + text(before) + element("mark", text(widest.quote)) + text(after),
    )
    copied = f"“{squeeze(widest.quote)}”——{reference(widest)}"
    buttons = (
        element("button", both("复制引文", "Copy quote"), type="button", class_="tool",
                data_copy=copied)
        + element("button", "GB/T 7714", type="button", class_="tool", data_copy=gbt7714(widest),
                  title="复制 GB/T 7714 格式的参考文献 / copy as a GB/T 7714 reference")
        + element("a", both("打开原文", "Open document"), class_="tool open",
                  href=document_url(widest), target="_blank")
    )  # fmt: skip
    # The card itself bears the first mark of its passage.
    anchors = join(
        element("span", "", id=f"card-{turn}-{c.mark}", class_="anchor")
        for c in same
        if c.mark != leading
    )
    return element(
        "div",
        anchors + quote + element("div", buttons, class_="tools"),
        class_="place",
        data_marks=" ".join(str(c.mark) for c in same),
    )
