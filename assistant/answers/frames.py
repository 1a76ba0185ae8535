"""What a quoted statement is about: the frame that is held against that of the question (fit.py)."""

from dataclasses import dataclass, field
from typing import Literal

from assistant.answers.content import Statement
from assistant.find.evidence import Evidence
from assistant.find.stated import of_documents
from assistant.understand.corpus import Path
from vectorstore.facts import Fact
from vectorstore.language.text import search_copy

Aspect = Literal["", "place", "year", "group", "measure", "indicator", "act"]


@dataclass(frozen=True, slots=True)
class Held:
    """What a quoted statement is about. `text` is the statement, `around` its headings and the
    heads of its table, `passage` the passage that it is from; `rows` are the facts in it,
    `source` all that its document says."""

    text: str
    around: str = ""
    title: str = ""
    region: Path = ()
    rows: tuple[Fact, ...] = ()
    passage: str = ""
    is_row: bool = False  # of a table: units stand in its head
    source: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`misfit` says in words what the statement does not tell, '' where it fits; `stated` is
    what it speaks of instead, where that has a name; `aspect` in what they differ."""

    misfit: str = ""
    stated: str = ""
    aspect: Aspect = ""

    @property
    def fits(self) -> bool:
        return not self.misfit


FITS = Verdict()


def held_in(statement: Statement, evidence: Evidence) -> Held:
    """The frame of a statement, from the rows in its quotes where there are any."""
    quotes = statement.quotes
    document = quotes[0].document
    passage = evidence.view.passage(quotes[0].passage_id)
    rows = tuple(
        fact
        for fact in of_documents([document], evidence, "target", "figure", "amount")
        if any(q.document_id == document.id and q.start < fact.end and fact.start < q.end
               for q in quotes)
    )  # fmt: skip
    context = passage.context if passage else ""
    return Held(
        search_copy(statement.text),
        search_copy(" ".join((*quotes[0].heading_path, context))),
        search_copy(document.metadata.title),
        document.metadata.region,
        rows,
        search_copy(passage.text) if passage else "",
        bool(passage and passage.is_row),
        evidence.quoter.source(document.id),
    )


def held_by(fact: Fact, evidence: Evidence) -> Held:
    metadata = evidence.summary(fact.document_id).metadata
    passage = evidence.view.passage(fact.passage_id)
    around = (*fact.heading_path, passage.context if passage else "")
    return Held(
        search_copy(f"{fact.group}{fact.subject} {fact.quote}"),
        search_copy(" ".join(around)),
        search_copy(metadata.title),
        metadata.region,
        (fact,),
        "",
        bool(passage and passage.is_row),
        evidence.quoter.source(fact.document_id),
    )
