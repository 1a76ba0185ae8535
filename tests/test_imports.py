"""Imports point one way, and each library is named in one place."""

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

ALLOWED = {
    "vectorstore": {"vectorstore"},
    "ingest": {"ingest", "vectorstore"},
    "prompts": {"prompts"},
    "assistant": {"assistant", "prompts", "vectorstore"},
}
# Where the parts are put together, like app.py.
ROOTS = {"assistant/__main__.py": {"assistant", "ingest", "vectorstore"}}
OWNERS = {
    "chromadb": {"vectorstore/chroma.py"},
    "sentence_transformers": {"vectorstore/embedding.py", "assistant/rerank.py"},
    "gradio": {"app.py", "assistant/pages/"},
    "openai": {"assistant/llm.py"},
    "langchain_openai": {"assistant/llm.py"},
    "docx_plus": {"assistant/drafting/export.py"},
    "pypdfium2": {"ingest/parse/pdf.py"},
    "rapidocr": {"ingest/parse/ocr.py"},
    "tiktoken": {"assistant/tokens.py"},
    "sqlite3": {"vectorstore/"},
    "alembic": {"vectorstore/migrations/", "assistant/drafting/migrations/"},
    "sqlalchemy": {"vectorstore/migrations/"},
}


def sources() -> list[Path]:
    return [p for name in ALLOWED for p in sorted((ROOT / name).rglob("*.py"))] + [ROOT / "app.py"]


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_folders_import_only_what_lies_below(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    allowed = ROOTS.get(name) or ALLOWED.get(name.split("/")[0])
    if allowed:
        assert imported(path) & set(ALLOWED) <= allowed


@pytest.mark.parametrize("library", OWNERS)
def test_each_library_is_named_in_one_place(library: str) -> None:
    users = {str(p.relative_to(ROOT)) for p in sources() if library in imported(p)}
    assert all(any(user.startswith(owner) for owner in OWNERS[library]) for user in users)


def test_nothing_is_built_at_import() -> None:
    """Importing the services loads neither torch nor Gradio nor Chroma."""
    import subprocess
    import sys

    code = "import sys, assistant.services, ingest.pipeline; print([m for m in ('torch','gradio','chromadb') if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
