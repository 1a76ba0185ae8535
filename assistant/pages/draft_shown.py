"""What 起草 shows of the draft that a browser tab has open: values for its components."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from assistant.cite.citation import named
from assistant.drafting.access import WRITES, Permission
from assistant.drafting.check import findings_of
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft, Section
from assistant.drafting.sources import Found
from assistant.drafting.store import Listed
from assistant.pages.draft_comments import Remarks
from assistant.pages.draft_times import when
from assistant.pages.drafts import aside_box, draft_html, export_links, findings_line, source_cards
from assistant.pages.markup import element, text
from vectorstore.language.text import squeeze

_READ_ONLY = "这份稿子只给您看，不能修改；可以导出。"
_COVERED = "这一部分有引自您无权查看的文件的内容，已遮盖，您不能修改这一部分。"


@dataclass(frozen=True)
class Opened:
    """What one browser tab has open."""

    draft: Draft | None = None
    section: str = ""
    candidates: tuple[Found, ...] = ()


@dataclass(frozen=True)
class Parts:
    """The components that show what is open, and those that change it."""

    state: gr.State
    view: gr.HTML
    outline: gr.Radio
    heading: gr.Textbox
    body: gr.Textbox
    beside: gr.HTML
    words_beside: gr.Row
    cards: gr.HTML
    choice: gr.Radio
    versions: gr.Dropdown
    exports: gr.HTML
    message: gr.HTML

    @property
    def shown(self) -> list[Any]:
        return list(vars(self).values())


def status(sentence: str) -> str:
    return element("p", text(sentence), class_="note", role="status")


def show(desk: DraftingDesk, opened: Opened, message: str) -> tuple[object, ...]:
    """Values for Parts.shown. A draft that somebody may not see any more is not shown."""
    right = desk.store.permission(opened.draft.id, desk.person) if opened.draft else "none"
    if opened.draft is None or right == "none":
        empty, off = gr.update(choices=[], value=None), gr.update(visible=False)
        idle = gr.update(value="", interactive=True)
        shown = (draft_html(None, ""), empty, idle, idle, "", off, "", empty, empty, "")
        return (Opened(), *shown, message)
    draft = desk.covered(opened.draft)
    section = next((s for s in draft.sections if s.id == opened.section), None)
    line = findings_line(findings) if (findings := findings_of(draft)) else ""
    locked = _locked(desk, opened.draft, section, right) if section else ""
    aside = desk.aside(draft, section.id) if section else None
    return (
        opened,
        draft_html(
            draft,
            opened.section,
            is_shared=_is_shared(desk, draft),
            may_write=right in WRITES,
            remarks=Remarks(desk.store.comments.of(draft.id), desk.person.id, right in WRITES),
        ),
        gr.update(choices=_outline(draft), value=section.id if section else None),
        gr.update(value=section.heading if section else "", interactive=not locked),
        gr.update(value=section.text if section else "", interactive=not locked),
        (status(locked) if locked else "") + (aside_box(aside) if aside else ""),
        gr.update(visible=aside is not None),
        source_cards(draft, section),
        gr.update(choices=_choices(opened.candidates), value=None),
        gr.update(choices=_versions(desk, draft), value=None),
        export_links(draft, can_share=right == "owner" and not desk.person.is_alone),
        message + line,
    )


def _is_shared(desk: DraftingDesk, draft: Draft) -> bool:
    """Whether others may have it open too."""
    if desk.person.is_alone:
        return False
    ownership = desk.store.ownership(draft.id, desk.person)
    return bool(ownership.shares or ownership.department or ownership.owner != desk.person.id)


def _locked(desk: DraftingDesk, draft: Draft, section: Section, right: Permission) -> str:
    """Why somebody cannot edit a section now; '' where they can."""
    if right not in WRITES:
        return _READ_ONLY
    if desk.is_covered(draft, section.id):
        return _COVERED
    return desk.held_by(draft, section.id)


async def drawn(desk: DraftingDesk, opened: Opened, message: str) -> tuple[object, ...]:
    """`show` off the event loop: it reads the versions."""
    return await asyncio.to_thread(show, desk, opened, message)


def told(message: str) -> tuple[object, ...]:
    """Values for Parts.shown where only the message, the last of them, changes."""
    return (*(gr.skip() for _ in fields(Parts)[1:]), message)


def _outline(draft: Draft) -> list[tuple[str, str]]:
    return [
        (f"{'　' * (s.level - 1)}{s.heading or f'（{s.name}）'} · {s.state}", s.id)
        for s in draft.sections
    ]


def _choices(candidates: Sequence[Found]) -> list[tuple[str, int]]:
    return [
        (f"{squeeze(found.text)[:90]}（{named(found.hit.document.metadata.title)}）", i)
        for i, found in enumerate(candidates)
    ]


def _versions(desk: DraftingDesk, draft: Draft) -> list[tuple[str, int]]:
    return [
        (" · ".join(filter(None, (f"第 {v.number} 版", when(v.at), v.what, v.name))), v.number)
        for v in desk.store.versions(draft.id, desk.person)
    ]


_SHELVES = {"own": "", "department": "〔部门〕", "shared": "〔共享〕"}


def titles(listed: Sequence[Listed]) -> object:
    """The drafts that can be opened; what is in the bin is not."""
    choices = [
        (" · ".join(filter(None, (f"{_SHELVES[d.shelf]}{d.title}", when(d.updated), d.name))), d.id)
        for d in listed
        if d.shelf != "bin"
    ]
    return gr.update(choices=choices, value=None)
