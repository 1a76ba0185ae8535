"""The little Markdown that drafts are kept in: lines, and tables with a header."""

from collections.abc import Sequence


def table_line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "｜").replace("\n", " ") for cell in cells) + " |"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = "|" + " --- |" * len(header)
    return "\n".join([table_line(header), rule, *(table_line(row) for row in rows)])


def is_rule(line: str) -> bool:
    """Whether a line separates a table's header from its body."""
    return "-" in line and set(line) <= set("|-: ")


def cells_of(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
