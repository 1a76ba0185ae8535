"""Every place in the source that makes an entry of the log, read for what it hands over."""

import ast
from collections.abc import Iterator
from typing import get_args

import pytest

from assistant.export.word import Form
from assistant.office.gaps import OUTCOMES
from assistant.pages.log_entries import DEEDS
from assistant.people.audit_log import record_of
from assistant.people.log import Deed, Who
from assistant.people.person import ROLES
from tests.conftest import ROOT
from vectorstore.chain.chain import canonical
from vectorstore.chain.parting import CHAINED, WORDS
from vectorstore.decisions import Verdict
from vectorstore.models import AudienceKind
from vectorstore.settings import LogSettings

# What makes an entry, and what hands its details on to that.
_MAKERS = {"entry_of", "did", "by_command", "deed", "_deed", "noted", "done", "_entry", "Entry"}
_OF_ENTRIES = {"who", "name", "address", "deed", "on", "result", "details", "in_bin"}
TYPED = "张三 typed this, 13800000000"
SOURCES = {
    file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8")
    for folder in ("assistant", "vectorstore", "ingest")
    for file in sorted((ROOT / folder).rglob("*.py"))
}


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _details(call: ast.Call, around: ast.AST) -> Iterator[str]:
    """Names of the details that a call hands over, also in a mapping made nearby."""
    for keyword in call.keywords:
        if keyword.arg:
            yield keyword.arg
        elif isinstance(keyword.value, ast.Name):
            yield from _keys(around, keyword.value.id)


def _keys(around: ast.AST, name: str) -> Iterator[str]:
    for node in ast.walk(around):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        is_it = any(isinstance(t, ast.Name) and t.id == name for t in targets)
        value = getattr(node, "value", None)
        if is_it and isinstance(value, ast.Dict):
            yield from (str(k.value) for k in value.keys if isinstance(k, ast.Constant))


def _calls() -> Iterator[tuple[str, str, list[str]]]:
    """(where, which maker, names of details), once for each call."""
    for path, source in SOURCES.items():
        tree = ast.parse(source)
        found: dict[int, tuple[str, list[str]]] = {}
        for around in ast.walk(tree):  # outer functions first, so that the innermost stays
            if not isinstance(around, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(around):
                if isinstance(node, ast.Call) and _called(node) in _MAKERS:
                    known = found.get(id(node), ("", []))[1]
                    names = [*known, *_details(node, around)]
                    found[id(node)] = (f"{path}:{node.lineno} {_called(node)}", names)
        yield from ((where, where.split()[-1], names) for where, names in found.values())


CALLS = list(_calls())


def test_the_calls_are_found() -> None:
    wheres = " ".join(where for where, *_ in CALLS)
    for file in ("pages/site.py", "pages/admin/people.py", "people/door.py", "ingest/recording.py",
                 "assistant/recording.py", "commands/people.py", "pages/drafting.py"):  # fmt: skip
        assert file in wheres
    names = {name for _, _, found in CALLS for name in found}
    assert {"question", "target_name", "login", "filters", "verdict", "paths"} <= names


def test_no_detail_takes_the_name_or_address_of_whoever_did_it() -> None:
    wrong = [
        where
        for where, maker, names in CALLS
        if maker != "Entry" and {"name", "address"} & {*names}
    ]
    assert wrong == []


@pytest.mark.parametrize("deed", get_args(Deed))
def test_nothing_typed_stays_in_the_chain(deed: Deed) -> None:
    names = {name for _, _, found in CALLS for name in found} - _OF_ENTRIES
    for value in (TYPED, [TYPED], {"x": TYPED}, {TYPED: 1}):
        entry = Who("user:1", "李四", "10.0.0.7").did(
            deed, TYPED, **dict.fromkeys({*names, *CHAINED}, value)
        )
        record = record_of(entry, LogSettings())
        body = canonical([record.who, record.deed, record.on, record.details])
        for part in (canonical(TYPED)[1:-1], "13800000000", canonical("李四")[1:-1], "10.0.0.7"):
            assert part not in body
        assert record.personal["on"] == TYPED


def test_every_deed_has_a_name_for_people() -> None:
    assert set(DEEDS) == set(get_args(Deed))


def test_the_allowed_names_are_those_that_are_used() -> None:
    used = "\n".join(text for path, text in SOURCES.items() if not path.endswith("parting.py"))
    unused = [name for name in CHAINED if f'"{name}"' not in used and f"{name}=" not in used]
    assert unused == []


def test_words_of_the_program_stay_in_the_chain() -> None:
    for words in (ROLES, get_args(AudienceKind), get_args(Verdict), OUTCOMES, get_args(Form)):
        assert set(words) <= WORDS
    entry = Who("user:1", "李四").did("change roles", "user:2", before=["查阅"], after=["审计"])
    assert record_of(entry, LogSettings()).details == {"before": ["查阅"], "after": ["审计"]}


def test_who_was_added_is_told_beside_who_added_them() -> None:
    who = Who("user:1", "李四", "10.0.0.7")
    record = record_of(
        who.did("add person", "user:2", name="王五", login="wangwu", address="东楼"), LogSettings()
    )
    assert record.on == "user:2"
    assert record.personal == {
        "name": "李四", "address": "10.0.0.7",
        "target_name": "王五", "target_address": "东楼", "login": "wangwu",
    }  # fmt: skip
