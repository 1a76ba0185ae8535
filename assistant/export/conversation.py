"""A conversation as a file: Word, Markdown, JSON. What is given here may be shown already
(history/covering.py)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.cite.citation import reference
from assistant.export.markdown import to_markdown_text
from assistant.export.reports import conversation_report
from assistant.history.covering import Shown
from vectorstore.language.text import squeeze

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
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


def as_file(kind: str, title: str, exchanges: Sequence[Exchange]) -> bytes:
    """Raises KeyError for a kind that is none of KINDS."""
    made = {"docx": _word, "md": _markdown, "json": _json}[kind]
    return made(title, exchanges)


def _word(title: str, exchanges: Sequence[Exchange]) -> bytes:
    return conversation_report([e.shown.answer for e in exchanges if e.shown], title=title)


def _markdown(title: str, exchanges: Sequence[Exchange]) -> bytes:
    parts = [f"# {_plain(title)}"]
    for number, exchange in enumerate(exchanges, 1):
        parts.append(f"## {number}. {_plain(exchange.question)}")
        if exchange.shown is None:
            parts.append(exchange.said)
            continue
        answer = exchange.shown.answer
        parts.append(to_markdown_text(answer.body, lambda mark: f"[{mark}]"))
        parts += answer.notes
        parts += [
            f"[{c.mark}] {_plain(reference(c))}：“{_plain(squeeze(c.quote))}”"
            + "".join(f"（{told}）" for told in exchange.shown.told.get(c.mark, ()))
            for c in answer.citations
        ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _plain(text: str) -> str:
    """On one line, and without what Markdown takes for markup or HTML."""
    line = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_<>#|[]" else c for c in line)


def _json(title: str, exchanges: Sequence[Exchange]) -> bytes:
    turns = [_turn(exchange) for exchange in exchanges]
    return json.dumps({"title": title, "turns": turns}, ensure_ascii=False, indent=1).encode()


def _turn(exchange: Exchange) -> dict[str, Any]:
    found: dict[str, Any] = {"question": exchange.question, "asked": exchange.asked}
    if exchange.shown is None:
        return found | {"answer": None, "said": exchange.said}
    shown = exchange.shown
    found["answer"] = shown.answer.as_json()
    found["sources_not_in_view"] = shown.hidden
    found["since_then"] = {str(mark): list(told) for mark, told in shown.told.items()}
    return found
