"""Conversations of a file over the documents of a folder.

python -m tests.evals.conversations CONVERSATIONS.jsonl DOCUMENTS [--errors]

Each row has `turns`; a turn its text, whether it is complete in itself, the places and years that
it is about, and what its answer must hold (as in tests.evals.questions). Counted: complete turns
that are left alone, follow-ups whose places and years are right, and answers.
"""

import argparse
import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.chat import Assistant
from assistant.people.viewer import LOCAL
from assistant.understand.question import Question
from tests.evals.common import open_bench, rows
from tests.evals.questions import wilson
from tests.evals.scoring import is_right, plain
from vectorstore.language.dates import YEAR
from vectorstore.language.regions import short_name
from vectorstore.language.text import fold


def same_scope(question: Question, turn: dict[str, Any]) -> bool:
    """Whether a question is about the places and years that a turn is labelled with."""
    places = {short_name(place.path[-1]) for place in question.places}
    wanted = {short_name(place) for place in turn["places"]}
    years = set(map(int, YEAR.findall(question.standalone)))
    return places == wanted and years == set(turn["years"])


def measure(assistant: Assistant, row: dict[str, Any], counts: Counter[str], *, tell: bool) -> None:
    evidence = assistant.evidence(assistant.view(LOCAL))
    for at, turn in enumerate(row["turns"], 1):
        said = [each["text"] for each in row["turns"][:at]]
        question = assistant.question_of(said, evidence)
        if turn["complete"]:
            sort, fits = "complete", fold(question.standalone) == fold(turn["text"])
        else:
            sort, fits = "follow_up", same_scope(question, turn)
        answer = assistant.ask(said, "extractive")
        wanted = {"must_include": [], "must_not_include": [], "answerable": True, **turn}
        right = is_right(wanted, answer)
        counts += Counter({sort: 1, f"{sort} understood": fits, f"{sort} right": right})
        if tell and not (fits and right):
            print(f"{row['id']} {at} {sort}：{turn['text']}")
            print(f"    应为 {turn['standalone']}  {turn['places']} {turn['years']}")
            print(f"    理解 {question.standalone}  {'对' if fits else '错'}")
            print(
                f"    应答 {wanted['must_include']}；{'对' if right else '错'}：{plain(answer)[:160]!r}"
            )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.evals.conversations", description=__doc__
    )
    parser.add_argument("conversations", type=Path)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--errors", action="store_true", help="print what was not right")
    arguments = parser.parse_args(argv)
    name = hashlib.sha256(str(arguments.documents.resolve()).encode()).hexdigest()[:8]
    counts: Counter[str] = Counter()
    with open_bench(f"folder-{name}", arguments.documents) as bench:
        assistant = bench.assistant()
        for row in rows(arguments.conversations):
            measure(assistant, row, counts, tell=arguments.errors)
    for sort in ("complete", "follow_up"):
        total = counts[sort]
        for what in ("understood", "right"):
            held = counts[f"{sort} {what}"]
            low, high = wilson(held, total)
            print(f"{sort} {what}：{held}/{total}，95% 区间 {low:.2f}–{high:.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
