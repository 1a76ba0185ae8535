"""Gaps of a draft filled: by hand, or from the author's own notes where subject and unit agree.

What is filled in bears a mark of its own source, 本单位提供, and is held to it from then on."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from assistant.cite.citation import Citation, Marks
from assistant.cite.markdown import MARK, parse
from assistant.drafting.blanks import HEADING, Blank, blanks_of
from assistant.drafting.models import DATA_BLANK, PASTED, Draft, OwnNote, is_own
from assistant.drafting.own import OwnFigure, contradictions, likeness, own_figures
from assistant.labelling import after_editing
from vectorstore.errors import PolicyError
from vectorstore.language.figures import figures, same_unit
from vectorstore.language.text import search_copy

MAX_VALUE = 200
_FITS = 0.5
_NO_MARKUP = str.maketrans("[]|", "〔〕／")  # neither a mark, nor a gap, nor the end of a cell


def with_note(draft: Draft, text: str, origin: str = PASTED) -> Draft:
    """The draft with one more note of the author's. Raises PolicyError for an empty one."""
    if not text.strip():
        raise PolicyError("请写明本单位的数字、名称或情况", "Write figures, names or remarks")
    note = OwnNote(secrets.token_hex(6), text.strip(), origin)
    return replace(draft, own=(*draft.own, note))


def fill(draft: Draft, blank: Blank, value: str) -> Draft:
    """The draft with one gap filled by what the author typed, which becomes a note. Raises
    PolicyError where there is nothing to fill or the gap is no more."""
    value = " ".join(value.split()).translate(_NO_MARKUP)
    if not value or len(value) > MAX_VALUE:
        raise PolicyError(
            f"请填写内容，最多 {MAX_VALUE} 字", f"Fill in something, at most {MAX_VALUE} characters"
        )
    if blank not in blanks_of(draft):
        raise PolicyError("这处空白已经改动，请刷新后再填", "This gap has changed; reload the page")
    text = f"{blank.missing}：{value}"
    draft = with_note(draft, text)
    start = len(text) - len(value)
    source = draft.own[-1].citation(start, len(text))
    return _filled(draft, blank, value, source, by_hand=True)


def fill_section(draft: Draft, identifier: str) -> Draft:
    """The draft with the gaps of one section filled from the notes."""
    return _from_notes(draft, identifier)[0] if draft.own else draft


def fill_from_notes(draft: Draft) -> tuple[Draft, int]:
    """The draft with every gap for a figure filled that exactly one own figure fits, and how
    many were. Figures that contradict each other fill nothing."""
    return _from_notes(draft, "")


def _from_notes(draft: Draft, only: str) -> tuple[Draft, int]:
    known = [figure for note in draft.own for figure in own_figures(note)]
    doubtful = {id_of(f) for c in contradictions(draft.own) for f in (c.first, c.second)}
    known = [figure for figure in known if id_of(figure) not in doubtful]
    count = 0
    # From the end, so that the places of the others stay true.
    for blank in reversed(blanks_of(draft)):
        if blank.words != DATA_BLANK or blank.line == HEADING:
            continue
        if only and draft.sections[blank.section].id != only:
            continue
        figure = _fitting(draft, blank, known)
        if figure is not None:
            citation = figure.note.citation(figure.start, figure.end)
            draft = _filled(draft, blank, figure.figure.text, citation)
            count += 1
    return draft, count


def id_of(figure: OwnFigure) -> tuple[str, int, int]:
    return figure.note.id, figure.start, figure.figure.start


def _fitting(draft: Draft, blank: Blank, known: Sequence[OwnFigure]) -> OwnFigure | None:
    """The own figure for a gap: of the same matter, in a unit that the gap's source counts in."""
    subject = blank.clause[: blank.clause.find(blank.words)] or blank.clause
    wanted = [
        figure
        for source in _borrowed(draft, blank)
        for figure in figures(search_copy(source.quote))
        if figure.unit
    ]
    found = [
        (score, figure)
        for figure in known
        if (score := likeness(figure.subject, subject)) >= _FITS
        and (not wanted or any(same_unit(figure.figure, other) for other in wanted))
    ]
    found.sort(key=lambda item: -item[0])
    if len(found) > 1 and found[0][0] - found[1][0] < 0.1:
        return None  # two that fit alike: whoever writes has to say which
    return found[0][1] if found else None


def _borrowed(draft: Draft, blank: Blank) -> list[Citation]:
    """The documents that the gap's line leans on."""
    line = _line(draft, blank)
    cited = (draft.source(int(mark)) for mark in MARK.findall(line[blank.end :]))
    return [source for source in cited if source and not is_own(source)][:1]


def _line(draft: Draft, blank: Blank) -> str:
    section = draft.sections[blank.section]
    return section.heading if blank.line == HEADING else section.text.split("\n")[blank.line]


def _filled(
    draft: Draft, blank: Blank, value: str, source: Citation, *, by_hand: bool = False
) -> Draft:
    section = draft.sections[blank.section]
    line = _line(draft, blank)
    if blank.line == HEADING:  # headings bear no marks
        heading = f"{line[: blank.start]}{value}{line[blank.end :]}"
        return draft.with_section(replace(section, heading=heading))
    marks = Marks(draft.sources)
    written = f"{line[: blank.start]}{value}[{marks.of_citation(source)}]{line[blank.end :]}"
    lines = section.text.split("\n")
    lines[blank.line] = written
    origin = after_editing(section.origin, was_empty=False) if by_hand else section.origin
    changed = replace(section, body=parse("\n".join(lines)), state="已写", origin=origin)
    return replace(draft.with_section(changed), sources=marks.sources)
