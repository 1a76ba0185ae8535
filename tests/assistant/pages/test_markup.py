"""Hostile text on the pages: it is shown, and never becomes markup, script or a template."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from assistant.answers.answer import Answer
from assistant.audit.audit import Claim
from assistant.cite.check import Check
from assistant.cite.citation import Citation
from assistant.drafting.check import Finding
from assistant.drafting.models import Draft, Request, Section
from assistant.pages.audit import result_html
from assistant.pages.conversation import Turn, conversation
from assistant.pages.drafts import draft_html, source_cards
from assistant.pages.markup import element, text

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "${alert(1)}", "{{constructor}}",
    "](javascript:alert(1))", "\"><svg/onload=alert(1)>", "`${x}`", "\u202e反向", "\x00\x1b[31m",
]  # fmt: skip
hostile = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
ALLOWED = {
    "a", "article", "aside", "blockquote", "button", "del", "details", "div", "h2", "h3", "h4",
    "li", "mark", "ol", "p", "section", "span", "summary", "sup", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
}  # fmt: skip


class Tags(HTMLParser):
    """Collects tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def is_harmless(markup: str) -> bool:
    parser = Tags()
    parser.feed(markup)
    events = [name for name, _ in parser.attributes if name.startswith("on")]
    links = [value for name, value in parser.attributes if name in ("href", "src")]
    return (
        parser.tags <= ALLOWED
        and not events
        and all(link.startswith(("#", "/documents/", "/drafts/")) for link in links)
        and "${" not in markup
        and "{{" not in markup
    )


def citation(value: str) -> Citation:
    return Citation(1, "0" * 16, value, value, value, value, value, value, (value,), value, 0, 5, 1)


@given(hostile)
def test_text_is_literal(value: str) -> None:
    assert is_harmless(element("p", text(value), title=value))


@given(hostile, hostile)
def test_answers(value: str, other: str) -> None:
    answer = Answer(
        value, other, f"{value}[1]\n| {value} | {other} |\n| --- | --- |\n| {other} | {value}[1] |",
        "model", False, "fact", (citation(value),), (Check(value, (1,), "unsupported", (other,)),),
        (citation(other),), (value,), ((value, other),),
    )  # fmt: skip
    turn = Turn(1, value, answer=answer)
    assert is_harmless(conversation([turn, Turn(2, other, error=value)], {(1, 1): (value, other)}))


@given(hostile, hostile)
def test_drafts(value: str, other: str) -> None:
    section = Section(
        "s1", value, text=f"{value}[1][{other}]\n| {other} | {value} |", state="有存疑"
    )
    request = Request(value, "通知", other, value)
    draft = Draft("a" * 32, "我", request, (section,), (citation(value),))
    finding = Finding("s1", f"{value}[1]", (1,), "unsupported", (other,))
    assert is_harmless(draft_html(draft, (finding,), "s1"))
    assert is_harmless(source_cards(draft, section))


@given(hostile, hostile)
def test_audits(value: str, other: str) -> None:
    body = f"{value}。{other}"
    claim = Claim("标题", value, 0, len(value), "不符", other, citation(other))
    assert is_harmless(result_html(body, [claim]))
