"""Hostile text on the pages: it is shown, and never becomes markup, script or a template."""

from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from assistant.answers.answer import Answer
from assistant.answers.content import Refusal
from assistant.audit.audit import Claim
from assistant.cite.citation import Citation
from assistant.cite.markdown import parse
from assistant.cite.structure import Body, Check, changed
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
    "a", "article", "aside", "blockquote", "button", "del", "details", "div", "form", "h2", "h3",
    "h4", "input", "label", "li", "mark", "ol", "option", "p", "section", "select", "small", "span", "summary", "sup",
    "table", "tbody", "td", "textarea", "th", "thead", "tr", "ul",
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
        and all(
            link.startswith(("#", "/documents/", "/drafts/", "/library", "/conversations/"))
            for link in links
        )
        and "${" not in markup
        and "{{" not in markup
    )


def doubted(text: str, why: str) -> Body:
    """A body all of whose sentences failed the check."""
    check = Check(why, (1,), "unsupported", (why,))
    return changed(parse(text), lambda sentence, _: replace(sentence, check=check))


def citation(value: str) -> Citation:
    return Citation(1, "0" * 16, value, value, value, value, value, value, (value,), value, 0, 5, 1)


@given(hostile)
def test_text_is_literal(value: str) -> None:
    assert is_harmless(element("p", text(value), title=value))


@given(hostile, hostile)
def test_answers(value: str, other: str) -> None:
    answer = Answer(
        value, other,
        doubted(f"{value}[1]\n| {value} | {other} |\n| --- | --- |\n| {other} | {value}[1] |", other),
        "model", "fact", (citation(value),), (value,), ((value, other),),
    )  # fmt: skip
    refusal = replace(answer, said=Refusal(value, (citation(other),)))
    turns = [
        Turn(1, value, answer=answer),
        Turn(2, other, error=value),
        Turn(3, value, answer=refusal),
        Turn(4, value, draft=f"{value}\n| {other}"),
    ]
    assert is_harmless(conversation(turns, {(1, 1): (value, other)}))


@given(hostile, hostile)
def test_drafts(value: str, other: str) -> None:
    body = doubted(f"{value}[1][{other}]\n| {other} | {value} |", other)
    section = Section("s1", value, body=body, state="有存疑")
    request = Request(value, "通知", other, value)
    draft = Draft("a" * 32, "我", request, (section,), (citation(value),))
    assert is_harmless(draft_html(draft, "s1"))
    assert is_harmless(source_cards(draft, section))


@given(hostile, hostile)
def test_audits(value: str, other: str) -> None:
    body = f"{value}。{other}"
    claim = Claim("标题", value, 0, len(value), "不符", other, citation(other))
    assert is_harmless(result_html(body, [claim]))
