"""Text rules that ingest and the assistant share: folding, the search copy, sentences.

Punctuation width, white space and brackets differ between documents (国发〔2021〕9号 /
国发(2021)9号), so matching, scoring and quote checks run on a folded copy; what is shown and
cited stays raw.
"""

import calendar
import re
import unicodedata
from collections.abc import Iterator

_QUOTES = str.maketrans({
    "“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "『": '"', "』": '"', "＂": '"',
    "‘": "'", "’": "'",
    "—": "-", "―": "-", "–": "-", "‐": "-", "−": "-", "－": "-", "─": "-",
    "〔": "(", "〕": ")", "［": "[", "］": "]", "【": "[", "】": "]", "〈": "《", "〉": "》",
    "。": ".", "、": ",", "．": ".", "•": "·", "∙": "·", "・": "·",
})  # fmt: skip
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00]")
_SPACE = re.compile(r"\s+")
_REPEATED_DASH = re.compile(r"-{2,}")


def fold(text: str) -> str:
    """A copy for comparison: NFKC, one kind of quote, dash and bracket, no white space.

    >>> fold("国发〔2021〕9号") == fold("国发（2021）9 号")
    True
    """
    text = unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_QUOTES)
    text = _INVISIBLE.sub("", text).replace("''", '"')
    return _REPEATED_DASH.sub("-", _SPACE.sub("", text)).casefold()


def squeeze(text: str) -> str:
    """`text` without white space or invisible characters: how quotes are compared."""
    return _SPACE.sub("", _INVISIBLE.sub("", text))


# --- the search copy: lost marks repaired, never shown ------------------------------------

_YEAR = r"(?:19|20)\d\d"
_ORGAN_CODE = r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{1,8}?"
_REPAIRS: tuple[tuple[re.Pattern[str], str], ...] = (
    # 国发(2006)7号、国发［2006］7号 → 〔〕
    (re.compile(rf"[(（\[［【]({_YEAR})[)）\]］】]\s*(第?\d{{1,4}})\s*号"), r"〔\1〕\2号"),
    # 国发20219号: 〔〕 lost; the first four digits after the organ's code are the year
    (re.compile(rf"(?<=[发函字办令政规通告电])({_YEAR})(\d{{1,4}})号"), r"〔\1〕\2号"),
    # 渝府办发〔2021〕138): 号 lost before a bracket or a comma
    (re.compile(rf"(?<=[发函字办令])〔({_YEAR})〕(\d{{1,4}})(?=[)）,，、;；。]|$)"), r"〔\1〕\2号"),
    # 20212025年: the dash of a range lost
    (re.compile(rf"(?<!\d)({_YEAR})({_YEAR})(?=\s*年|[)）])"), r"\1—\2"),
    (re.compile(rf"(?<!\d)({_YEAR})\s*[-–—―－~～至]+\s*({_YEAR})(?!\d)"), r"\1—\2"),
    # …方案 20212025年): the opening bracket lost with the dash
    (re.compile(rf"(?m)(?:^|(?<=[\u4e00-\u9fff]))({_YEAR}—{_YEAR}年[)）])"), r"(\1"),
)
_BARE_DATE = re.compile(rf"(?m)^\s{{0,40}}+({_YEAR})(\d{{2,4}})\s{{0,40}}$")
_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


def split_bare_date(year: str, rest: str) -> tuple[int, int] | None:
    """(month, day) of a date whose 年月日 were lost, when only one split is a date.

    >>> split_bare_date("2022", "314"), split_bare_date("2022", "111")
    ((3, 14), None)
    """
    found = []
    for cut in range(1, len(rest)):
        month, day = rest[:cut], rest[cut:]
        written = not (month.startswith("0") or day.startswith("0"))
        if (
            written
            and int(month) <= 12
            and 1 <= int(day) <= calendar.monthrange(int(year), int(month))[1]
        ):
            found.append((int(month), int(day)))
    return found[0] if len(found) == 1 else None


def search_copy(text: str) -> str:
    """`text` with document numbers and year ranges repaired and width folded.

    Indexed and matched instead of the raw text; quotes are never taken from it.

    >>> search_copy("(国发20219号)"), search_copy("20212025年)")
    ('(国发〔2021〕9号)', '2021—2025年)')
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).replace("’’", "”")
    for pattern, replacement in _REPAIRS:
        text = pattern.sub(replacement, text)
    return _HAN_GAP.sub("", _BARE_DATE.sub(_written_date, text))


def _written_date(match: re.Match[str]) -> str:
    split = split_bare_date(match[1], match[2])
    return f"{match[1]}年{split[0]}月{split[1]}日" if split else match[0]


# --- sentences ----------------------------------------------------------------------------

_CLOSERS = r"[”’」』》）)\]\"']*"
_SENTENCE_END = re.compile(rf"[。！？!?]+{_CLOSERS}|\n+")
_CLAUSE_END = re.compile(rf"[。！？!?；;]+{_CLOSERS}|\n+")
# A responsibility tail after the full stop, 。(市科技局牵头), belongs to its sentence.
_TAIL = re.compile(r"[（(](?:[^（()）\n]|[（(][^（()）\n]*[)）])*[)）]")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of `text`, without surrounding white space.

    A sentence ends at 。！？ or at a line end, not inside brackets or quotation marks.
    Together the sentences hold every visible character.
    """
    return _split(text, _SENTENCE_END)


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Like `sentences`, and also cut at semicolons."""
    return _split(text, _CLAUSE_END)


def _split(text: str, ends: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for match in ends.finditer(text):
        end = match.end()
        if start >= end or (text[end - 1] != "\n" and _open_bracket(text, start, end)):
            continue
        tail = _TAIL.match(text, end)
        if tail and (tail.end() == len(text) or text[tail.end()].isspace()):
            end = tail.end()
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, len(text))


def _open_bracket(text: str, start: int, end: int) -> bool:
    piece = text[start:end]
    opened = sum(map(piece.count, "（(《“")) - sum(map(piece.count, "）)》”"))
    # A bracket that never closes (a lost mark) must not swallow the rest of the document.
    closes = any(mark in text[end : end + 200].split("\n", 1)[0] for mark in "）)》”")
    return opened > 0 and closes


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
