"""Imports point one way, and each library is named in one place."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

ALLOWED = {
    "vectorstore": {"vectorstore"},
    "ingest": {"ingest", "vectorstore"},
    "prompts": {"prompts"},
    "assistant": {"assistant", "prompts", "vectorstore"},
}
# The rooms of a folder from the ground up: a module imports from its own room and from those
# in lines before it. Rooms of one line do not know each other.
FLOORS = {
    "vectorstore": (
        "errors models facts decisions stores pace __init__",
        "language settings files sqlite records",
        "postgres",
        "database",
        "keywords embedding locating naming chain corrections arrivals",
        "validity",
        "proposals widening sight",
        "catalog",
        "vectors",
        "fusion replica moving",
        "backups opening",
        "index",
        "library",
        "__main__",
    ),
    "assistant": (
        "client events failing intake sending settings tokens people office __init__",
        "understand llm queueing labelling proofreading",
        "cite",
        "find",
        "answers audit indicators revision",
        "remembering",
        "chat training history meters",
        "drafting noting recording",
        "export",
        "services",
        "state",
        "api",
        "doctor commands pages",
        "__main__",
    ),
}
# Where the parts are put together, like app.py.
ROOTS = {"assistant/__main__.py": {"assistant", "ingest", "vectorstore"}}
OWNERS = {
    "chromadb": {"vectorstore/vectors/chroma.py"},
    "pymilvus": {"vectorstore/vectors/milvus.py"},
    "tantivy": {"vectorstore/keywords/passages_index.py"},
    "sentence_transformers": {"vectorstore/embedding/embedder.py", "assistant/find/rerank.py"},
    "gradio": {"app.py", "assistant/pages/"},
    "openai": {"assistant/llm.py"},
    "langchain_openai": {"assistant/llm.py"},
    "docx_plus": {"assistant/export/word.py"},
    "pypdfium2": {"ingest/parse/pdf.py", "ingest/parse/pictures.py"},
    "rapidocr": {"ingest/parse/ocr.py"},
    "argon2": {"assistant/people/passwords.py"},
    "limits": {"assistant/pages/callers.py"},
    "feedgen": {"assistant/api/feed.py"},
    "mcp": {"assistant/api/tools/"},
    "mcp_types": {"assistant/api/tools/"},
    "authlib": {"assistant/people/oidc.py"},
    "joserfc": {"assistant/people/oidc.py"},
    "prometheus_client": {"assistant/meters.py"},
    "tiktoken": {"assistant/tokens.py"},
    "sqlite3": {"vectorstore/"},
    "psycopg": {"vectorstore/postgres/"},
    "rjieba": {"vectorstore/language/words.py"},
    "pypinyin": {"vectorstore/language/words.py"},
    "alembic": {
        "vectorstore/sqlite/migrating.py",
        "vectorstore/catalog/migrations/",
        "assistant/drafting/migrations/",
        "assistant/office/migrations/",
        "assistant/history/migrations/",
        "vectorstore/chain/migrations/",
        "vectorstore/arrivals/migrations/",
        "assistant/people/migrations/",
    },
    "sqlalchemy": {
        "vectorstore/sqlite/core.py",
        "vectorstore/sqlite/migrating.py",
        "vectorstore/postgres/",
        "vectorstore/database/expressions.py",
        "vectorstore/catalog/",
        "vectorstore/replica/replica.py",
        "vectorstore/moving/",
    },
}


def sources() -> list[Path]:
    return [p for name in ALLOWED for p in sorted((ROOT / name).rglob("*.py"))] + [ROOT / "app.py"]


def imported(path: Path) -> set[str]:
    return {name.split(".")[0] for name in modules_in(path)}


def modules_in(path: Path) -> set[str]:
    """Full names of what is imported; of `from a import b` both `a` and `a.b`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    return (*module.split("."), "__init__")[1]


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_folders_import_only_what_lies_below(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    allowed = ROOTS.get(name) or ALLOWED.get(name.split("/")[0])
    if allowed:
        assert imported(path) & set(ALLOWED) <= allowed


@pytest.mark.parametrize("folder", FLOORS)
def test_rooms_import_only_from_floors_below(folder: str) -> None:
    floor = {room: n for n, rooms in enumerate(FLOORS[folder]) for room in rooms.split()}
    wrong = [
        f"{name_of(path)} → {target}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for target in modules_in(path)
        if target.startswith(f"{folder}.")
        and room_of(target) in floor
        and room_of(target) != (own := room_of(name_of(path)))
        and floor[room_of(target)] >= floor[own]
    ]
    assert wrong == []
    assert {room_of(name_of(path)) for path in (ROOT / folder).rglob("*.py")} == set(floor)


def test_no_module_imports_itself_round_a_circle() -> None:
    """Nor inside functions: an import that waits is still one that knows."""
    known = {name_of(path): path for path in sources()}
    graph = {name: (modules_in(path) & known.keys()) - {name} for name, path in known.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError with the circle


# What the assistant may know of vectorstore/: the corpus itself only through a view.
OPEN = (
    "errors", "models", "facts", "decisions", "proposals", "settings", "language", "files", "embedding", "keywords.tokens",
    "library", "locating", "validity", "sight", "records", "corrections", "arrivals", "pace",
    "VERSION", "chain",
    "database", "sqlite", "stores",  # drafts lie in a file of their own
)  # fmt: skip
# Where the parts are put together or looked after.
HOLDS_ENGINE = {
    "assistant/services.py", "assistant/state.py", "assistant/doctor.py", "assistant/__main__.py",
}  # fmt: skip


@pytest.mark.parametrize(
    "path", sorted((ROOT / "assistant").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_the_assistant_sees_the_corpus_through_a_view(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() in HOLDS_ENGINE:
        return
    known = {
        m.removeprefix("vectorstore.") for m in modules_in(path) if m.startswith("vectorstore.")
    }
    assert [
        m for m in known if not any(f"{m}.".startswith(f"{o}.") for o in OPEN) and m != "keywords"
    ] == []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    held = [
        f"{node.lineno}: .{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (
            node.attr in ("catalog", "vectors", "_index")
            or (node.attr == "index" and id(node) not in called)
        )
        and ast.unparse(node) != "event.index"  # where somebody clicked
    ]
    assert held == []


DAYS = {"today", "now", "utcnow"}
# Where a request comes in, or something is stamped with the time at which it happens.
EDGES = {
    "assistant/__main__.py",
    "assistant/chat.py", "assistant/pages/asking.py", "assistant/api/calls.py", "assistant/office/office.py",
    "assistant/api/completions.py", "assistant/api/tools/deeds.py",
    "assistant/drafting/store.py", "assistant/export/word.py", "assistant/people/audit_log.py", "ingest/__main__.py",
    "assistant/history/database.py",
    "vectorstore/catalog/rows.py", "vectorstore/backups/backup.py",
    "vectorstore/sqlite/migrating.py", "vectorstore/chain/chain.py", "vectorstore/moving/forward.py",
    "assistant/pages/metadata.py",
    "vectorstore/arrivals/arrivals.py", "ingest/watching.py",
}  # fmt: skip


def test_no_value_asks_what_day_it_is() -> None:
    """What is in force depends on the day of the view: the same question can be asked again."""
    asking = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in DAYS
        and ast.unparse(node.value) in ("date", "datetime")
    }
    assert asking <= EDGES


@pytest.mark.parametrize("library", OWNERS)
def test_each_library_is_named_in_one_place(library: str) -> None:
    users = {str(p.relative_to(ROOT)) for p in sources() if library in imported(p)}
    assert all(any(user.startswith(owner) for owner in OWNERS[library]) for user in users)


def test_nothing_is_built_at_import() -> None:
    """Importing the services loads neither torch nor Gradio nor Chroma, nor what a login needs."""
    import subprocess
    import sys

    code = "import sys, assistant.services, ingest.pipeline; print([m for m in ('torch','gradio','chromadb','argon2','authlib') if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
