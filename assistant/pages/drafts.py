"""A draft as HTML: its text with marks, gaps and doubts, and the cards of its sources."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, count, repeat

from assistant.cite.structure import Sentence
from assistant.drafting.blanks import blanks_of
from assistant.drafting.check import BLANK, Finding
from assistant.drafting.comments import Comment
from assistant.drafting.holds import Aside
from assistant.drafting.models import Draft, Section
from assistant.export.final import open_points
from assistant.labelling import LABELS
from assistant.pages.blocks import blocks
from assistant.pages.cards import source_card
from assistant.pages.draft_comments import Remarks, comments_of, marks_of_comments
from assistant.pages.markup import both, element, join, text
from assistant.pages.said import mark_link, tip_of

_WORDS = re.compile(rf"({BLANK.pattern})")
_NEAR = 0.15  # of the length wanted: so much longer or shorter is near enough
Anchors = Iterator[str | None]  # the id of each doubtful sentence


def draft_html(
    draft: Draft | None, current: str, *, is_shared: bool = False, may_write: bool = True,
    remarks: Remarks = Remarks(),
) -> str:  # fmt: skip
    """The whole draft, the section that is being edited marked. Words are edited where they stand
    (desk.js). Of one that others may have open too the page tells the server that somebody types
    in it (page.js)."""
    if draft is None:
        hint = both(
            "写明要起草什么，“列提纲”后再“写全文”。每个借来的事实都带着出处；本地的数字留空，用黄色标出。",
            "Say what to draft, make the outline, then write. Every borrowed fact carries its source.",
        )
        return element("div", element("p", hint), class_="welcome")
    shown = _Shown(draft, remarks, may_write)
    parts = [element("h2", text(draft.title))]
    parts += [shown.section(s, s.id == current) for s in draft.sections]
    return element(
        "article", join(parts), class_="draft", aria_label="稿子", data_draft=draft.id,
        data_version=draft.version, data_shared=is_shared,
    )  # fmt: skip


_TONES = {"待写": "plain", "已写": "plain", "已核对": "good", "有存疑": "caution"}


class _Shown:
    """A draft being shown once, from its first gap and doubt to the last."""

    def __init__(self, draft: Draft, remarks: Remarks, may_write: bool):
        self.draft = draft
        self.remarks = remarks
        self.may_write = may_write
        self.tips = {source.mark: tip_of(source) for source in draft.sources}
        self.anchors: Anchors = chain(["first-doubt"], repeat(None))
        self.gaps = count(1)  # as blanks_of counts them

    def section(self, section: Section, is_current: bool) -> str:
        """`data-size` are the letters of its text as the browser counts them: by it and the
        heading desk.js knows that the boxes hold this section."""
        state = element("span", text(section.state), class_=f"state {_TONES[section.state]}")
        name = f"h{min(6, section.level + 2)}"
        heading = self.words(section.heading) or text(f"（{section.name}）")
        head = element(name, heading + " " + state + _origin(section))
        own = self.remarks.on(section.id)
        body = blocks(section.body, lambda sentence: self.sentence(sentence, own))
        size = len(section.text.encode("utf-16-le", "surrogatepass")) // 2
        return element(
            "section", head + self.tools(section) + element("div", body, class_="words")
            + comments_of(self.draft.id, section, self.remarks),
            class_="current" if is_current else None, data_section=section.id,
            data_heading=section.heading, data_size=size, id=f"section-{section.id}",
        )  # fmt: skip

    def tools(self, section: Section) -> str:
        edit = ""
        if self.may_write:
            edit = element("button", both("编辑", "Edit"), type="button", class_="plain",
                           data_edit=True, aria_label=f"编辑：{section.name}")  # fmt: skip
        return element("div", edit + _length(self.draft, section, self.may_write), class_="section-tools")  # fmt: skip

    def sentence(self, sentence: Sentence, own: Sequence[Comment]) -> str:
        """A doubtful sentence is underlined and says why."""
        shown = join(
            self.words(piece)
            if isinstance(piece, str)
            else mark_link(0, piece, self.tips[piece])
            if piece in self.tips
            else text(f"[{piece}]")
            for piece in sentence.pieces
        )
        remarks = marks_of_comments(sentence, own)
        if not sentence.check or not sentence.check.problems:
            return shown + remarks
        why = element("span", text(f"（{sentence.check.reason}）"), class_="doubt")
        return element("span", shown, class_="doubtful", id=next(self.anchors)) + why + remarks

    def words(self, words: str) -> str:
        """The gaps among them marked; each leads to where it is filled."""
        return join(
            self.gap(part) if BLANK.fullmatch(part) else text(part) for part in _WORDS.split(words)
        )

    def gap(self, words: str) -> str:
        address = f"/drafts/{self.draft.id}/own?at={next(self.gaps)}"
        shown = element("mark", text(words), class_="blank")
        return element("a", shown, href=address, class_="gap") if self.may_write else shown


def _origin(section: Section) -> str:
    """Who wrote it, where that is not the person who reads it."""
    if section.origin not in LABELS or not section.text.strip():
        return ""
    return " " + element("span", both(*LABELS[section.origin]), class_="origin")


def _length(draft: Draft, section: Section, may_write: bool) -> str:
    """How long a section is, and how long it should be."""
    zh, en = f"{section.length} 字", f"{section.length} characters"
    tone = ""
    if section.wanted:
        off = section.length / section.wanted - 1
        how = "" if abs(off) <= _NEAR else "，偏长" if off > 0 else "，偏短"
        how_en = "" if abs(off) <= _NEAR else ", long" if off > 0 else ", short"
        zh, en = f"{zh} / 目标 {section.wanted} 字{how}", f"{en} of {section.wanted}{how_en}"
        tone = "caution" if how else "good"
    shown = element("span", both(zh, en), class_=f"count {tone}".strip())
    if not may_write:
        return shown
    box = element("input", type="number", name="wanted", min=0, max=100000, step=10,
                  value=section.wanted or "", aria_label="字数目标，0 为不限")  # fmt: skip
    hidden = element("input", type="hidden", name="section", value=section.id)
    button = element("button", both("定", "Set"), type="submit", class_="plain")
    form = element("form", hidden + box + button, method="post",
                   action=f"/drafts/{draft.id}/length", data_inline=True)  # fmt: skip
    aim = element("summary", both("字数目标", "Length"))
    return shown + element("details", aim + form, class_="aim", data_fold=f"aim-{section.id}")


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
    gaps = len(blanks_of(draft))
    pages = ((f"填空（{gaps}）", f"Gaps ({gaps})", "own"), ("本单位材料", "Own material", "own#own"),
             ("插入原文或指标", "Insert", "insert"), ("文字校对", "Style check", "style"),
             ("查找替换", "Find and replace", "find"),
             ("修改对比", "Changes", "versions"))  # fmt: skip
    links += join(
        element("a", both(zh, en), class_="tool", href=f"{base}/{name}") for zh, en, name in pages
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
