"""Questions of our own over laws, the ncp documents and the five: python -m tests.evals.own

Others wrote them, without a look at the code. How many were right when first run, before any
rule was made with them in mind, stands in docs/development.md.
"""

import sys
import tarfile
from pathlib import Path
from typing import Any

from tests.evals.asking import Asked, show
from tests.evals.common import (
    CACHE,
    EVAL,
    ROOT,
    Bench,
    data_missing,
    five_bench,
    ncp_bench,
    open_bench,
    rows,
)

QUESTIONS = ROOT / "tests" / "data" / "own_questions.jsonl"


def laws_bench(every: int = 11) -> Bench:
    """Every 11th of the laws: 311 documents."""
    folder = CACHE / "evals" / f"laws-{every}"
    if not folder.is_dir():
        with tarfile.open(EVAL / "laws.tar.xz") as tar:
            members = sorted(
                (m for m in tar.getmembers() if m.name.endswith(".md")), key=lambda m: m.name
            )
            folder.mkdir(parents=True)
            for number, member in enumerate(members):
                if number % every == 4:
                    content = tar.extractfile(member)
                    assert content is not None
                    (folder / f"{number:04d} {Path(member.name).name}").write_bytes(content.read())
    return open_bench(f"laws-{every}", folder)


CORPORA = {"five": five_bench, "ncp": ncp_bench, "laws": laws_bench}


def questions(corpus: str) -> list[dict[str, Any]]:
    return [row for row in rows(QUESTIONS) if row["corpus"] == corpus]


def ask(**options: Any) -> Asked:
    """All of them, each over its own documents."""
    asked = Asked()
    for corpus, open_corpus in CORPORA.items():
        with open_corpus() as bench:
            asked.ask(bench, questions(corpus), **options)
    return asked


def main() -> int:
    if not data_missing():
        show(ask())
    return 0


if __name__ == "__main__":
    sys.exit(main())
