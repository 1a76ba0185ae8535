"""A comparison as JSON and as lines for the terminal."""

from typing import Any

from assistant.revision.alignment import KINDS, Comparison, Row
from assistant.revision.clauses import Clause
from assistant.revision.wording import Part
from vectorstore.models import Document

_MARKS = {"": "{}", "deleted": "[-{}-]", "inserted": "[+{}+]"}


def as_json(comparison: Comparison) -> dict[str, Any]:
    """The contract of `compare --json`; every row, also those that stayed the same."""
    return {
        "old": _document(comparison.old),
        "new": _document(comparison.new),
        "counts": {**comparison.counts, "renumbered": comparison.renumbered},
        "figures": [{"old": f.old, "new": f.new, "row": f.row} for f in comparison.figures],
        "rows": [_row(row) for row in comparison.rows],
    }


def _document(document: Document) -> dict[str, Any]:
    metadata = document.metadata
    return {
        "document_id": document.id,
        "title": metadata.title,
        "document_number": metadata.document_number,
        "date": metadata.dated.isoformat() if metadata.dated else None,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "renumbered": row.is_renumbered,
        "old": _clause(row.old),
        "new": _clause(row.new),
        "old_parts": [{"text": part.text, "mark": part.mark} for part in row.old_parts],
        "new_parts": [{"text": part.text, "mark": part.mark} for part in row.new_parts],
        "note": row.note,
    }


def _clause(clause: Clause | None) -> dict[str, Any] | None:
    if clause is None:
        return None
    return {
        "number": clause.numbers,
        "text": clause.text,
        "heading_path": clause.path,
        "start": clause.start,
        "end": clause.end,
    }


def summary(comparison: Comparison) -> str:
    """How many clauses became what, in one sentence."""
    said = [
        f"{name} {comparison.counts[kind]}"
        for kind, name in KINDS.items()
        if comparison.counts[kind]
    ]
    if comparison.renumbered:
        said.append(f"另有 {comparison.renumbered} 处只改编号")
    return f"共 {len(comparison.rows)} 处对照：" + "，".join(said) if said else "两份文件都没有正文"


def where(comparison: Comparison, row: int) -> str:
    """The clause that a changed figure stands in, as both documents number it."""
    old, new = comparison.rows[row].old, comparison.rows[row].new
    clause = new or old
    if old and new and old.number and old.number != new.number:
        return f"{new.label}（原{old.numbers.rstrip('、')}）"
    return clause.label if clause else ""


def as_text(comparison: Comparison, *, every_row: bool) -> str:
    """For the terminal: deletions in [-…-], insertions in [+…+]."""
    lines = [_named(comparison.old, "原"), _named(comparison.new, "新"), summary(comparison)]
    if comparison.figures:
        lines.append("数字变化：")
        for figure in comparison.figures:
            change = f"{figure.old or '（无）'} → {figure.new or '（无）'}"
            lines.append(f"  {where(comparison, figure.row)}：{change}")
    for row in comparison.rows:
        if every_row or row.is_change:
            lines += ["", *_row_lines(row)]
    return "\n".join(lines)


def _named(document: Document, side: str) -> str:
    metadata = document.metadata
    day = metadata.dated.isoformat() if metadata.dated else None
    known = "，".join(filter(None, (metadata.document_number, day)))
    return f"{side}：《{metadata.title}》" + (f"（{known}）" if known else "")


def _row_lines(row: Row) -> list[str]:
    clause = row.new or row.old
    head = f"【{KINDS[row.kind]}】{clause.label if clause else ''}　{row.note}"
    if row.kind in ("same", "moved"):
        return [head, f"  {_marked(row.new_parts)}"]
    sides = [("原", row.old_parts), ("新", row.new_parts)]
    return [head, *(f"  {name}：{_marked(parts)}" for name, parts in sides if parts)]


def _marked(parts: tuple[Part, ...]) -> str:
    return "".join(_MARKS[part.mark].format(part.text) for part in parts).replace("\n", "\n    ")
