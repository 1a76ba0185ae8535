"""Schemathesis over /api/v1: the real server, with a key that may do everything."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assistant.people.keys import MOST_PER_MINUTE, SCOPES
from assistant.people.log import Entry
from ingest.pipeline import ingest
from tests.attack.conftest import Site, serving
from tests.conftest import MODELS
from tests.leaks.office import documents
from vectorstore.settings import IndexSettings

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance,
]  # fmt: skip
_DOCUMENTS = 8


@dataclass
class Entries:
    """A log that keeps all, however much there is."""

    entries: list[Entry] = field(default_factory=list)

    def record(self, entry: Entry) -> None:
        self.entries.append(entry)


@dataclass
class Run:
    """What came of a run: statuses by call, and what was wrong, each once."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        return self.statuses.total()


@contextmanager
def served(folder: Path) -> Iterator[tuple[Site, str, Entries]]:
    """A server with a few documents, its log, and a key of somebody who may do everything."""
    files = folder / "文件"
    files.mkdir()
    for made in documents()[:_DOCUMENTS]:
        (files / f"{made.word}.txt").write_text(made.text(), encoding="utf-8")
    log = Entries()
    own = IndexSettings(data_dir=folder / "data", model_dir=MODELS, max_file_mb=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(IndexSettings.model_config, "env_file", None)
        with serving(own, log, login="local") as site:
            ingest(site.services.library.index, [files])
            people = site.services.people
            assert people is not None
            person = people.add("program", roles=["查阅", "起草", "资料管理"])
            _, key = people.keys.add(person.id, "x", SCOPES, days=1, per_minute=MOST_PER_MINUTE)
            yield site, key, log


def call_all(site: Site, key: str, each: int, first: int = 1) -> Run:
    """`each` cases of every call and kind: what the document allows, what it does not, and, where
    a call is about a document, what it allows of one that there is."""
    run, headers = Run(), {"Authorization": f"Bearer {key}"}
    with site.client() as client:
        document = client.get("/api/v1/openapi.json").json()
        for operation in (o for methods in document["paths"].values() for o in methods.values()):
            del operation["security"]  # with a wrong key all calls answer alike
        schema = schemathesis.openapi.from_dict(document)
        listed = client.get("/api/v1/documents", headers=headers).json()["documents"]
    known = {"document_id": listed[0]["document_id"]}

    def called(case: Case) -> None:
        answer = case.call(base_url=f"{site.address}/api/v1", headers=headers, timeout=60)
        run.statuses[(case.operation.label, answer.status_code)] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                about = f"{case.operation.label}: {type(failure).__name__} {failure}"[:800]
                run.wrong.setdefault(about, case.as_curl_command()[:800])

    for number, found in enumerate(schema.get_all_operations()):
        operation = found.ok()
        kinds: list[tuple[GenerationMode, dict[str, Any]]] = [
            (GenerationMode.POSITIVE, {}), (GenerationMode.NEGATIVE, {}),
        ]  # fmt: skip
        if "{document_id}" in operation.path and operation.method != "delete":
            kinds.append((GenerationMode.POSITIVE, {"path_parameters": known}))
        for mode, more in kinds:
            cases = operation.as_strategy(generation_mode=mode, **more)
            asked = settings(max_examples=each, database=None, deadline=None,
                             phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
            try:
                seed(first + number)(asked(given(cases)(called)))()
            except Unsatisfiable:  # nothing that this call takes can be wrong
                continue
    return run
