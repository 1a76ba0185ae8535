"""The author's own material in a draft, and its gaps filled: each deed is saved at once."""

from dataclasses import replace

from assistant.drafting.blanks import Blank, blanks_of
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.filling import fill, fill_from_notes, with_note
from assistant.drafting.models import PASTED, Draft
from vectorstore.errors import PolicyError

MAX_NOTE = 50_000
MAX_NOTES = 50


def add_note(desk: DraftingDesk, draft: Draft, text: str, origin: str = PASTED) -> Draft:
    """Figures, names and remarks of one's own, pasted or out of a file. Raises PolicyError."""
    if len(text) > MAX_NOTE:
        raise PolicyError(
            f"材料有 {len(text)} 字，最多 {MAX_NOTE} 字；请只留与本稿有关的部分",
            f"The material has {len(text)} characters, at most {MAX_NOTE}",
        )
    if len(draft.own) >= MAX_NOTES:
        raise PolicyError(
            f"一份稿子最多 {MAX_NOTES} 份材料，请先删去不用的",
            f"A draft holds at most {MAX_NOTES} notes; remove some first",
        )
    return desk.keep(with_note(draft, text, origin), "增加本单位材料")


def drop_note(desk: DraftingDesk, draft: Draft, identifier: str) -> Draft:
    """Without one of its notes; what was filled in from it stays, and is doubtful from now on."""
    own = tuple(note for note in draft.own if note.id != identifier)
    if own == draft.own:
        return draft
    return desk.keep(replace(draft, own=own), "删除本单位材料")


def fill_gap(desk: DraftingDesk, draft: Draft, blank: Blank, value: str) -> Draft:
    """One gap filled by hand. Raises PolicyError."""
    if blank not in blanks_of(draft):
        raise PolicyError(
            "这处空白已经改动，请看下一处", "This gap has changed; go on with the next"
        )
    section = draft.sections[blank.section]
    desk.require_free(draft, section.id)
    return desk.keep(fill(draft, blank, value), f"填空：{section.name}")


def fill_gaps(desk: DraftingDesk, draft: Draft) -> tuple[Draft, int]:
    """The gaps that own material fits, and how many they were. Sections that somebody else is
    typing in, or that hold what one may not see, are left."""
    filled, _ = fill_from_notes(draft)
    held = desk.store.holds.others(draft.id, desk.person)
    for section in draft.sections:
        if section.id in held or desk.is_covered(draft, section.id):
            filled = filled.with_section(section)
    count = len(blanks_of(draft)) - len(blanks_of(filled))
    return (desk.keep(filled, f"按材料填空 {count} 处"), count) if count else (draft, 0)
