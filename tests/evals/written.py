"""Written questions that were held out of training, over an index of all written passages: in the
documents' words, in everyday words, in English, with slips, and near misses that no passage was
meant to answer.

The invented passages stand together with public laws, 1,400 in all: a near miss may by chance be
answered by another of them. Results hold no text, like those of every set.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assistant.answers.answer import Answer
from assistant.find.evidence import Evidence
from assistant.find.reading import Reading
from assistant.people.viewer import LOCAL
from assistant.training.written import (
    HELD_OUT,
    NEAR_MISS,
    OWN,
    WrittenQuestion,
    read_passages,
    read_written,
    split,
)
from assistant.understand.corpus import corpus_of
from assistant.understand.turns import understand
from tests.evals.common import EVAL, Bench, open_bench
from tests.evals.remembered import CACHE
from tests.evals.results import Measured
from tests.evals.scoring import longest_common, plain
from vectorstore.language.text import squeeze

ENOUGH = 0.6  # of the characters of the answer, in order
FOLDERS = (EVAL / "written", *OWN)


def questions() -> list[WrittenQuestion]:
    return [*split(read_written(FOLDERS))[1], *read_written([HELD_OUT])]


def written_bench() -> Bench:
    """A document for each title, with its passages below their headings."""
    folder = CACHE / "evals" / "written-files"
    folder.mkdir(parents=True, exist_ok=True)
    texts: dict[str, list[str]] = {}
    for passage in read_passages((*FOLDERS, HELD_OUT)):
        headings = [h for h in passage.path if h and h != "正文" and not passage.text.startswith(h)]
        texts.setdefault(passage.title, [passage.title, ""]).extend([*headings, passage.text, ""])
    for number, lines in enumerate(texts.values()):
        _write(folder / f"{number:04d}.txt", "\n".join(lines))
    return open_bench("written", folder)


def _write(file: Path, text: str) -> None:
    if not file.exists():
        file.write_text(text, encoding="utf-8")


@dataclass
class ByStyle:
    """What became of each style: (right, refused, asked), and the first reading's relevance with
    whether it is the right passage."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    judged: dict[str, list[tuple[float, bool]]] = field(default_factory=dict)
    outcomes: dict[str, float] = field(default_factory=dict)

    def measured(self) -> Measured:
        figures: dict[str, float] = {}
        for style, (right, refused, asked) in self.counts.items():
            figures[f"{style} right"] = right / asked
            figures[f"{style} refused"] = refused / asked
        types = {style: (right, asked) for style, (right, _, asked) in self.counts.items()}
        return Measured(len(self.outcomes), figures, types, self.outcomes)


def ask(bench: Bench, **options: object) -> ByStyle:
    assistant = bench.assistant(**options)
    found = ByStyle()
    for number, question in enumerate(questions()):
        answer = assistant.ask([question.question])
        right = is_right(question, answer)
        counts = found.counts.setdefault(question.style, [0, 0, 0])
        counts[0] += right
        counts[1] += answer.refused
        counts[2] += 1
        found.outcomes[str(number)] = float(right)
        evidence = assistant.evidence(assistant.view(LOCAL))
        first = next(readings_of(question, evidence), None)
        known = first is not None and holds(question, first)
        relevance = first.relevance if first else 0.0
        found.judged.setdefault(question.style, []).append((relevance, known))
    return found


def readings_of(question: WrittenQuestion, evidence: Evidence) -> Iterator[Reading]:
    understood = understand([question.question], corpus_of(evidence.view), ())
    return iter(evidence.read(understood))


def holds(question: WrittenQuestion, reading: Reading) -> bool:
    """Whether a reading is of the passage that answers."""
    if question.answer is None:
        return False
    answer = squeeze(question.passage.text[slice(*question.answer)])
    title = reading.hit.document.metadata.title
    return answer in squeeze(reading.hit.passage.text) and squeeze(title) == squeeze(
        question.passage.title
    )


def is_right(question: WrittenQuestion, answer: Answer) -> bool:
    """A near miss is right when it is declined, any other when most of its answer is said."""
    if question.style == NEAR_MISS:
        return answer.refused
    assert question.answer
    if answer.refused:
        return False
    wanted = squeeze(question.passage.text[slice(*question.answer)])
    return longest_common(squeeze(plain(answer)), wanted) >= ENOUGH * len(wanted)
