"""Every regular expression of the program runs in linear time, or on text of bounded length.

Collected are the compiled ones that modules hold, those written where they are used, and, by
BUILT, those made of data. Each is pumped with strings of its own making (tests/pumping.py).
"""

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assistant.training.lawdata import MAX_ARTICLE
from tests.conftest import ROOT
from tests.pumping import LONG, slow_on
from vectorstore.language.pattern import Pattern

PACKAGES = ("assistant", "ingest", "prompts", "vectorstore")
PROCESSES = 2
TIMEOUT = 900  # seconds on a busy machine; some 20 of the processor's are needed
# The rules that read questions off laws see one article at a time; read_articles keeps longer
# ones away.
BOUNDED = {
    "assistant.training.lawdata:_": MAX_ARTICLE,
    "assistant.training.lawdata._AMOUNT": MAX_ARTICLE,
}
# Patterns made of data: (function, expression) → names that stand for the data. What comes in
# from outside is escaped, or is one character or number that another pattern has read.
BUILT: dict[tuple[str, str], dict[str, Any]] = {
    ("assistant.answers.ways.glosses:_definition", "gloss"): {"term": "(a+)+术语"},  # escaped
    ("assistant.answers.ways.lists:counted_items",
     "f'(?:{item}、){{{whole_number(n) - 1}}}{item}?等?{n}{noun}'"):
        {"n": "九", "noun": "级"},  # one numeral and one character, read by COUNTED
    ("assistant.drafting.replacing:find", "re.escape(words)"): {"words": "(a+)+"},  # escaped
    ("assistant.understand.needed:needed_by", r"f'[每/一按]\\s*{each}'"):
        {"each": "头"},  # one of the units of quantity._EACH
    ("assistant.understand.needed:needed_by", "re.escape(person['role'])"):
        {"person": {"role": "起草人"}},  # escaped
    ("assistant.understand.expected:expected_in", "year"): {"year": "2025"},  # four digits
    ("vectorstore.language.text:_many_marks", "f'[{marks}]{{{_MOST_MARKS + 1},}}'"):
        {"marks": "\u0300-\u036f"},  # one class, repeated
    ("vectorstore.language.pattern:__post_init__", "self.source"):
        {"self": Pattern("第[一二三]+条", flags=0)},  # each value is collected and pumped itself
}  # fmt: skip
METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split")


@dataclass(frozen=True, slots=True)
class Site:
    """One pattern, where it stands, and how it is used: from a place on, or all over a text."""

    place: str
    pattern: str
    flags: int
    how: str


@cache
def modules() -> tuple[ModuleType, ...]:
    roots = [importlib.import_module(package) for package in PACKAGES]
    names = [
        info.name
        for root in roots
        for info in pkgutil.walk_packages(root.__path__, f"{root.__name__}.")
        if not info.name.endswith("migrations.env")  # Alembic runs these, nobody imports them
    ]
    return (*roots, *filter(None, map(imported, names)))


def imported(name: str) -> ModuleType | None:
    """None for what only requirements-scale.txt brings."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in ("tantivy", "pymilvus"):
            raise
        return None


@cache
def tree_of(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))


# --- patterns that modules hold --------------------------------------------------------------


def compiled_in(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth > 4:
        return
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from compiled_in(key, depth + 1)
            yield from compiled_in(entry, depth + 1)
    elif isinstance(value, tuple | list | set | frozenset):
        for entry in value:
            yield from compiled_in(entry, depth + 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from compiled_in(getattr(value, field.name, None), depth + 1)
    elif isinstance(value, type) and value.__module__.split(".")[0] in PACKAGES:
        for entry in list(vars(value).values()):  # reading a lazy one adds others
            yield from compiled_in(entry, depth + 1)


def uses(tree: ast.Module, module: ModuleType) -> Iterator[tuple[re.Pattern[Any], str]]:
    """How a module uses its compiled patterns. Whatever is handed on may be searched with."""
    methods: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            how = node.func.attr
            methods[id(node.func.value)] = "everywhere" if how == "match" and node.args[1:] else how
        elif isinstance(node, ast.Attribute) and node.attr == "pattern":
            methods[id(node.value)] = "quoted"
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            value = vars(module).get(node.id)
            if isinstance(value, Pattern):
                yield value.compiled, methods.get(id(node), "search")
            elif isinstance(value, re.Pattern):
                yield value, methods.get(id(node), "search")


def held() -> list[Site]:
    places: dict[re.Pattern[Any], str] = {}
    found: dict[re.Pattern[Any], set[str]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for pattern in compiled_in(value):
                own = not isinstance(value, type) or value.__module__ == module.__name__
                if own:
                    places.setdefault(pattern, f"{module.__name__}.{name}")
                    hows = found.setdefault(pattern, set())
                    if value is not pattern and not isinstance(value, Pattern):
                        hows.add("search")
        for pattern, how in uses(tree_of(module), module):
            found.setdefault(pattern, set()).add(how)
    return [
        Site(places[pattern], pattern.pattern, pattern.flags, how)
        for pattern in places
        for how in _hows(found[pattern])
        if isinstance(pattern.pattern, str)
    ] + [
        Site(places[p], p.pattern.decode("latin-1"), p.flags | re.ASCII, "search")
        for p in places
        if isinstance(p.pattern, bytes)
    ]


def _hows(said: set[str]) -> set[str]:
    kept = said & {"match", "fullmatch", "everywhere"}
    return kept | ({"search"} if said - kept - {"quoted"} else set())


# --- patterns that stand where they are used --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inline:
    """A call of re in a function; several `patterns` where it runs over a table of them."""

    place: str  # module:function
    source: str
    patterns: tuple[str, ...]
    is_built: bool
    flags: int
    how: str


class _Calls(ast.NodeVisitor):
    def __init__(self, module: ModuleType):
        self.module = module
        self.functions: list[ast.FunctionDef] = []
        self.found: list[Inline] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.functions.append(node)
        self.generic_visit(node)
        self.functions.pop()

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        func = node.func
        if not isinstance(func, ast.Attribute):
            return
        if not (isinstance(func.value, ast.Name) and func.value.id == "re"):
            return
        if func.attr not in (*METHODS, "compile") or not self.functions:
            return
        how = func.attr if func.attr in ("match", "fullmatch") else "search"
        place = f"{self.module.__name__}:{self.functions[-1].name}"
        source = ast.unparse(node.args[0])
        plain = self.fold(node.args[0], {})
        samples = BUILT.get((place, source), {})
        patterns = plain or self.fold(node.args[0], samples)
        self.found.append(Inline(place, source, patterns, not plain, self.flags(node), how))

    def flags(self, node: ast.Call) -> int:
        """Of whatever stands behind the pattern, what is a flag."""
        named = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
        texts = [ast.unparse(arg) for arg in named]
        return sum(int(getattr(re, t.split(".")[1])) for t in texts if re.match(r"re\.[A-Z]+$", t))

    def fold(self, arg: ast.expr, samples: Mapping[str, Any]) -> tuple[str, ...]:
        """The patterns, where they are made of literals, of what the module holds, and of
        `samples` for what is known only where it runs; else ()."""
        local = self.local()
        known: list[dict[str, Any]] = [dict(samples)]
        for name in {n.id for n in ast.walk(arg) if isinstance(n, ast.Name)} & local.keys():
            if name not in samples:
                values = [v for node in local[name] for v in self.values(node, samples)]
                known = [names | {name: value} for names in known for value in values]
        return tuple(p for names in known for p in self.evaluate(arg, names))

    def values(self, node: ast.AST | None, samples: Mapping[str, Any]) -> Sequence[Any]:
        """What a local name may stand for: an assigned pattern, or the patterns of a loop."""
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.expr):
            return self.fold(node.value, samples)
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
            return [p for entry in node.iter.elts for p in self.fold(entry, samples)]
        if isinstance(node, ast.For) and isinstance(node.target, ast.Tuple):
            rows = self.evaluate(node.iter, {})
            return [text for row in rows for text in row if type(text) is str]
        return ()

    def local(self) -> dict[str, list[ast.AST | None]]:
        """What the names of the functions around are bound by; None for anything else."""
        found: dict[str, list[ast.AST | None]] = {}
        for function in self.functions:
            for node in ast.walk(function):
                if isinstance(node, ast.Assign | ast.For):
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    for target in targets:
                        for name in ast.walk(target):
                            if isinstance(name, ast.Name):
                                found.setdefault(name.id, []).append(_part(node, target, name))
                elif isinstance(node, ast.arg):
                    found.setdefault(node.arg, []).append(None)
                elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    found.setdefault(node.id, [])
        return found

    def evaluate(self, node: ast.expr, names: Mapping[str, Any]) -> tuple[Any, ...]:
        try:
            value = eval(compile(ast.Expression(node), "", "eval"), vars(self.module) | names)
        except Exception:  # a name that is bound where it runs
            return ()
        if isinstance(value, re.Pattern):
            return (value.pattern,)
        return value if isinstance(value, tuple) else (value,)


def _part(node: ast.Assign | ast.For, target: ast.expr, name: ast.Name) -> ast.AST:
    """`a, b = x, y` says of a what `a = x` does."""
    if isinstance(node, ast.Assign) and isinstance(target, ast.Tuple):
        if isinstance(node.value, ast.Tuple) and name in target.elts:
            return ast.Assign([name], node.value.elts[target.elts.index(name)])
    return node


@cache
def inline() -> list[Inline]:
    found: list[Inline] = []
    for module in modules():
        calls = _Calls(module)
        calls.visit(tree_of(module))
        found += calls.found
    return found


# --- the tests --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sites() -> list[Site]:
    written = [Site(i.place, p, i.flags, i.how) for i in inline() for p in i.patterns]
    return held() + written


def test_patterns_made_of_data_are_named() -> None:
    """A new one is added to BUILT with what keeps it harmless."""
    made = {(i.place, i.source) for i in inline() if i.is_built}
    assert made == BUILT.keys()
    assert all(i.patterns for i in inline())


def test_no_pattern_is_overlooked(sites: list[Site]) -> None:
    """As many calls of re as the sources show, and patterns of each package."""
    call = re.compile(rf"\bre\.(?:compile|{'|'.join(METHODS)})\(")
    calls = sum(
        len(call.findall(p.read_text("utf-8")))
        for package in PACKAGES
        for p in (ROOT / package).rglob("*.py")
    )
    assert len(sites) >= calls * 0.9
    assert Counter(re.split(r"[.:]", site.place)[0] for site in sites).keys() == set(PACKAGES)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:(?:打印|关闭)\s*){2,}$",  # exponential: froze the site for 18 seconds
        r"(?:a|b|ab)*c",
        r"\s+$",  # each space of a run starts a search to its end
        r"附\s*件?\s*\d?\s*[:：]",
        r"[《“][^》”]*[》”]",
        r"(?m)^\s*\d{4}$",
        r"<think>.*?</think>[^<]*x",
    ],
)
def test_pumping_finds_what_is_slow(pattern: str) -> None:
    assert slow_on(pattern, 0, "search")


@pytest.mark.parametrize(
    "pattern",
    [r"(?<!\s)\s++$", r"附\s*+件?\s*+[:：]", r"《[^》]{0,80}》", r"[“「]([^”」]{8,400}+)[”」]"],
)
def test_pumping_passes_what_is_linear(pattern: str) -> None:
    assert slow_on(pattern, 0, "search") is None


def test_every_pattern_runs_in_linear_time(sites: list[Site]) -> None:
    jobs: dict[tuple[str, int, str], list[str]] = {}
    for site in sites:
        jobs.setdefault((site.pattern, site.flags, site.how), []).append(site.place)
    work = [
        {"id": i, "pattern": p, "flags": f, "how": how, "bound": _bound(places), "places": places}
        for i, ((p, f, how), places) in enumerate(jobs.items())
    ]
    with ThreadPoolExecutor(PROCESSES) as pool:
        parts = [work[i::PROCESSES] for i in range(PROCESSES)]
        suspects = {i for found in pool.map(pumped, parts) for i in found}
    # A busy machine makes single measurements slow: what is slow is so once more, by itself.
    again = [job for job in work if job["id"] in suspects]
    slow = pumped(again) if again else {}
    assert not slow, "\n".join(slow.values())


def _bound(places: Sequence[str]) -> int:
    bounds = [
        max((n for p, n in BOUNDED.items() if place.startswith(p)), default=LONG)
        for place in places
    ]
    return max(bounds)


def pumped(work: Sequence[dict[str, Any]]) -> dict[int, str]:
    """The slow ones among some patterns by id, found by a process that can be stopped."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.pumping"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        said, _ = process.communicate("\n".join(map(json.dumps, work)), timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
    answers = [json.loads(line) for line in said.splitlines() if line.endswith("}")]
    found = [answer for answer in answers if "pump" in answer]
    if process.returncode:
        found.append(answers[-1] | {"id": answers[-1].get("begun", -1), "pump": "did not end"})
    by_id = {job["id"]: job for job in work}
    return {a["id"]: f"{by_id[a['id']]['places']}: {a}" for a in found}
