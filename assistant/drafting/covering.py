"""What somebody may not see of a draft that they may read: what it takes from documents that
they may not see. A paragraph at a time; an old answer, which the program wrote, is covered by the
sentence, and with more of it when anything is (history/covering.py)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.cite.citation import Citation
from assistant.cite.splitting import line_of
from assistant.cite.structure import Block, Body, Line, Sentence, Table
from assistant.drafting.models import Draft, is_own
from assistant.people.person import Person
from vectorstore.library import View
from vectorstore.models import Audience, DocumentSummary

COVERED = "（此处引自您无权查看的文件，已遮盖）"


@dataclass(frozen=True, slots=True)
class Beyond:
    """What tells a document that is gone from one that is hidden: the whole library, and for whom
    a document is or was last."""

    everything: Callable[[], View]
    audience: Callable[[str], Audience]


def cover(draft: Draft, person: Person, view: View, beyond: Beyond) -> Draft:
    """`draft` with a line in place of each paragraph and each table row that cites a hidden
    document, and of its quote. The same draft where nothing is hidden."""
    hidden = _hidden(draft, person, view, beyond)
    if not hidden:
        return draft
    sections = tuple(
        replace(section, body=_covered(section.body, hidden)) for section in draft.sections
    )
    sources = tuple(_without_words(s) if s.mark in hidden else s for s in draft.sources)
    return replace(draft, sections=sections, sources=sources)


def covered_sections(draft: Draft, person: Person, view: View, beyond: Beyond) -> frozenset[str]:
    """The sections that somebody sees a part of only."""
    hidden = _hidden(draft, person, view, beyond)
    return frozenset(s.id for s in draft.sections if any(_cites(b, hidden) for b in s.body))


def _hidden(draft: Draft, person: Person, view: View, beyond: Beyond) -> frozenset[int]:
    """Marks of sources that somebody may not quote. Whoever owns the draft goes on seeing what it
    takes from documents that have left the library, if they would see these still; for others
    documents that are gone are like hidden ones."""
    if person.is_alone:
        return frozenset()
    marks = []
    for source in draft.sources:
        if is_own(source) or view.quotable.known(source.document_id):
            continue
        if draft.owner != person.id or not _is_gone(source, person, view, beyond):
            marks.append(source.mark)
    return frozenset(marks)


def _is_gone(source: Citation, person: Person, view: View, beyond: Beyond) -> bool:
    """Whether a document has left the library and its words are no secret from somebody: it was
    for them to the last, and so is what was read from the same file since, or bears its title
    and number."""
    library, last = beyond.everything(), beyond.audience(source.document_id)
    if library.known(source.document_id):
        return False
    newer = (d for d in library.documents() if _is_same_document(source, d))
    return (
        last.may_quote
        and person.viewer.admitted_by(last)
        and all(view.quotable.known(d.id) for d in newer)
    )


def _is_same_document(source: Citation, document: DocumentSummary) -> bool:
    m = document.metadata
    if source.source_path in document.source_paths:
        return True
    return bool(m.document_number) and (m.title, m.document_number) == (
        source.title, source.document_number,
    )  # fmt: skip


def _covered(body: Body, hidden: frozenset[int]) -> Body:
    return tuple(_block(block, hidden) if _cites(block, hidden) else block for block in body)


def _cites(block: Block, hidden: frozenset[int]) -> bool:
    """Of a quotation of several sentences only the last shows the mark, so that a paragraph
    counts as a whole."""
    if isinstance(block, Line):
        return any(not hidden.isdisjoint(sentence.all_marks) for sentence in block.sentences)
    return any(
        not hidden.isdisjoint(c.all_marks) for row in (block.header, *block.rows) for c in row
    )


def _block(block: Block, hidden: frozenset[int]) -> Block:
    if isinstance(block, Line):
        return line_of(COVERED)
    rows = tuple(
        tuple(Sentence((COVERED if i == 0 else "",)) for i, _ in enumerate(row))
        if any(not hidden.isdisjoint(cell.all_marks) for cell in row)
        else row
        for row in block.rows
    )
    header = tuple(Sentence(("",)) if cell.all_marks & hidden else cell for cell in block.header)
    return Table(header, rows)


def _without_words(source: Citation) -> Citation:
    return replace(
        source, document_id="", source_path="", title=COVERED, issuer=None, document_number=None,
        region=None, status=None, heading_path=(), quote="", start=0, end=0, page=None, date=None,
        passage_id="",
    )  # fmt: skip
