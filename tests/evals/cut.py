"""Questions written over whole documents, as training data: python -m tests.evals.cut FOLDER… OUT

A FOLDER holds docs/ and questions.jsonl ({document, question, style, answer, sentence}, the last two
exact substrings of the document). OUT gets passages.jsonl, every passage as the program cuts it,
and questions.jsonl, each with the passage that answers (or, of a near miss, that a hasty reader
would take). What stands in no single passage is left out and counted.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ingest.prepare import Recipe, prepare_file
from tests.evals.common import rows, settings_for
from vectorstore.embedding.embedder import build_embedder
from vectorstore.language.text import squeeze

Row = dict[str, Any]


def passages_of(file: Path, prefix: str, recipe: Recipe) -> Iterator[Row]:
    for document in prepare_file(file, recipe).documents:
        for passage in document.passages:
            if passage.is_searched:
                yield {
                    "id": f"{prefix}-{passage.ordinal}",
                    "title": document.document.metadata.title,
                    "path": passage.heading_path,
                    "text": passage.context or passage.text,
                }


def placed(question: Row, passages: Sequence[Row]) -> Row | None:
    """The question with its passage, None where no passage holds the sentence and the answers."""
    for passage in passages:
        text = passage["text"]
        spans = [_within(piece, text) for piece in question["answer"] or [question["sentence"]]]
        if all(spans):
            return {
                "passage": passage["id"],
                "question": question["question"],
                "style": question["style"],
                "answer": spans if question["answer"] else [],
            }
    return None


def _within(piece: str, text: str) -> str:
    """The stretch of `text` that equals a piece but for white space, '' where there is none."""
    places = [i for i, character in enumerate(text) if not character.isspace()]
    wanted = squeeze(piece)
    at = "".join(text[i] for i in places).find(wanted)
    return text[places[at] : places[at + len(wanted) - 1] + 1] if wanted and at >= 0 else ""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.evals.cut", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args(argv)
    settings = settings_for("cut")
    embedder = build_embedder(settings)
    recipe = Recipe(embedder.count_tokens, settings.passage_tokens, settings.max_file_mb * 2**20)
    passages: list[Row] = []
    questions: list[Row] = []
    lost = 0
    for folder in arguments.folders:
        asked = rows(folder / "questions.jsonl")
        for number, file in enumerate(sorted((folder / "docs").iterdir()), 1):
            own = list(passages_of(file, f"{folder.name}-{number}", recipe))
            passages += own
            for question in (q for q in asked if q["document"] == file.name):
                found = placed(question, own)
                questions += [found] if found else []
                lost += not found
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, lines in (("passages", passages), ("questions", questions)):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (arguments.out / f"{name}.jsonl").write_text(text, encoding="utf-8")
    print(f"{len(passages)} passages, {len(questions)} questions, {lost} left out")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
