"""Where sentences and clauses end."""

from collections.abc import Iterator

from vectorstore.language.pattern import Pattern

STOPS = "。！？!?"
CLOSERS = "”’」』》）)"  # what may stand behind a stop and still belongs to the sentence
BRACKETED = Pattern(
    r"[（(](?:[^（()）\n]|[（(][^（()）\n]*[)）])*[)）]",
    yes=("（市教育局牵头）", "(市委宣传部（市政府新闻办）牵头)", ("甲（乙）丙（丁）", "（乙）")),
    no=("（没有完", "市教育局牵头"),
    why="a bracket with what it holds, brackets in it included",
)
SENTENCE_END = Pattern(
    rf"[{STOPS}]+[{CLOSERS}\]\"']*|\n+",
    yes=("。", "？！", "。”", "\n\n", ("建成。）其余", "。）")),
    no=("甲；乙，丙", "3.5"),
)
CLAUSE_END = Pattern(
    rf"[{STOPS}；;]+[{CLOSERS}\]\"']*|\n+",
    yes=("；", "。", "；”"),
    no=("甲，乙、丙",),
)
SENTENCE_MARK = Pattern(
    r"[。！？；]",
    yes=("。", "；"),
    no=("总体要求", "一、目标：", "What?"),
    why="a line that holds one is no heading; ASCII marks stand in addresses and numbers too",
)
TERMINAL = f"{STOPS}；;：:{CLOSERS}】]…"  # a line that ends so is not broken in mid-sentence


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of `text`, without surrounding white space.

    A sentence ends at 。！？ or at a line end, not inside brackets or quotation marks.
    Together the sentences hold every visible character.
    """
    return _split(text, SENTENCE_END)


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Like `sentences`, and also cut at semicolons."""
    return _split(text, CLAUSE_END)


def _split(text: str, ends: Pattern) -> Iterator[tuple[int, int]]:
    start = counted = depth = 0  # depth: brackets open since `start`, counted up to `counted`
    for match in ends.finditer(text):
        end = match.end()
        if start >= end:
            continue
        depth, counted = depth + _opened(text[counted:end]), end
        if text[end - 1] != "\n" and depth > 0 and _closes(text, end):
            continue
        # A responsibility tail after the full stop, 。(市科技局牵头), belongs to its sentence.
        tail = BRACKETED.match(text, end)
        if tail and (tail.end() == len(text) or text[tail.end()].isspace()):
            end = tail.end()
        yield from _trimmed(text, start, end)
        start, counted, depth = end, end, 0
    yield from _trimmed(text, start, len(text))


def _opened(text: str) -> int:
    return sum(map(text.count, "（(《“")) - sum(map(text.count, "）)》”"))


def _closes(text: str, position: int) -> bool:
    """Whether a bracket closes soon on the same line: one that never does (a lost mark) must
    not swallow the rest of the document."""
    return any(mark in text[position : position + 200].split("\n", 1)[0] for mark in "）)》”")


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
