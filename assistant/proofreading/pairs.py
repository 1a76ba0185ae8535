"""Marks that come in pairs: brackets, quotation marks, 《》."""

from collections.abc import Iterator

from assistant.proofreading.rule import Found, Line, Page, Rule

_CLOSES = {"（": "）", "《": "》", "〈": "〉", "【": "】", "〔": "〕"}
_OPENS = {close: open_ for open_, close in _CLOSES.items()}
_WIDE = {"(": "（", ")": "）"}  # punctuation.py makes them wide
_STOPS = "。；，"
_BEHIND_TITLE = ("的通知", "的意见", "（", "等文件", "要求", "精神", "，", "。", "；")


def _quotes(page: Page) -> Iterator[Found]:
    """“ and ” by turns, line by line: one that stands the wrong way round, or has no other."""
    for line in page.lines:
        marks = [i for i in range(line.start, line.end) if page.text[i] in "“”"]
        opened: int | None = None
        for i in marks:
            is_open = page.text[i] == "“"
            if is_open and opened is None:
                opened = i
            elif not is_open and opened is not None:
                opened = None
            elif is_open:  # a second “ while one is open: it closes, unless another ” follows
                yield i, i + 1, "”"
                opened = None
            elif len(marks) % 2 == 0:
                yield i, i + 1, "“"
                opened = i
            else:
                yield i, i + 1, None
        if opened is not None and opened > line.start:  # a quotation may go on for paragraphs
            yield opened, _clause_end(page.text, opened, line.end), None


def _clause_end(text: str, at: int, end: int) -> int:
    """Where the words behind a mark end, at most: its other half belongs before."""
    return next((n for n in range(at, end) if text[n] in "，。；："), end)


def _brackets(page: Page) -> Iterator[Found]:
    """A bracket that is not closed, or was never opened, in its line."""
    for line in page.lines:
        held: list[int] = []
        for i in range(line.start, line.end):
            mark = _wide(page.text[i])
            if mark in _CLOSES:
                held.append(i)
            elif mark in _OPENS:
                if held and _wide(page.text[held[-1]]) == _OPENS[mark]:
                    held.pop()
                elif not _is_numbering(page.text, line, i):
                    yield _unopened(page.text, line, i)
        for i in held:
            if i == line.start and page.text[i + 1 : i + 2] in "一二三四五六七八九十":
                continue  # （二基层活动: numbering.py knows what is right
            yield _unclosed(page.text, line, i)


def _wide(mark: str) -> str:
    return _WIDE.get(mark, mark)


def _is_numbering(text: str, line: Line, at: int) -> bool:
    """1） and 一） number an item."""
    before = (
        text[line.start : at] if at - line.start < 4 else text[at - 2 : at].strip("，。；：、 ")
    )
    return bool(before) and all(c in "0123456789一二三四五六七八九十" for c in before)


def _unclosed(text: str, line: Line, at: int) -> Found:
    """Where the other half belongs, as far as the words behind it tell."""
    close = _CLOSES[_wide(text[at])]
    rest = text[at + 1 : line.end]
    if text[at] == "《":
        ends = [
            n for word in _BEHIND_TITLE if (n := rest.find(word)) >= 4 and "关于" not in rest[:n]
        ]
        ends += [n for word in ("（", "，", "。", "；") if (n := rest.find(word)) >= 4]
        if ends:
            end = min(ends)
            return at, at + 1 + end, f"{text[at : at + 1 + end]}{close}"
    if _wide(text[at]) == "（":
        number = rest.find("号")
        if 0 < number < 24 and "〔" in rest[:number]:
            end = at + 2 + number
            return at, end, f"{text[at:end]}{close}"
        stop = next((n for n, c in enumerate(rest) if c in _STOPS), len(rest))
        if stop <= 40:
            end = at + 1 + stop
            return at, end, f"{text[at:end]}{close}"
    return at, at + 1, None


def _unopened(text: str, line: Line, at: int) -> Found:
    return at, at + 1, None


RULES = (
    Rule(
        "引号配对",
        "引号前后成对，方向相反",
        find=_quotes,
        yes=(
            ("推进“放管服“改革", "推进“放管服”改革"),
            ("推进”放管服”改革", "推进“放管服”改革"),
            ("推进“放管服改革", None),
        ),
        no=("推进“放管服”“一网通办”改革",),
    ),
    Rule(
        "括号配对",
        "括号、书名号前后成对",
        find=_brackets,
        yes=(
            ("《规划》（国发〔2021〕9号，以下同", "《规划》（国发〔2021〕9号），以下同"),
            (
                "按照《全民科学素质规划（国发〔2021〕9号）",
                "按照《全民科学素质规划》（国发〔2021〕9号）",
            ),
            ("各县区）人民政府", None),
        ),
        no=("（一）总体要求", "1）总体要求", "《关于印发〈方案〉的通知》（青政发〔2021〕9号）"),
    ),
)
