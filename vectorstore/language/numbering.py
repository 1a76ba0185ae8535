"""How official documents number their parts."""

import re

NUMERALS = "一二三四五六七八九十百千零〇两"
# What opens a structural unit at the start of a line. `ENUMERATORS` lists them from the
# outermost to the innermost; the order gives the nesting (编 > 章 > 节 > 条 > 一、 > (一) …).
ENUMERATORS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("part", rf"第[{NUMERALS}\d]+(?:分)?编"),
        ("chapter", rf"第[{NUMERALS}\d]+章"),
        ("section", rf"第[{NUMERALS}\d]+节"),
        ("article", rf"第[{NUMERALS}\d]+条(?:之[{NUMERALS}]+)?"),
        ("one", rf"[{NUMERALS}]{{1,4}}、"),
        ("bracketed", rf"[（(][{NUMERALS}]{{1,4}}[)）][、.．]?"),
        ("arabic", r"\d{1,2}(?:[.．](?![\d%％])|、)"),
        ("arabic_bracketed", r"[（(]\d{1,2}[)）]|\d{1,2}[)）]"),
        ("circled", r"[①-⑳]"),
        ("dash", r"(?:—|―|–|──|--){1,2}(?=[\u4e00-\u9fff“])"),
    )
)


def level(text: str, position: int = 0) -> int | None:
    """Which of ENUMERATORS opens at a position of a text; a lower one holds the higher ones."""
    found = (i for i, (_, pattern) in enumerate(ENUMERATORS) if pattern.match(text, position))
    return next(found, None)
