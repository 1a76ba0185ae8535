"""The questions over the five documents that lie with the shared data.

`seeds` were written with the corpus at hand, `office` as people in an office type them: with
alternatives (||), and `cover`, how much of a list must be said (scoring.py).
"""

from tests.evals.asking import Asked
from tests.evals.common import EVAL, Bench, rows


def ask_seeds(bench: Bench, **options: object) -> Asked:
    return Asked().ask(bench, rows(EVAL / "seeds_dev.jsonl"), **options)


def ask_office(bench: Bench, **options: object) -> Asked:
    return Asked().ask(bench, rows(EVAL / "office_dev.jsonl"), **options)
