"""Questions and answers in the audit log, and asking them again from it."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from assistant.answers.answer import Answer
from assistant.chat import Assistant, Request
from assistant.cite.citation import Citation
from assistant.events import Stopped
from assistant.find.neural.reader import WEIGHTS_FOLDER
from assistant.meters import Meters
from assistant.people.log import AuditLog, NoLog, Who
from assistant.understand.learned import WEIGHTS
from vectorstore import VERSION
from vectorstore.chain.chain import Chain, Chosen, Kept
from vectorstore.errors import PolicyError
from vectorstore.library import View
from vectorstore.models import SearchFilter, Viewer

_VIEWER, _FILTER = TypeAdapter(Viewer), TypeAdapter(SearchFilter)
Outcome = Literal["same", "differs", "other index", "other settings", "not kept"]


class Recording:
    """An assistant whose questions and answers are kept: two entries for each question, one
    before it is looked at and one before its answer is shown. They share what they are `on`."""

    def __init__(self, assistant: Assistant, log: AuditLog, meters: Meters | None = None):
        self.assistant = assistant
        self.log = log
        self.meters = meters or Meters()

    def ask(self, who: Who, request: Request) -> Answer:
        """As the assistant's chain does. Raises NotLogged instead where the log cannot be
        written: an office whose log must be complete gets no answer that it does not hold."""
        if isinstance(self.log, NoLog):
            return self._answer(request)
        ticket = secrets.token_hex(8)
        *before, question = request.turns or ("",)
        self.log.record(who.did("ask", ticket, question=question, turns=before))
        try:
            answer = self._answer(request)
        except (PolicyError, Stopped) as error:
            self.log.record(who.did("answer", ticket, "failed", error=type(error).__name__))
            raise
        result: Literal["done", "refused"] = "refused" if answer.refused else "done"
        self.log.record(who.did("answer", ticket, result, **self._details(request, answer)))
        return answer

    def _answer(self, request: Request) -> Answer:
        with self.meters.answering() as answered:
            answer = self.assistant.chain.invoke(request)
            answered(answer)
        return answer

    def _details(self, request: Request, answer: Answer) -> dict[str, Any]:
        view = self.assistant.view(request.viewer, as_of=request.as_of)
        return {
            "sha256": digest(answer),
            "citations": [cited(citation, view) for citation in answer.citations],
            "near": list(dict.fromkeys(near.document_id for near in answer.near)),
            "kind": answer.kind,
            "mode": answer.mode,
            "asked_mode": request.mode or self.assistant.mode,
            "doubts": sum(check.verdict != "supported" for check in answer.checks),
            "sentences": len(answer.checks),
            "as_of": request.as_of.isoformat(),
            "generation": answer.generation,
            "settings": self.fingerprint,
            "viewer": _given(request.viewer, "id"),
            "scope": _given(request.scope),
            "ms": answer.timings_ms.get("total"),
        }

    @cached_property
    def fingerprint(self) -> str:
        """Of the program, its settings and models: what decides an answer beside the question,
        the documents and the day."""
        index, model = self.assistant.library.settings, self.assistant.model
        files = [*WEIGHTS_FOLDER.glob("*.sha256"), WEIGHTS_FOLDER / "calibration.json",
                 WEIGHTS.with_suffix(".sha256"), *WEIGHTS.parent.glob("*.tsv")]  # fmt: skip
        parts = {
            "version": VERSION,
            "answer": self.assistant.settings.model_dump(mode="json"),
            "reader": self.assistant.reader.name,
            "classifier": self.assistant.classifier is not None,
            "embedding": [index.embedding_model, index.embedding_dtype, index.passage_tokens],
            "model": model and [model.settings.model, model.settings.temperature],
            "files": {file.name: _sha256(file) for file in files if file.is_file()},
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def digest(answer: Answer) -> str:
    """SHA-256 of what an answer says, marks and all."""
    return hashlib.sha256(answer.text.encode("utf-8", "replace")).hexdigest()


def cited(citation: Citation, view: View) -> dict[str, Any]:
    """A citation as the log keeps it: which span of which content of which document."""
    document = view.summary(citation.document_id)
    return {
        "document": citation.document_id,
        "sha256": document.sha256 if document else "",
        "start": citation.start,
        "end": citation.end,
    }


def _given(value: SearchFilter | Viewer, but: str = "") -> dict[str, Any]:
    """The fields that say something; an empty set of departments does."""
    return {k: v for k, v in asdict(value).items() if v is not None and v != () and k != but}


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


# --- asking again -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Replayed:
    """An answer of the log beside the one that is given now."""

    number: int
    question: str
    outcome: Outcome
    said: str = ""  # what differs


def replay(recording: Recording, chain: Chain, most: int) -> Iterator[Replayed]:
    """Asks the latest `most` extractive answers again, each as its asker and on its day. They
    must be the same as long as the index and the settings are; nothing of it is logged."""
    found = 0
    for done in _answers(chain):
        details = done.record.details
        if details.get("asked_mode") != "extractive":
            continue
        yield _again(recording, done, _question_of(chain, done))
        found += 1
        if found >= most:
            return


def _answers(chain: Chain) -> Iterator[Kept]:
    """The newest first."""
    at = 0
    while page := chain.page(Chosen(deed="answer"), at, 100):
        yield from (kept for kept in page if kept.record.result != "failed")
        at += len(page)


def _question_of(chain: Chain, answer: Kept) -> list[str]:
    """The turns up to the question, empty when they are not kept."""
    page = chain.page(Chosen(deed="ask", document=answer.record.on), 0, 1)
    personal = page[0].record.personal if page else {}
    return [*personal.get("turns", ()), personal["question"]] if "question" in personal else []


def _again(recording: Recording, done: Kept, turns: list[str]) -> Replayed:
    details = {**done.record.personal, **done.record.details}  # what is typed lies apart
    if not turns:
        return Replayed(done.number, "", "not kept")
    viewer = _VIEWER.validate_python({**details["viewer"], "id": done.record.who})
    day = date.fromisoformat(details["as_of"])
    view = recording.assistant.view(viewer, as_of=day)
    if view.generation != details["generation"]:
        return Replayed(done.number, turns[-1], "other index")
    if recording.fingerprint != details["settings"]:
        return Replayed(done.number, turns[-1], "other settings")
    scope = _FILTER.validate_python(details["scope"])
    asked = Request(tuple(turns), viewer, day, scope, "extractive", anew=True)
    answer = recording.assistant.chain.invoke(asked)
    if answer.generation != details["generation"]:  # something was read in meanwhile
        return Replayed(done.number, turns[-1], "other index")
    differs = []
    if digest(answer) != details["sha256"]:
        differs.append("text")
    if [cited(c, view) for c in answer.citations] != details["citations"]:
        differs.append("citations")
    return Replayed(done.number, turns[-1], "differs" if differs else "same", ", ".join(differs))
