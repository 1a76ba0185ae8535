"""Numerals of Chinese texts: 十二, 一百零五, 三万二千, 二〇二一, beside digits."""

from vectorstore.language.pattern import Pattern

NUMERALS = "一二三四五六七八九十百千零〇两"
FEW = "[一二三四五六七八九十]"  # what counts items, parts and meetings
COUNT = Pattern(
    r"[一二两三四五六七八九十]{1,3}|\d{1,2}",
    yes=("三", "十二", "二十一", "12", ("两项", "两")),
    no=("若干", "几项"),
    why="how many of something a sentence announces or a question asks for",
)
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "Ｏ": 0, "0": 0, "两": 2,
}  # fmt: skip
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_PLAIN = Pattern(
    r"\d+(?:\.\d+)?",
    yes=("12", "1.5"),
    no=("十二",),
)


def number_of(text: str) -> float | None:
    """12, 1.5, 十二, 一百零五, 三万二千, 十二点五 as a number; None for anything else.

    Of two digits side by side the last counts (二三 → 3, the larger of 二三项).
    """
    if _PLAIN.fullmatch(text):
        return float(text)
    whole, _, fraction = text.partition("点")
    total = section = digit = 0
    for c in whole:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _SMALL:
            section += (digit or 1) * _SMALL[c]
            digit = 0
        elif c in _LARGE:
            total += (section + digit or 1) * _LARGE[c]
            section = digit = 0
        else:
            return None
    if any(c not in _DIGITS for c in fraction):
        return None
    value = float(total + section + digit)
    return value + float(f"0.{digits_of(fraction)}") if fraction else value


def whole_number(text: str) -> int:
    """A numeral that a pattern has read (三, 十二, 12) as an int; raises ValueError for others."""
    value = number_of(text)
    if value is None or value != int(value):
        raise ValueError(f"不是整数：{text!r}")
    return int(value)


def digits_of(text: str) -> int:
    """Numerals one by one, as years are written: 二〇二一 → 2021."""
    return int("".join(str(_DIGITS[c]) for c in text))
