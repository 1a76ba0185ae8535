"""Which documents the library holds: by place, kind, issuer, theme, day, year and state; how
many, the newest, the oldest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.answers.content import Content, Statement, refused, table
from assistant.answers.ways.catalogue import DATE_NAMES, DATES, cell, day_written
from assistant.answers.ways.documents import in_question
from assistant.find.evidence import Evidence
from assistant.understand.corpus import full_name, label
from assistant.understand.demands import Demand
from assistant.understand.library import LibraryAsked, asks_for_content, asks_for_documents
from assistant.understand.question import Question
from vectorstore.language.names import names_organ
from vectorstore.language.text import fold, says
from vectorstore.models import DocumentSummary, Metadata

_LISTED = 50
_NAMED = 12  # documents in a note
_BY_CONGRESS = ("人民代表大会", "人大")
_FEW = 0.2  # of the documents: a theme that more of them name in their text is told by titles


def answer_library(question: Question, evidence: Evidence) -> Content | None:
    """The documents that fit, listed and counted, or the first and last of them; None where the
    question is about what documents say."""
    if not asks_for_documents(question) or question.unknown or question.names_one:
        return None
    if asks_for_content(question):
        return None
    documents = in_question(question, evidence)
    if question.places:
        inside = {i for p in question.places for i in evidence.corpus.in_region(p.path)}
        documents = [d for d in documents if d.id in inside]
        if not documents:
            return refused(f"库中没有{'、'.join(p.text for p in question.places)}的文件。")
    wanted = _known(LibraryAsked.of(question), documents)
    found = _about(wanted, [d for d in documents if _fits(d, wanted)], evidence)
    if not found and not question.words(Demand.LIBRARY):  # no word of documents: about their text
        return None
    if wanted.is_extreme:
        return _extremes(wanted, found, evidence)
    return _listing(found, wanted, evidence)


def _fits(document: DocumentSummary, wanted: LibraryAsked) -> bool:
    m = document.metadata
    return (
        (not wanted.states or document.state in wanted.states)
        and (not wanted.kinds or any(_is_kind(m, kind) for kind in wanted.kinds))
        and (not wanted.days or any(getattr(m, name) in wanted.days for name in DATES))
        and (not wanted.issuers or _is_by(m, wanted.issuers))
    )


def _known(wanted: LibraryAsked, documents: Sequence[DocumentSummary]) -> LibraryAsked:
    """With those organs only that issued something: a name is easily read into other words."""
    known = (o for o in wanted.issuers if any(_is_by(d.metadata, (o,)) for d in documents))
    return replace(wanted, issuers=tuple(known))


def _is_by(m: Metadata, organs: Sequence[str]) -> bool:
    return any(names_organ(m.issuer or "", organ) for organ in organs)


def _is_kind(m: Metadata, kind: str) -> bool:
    """地方性法规 are passed by a people's congress; of the others the name tells."""
    if kind == "地方性法规":
        return bool(m.region) and says(m.issuer or "", _BY_CONGRESS)
    return kind == m.kind or kind in m.title


def _about(
    wanted: LibraryAsked, documents: Sequence[DocumentSummary], evidence: Evidence
) -> list[DocumentSummary]:
    """Those that bear the theme in their title, or else the few that name it in their text; all
    where no theme is asked for."""
    words = [fold(word) for word in wanted.words]
    if not words:
        return list(documents)
    titled = [d for d in documents if any(word in fold(d.metadata.title) for word in words)]
    if titled:
        return titled
    ids = [d.id for d in documents]
    holders = {
        i for w in wanted.words for i, held in evidence.view.candidates(w, ids).items() if held
    }
    return [d for d in documents if d.id in holders]


def _extremes(
    wanted: LibraryAsked, documents: Sequence[DocumentSummary], evidence: Evidence
) -> Content:
    """The first and the last by the date that is named, or by the one that each goes by."""
    name = wanted.dated_by
    people = DATE_NAMES.get(name, "日期")

    def day(document: DocumentSummary) -> date | None:
        value: date | None = getattr(document.metadata, name) if name else document.metadata.dated
        return value

    dated = sorted((d for d in documents if day(d)), key=lambda d: (str(day(d)), d.id))
    if not dated and name and any(d.metadata.dated for d in documents):
        by_own = _extremes(replace(wanted, dated_by=""), documents, evidence)
        told = f"库中文件都未载明{people}，以下按各文件自己的日期。"
        return replace(by_own, notes=(told, *by_own.notes))
    if not dated:
        return refused(f"库中文件都未载明{people}。")
    ends = [("最早", dated[0])] if wanted.first else []
    ends += [("最晚", dated[-1])] if wanted.last else []
    statements = []
    for word, document in ends:
        field = name or next(n for n in DATES if getattr(document.metadata, n) == day(document))
        quotes = (evidence.quoter.field(document, field), evidence.quoter.field(document, "title"))
        told = f"{people}{word}的是{full_name(document)}，为{day_written(day(document))}。"
        statements.append(Statement(told, tuple(q for q in quotes if q)))
    silent = [label(d) for d in documents if not day(d)]
    more = "等" if len(silent) > _NAMED else ""
    notes = (f"未载明{people}的有：{'、'.join(silent[:_NAMED])}{more}。",) if silent else ()
    return Content(tuple(statements), notes=notes)


def _listing(
    documents: Sequence[DocumentSummary], wanted: LibraryAsked, evidence: Evidence
) -> Content:
    if not documents:
        return refused(f"库中没有{wanted.described}的文件。")
    rows = [_row(document, evidence) for document in documents[:_LISTED]]
    more = f"，列出前 {_LISTED} 份。" if len(documents) > _LISTED else "。"
    counts = Counter(document.state for document in documents)
    told = "、".join(f"{state} {count} 份" for state, count in counts.most_common())
    notes = (
        f"共 {len(documents)} 份文件{more}",
        f"时效：{told}（按各文件载明的施行日期、有效期和废止情况判断）。",
    )
    return Content((table(("文件", "发文字号", "日期", "时效依据"), rows),), notes)


def _row(document: DocumentSummary, evidence: Evidence) -> tuple[Statement, ...]:
    title = evidence.quoter.field(document, "title")
    number = evidence.quoter.field(document, "document_number")
    day = next((n for n in DATES if getattr(document.metadata, n)), None)
    stamp = evidence.quoter.field(document, day) if day else None
    return (
        Statement(document.metadata.title, (title,) if title else ()),
        cell(document.metadata.document_number, number),
        cell(day_written(getattr(document.metadata, day)) if day else None, stamp),
        _standing(document, evidence),
    )


def _standing(document: DocumentSummary, evidence: Evidence) -> Statement:
    """The words from which the state follows."""
    state = evidence.view.state(document.id)
    for proof in state.proofs if state else ():
        known = evidence.view.known(proof.document_id)
        if known and proof.end > proof.start:
            quote = evidence.quoter.stretch(known, proof.start, proof.end)
            return Statement(quote.text, (quote,))
    return Statement("未载明")
