"""A draft as HTML: its text with marks, gaps and doubts, and the cards of its sources."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, repeat

from assistant.cite.structure import Sentence
from assistant.drafting.check import BLANK, Finding
from assistant.drafting.holds import Aside
from assistant.drafting.models import Draft, Section
from assistant.export.final import open_points
from assistant.labelling import LABELS
from assistant.pages.blocks import blocks
from assistant.pages.cards import source_card
from assistant.pages.markup import both, element, join, text
from assistant.pages.said import mark_link, tip_of

_WORDS = re.compile(rf"({BLANK.pattern})")
Anchors = Iterator[str | None]  # the id of each doubtful sentence


def draft_html(draft: Draft | None, current: str, *, is_shared: bool = False) -> str:
    """The whole draft, the section that is being edited marked. Of one that others may have open
    too the page tells the server that somebody types in it (page.js)."""
    if draft is None:
        hint = both(
            "写明要起草什么，“列提纲”后再“写全文”。每个借来的事实都带着出处；本地的数字留空，用黄色标出。",
            "Say what to draft, make the outline, then write. Every borrowed fact carries its source.",
        )
        return element("div", element("p", hint), class_="welcome")
    tips = {source.mark: tip_of(source) for source in draft.sources}
    anchors: Anchors = chain(["first-doubt"], repeat(None))
    parts = [element("h2", text(draft.title))]
    parts += [_section(s, tips, anchors, s.id == current) for s in draft.sections]
    return element(
        "article", join(parts), class_="draft", aria_label="稿子", data_draft=draft.id,
        data_version=draft.version, data_shared=is_shared,
    )  # fmt: skip


def _section(section: Section, tips: dict[int, str], anchors: Anchors, current: bool) -> str:
    state = element("span", text(section.state), class_=f"state {_TONES[section.state]}")
    name = f"h{min(6, section.level + 2)}"
    head = element(name, text(section.heading or "（开头）") + " " + state + _origin(section))
    body = blocks(section.body, lambda sentence: _sentence(sentence, tips, anchors))
    return element("section", head + body, class_="current" if current else None,
                   data_section=section.id)  # fmt: skip


_TONES = {"待写": "plain", "已写": "plain", "已核对": "good", "有存疑": "caution"}


def _origin(section: Section) -> str:
    """Who wrote it, where that is not the person who reads it."""
    if section.origin not in LABELS or not section.text.strip():
        return ""
    return " " + element("span", both(*LABELS[section.origin]), class_="origin")


def _sentence(sentence: Sentence, tips: dict[int, str], anchors: Anchors) -> str:
    """A doubtful sentence is underlined and says why."""
    shown = join(
        _words(piece)
        if isinstance(piece, str)
        else mark_link(0, piece, tips[piece])
        if piece in tips
        else text(f"[{piece}]")
        for piece in sentence.pieces
    )
    if not sentence.check or not sentence.check.problems:
        return shown
    why = element("span", text(f"（{sentence.check.reason}）"), class_="doubt")
    return element("span", shown, class_="doubtful", id=next(anchors)) + why


def _words(words: str) -> str:
    """The gaps among them marked."""
    return join(
        element("mark", text(part), class_="blank") if BLANK.fullmatch(part) else text(part)
        for part in _WORDS.split(words)
    )


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


def export_links(draft: Draft, *, can_share: bool = False) -> str:
    """Ways out of the draft, and to the pages about it. With open points the final form is
    chosen on the page that names them."""
    base, points = f"/drafts/{draft.id}", open_points(draft)
    final = ("定稿版 Word", "Final (Word)", "final.docx")
    if points:
        final = (f"定稿版（{len(points)} 处未定）", f"Final ({len(points)} open)", "export")
    ways = (("送审版 Word", "For review (Word)", "review.docx"), final,
            ("PDF、红头等", "PDF and more", "export"))  # fmt: skip
    links = join(
        element("a", both(zh, en), class_="tool", href=f"{base}/{name}", download="." in name)
        for zh, en, name in ways
    )
    if can_share:
        links += element("a", both("共享与归属", "Share"), class_="tool", href=base)
    return element("div", links, class_="tools", id="exports")


def list_link() -> str:
    """The way to all drafts and the bin."""
    words = both("全部稿子、共享的稿子和回收站", "All drafts, shared ones, and the bin")
    return element("p", element("a", words, href="/drafts", class_="link"), id="all-drafts")


def aside_box(aside: Aside) -> str:
    """Words of one's own that could not be saved into a section."""
    said = both(
        "这一部分别人改过或正在改，您的文字没有存进去，也没有丢，就在下面：可以采用，也可以手工并入上面的正文。",
        "Somebody else changed this section, or is at work on it. Your words were not saved into it; "
        "they are kept below, to be used or merged by hand.",
    )  # fmt: skip
    words = element("pre", text("\n".join(filter(None, (aside.heading, aside.text)))), tabindex="0")
    return element("div", element("p", said, role="status") + words, class_="own-words")


def source_cards(draft: Draft, section: Section | None) -> str:
    """The sources that the section cites, or else all of the draft's; the others are folded."""
    marks = section.marks if section else ()
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
