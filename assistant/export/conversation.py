"""A conversation as a file: Word, Markdown, JSON. What is given here may be shown already
(history/covering.py)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answers.answer import Answer
from assistant.cite.citation import reference
from assistant.export.markdown import plain, to_markdown_text
from assistant.export.reports import conversation_report
from assistant.export.word import WORD
from assistant.history.covering import Shown
from assistant.labelling import EXTRACT, MODEL, NOBODY, Producer, producer_of
from assistant.settings import DraftSettings
from vectorstore.language.text import squeeze

KINDS = {
    "docx": WORD,
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, when it was asked, and what was answered; `said` in place of an answer."""

    question: str
    asked: str
    shown: Shown | None = None
    said: str = ""


def as_file(
    kind: str, title: str, exchanges: Sequence[Exchange], labelling: DraftSettings
) -> bytes:
    """Labelled as `labelling` says. Raises KeyError for a kind that is none of KINDS."""
    made = {"docx": _word, "md": _markdown, "json": _json}[kind]
    return made(title, exchanges, labelling)


def _answers(exchanges: Sequence[Exchange]) -> list[Answer]:
    return [e.shown.answer for e in exchanges if e.shown]


def _word(title: str, exchanges: Sequence[Exchange], labelling: DraftSettings) -> bytes:
    return conversation_report(_answers(exchanges), labelling, title=title)


def _markdown(title: str, exchanges: Sequence[Exchange], labelling: DraftSettings) -> bytes:
    parts = [f"# {plain(title)}"]
    if labelling.ai_label:
        by_model = any(answer.label == MODEL for answer in _answers(exchanges))
        parts.append(f"（{(MODEL if by_model else EXTRACT)[0]}）")
    for number, exchange in enumerate(exchanges, 1):
        parts.append(f"## {number}. {plain(exchange.question)}")
        if exchange.shown is None:
            parts.append(exchange.said)
            continue
        answer = exchange.shown.answer
        parts.append(to_markdown_text(answer.body, lambda mark: f"[{mark}]"))
        parts += answer.notes
        parts += [
            f"[{c.mark}] {plain(reference(c))}：“{plain(squeeze(c.quote))}”"
            + "".join(f"（{told}）" for told in exchange.shown.told.get(c.mark, ()))
            for c in answer.citations
        ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _json(title: str, exchanges: Sequence[Exchange], labelling: DraftSettings) -> bytes:
    producer = producer_of(labelling) if labelling.ai_label else NOBODY
    turns = [_turn(exchange, producer) for exchange in exchanges]
    return json.dumps({"title": title, "turns": turns}, ensure_ascii=False, indent=1).encode()


def _turn(exchange: Exchange, producer: Producer) -> dict[str, Any]:
    found: dict[str, Any] = {"question": exchange.question, "asked": exchange.asked}
    if exchange.shown is None:
        return found | {"answer": None, "said": exchange.said}
    shown = exchange.shown
    found["answer"] = shown.answer.as_json(producer=producer)
    found["sources_not_in_view"] = shown.hidden
    found["since_then"] = {str(mark): list(told) for mark, told in shown.told.items()}
    return found
