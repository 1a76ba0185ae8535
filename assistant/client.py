"""The interface /api/v1 for Python programs: ask, search, documents, upload.

Needs httpx alone, and nothing else of this project, so that the file can be taken along. Fields
that a newer server adds are passed over.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import httpx

T = TypeVar("T")
_PAGE = 200  # documents of one request
_LOOK = 0.5  # seconds between two looks at an upload


class Refused(Exception):
    """The server does not do it; the text says why, `status` is that of HTTP."""

    def __init__(self, status: int, detail: str):
        super().__init__(detail)
        self.status = status


@dataclass(frozen=True)
class Citation:
    """What a mark stands for: `quote` equals the document's text at [start, end) but for white
    space."""

    mark: int
    document_id: str
    title: str
    document_number: str | None
    issuer: str | None
    status: str | None
    date: str | None
    heading_path: list[str]
    quote: str
    start: int
    end: int
    page: int | None
    passage_id: str


@dataclass(frozen=True)
class Check:
    """Whether its sources bear a sentence out: supported, unsupported or uncited."""

    sentence: str
    marks: list[int]
    verdict: str
    problems: list[str]


@dataclass(frozen=True)
class Answer:
    """An answer with marks [1] in its text. Refused: nothing in the documents answers, and `near`
    comes nearest."""

    question: str
    standalone_question: str
    answer: str
    mode: str
    refused: bool
    citations: list[Citation]
    checks: list[Check]
    near: list[Citation]
    notes: list[str]


@dataclass(frozen=True)
class Waiting:
    """How many are before one's question in the line."""

    ahead: int


@dataclass(frozen=True)
class Stage:
    """What is being done now."""

    name: str


@dataclass(frozen=True)
class Delta:
    """What a model has just written, not yet checked: the answer that follows may differ."""

    text: str


@dataclass(frozen=True)
class Hit:
    """A passage that may answer."""

    rank: int
    score: float
    document_id: str
    passage_id: str
    start: int
    end: int
    heading_path: list[str]
    text: str


@dataclass(frozen=True)
class Document:
    """What a document says of itself (None: not stated), and what it is today."""

    document_id: str
    title: str
    issuer: str | None
    document_number: str | None
    region: str | None
    kind: str | None
    date_written: str | None
    date_published: str | None
    date_effective: str | None
    state: str
    passages: int
    sha256: str


@dataclass(frozen=True)
class Uploaded:
    """What became of one file: added, updated, unchanged, failed …"""

    name: str
    action: str
    reason: str
    passages: int


@dataclass(frozen=True)
class Upload:
    """How far an upload is; `results` when it is done."""

    job: str
    state: Literal["waiting", "working", "done", "failed"]
    done: int
    total: int
    problem: str | None
    results: list[Uploaded]


Event = Waiting | Stage | Delta | Answer
Question = str | Iterable[str]  # one, or all of a conversation, of which the last is asked


class PolicyClient:
    """One connection to a server. `key` is not needed on a machine that nobody logs in to."""

    def __init__(self, url: str = "http://127.0.0.1:7860", key: str = "", *, seconds: float = 120):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1", headers=headers, timeout=seconds
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        self._http.close()

    # --- the four calls -------------------------------------------------------------------

    def ask(
        self, question: Question, *, mode: str | None = None, as_of: date | None = None,
        scope: Mapping[str, Any] | None = None,
    ) -> Answer:  # fmt: skip
        """The whole answer. `scope` narrows the documents: regions, issuers, years, kinds,
        statuses, document_ids. Raises Refused."""
        body = _asked(question, as_of, scope) | ({"mode": mode} if mode else {})
        return _answer(self._sent("POST", "/ask", json=body))

    def stream(
        self, question: Question, *, mode: str | None = None, as_of: date | None = None,
        scope: Mapping[str, Any] | None = None,
    ) -> Iterator[Event]:  # fmt: skip
        """What happens until the answer, which comes last. To stop, close the iterator. Raises
        Refused."""
        body = _asked(question, as_of, scope) | ({"mode": mode} if mode else {})
        with self._http.stream("POST", "/ask", json=body | {"stream": True}) as answer:
            if answer.is_error:
                answer.read()
            _require(answer)
            name = ""
            for line in answer.iter_lines():
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:") and (event := _event(name, json.loads(line[5:]))):
                    yield event

    def search(
        self, question: Question, *, limit: int = 10, as_of: date | None = None,
        scope: Mapping[str, Any] | None = None,
    ) -> list[Hit]:  # fmt: skip
        """Passages in the order in which answering looks at them. Raises Refused."""
        body = _asked(question, as_of, scope) | {"limit": limit}
        return [_made(Hit, hit) for hit in self._sent("POST", "/search", json=body)]

    def documents(self, **filters: Any) -> Iterator[Document]:
        """All that the owner of the key sees, page by page; `filters`: q, region, issuer, kind,
        year, state. Raises Refused."""
        offset, total = 0, 1
        while offset < total:
            params = {**filters, "limit": _PAGE, "offset": offset}
            page = self._sent("GET", "/documents", params=params)
            yield from (_made(Document, row) for row in page["documents"])
            total, offset = page["total"], offset + _PAGE

    def upload(self, paths: Iterable[Path | str], *, wait: bool = True) -> Upload:
        """Sends files, and waits until they are taken in. Raises Refused."""
        with ExitStack() as opened:
            named = [(Path(p).name, opened.enter_context(Path(p).open("rb"))) for p in paths]
            files = [("files", file) for file in named]
            job = _upload(self._sent("POST", "/documents", files=files))
        while wait and job.state not in ("done", "failed"):
            time.sleep(_LOOK)
            job = self.job(job.job)
        return job

    def job(self, identifier: str) -> Upload:
        """How far an upload is. Raises Refused."""
        return _upload(self._sent("GET", f"/jobs/{identifier}"))

    def _sent(self, method: str, path: str, **content: Any) -> Any:
        answer = self._http.request(method, path, **content)
        _require(answer)
        return answer.json()


def _asked(
    question: Question, as_of: date | None, scope: Mapping[str, Any] | None
) -> dict[str, Any]:
    turns = [question] if isinstance(question, str) else list(question)
    body: dict[str, Any] = {"turns": turns, "scope": dict(scope or {})}
    return body | ({"as_of": as_of.isoformat()} if as_of else {})


def _require(answer: httpx.Response) -> None:
    if not answer.is_success:
        raise Refused(answer.status_code, _detail(answer))


def _detail(answer: httpx.Response) -> str:
    """The sentence of problem+json; what else stands there where it is none."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return answer.text[:500] or f"HTTP {answer.status_code}"


def _event(name: str, data: Any) -> Event | None:
    """None for what this client does not know."""
    if name == "answer":
        return _answer(data)
    if name == "problem":
        raise Refused(data["status"], data["detail"])
    kinds: dict[str, type[Waiting] | type[Stage] | type[Delta]] = {
        "place": Waiting, "stage": Stage, "delta": Delta,
    }  # fmt: skip
    return _made(kinds[name], data) if name in kinds else None


def _answer(data: Mapping[str, Any]) -> Answer:
    inner = {
        "citations": [_made(Citation, row) for row in data["citations"]],
        "near": [_made(Citation, row) for row in data["near"]],
        "checks": [_made(Check, row) for row in data["checks"]],
    }
    return _made(Answer, {**data, **inner})


def _upload(data: Mapping[str, Any]) -> Upload:
    return _made(Upload, {**data, "results": [_made(Uploaded, row) for row in data["results"]]})


def _made(kind: type[T], data: Mapping[str, Any]) -> T:
    """A value of the fields that it knows."""
    return kind(**{field.name: data[field.name] for field in fields(kind)})  # type: ignore[arg-type]
