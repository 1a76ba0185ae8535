"""What the evaluations share: data, indexes in .cache/, scores."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answers.answer import Answer
from assistant.chat import Assistant
from assistant.cite.markdown import strip_marks
from assistant.services import build_reader
from assistant.settings import AnswerSettings
from ingest.pipeline import ingest
from vectorstore.embedding.embedder import SentenceEmbedder, build_embedder
from vectorstore.index import PolicyIndex
from vectorstore.language.text import fold, squeeze
from vectorstore.library import Library
from vectorstore.settings import IndexSettings

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
EVAL = SHARED / "eval"
CACHE = ROOT / ".cache"


def data_missing() -> bool:
    """Says so, and that the evaluation is skipped, when its data is not there."""
    if EVAL.is_dir():
        return False
    print(f"没有评测数据 {EVAL}，跳过", file=sys.stderr)
    return True


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def settings_for(name: str, **overrides: Any) -> IndexSettings:
    return IndexSettings(data_dir=CACHE / "evals" / name, model_dir=CACHE / "models", **overrides)


@dataclass
class Bench:
    """An index over one set of documents, with everything that answers from it."""

    index: PolicyIndex
    embedder: SentenceEmbedder

    def assistant(self, **options: Any) -> Assistant:
        answer = AnswerSettings(**options)
        reader, threshold = build_reader(answer, self.embedder, self.index.token_weights)
        return Assistant(Library(self.index), reader, threshold, answer)


def open_bench(name: str, folder: Path, **overrides: Any) -> Bench:
    """The index of `folder`, brought up to date."""
    settings = settings_for(name, **overrides)
    embedder = build_embedder(settings)
    index = PolicyIndex(settings, embedder)
    if index.catalog.get("embedding_model") not in (None, embedder.name):
        index.rebuild()
    ingest(index, [folder], prune=True)
    return Bench(index, embedder)


def seeds_bench() -> Bench:
    return open_bench("seeds", SHARED / "corpus")


def ncp_bench(**overrides: Any) -> Bench:
    """599 documents of early 2020, one file each."""
    folder = CACHE / "evals" / "ncp-files"
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows(EVAL / "ncp" / "documents.jsonl"):
        file = folder / f"{row['docid']}.txt"
        if not file.exists():
            file.write_text(row["text"], encoding="utf-8", newline="")
    return open_bench("ncp", folder, **overrides)


# --- scores -----------------------------------------------------------------------------------


def rouge_l(candidate: str, reference: str) -> float:
    """ROUGE-L F1 over characters, white space and marks aside."""
    a, b = squeeze(candidate), squeeze(reference)
    if not a or not b:
        return 0.0
    row = [0] * (len(b) + 1)
    for x in a:
        before = 0
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], before + 1 if x == y else max(row[j], row[j - 1])
    common = row[-1]
    return 2 * common / (len(a) + len(b))


def plain(answer: Answer) -> str:
    """An answer's text without marks."""
    return strip_marks(answer.text)


def same(text: str) -> str:
    """A folded copy in which 1万 = 10000 and 科协 = 科学技术协会."""
    return fold(text).replace("科学技术协会", "科协").replace("10000", "1万")


def is_right(row: dict[str, Any], answer: Answer) -> bool:
    """By the rules of the evaluation's README."""
    said = same("\n".join((plain(answer), *answer.notes)))
    held = all(same(part) in said for part in row["must_include"])
    clean = not any(same(part) in said for part in row["must_not_include"])
    declined = answer.refused
    return clean and (declined if not row["answerable"] else held and not declined)


def exact_quotes(answer: Answer, index: PolicyIndex) -> bool:
    """Whether every quote equals its source at start..end but for white space."""
    for citation in answer.citations:
        document = index.document(citation.document_id)
        if document is None:
            return False
        if squeeze(document.text[citation.start : citation.end]) != squeeze(citation.quote):
            return False
    return True


def table(header: Sequence[str], lines: Sequence[Sequence[Any]]) -> str:
    """A Markdown table; floats with three digits."""

    def cell(value: Any) -> str:
        return f"{value:.3f}" if isinstance(value, float) else str(value)

    body = [[cell(value) for value in line] for line in lines]
    return "\n".join(
        ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
        + ["| " + " | ".join(line) + " |" for line in body]
    )


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def windows(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for i in range(0, len(items), size):
        yield items[i : i + size]
