"""A text as the readers of facts see it."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from ingest.facts.material import Material
from ingest.prepare import Recipe, prepare_file
from vectorstore.facts import Fact

HEAD = "云溪县人民政府办公室关于供水的通知\n\n云溪政办发〔2026〕3号\n\n"


def material(text: str, head: str = HEAD) -> Material:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.txt"
        path.write_text(head + text, encoding="utf-8")
        (item,) = prepare_file(path, Recipe(_lengths, 400, 10**7)).documents
    return Material(item.document, item.passages)


def _lengths(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


def check_quotes(found: Material, facts: Sequence[Fact]) -> None:
    """Each row quotes its source to the letter."""
    assert facts
    for fact in facts:
        assert " ".join(found.document.text[fact.start : fact.end].split()) == fact.quote
