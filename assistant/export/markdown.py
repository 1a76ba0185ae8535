"""What is said as Markdown for other programs: marks as footnotes, doubts struck through."""

from collections.abc import Callable

from assistant.cite.markdown import table_text
from assistant.cite.structure import Body, Line, Sentence


def footnote(mark: int) -> str:
    return f"[^{mark}]"


def to_markdown_text(body: Body, mark: Callable[[int], str] = footnote) -> str:
    """Paragraphs with an empty line between them; `mark` gives the text of a mark. A sentence
    that failed its check is struck through, with the reason."""

    def show(sentence: Sentence) -> str:
        text = "".join(p if isinstance(p, str) else mark(p) for p in sentence.pieces)
        check = sentence.check
        if check is None or not check.is_refuted or not text.strip():
            return text
        return f"~~{text.strip()}~~（存疑：{check.reason}）"

    shown = (
        "".join(map(show, block.sentences))
        if isinstance(block, Line)
        else table_text(block, show)
        for block in body
    )  # fmt: skip
    return "\n\n".join(text.strip() for text in shown if text.strip())


def plain(text: str) -> str:
    """On one line, and without what Markdown takes for markup or HTML."""
    line = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_<>#|[]" else c for c in line)
