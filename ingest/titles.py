"""Finds a document's title among its first lines.

Titles of official documents end with their 文种 (通知, 实施方案 …), often begin with the organ's
name on a line of its own, and turn the line where it suits the page.
"""

import re
from collections.abc import Sequence

from ingest.patterns import LABEL_LINE
from vectorstore.language.dates import DATE
from vectorstore.language.names import (
    CHINESE,
    DOCUMENT_NUMBER,
    KIND_AT_END,
    ORDER_HEAD,
    ORGAN_LINE,
    RED_HEAD,
    STANDARD_NUMBER,
    TITLE,
)
from vectorstore.language.numbering import ANNEX, ENUMERATOR
from vectorstore.language.text import squeeze

_PERIOD_LINE = re.compile(r"[（(]?\s*(?:19|20)\d\d.{0,12}年?\s*[)）]|[（(][^（()）]{1,20}[)）]")
_BODY_START = re.compile(
    r"现将|为(?:了|贯彻|深入|进一步|全面|切实|加强|加快|推动|落实|规范)|根据|按照"
)
_MAX_LINES = 4


def find_title(
    lines: Sequence[str], levels: Sequence[int | None] | None = None
) -> tuple[int, int] | None:
    """Index range [first, last) of the lines that make up the title, or None.

    `levels` are heading levels known from styles or markup. Only lines before the first
    body paragraph are considered.
    """
    texts = [squeeze(line) for line in lines]
    levels = levels or [None] * len(lines)
    found = _on_cover(texts) or _put_in_force(texts) or _announcement(texts)
    if found is not None:
        return found
    last_at = {text: i for i, text in enumerate(texts)}
    best: tuple[float, int] | None = None
    for i, text in enumerate(texts):
        if _is_paragraph(text):
            break
        score = _score(text, texts[i - 1] if i else "", levels[i], last_at[text] > i)
        if score > 2 and (best is None or score > best[0]):
            best = (score, i)
    if best is None:
        return None
    last = best[1]
    first = _first_line(texts, last)
    end = _end(texts, first, last + 1)
    if end < len(texts) and len(texts[end]) <= 24 and _PERIOD_LINE.fullmatch(texts[end]):
        end += 1
    return first, end


_COVER = 14  # lines of a standard's cover
_ORDER = 16  # lines from the head of an order to what it puts in force


def _on_cover(texts: Sequence[str]) -> tuple[int, int] | None:
    """The name of a standard: below its number (and the one it replaces), above the day."""
    for i, text in enumerate(texts[:_COVER]):
        number = STANDARD_NUMBER.match(text)
        if not number or len(text) > number.end() + 2:
            continue
        for at in range(i + 1, min(i + 4, len(texts))):
            if DATE.search(texts[at]):
                break
            if len(CHINESE.findall(texts[at])) >= 4 and "代替" not in texts[at]:
                return at, at + 1
    return None


def _put_in_force(texts: Sequence[str]) -> tuple[int, int] | None:
    """某市人民政府令, 《办法》已经…通过，现予公布, the signature, 办法: the title of what it puts
    in force, where it stands on a line of its own."""
    for i, text in enumerate(texts[:_COVER]):
        if not ORDER_HEAD.match(text) or text.endswith("公告"):
            continue
        below = texts[i + 1 : i + _ORDER]
        named = {match[1] for line in below for match in TITLE.finditer(line)}
        for at, line in enumerate(below, i + 1):
            if line in named:
                return at, at + 1
    return None


def _announcement(texts: Sequence[str]) -> tuple[int, int] | None:
    """某厅 and 公告 on two lines, where no title follows before the text begins."""
    for i, text in enumerate(texts[:_COVER]):
        if text in ("公告", "通告") and i and ORGAN_LINE.fullmatch(texts[i - 1]):
            titled = any(line.startswith("关于") for line in texts[i + 1 : i + 4])
            return None if titled else (i - 1, i + 1)
    return None


def _end(texts: Sequence[str], first: int, end: int) -> int:
    """One past the last line of a title that turned the line below its best one."""
    while end < len(texts) and end - first < _MAX_LINES:
        title, here = "".join(texts[first:end]), texts[end]
        is_open = title.count("《") > title.count("》")
        unfinished = "关于" in title and not KIND_AT_END.search(title)
        goes_on = "》" in here if is_open else unfinished and bool(KIND_AT_END.search(here))
        if not goes_on or len(here) > 60 or here[-1] in "。；：:;，":
            break
        end += 1
    return end


def _is_paragraph(text: str) -> bool:
    return ("。" in text and len(text) > 24) or len(text) > 120


def _score(text: str, previous: str, level: int | None, is_repeated: bool) -> float:
    if not 4 <= len(text) <= 110 or text[-1] in "。；，、：:;,":
        return 0
    if ENUMERATOR.match(text) or ANNEX.match(text) or LABEL_LINE.match(text):
        return 0
    if _BODY_START.match(text) or text.startswith(("附件", "抄送")):
        return 0
    score = 0.0
    if level == 1:
        score += 3
    if (KIND_AT_END.search(text) and not RED_HEAD.fullmatch(text)) or (
        KIND_AT_END.search(text) and "关于" in text
    ):
        score += 3
    if "关于" in text:
        score += 2
    if text.startswith("关于") and ORGAN_LINE.match(previous):
        score += 1
    if score and is_repeated:
        score += 1
    return score


def _first_line(texts: Sequence[str], last: int) -> int:
    first = last
    while first > 0 and last - first < _MAX_LINES - 1:
        above, here = texts[first - 1], texts[first]
        if not above or above[-1] in "。；：:;，、" or DOCUMENT_NUMBER.search(above):
            break
        if LABEL_LINE.match(above) or (RED_HEAD.fullmatch(above) and above.endswith("文件")):
            break
        organ_above = here.startswith(("关于", "转发")) and ORGAN_LINE.fullmatch(above)
        turned = "关于" in above and not KIND_AT_END.search(above) and "关于" not in here
        open_quote = above.count("《") > above.count("》")
        if not (organ_above or turned or open_quote):
            break
        first -= 1
    return first
