"""Relations and states of force that ingest reads, against a labelled set.

python -m tests.evals.validity [FOLDER] [--errors]

FOLDER holds documents, relations.jsonl and states.jsonl (the shared validity_dev by default). The
documents are read one by one, without an index.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ingest.facts.reading import read_stated
from ingest.prepare import PreparedDocument, Recipe, prepare_file
from tests.conftest import ROOT
from tests.evals.facts import Tally, check_spans, pair, relation_fits
from vectorstore.facts import Fact, Relation, Stated
from vectorstore.models import DocumentSummary
from vectorstore.validity import State, Validity

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


def validity_of(read: Read) -> tuple[Validity, dict[str, str]]:
    """The states of all documents of a folder, and the name of each id."""
    summaries: list[DocumentSummary] = []
    facts: list[Fact] = []
    relations: list[Relation] = []
    names: dict[str, str] = {}
    for name, (item, stated) in read.items():
        d = item.document
        names[d.id] = name
        summaries.append(
            DocumentSummary(
                d.id, d.sha256, d.source_paths, d.format, d.metadata, len(item.passages), ""
            )
        )
        facts += stated.facts
        relations += stated.relations
    return Validity(summaries, facts, relations), names


def score_states(read: Read, wanted: Sequence[dict[str, Any]], errors: bool) -> dict[str, Tally]:
    """States and proving documents of the firm rows; states of the others, for information."""
    validity, names = validity_of(read)
    ids = {name: document_id for document_id, name in names.items()}
    tallies = {key: Tally() for key in ("firm", "firm proof", "open")}
    for row in wanted:
        state = validity.in_force(ids[row["document"]], date.fromisoformat(row["as_of"]))
        right = state.name in (row["state"], *row.get("also_acceptable", ()))
        _count(tallies["firm" if row["firm"] else "open"], right)
        if row["firm"] and row["proof"]:
            proved = row["proof"]["document"] in {names[p.document_id] for p in state.proofs}
            _count(tallies["firm proof"], proved)
            right = right and proved
        if errors and not right:
            _print_state(row, state, names)
    return tallies


def _count(tally: Tally, right: bool) -> None:
    tally.wanted, tally.found, tally.right = (
        tally.wanted + 1, tally.found + 1, tally.right + right,
    )  # fmt: skip


def _print_state(row: dict[str, Any], state: State, names: dict[str, str]) -> None:
    proofs = [f"{names[p.document_id]}「{p.quote[:40]}」" for p in state.proofs]
    print(
        "- STATE",
        row["document"],
        row["as_of"],
        row["state"],
        row["basis"],
        "got",
        state.name,
        proofs,
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.evals.validity", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=VALIDITY_DEV)
    parser.add_argument("--errors", action="store_true", help="print what was missed or made up")
    arguments = parser.parse_args(argv)
    folder: Path = arguments.folder
    if not (folder / "relations.jsonl").exists():
        print(f"没有 {folder}/relations.jsonl，跳过", file=sys.stderr)
        return 0
    read = read_folder(folder)
    relations = score_relations(read, rows_of(folder / "relations.jsonl"), arguments.errors)
    print("relations  ", relations.line())
    for name, tally in score_states(
        read, rows_of(folder / "states.jsonl"), arguments.errors
    ).items():
        print(f"{name:<12}{tally.right} of {tally.wanted}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
