"""Comments on a draft as its page shows them: below each section, and marks at the sentences."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.cite.structure import Line, Sentence
from assistant.drafting.comments import MAX_COMMENT, MAX_QUOTE, Comment
from assistant.drafting.models import Section
from assistant.pages.draft_times import when
from assistant.pages.markup import both, element, join, text

_SHOWN = 40  # characters of a sentence that stand for it in a list


@dataclass(frozen=True, slots=True)
class Remarks:
    """The comments of a draft, for whoever looks: `person` is their id, `may_settle` whether
    those of others may be settled."""

    comments: Sequence[Comment] = field(default=())
    person: str = ""
    may_settle: bool = False

    def on(self, section: str) -> list[Comment]:
        return [comment for comment in self.comments if comment.section == section]


def marks_of_comments(sentence: Sentence, comments: Sequence[Comment]) -> str:
    """Links from a sentence to what is said about it, as long as it is open."""
    said = sentence.plain.strip()
    return join(
        element("a", both("批注", "Comment"), href=f"#comment-{c.id}", class_="comment-mark",
                title=c.text[:80])
        for c in comments if c.is_open and c.quote and c.quote == said[:MAX_QUOTE]
    )  # fmt: skip


def comments_of(draft_id: str, section: Section, remarks: Remarks) -> str:
    """What is said of a section, folded, and a form for more."""
    own = remarks.on(section.id)
    open_ = sum(comment.is_open for comment in own)
    label = both(f"批注（{open_}）", f"Comments ({open_})") if own else both("批注", "Comment")
    known = {s.plain.strip()[:MAX_QUOTE] for s in _sentences(section)}
    base = f"/drafts/{draft_id}/comments"
    items = join(_item(comment, base, remarks, known) for comment in own)
    listed = element("ul", items, class_="comment-list") if own else ""
    return element("details", element("summary", label) + listed + _form(base, section),
                   class_="comments", data_fold=f"comments-{section.id}")  # fmt: skip


def _sentences(section: Section) -> list[Sentence]:
    lines = (block for block in section.body if isinstance(block, Line))
    return [s for line in lines for s in line.sentences if s.plain.strip()]


def _item(comment: Comment, base: str, remarks: Remarks, known: set[str]) -> str:
    who = text(comment.name) + " " if comment.name else ""
    head = element("span", who + text(when(comment.at)))
    state = element("span", both("已解决", "Settled"), class_="state good")
    if comment.is_open:
        state = element("span", both("未解决", "Open"), class_="state caution")
    elif comment.resolver:
        state += element("span", text(f"{comment.resolver} {when(comment.resolved)}"))
    quoted = ""
    if comment.quote:
        changed = (
            ""
            if comment.quote in known
            else element("small", both("（原句已改）", "(changed since)"))
        )
        quoted = element("blockquote", text(comment.quote) + changed)
    deeds = []
    if comment.person == remarks.person or remarks.may_settle:
        deeds.append(
            ("settle", "解决", "Settle") if comment.is_open else ("reopen", "重新打开", "Reopen")
        )
    if comment.person == remarks.person:
        deeds.append(("remove", "删除", "Remove"))
    buttons = join(
        element("form", element("button", both(zh, en), type="submit", class_="plain"),
                method="post", action=f"{base}/{comment.id}/{deed}", data_inline=True)
        for deed, zh, en in deeds
    )  # fmt: skip
    return element(
        "li", element("p", f"{head} {state}", class_="facts") + quoted
        + element("p", text(comment.text)) + element("div", buttons, class_="deeds"),
        id=f"comment-{comment.id}", class_=None if comment.is_open else "settled", tabindex="-1",
    )  # fmt: skip


def _form(base: str, section: Section) -> str:
    whole = element("option", text("整个部分 · the whole section"), value="")
    options = whole + join(
        element("option", text(said[:_SHOWN] + ("…" if len(said) > _SHOWN else "")),
                value=said[:MAX_QUOTE])
        for said in dict.fromkeys(s.plain.strip() for s in _sentences(section))
    )  # fmt: skip
    about = element("label", both("批哪一句", "About") + element("select", options, name="quote"))
    box = element("label", both("批注", "Comment") + element(
        "textarea", "", name="said", rows=2, maxlength=MAX_COMMENT, required=True))  # fmt: skip
    hidden = element("input", type="hidden", name="section", value=section.id)
    button = element("button", both("加批注", "Add"), type="submit", class_="tool")
    return element("form", hidden + about + box + button, method="post", action=base,
                   data_inline=True, class_="comment-form")  # fmt: skip
