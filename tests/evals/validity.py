"""Relations and states of force that ingest reads, against a labelled set.

python -m tests.evals.validity [FOLDER] [--errors]

FOLDER holds documents, relations.jsonl and states.jsonl (the shared validity_dev by default). The
documents are read one by one, without an index.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.facts.reading import read_stated
from ingest.prepare import PreparedDocument, Recipe, prepare_file
from tests.conftest import ROOT
from tests.evals.facts import Tally, check_spans, pair, relation_fits
from vectorstore.facts import Relation, Stated

VALIDITY_DEV = ROOT.parent / "shared" / "eval" / "validity_dev"
Read = dict[str, tuple[PreparedDocument, Stated]]


def read_folder(folder: Path) -> Read:
    """Every document of a folder by its name, with what it states."""
    found: Read = {}
    recipe = Recipe(lambda texts: [len(text) for text in texts], 400, 10**8)
    for path in sorted(folder.glob("*.txt")):
        prepared = prepare_file(path, recipe)
        assert prepared.documents, prepared.error
        (item,) = prepared.documents
        stated = read_stated(item.document, item.passages)
        check_spans(item.document.text, stated)
        found[path.name] = item, stated
    return found


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.open(encoding="utf-8")]


def score_relations(read: Read, wanted: Sequence[dict[str, Any]], errors: bool) -> Tally:
    tally = Tally()
    for name, (_, stated) in read.items():
        own = [row for row in wanted if row["document"] == name]
        pairs, extra, missed = pair(stated.relations, own, relation_fits)
        tally.wanted += len(own)
        tally.found += len(stated.relations)
        tally.right += len(pairs)
        if errors:
            for row in missed:
                print("- MISSED", json.dumps(row, ensure_ascii=False))
            for row in extra:
                print("+ MADE UP", name, row)
            for found, row in pairs:
                _print_difference(name, found, row)
    return tally


def _print_difference(name: str, found: Relation, wanted: dict[str, Any]) -> None:
    """Days and articles are not part of the score, but of the state."""
    got = (
        found.effective and found.effective.isoformat(),
        found.until and found.until.isoformat(),
        list(found.articles) or None,
    )
    due = (wanted["effective"], wanted.get("until"), wanted["articles"])
    if got != due:
        print("~ OTHERWISE", name, found.type, found.title, got, "wanted", due)
