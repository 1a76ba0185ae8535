"""What each tool does, for whoever calls it: through their view, with an entry in the log."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

from assistant.answers.answer import Mode
from assistant.api.problems import NotThere
from assistant.api.rows import hit_row
from assistant.api.schemas import AuditOut, FactsFoundOut, FoundOut, HeadingOut
from assistant.api.tools import asked, told
from assistant.audit.audit import audit, summary
from assistant.chat import Request, check_turns
from assistant.events import Progress
from assistant.find.reading import Reading
from assistant.indicators.chosen import Chosen
from assistant.indicators.listing import as_json as fact_as_json
from assistant.indicators.listing import rows_of
from assistant.labelling import producer_of
from assistant.noting import note_answer
from assistant.people.keys import Key, Scope
from assistant.people.log import Who, compared
from assistant.people.person import Person
from assistant.revision.choosing import compared_in, find_document
from assistant.revision.rendering import as_json as revision_as_json
from assistant.revision.rendering import summary as revision_summary
from assistant.services import Services
from vectorstore.errors import PolicyError
from vectorstore.files.surrogates import whole
from vectorstore.library import View
from vectorstore.models import DocumentSummary


@dataclass(frozen=True)
class Caller:
    """Who calls a tool. `allow` records the call; it raises where their key, or they, may not do
    what a scope opens, or where the log cannot be written."""

    person: Person
    key: Key | None  # None where programs need none
    who: Who
    allow: Callable[[Scope, str], None]


@dataclass(frozen=True)
class Deeds:
    """The tools over one set of services. Each takes its arguments and says what came of them;
    the caller has been let in."""

    services: Services

    def view(self, caller: Caller) -> View:
        return self.services.assistant.view(caller.person.viewer)

    def ask(self, caller: Caller, given: asked.Ask, progress: Progress) -> told.Answered:
        services, day = self.services, given.as_of or date.today()
        mode: Mode | None = given.mode
        request = Request(
            given.turns, caller.person.viewer, day, given.scope.as_filter(), mode, progress
        )
        answer = services.recording.ask(caller.who, request)
        note_answer(services.assistant, caller.person, given.turns, answer)
        return told.answered(answer.as_json(None, producer_of(services.desk.settings)))

    def search(self, caller: Caller, given: asked.Search, progress: Progress) -> told.Found:
        """In the order in which answering would look at them: searched, then read."""
        assistant = self.services.assistant
        turns = [whole(turn) for turn in given.turns]
        check_turns(turns, assistant.settings.max_question)
        entry = caller.who.did("search", question=turns[-1], turns=turns[:-1])
        self.services.log.record(entry)
        view = assistant.view(caller.person.viewer, given.scope.as_filter(), given.as_of)
        question = assistant.question_of(turns, assistant.evidence(view, progress))
        readings = assistant.read(question, view)[: given.limit]
        return told.Found(hits=[_hit(rank, r) for rank, r in enumerate(readings, 1)])

    def get_passage(self, caller: Caller, given: asked.GetPassage, _: Progress) -> told.PassageText:
        view = self.view(caller)
        passage = view.passage(given.passage_id)
        document = view.summary(passage.document_id) if passage else None
        if passage is None or document is None:
            raise NotThere("没有这个段落，可能已更新或移除")
        _require_quotable(document)
        self._opened(caller, document, passage.start)
        beside = [p.id for p in view.passages_of(document.id)]
        at = beside.index(passage.id)
        return told.PassageText(
            passage_id=passage.id,
            document_id=document.id,
            title=document.metadata.title,
            document_number=document.metadata.document_number,
            state=document.state,
            heading_path=list(passage.heading_path),
            text=passage.text,
            start=passage.start,
            end=passage.end,
            page=passage.page,
            previous=beside[at - 1] if at else None,
            next=beside[at + 1] if at + 1 < len(beside) else None,
        )

    def get_document(
        self, caller: Caller, given: asked.GetDocument, _: Progress
    ) -> told.DocumentText:
        view = self.view(caller)
        summary = find_document(view, given.document)
        _require_quotable(summary)
        document = view.document(summary.id)
        if document is None:
            raise NotThere("这份文件刚被更新或移除，请重新查找")
        self._opened(caller, summary, given.start)
        m, start = summary.metadata, min(given.start, len(document.text))
        end = min(start + given.length, len(document.text))
        return told.DocumentText(
            document_id=summary.id,
            title=m.title,
            issuer=m.issuer,
            document_number=m.document_number,
            region=list(m.region),
            kind=m.kind,
            date_written=m.date_written,
            date_printed=m.date_printed,
            date_published=m.date_published,
            date_effective=m.date_effective,
            period=m.period,
            state=summary.state,
            passages=summary.passages,
            outline=[
                HeadingOut(level=h.level, text=h.text, start=h.start) for h in document.outline
            ],
            text=document.text[start:end],
            start=start,
            end=end,
            length=len(document.text),
        )

    def text(self, caller: Caller, document_id: str) -> str:
        """The whole text of a document by its id."""
        view = self.view(caller)
        summary, document = view.summary(document_id), view.document(document_id)
        if summary is None or document is None:
            raise NotThere("没有这份文件，可能已更新或移除")
        _require_quotable(summary)
        self._opened(caller, summary, 0)
        return document.text

    def _opened(self, caller: Caller, document: DocumentSummary, start: int) -> None:
        entry = caller.who.did("open document", document.id, sha256=document.sha256, start=start)
        self.services.log.record(entry)

    def facts(self, caller: Caller, given: asked.Facts, _: Progress) -> FactsFoundOut:
        view = self.view(caller)
        chosen = Chosen.of(given.model_dump(exclude={"limit", "offset"}))
        if (where := chosen.where(view)) is None:
            raise PolicyError(f"year 应是 2027 或 2025-2027 这样的年份，不是“{chosen.year}”")
        self.services.log.record(caller.who.did("search", "facts", filters=chosen))
        facts = view.facts(where, limit=given.limit, offset=given.offset)
        rows = [fact_as_json(row) for row in rows_of(view, facts)]
        return FactsFoundOut.model_validate({"count": view.count_facts(where), "facts": rows})

    def compare(self, caller: Caller, given: asked.Compare, _: Progress) -> told.Compared:
        view = self.view(caller).quotable
        old, new = find_document(view, given.old), find_document(view, given.new)
        for entry in compared(caller.who, old, new):
            self.services.log.record(entry)
        comparison = compared_in(view, old, new)
        content = revision_as_json(comparison)
        rows = [
            shown
            for row, shown in zip(comparison.rows, content["rows"], strict=True)
            if given.every_row or row.is_change
        ]
        some = rows[given.offset : given.offset + given.limit]
        said = {"summary": revision_summary(comparison), "total": len(rows), "rows": some}
        return told.Compared.model_validate(content | said)

    def check_text(self, caller: Caller, given: asked.CheckText, progress: Progress) -> AuditOut:
        """The text itself is not kept: its SHA-256 is, as the page 核对 does."""
        text, assistant = whole(given.text), self.services.assistant
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        entry = caller.who.did("audit text", sha256=digest, characters=len(text))
        self.services.log.record(entry)
        evidence = assistant.evidence(self.view(caller), progress)
        claims = audit(text, evidence)
        said = {"summary": summary(claims), "claims": [asdict(claim) for claim in claims]}
        return AuditOut.model_validate(said)


def _require_quotable(document: DocumentSummary) -> None:
    """What may only be read is read on its page: what a program takes is copied further."""
    if not document.audience.may_quote:
        raise NotThere("这份文件不可引用，只能在网页上阅读")


def _hit(rank: int, reading: Reading) -> told.Hit:
    row, document = hit_row(rank, reading), reading.hit.document
    return told.Hit(
        **{name: row[name] for name in FoundOut.model_fields},
        title=document.metadata.title,
        document_number=document.metadata.document_number,
        state=document.state,
    )
