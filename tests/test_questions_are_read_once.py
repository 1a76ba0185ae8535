"""What a question says is read in assistant/understand/; nothing below matches on its wording.

Its texts are followed from where they are taken off a Question through names and through the
functions of the assistant that they are handed to. Searching for them, covering, comparing and
showing them is what they are for.
"""

import ast
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest

import assistant.understand
import assistant.understand.needed
import vectorstore
from tests.conftest import ROOT
from tests.test_patterns import compiled_in, imported

TEXTS = {"standalone", "asked", "topic", "about", "matter", "subject"}
# Rooms that read no question: drafts are written from requests, audits from texts.
OTHERS = ("understand", "training", "drafting", "audit", "export", "revision", "cite")
NO_TEXT = {"fact.subject", "f.subject", "r.subject", "row.subject", "match.fact.subject"}  # rows
HANDED_ON = {"fold", "search_copy", "squeeze", "str"}  # the text all the same
PATTERN = {"search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "remove_from"}
STRING = {
    "replace", "startswith", "endswith", "find", "rfind", "index", "rindex", "count", "split",
    "removeprefix", "removesuffix", "partition", "rpartition", "translate",
}  # fmt: skip
SEARCHED = ("evidence", "view", "index", "self")  # whose `search` looks into documents
# (module, function): why it may.
ALLOWED = {
    ("assistant/answers/quotes/expansion.py", "new_numbers"): "numbers that a quote adds to it",
    ("assistant/answers/slots.py", "_instead"): "whether it holds a noun of a document's clause",
    ("assistant/answers/ways/validity.py", "_names"): "whether it holds a title of a document",
}


@dataclass
class Module:
    """A source file: its functions by name, and what its imported names stand for."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        return {n.name: n for n in ast.walk(self.tree) if isinstance(n, ast.FunctionDef)}

    @cached_property
    def imported(self) -> dict[str, str]:
        """A name → the file that it comes from."""
        return {
            alias.asname or alias.name: f"{node.module.replace('.', '/')}.py"
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }


Parameter = tuple[str, str, str]  # file, function, name


@dataclass
class Reading:
    """One function, with the names in it that hold a question's text."""

    module: Module
    function: ast.FunctionDef
    given: set[str]
    held: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.held = set(self.given)
        for _ in range(3):  # a name may be bound below where it is used
            for node in ast.walk(self.function):
                for target, value in _bindings(node):
                    if isinstance(target, ast.Name) and self.is_text(value):
                        self.held.add(target.id)

    def is_text(self, node: ast.AST) -> bool:
        match node:
            case ast.Attribute():
                return node.attr in TEXTS and ast.unparse(node) not in NO_TEXT
            case ast.Name():
                return node.id in self.held
            case ast.JoinedStr() | ast.BinOp() | ast.BoolOp():
                return any(self.is_text(child) for child in ast.iter_child_nodes(node))
            case ast.FormattedValue() | ast.Subscript() | ast.NamedExpr():
                return self.is_text(node.value)
            case ast.IfExp():
                return self.is_text(node.body) or self.is_text(node.orelse)
            case ast.Call(func=ast.Name(id=name)) if name in HANDED_ON:
                return any(map(self.is_text, node.args))
            case ast.Call(func=ast.Attribute(attr=name, value=value)):
                return (name in STRING or name.endswith("strip")) and self.is_text(value)
        return False

    def matches(self) -> Iterator[int]:
        """Lines that match on a text."""
        for node in ast.walk(self.function):
            match node:
                case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[right]):
                    found = self.is_text(right)
                case ast.Call(func=ast.Name(id="says"), args=[first, *_]):
                    found = self.is_text(first)
                case ast.Call(func=ast.Attribute(attr=how, value=value)):
                    looks = ast.unparse(value).split(".")[-1] in SEARCHED
                    found = (how in STRING and self.is_text(value)) or (
                        how in PATTERN and not looks and any(map(self.is_text, node.args))
                    )
                case _:
                    continue
            if found:
                yield node.lineno

    def hands_on(self) -> Iterator[Parameter]:
        """The parameters of other functions that a text is handed to."""
        for node in ast.walk(self.function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                file = self.module.imported.get(node.func.id, self.module.name)
                for at, value in enumerate(node.args):
                    if self.is_text(value):
                        yield file, node.func.id, str(at)
                for keyword in node.keywords:
                    if keyword.arg and self.is_text(keyword.value):
                        yield file, node.func.id, keyword.arg


def _bindings(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield target, node.value
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from zip(target.elts, node.value.elts, strict=False)
    elif isinstance(node, ast.NamedExpr | ast.AugAssign):
        yield node.target, node.value


def readings(modules: list[Module]) -> list[Reading]:
    """Every function, with what reaches it."""
    by_name = {module.name: module for module in modules}
    given: set[Parameter] = set()
    while True:
        found = [
            Reading(m, f, {name for file, own, name in given if (file, own) == (m.name, f.name)})
            for m in modules
            for f in m.functions.values()
        ]
        reached = {
            (file, name, parameter)
            for reading in found
            for file, name, at in reading.hands_on()
            if file in by_name and (function := by_name[file].functions.get(name))
            if (parameter := _parameter(function, at))
        }
        if reached <= given:
            return found
        given |= reached


def _parameter(function: ast.FunctionDef, at: str) -> str:
    names = [argument.arg for argument in function.args.args]
    if not at.isdigit():
        return at
    return names[int(at)] if int(at) < len(names) else ""


def matching(modules: list[Module]) -> dict[tuple[str, str], list[int]]:
    found = {(r.module.name, r.function.name): sorted(set(r.matches())) for r in readings(modules)}
    return {place: lines for place, lines in found.items() if lines}


def modules() -> list[Module]:
    paths = sorted((ROOT / "assistant").rglob("*.py"))
    return [Module(p) for p in paths if p.relative_to(ROOT).parts[1] not in OTHERS]


def test_nothing_below_understanding_matches_on_a_question() -> None:
    found = matching(modules())
    assert {place: lines for place, lines in found.items() if place not in ALLOWED} == {}
    assert ALLOWED.keys() <= found.keys()  # no exception outlives its reason


@pytest.mark.parametrize(
    "body",
    [
        "return _HOW.search(question.standalone)",
        "return re.sub('的', '', question.topic)",
        "return '今年' in question.asked",
        "return says(question.about, WORDS)",
        "text = fold(question.matter)\n    return text.startswith('那')",
        "return below(question.standalone)",
    ],
)
def test_matching_is_found(body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_questions_are_read_once.ROOT", tmp_path)
    file = tmp_path / "way.py"
    file.write_text(
        f"def way(question):\n    {body}\n\ndef below(text):\n    return '吗' in text\n"
    )
    assert matching([Module(file)])


def test_searching_and_showing_is_no_matching(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.test_questions_are_read_once.ROOT", tmp_path)
    file = tmp_path / "way.py"
    file.write_text(
        "def way(question, evidence):\n"
        "    evidence.search(question.standalone)\n"
        "    evidence.coverage(question.topic, 'text')\n"
        "    return question.asked.strip('？')\n"
    )
    assert matching([Module(file)]) == {}


# --- how many patterns read one ---------------------------------------------------------------

MOST = 60
# What is held against documents, and names of them.
HELD = {
    "needed": {"_FIGURE"}, "corpus": {"_WRAPPED", "_YEARS"}, "slips": {"_HAN"},
    "expected": {
        "_HAS_NUMBER", "_HAS_SPAN_OF_TIME", "_HAS_DATE", "_HAS_ROLE", "_HAS_GLOSS", "_HAS_SEVERAL",
    },
}  # fmt: skip


def patterns_in(package: str, path: list[str]) -> Iterator[tuple[str, str, re.Pattern[str]]]:
    """(module, name, pattern) of what the modules of a package hold at their top."""
    for info in pkgutil.walk_packages(path, f"{package}."):
        if not info.name.endswith("migrations.env"):
            module = imported(info.name)
            for name, value in vars(module).items() if module else ():
                for pattern in compiled_in(value):
                    yield info.name.rpartition(".")[2], name, pattern


def test_few_patterns_read_a_question() -> None:
    language = {p for _, _, p in patterns_in("vectorstore", list(vectorstore.__path__))}
    held = {rule.held for rule in assistant.understand.needed._RULES}
    reading = {
        pattern.pattern
        for module, name, pattern in patterns_in(
            "assistant.understand", list(assistant.understand.__path__)
        )
        if pattern not in language | held and name not in HELD.get(module, ())
    }
    assert len(reading) <= MOST
