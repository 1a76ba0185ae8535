"""A draft as HTML: its text with marks, gaps and doubts, and the cards of its sources."""

import re
from collections.abc import Sequence

from assistant.cite.check import MARK, marks_in
from assistant.drafting.check import BLANK, Finding
from assistant.drafting.models import Draft, Section
from assistant.pages.blocks import blocks
from assistant.pages.conversation import mark_link, source_card, tip_of
from assistant.pages.markup import both, element, join, text

EXPORTS = (
    ("送审版 Word", "For review (Word)", "review.docx"),
    ("定稿版 Word", "Final (Word)", "final.docx"),
    ("Markdown", "Markdown", "review.md"),
)
_PIECE = re.compile(rf"(\[\d{{1,3}}\]|{BLANK.pattern})")


def draft_html(draft: Draft | None, findings: Sequence[Finding], current: str) -> str:
    """The whole draft, the section that is being edited marked."""
    if draft is None:
        hint = both(
            "写明要起草什么，“列提纲”后再“写全文”。每个借来的事实都带着出处；本地的数字留空，用黄色标出。",
            "Say what to draft, make the outline, then write. Every borrowed fact carries its source.",
        )
        return element("div", element("p", hint), class_="welcome")
    tips = {source.mark: tip_of(source) for source in draft.sources}
    doubts = [f for f in findings if f.is_doubtful]
    first = doubts[0] if doubts else None
    parts = [element("h2", text(draft.title))]
    for section in draft.sections:
        own = [f for f in doubts if f.section == section.id]
        parts.append(_section(section, own, tips, first, section.id == current))
    return element("article", join(parts), class_="draft", aria_label="稿子")


def _section(
    section: Section,
    doubts: Sequence[Finding],
    tips: dict[int, str],
    first: Finding | None,
    current: bool,
) -> str:
    state = element("span", text(section.state), class_=f"state {_TONES[section.state]}")
    name = f"h{min(6, section.level + 2)}"
    head = element(name, text(section.heading or "（开头）") + " " + state)
    body = blocks(section.text, lambda line: _line(line, doubts, tips, first))
    return element("section", head + body, class_="current" if current else None,
                   data_section=section.id)  # fmt: skip


_TONES = {"待写": "plain", "已写": "plain", "已核对": "good", "有存疑": "caution"}


def _line(line: str, doubts: Sequence[Finding], tips: dict[int, str], first: Finding | None) -> str:
    """One line; a doubtful sentence is underlined and says why."""
    for finding in doubts:
        before, found, after = line.partition(finding.sentence)
        if found:
            why = element("span", text(f"（{'；'.join(finding.problems)}）"), class_="doubt")
            here = "first-doubt" if finding is first else None
            shown = element("span", _pieces(found, tips), class_="doubtful", id=here)
            return f"{_pieces(before, tips)}{shown}{why}{_line(after, doubts, tips, first)}"
    return _pieces(line, tips)


def _pieces(line: str, tips: dict[int, str]) -> str:
    parts = []
    for piece in _PIECE.split(line):
        if MARK.fullmatch(piece):
            mark = int(piece[1:-1])
            parts.append(mark_link(0, mark, tips[mark]) if mark in tips else text(piece))
        elif BLANK.fullmatch(piece):
            parts.append(element("mark", text(piece), class_="blank"))
        else:
            parts.append(text(piece))
    return join(parts)


def findings_line(findings: Sequence[Finding]) -> str:
    """How many sentences hold, with a way to the first that does not."""
    doubtful = sum(f.is_doubtful for f in findings)
    cited = sum(bool(f.marks) for f in findings)
    jump = (
        element("a", both("看第一处存疑", "First doubt"), href="#first-doubt", class_="link")
        if doubtful
        else ""
    )
    summary = both(
        f"核对了 {len(findings)} 句：{cited} 句有出处，{doubtful} 句存疑。",
        f"{len(findings)} sentences checked: {cited} cited, {doubtful} doubtful.",
    )
    return element(
        "p", f"{summary} {jump}", class_="problem" if doubtful else "note", role="status"
    )


def export_links(draft: Draft) -> str:
    links = join(
        element("a", both(zh, en), class_="tool", href=f"/drafts/{draft.id}/{name}", download=True)
        for zh, en, name in EXPORTS
    )
    return element("div", links, class_="tools", id="exports")


def source_cards(draft: Draft, section: Section | None) -> str:
    """The sources that the section cites, or else all of the draft's; the others are folded."""
    marks = marks_in(section.text) if section else ()
    own = [s for s in draft.sources if s.mark in marks]
    others = [s for s in draft.sources if s.mark not in marks]
    parts = [element("ol", join(source_card(s, 0) for s in own), class_="cards")]
    if others:
        label = both(
            f"其他部分的出处（{len(others)}）", f"Sources of other sections ({len(others)})"
        )
        cards = element("ol", join(source_card(s, 0) for s in others), class_="cards")
        parts.append(element("details", element("summary", label) + cards))
    return element("aside", join(parts), class_="sources open", aria_label="出处")
