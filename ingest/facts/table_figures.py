"""Tables of indicators: rows with cells, rows drawn with bars, and cells that follow one another
as lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.facts.heads import split_group
from ingest.facts.material import Material, Piece, Quoted
from ingest.facts.places import Home, level_of
from ingest.facts.setting import Outline
from vectorstore.facts import Fact
from vectorstore.language.dates import A_YEAR
from vectorstore.language.pattern import Pattern
from vectorstore.language.quantities import QUANTITY, SUFFIX, Sign, plain, scale_of
from vectorstore.models import Passage

Role = Literal["", "subject", "place", "unit", "value", "change", "other"]

_SUBJECT = Pattern(
    r"^(?:主要|具体|核心|二级|三级|评价)?(?:指标|项目)(?:名称|内容)?$|^(?:名称|产品名称|品种|目标)$|^指标",
    yes=("指标", "主要指标", "指标名称", "产品名称"),
    no=("单位", "标准", "序号"),
)
_PLACE = Pattern(
    r"^(?:县区|区县|地区|市州|县（市、区）|县\(市、区\)|县（区）|市（州）|乡镇|镇街|乡镇（街道）|区域|行政区域)$",
    yes=("县区", "县（市、区）", "乡镇"),
    no=("地区生产总值", "指标"),
)
_UNIT_HEADER = Pattern(r"^(?:计量)?单位$", yes=("单位", "计量单位"), no=("责任单位",))
_OTHER = Pattern(
    r"属性|性质|类型|类别|序号|备注|责任|牵头|部门|来源|^[分]类|说明", yes=("指标属性", "序号"),
    no=("指标", "2025年"),
)  # fmt: skip
_YEAR = Pattern(rf"(?P<year>{A_YEAR})\s?年?", yes=("2025年", "2030年目标"), no=("25年",))
_AIM = Pattern(r"目标|规划|预期|计划|任务", yes=("目标值", "2030年目标"), no=("2025年", "现状"))
_NOW = Pattern(r"现状|基期|基准|实际|完成", yes=("现状值", "基期值"), no=("目标值",))
_AMOUNT = Pattern(
    r"绝对[量数额]|^总量|^数值|^完成数|^产量|^数量|^金额|指标值",
    yes=("绝对量", "产量"),
    no=("增长",),
)
_CHANGE = Pattern(
    r"增长|增幅|增速|升降|±|累计|提高|变化",
    yes=("比上年增长（%）", "年均增速", "累计"),
    no=("总量",),
)
_IN_BRACKETS = Pattern(
    r"[（(]\s?(?:单位[：:])?\s?(?P<unit>[^（()）\d]{1,10}|1/10万)\s?[)）]$",
    yes=("（%）", "（万人）"),
    no=("（2025年）",),
)
_ATTRIBUTE = Pattern(r"^(?:预期|约束|预期性|约束性|预期值)$", yes=("预期性",), no=("预期目标值",))
_ORDINAL = Pattern(
    r"^\s*(?:\d{1,2}[.．、]?|[（(]\d{1,2}[)）]|[①-⑳]|[一二三四五六七八九十]{1,2}、)\s*(?=[^\d.])|^[#＃\s　]*(?:其中[：:]\s?)?",
    yes=("1.", "（2）普及率", "其中：出口"),
    no=(),
    why="what stands before the name of an indicator in its cell",
)
_BAR = Pattern(r"[｜|│\t]", yes=("｜", "|"), no=("、",))
_BARE_VALUE = Pattern(
    rf"^[\[［【（(]?(?P<sign>≥|≤|>=|<=|>|<|＞|＜|约|不低于|不少于|不高于|不超过|超过|控制在|大于|小于)?\s?(?P<minus>[-－—])?(?P<body>{QUANTITY.source})"
    rf"(?P<suffix>{SUFFIX.source})?(?:\s?[\]］】)）])?$",
    yes=("79.1", "≥92", "80.5左右", "[120]", "3.5%", "不低于95"),
    no=("—", "预期性", "完成国家下达任务"),
    why="a cell that is a value",
)
_SIGNS: dict[str, Sign] = {
    "≥": ">=", ">=": ">=", "不低于": ">=", "不少于": ">=", "≤": "<=", "<=": "<=", "不高于": "<=",
    "不超过": "<=", "控制在": "<=", ">": ">", "＞": ">", "超过": ">", "大于": ">", "<": "<", "＜": "<",
    "小于": "<", "约": "~",
}  # fmt: skip
_BOUNDS: dict[str, Sign] = {"以上": ">=", "以内": "<=", "以下": "<", "左右": "~", "上下": "~"}
_MAX_CELL = 40


@dataclass(frozen=True, slots=True)
class Column:
    role: Role
    year: int | None = None
    is_aim: bool = False
    unit: str = ""
    header: str = ""


@dataclass(frozen=True, slots=True)
class _Value:
    value: float
    high: float | None
    unit: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one row, where it stands, and what its table is called by the line above."""

    cells: tuple[str, ...]
    quote: Quoted
    passage: Passage


class TableReader:
    """Reads the indicators of all tables of a document."""

    def __init__(self, material: Material, outline: Outline, home: Home):
        self._material = material
        self._calendar = outline.calendar
        self._nature = outline.nature
        self._home = home
        self._taken: set[tuple[str, int]] = set()

    def took(self, line: Piece) -> bool:
        """Whether a line is a row or a cell of a table that was read."""
        return (line.passage.id, line.start) in self._taken

    def facts(self) -> Iterator[Fact]:
        yield from self._celled()
        yield from self._drawn()
        yield from self._flat()

    def _celled(self) -> Iterator[Fact]:
        for passage in self._material.rows:
            columns = self._columns([cell.header for cell in passage.cells])
            if columns:
                quote = self._material.span(passage.cells[0].start, passage.cells[-1].end)
                cells = tuple(self._material.cell(cell) for cell in passage.cells)
                yield from self._row(Row(cells, quote, passage), columns)

    def _drawn(self) -> Iterator[Fact]:
        columns: list[Column] = []
        for line in self._material.lines:
            cells = _cells(line.text)
            if len(cells) < 3:
                columns = []
            elif not columns or len(cells) != len(columns):
                columns = self._columns(cells)
                if columns:
                    self._take(line)
            else:
                self._take(line)
                row = Row(tuple(cells), self._material.quote(line), line.passage)
                yield from self._row(row, columns)

    def _flat(self) -> Iterator[Fact]:
        """A header's cells one a line, then those of the rows."""
        lines = self._material.lines
        i = 0
        while i < len(lines):
            n = self._header_length(lines, i)
            if not n:
                i += 1
                continue
            columns = self._columns([line.text.strip() for line in lines[i : i + n]])
            i += n
            row: list[Piece] = []
            while (
                i < len(lines) and len(lines[i].text.strip()) <= _MAX_CELL and not _ends(lines[i])
            ):
                row.append(lines[i])
                if self._is_whole(row, columns):
                    yield from self._flat_row(row, columns)
                    row = []
                i += 1

    def _header_length(self, lines: Sequence[Piece], i: int) -> int:
        """How many lines from i are the header of a flat table; 0 for none."""
        n = 0
        while i + n < len(lines) and n < 12 and _role(lines[i + n].text.strip(), self._nature):
            n += 1
        texts = [line.text.strip() for line in lines[i : i + n]]
        return n if n >= 2 and self._columns(texts) else 0

    def _is_whole(self, row: Sequence[Piece], columns: Sequence[Column]) -> bool:
        wanted = sum(1 for c in columns if c.role in ("value", "change"))
        got = sum(1 for line in row if _is_value_cell(line.text.strip()))
        return got >= wanted and not _is_value_cell(row[0].text.strip())

    def _flat_row(self, row: Sequence[Piece], columns: Sequence[Column]) -> Iterator[Fact]:
        """Merged cells are missing: the values are the last ones, the indicator before them."""
        texts = [line.text.strip() for line in row]
        values = [i for i, text in enumerate(texts) if _is_value_cell(text)]
        wanted = [c for c in columns if c.role in ("value", "change")]
        values = values[-len(wanted) :]
        names = [t for t in texts[: values[0]] if not _ATTRIBUTE.search(t) and not t.isdigit()]
        has_unit = any(c.role == "unit" for c in columns)
        unit = names.pop() if has_unit and len(names) > 1 and len(names[-1]) <= 8 else ""
        if not names:
            return
        for line in row:
            self._take(line)
        first = next(line for line in row if line.text.strip() == names[-1])
        start, end = self._material.quote(first).start, self._material.quote(row[values[-1]]).end
        quote = self._material.span(start, end)
        cells = (names[-1], unit, *(texts[i] for i in values))
        order = [Column("subject"), Column("unit" if unit else "other"), *wanted]
        yield from self._row(Row(cells, quote, first.passage), order)

    def _take(self, line: Piece) -> None:
        self._taken.add((line.passage.id, line.start))

    def _columns(self, headers: Sequence[str]) -> list[Column]:
        """[] for a table that is none of indicators."""
        columns = [self._column(header.strip()) for header in headers]
        roles = [column.role for column in columns]
        if not ({"subject", "place"} & set(roles)) or "value" not in roles:
            return []
        return columns

    def _column(self, header: str) -> Column:
        role = _role(header, self._nature)
        if role not in ("value", "change"):
            return Column(role, header=header)
        bracket = _IN_BRACKETS.search(header)
        unit = bracket["unit"] if bracket else "%" if role == "change" else ""
        about = self._calendar.about
        if year := _YEAR.search(header):
            said = int(year["year"])
            aim = bool(_AIM.search(header)) or self._calendar.is_past(said) is False
            return Column(role, said, aim and not _NOW.search(header), unit, header)
        if _AIM.search(header):
            return Column(role, about[1] if about else None, True, unit, header)
        base = about[0] - 1 if about and about[0] != about[1] else about[0] if about else None
        aim = role == "change" and self._nature == "plan"
        return Column(role, about[1] if aim and about else base, aim, unit, header)

    def _row(self, row: Row, columns: Sequence[Column]) -> Iterator[Fact]:
        subject, unit, place = "", "", ""
        for cell, column in zip(row.cells, columns, strict=False):
            if column.role == "subject":
                subject = cell
            elif column.role == "unit":
                unit = cell
            elif column.role == "place":
                place = cell
        subject = _ORDINAL.remove_from(subject).strip()
        if bracket := _IN_BRACKETS.search(subject):
            unit = unit or bracket["unit"]
            subject = subject[: bracket.start()]
        if len(subject) < 2 and not place:
            return
        for cell, column in zip(row.cells, columns, strict=False):
            if column.role in ("value", "change") and (value := _value(cell)):
                yield self._fact(row, column, value, cell, subject, unit, place)

    def _fact(
        self,
        row: Row,
        column: Column,
        value: _Value,
        cell: str,
        subject: str,
        unit: str,
        place: str,
    ) -> Fact:
        name, factor = _plain_unit(value.unit or (column.unit or unit))
        if column.role == "change" or (column.unit and not unit):
            name, factor = _plain_unit(value.unit or column.unit)
        if column.role == "change":
            subject += "累计" if "累计" in column.header else "增长"
        if not subject:
            subject = _YEAR.remove_from(_IN_BRACKETS.remove_from(column.header)).strip()
        group, subject = split_group(subject)
        own = self._home.own
        return Fact(
            "target" if column.is_aim else "figure",
            self._material.document.id, row.quote.start, row.quote.end, row.quote.text,
            subject=subject, group=group, place=place or own.name,
            level=(level_of(place) if place else own.level),
            value=round(value.value * factor, 6),
            high=None if value.high is None else round(value.high * factor, 6),
            unit=name, text=cell, comparator=value.sign, year=column.year,
            heading_path=row.passage.heading_path, passage_id=row.passage.id,
        )  # fmt: skip


def _cells(text: str) -> list[str]:
    return [part.strip() for part in _BAR.compiled.split(text.strip().strip("|｜"))]


def _ends(line: Piece) -> bool:
    return line.text.strip()[-1:] in "。；：" or line.text.strip().startswith(
        ("注", "专栏", "（注")
    )


def _role(header: str, nature: str) -> Role:
    header = header.strip()
    bare = _IN_BRACKETS.remove_from(header).strip()
    if not header or len(header) > 20:
        return ""
    if _UNIT_HEADER.search(header):
        return "unit"
    if _SUBJECT.search(bare) and not _YEAR.search(bare):
        return "subject"
    if _PLACE.search(header):
        return "place"
    if _CHANGE.search(header):
        return "change"
    if _YEAR.search(header) and len(bare) <= 14:
        return "value"
    if _OTHER.search(header):
        return "other"
    if (_AIM.search(header) or _NOW.search(header)) and len(header) <= 8:
        return "value"
    return "value" if nature == "statistics" and _AMOUNT.search(header) else ""


def _is_value_cell(text: str) -> bool:
    return text in ("—", "-", "－", "——", "/") or bool(_BARE_VALUE.match(text))


def _value(cell: str) -> _Value | None:
    match = _BARE_VALUE.match(cell.strip())
    if not match:
        return None
    scale = scale_of(match["scale"] or match["lowscale"] or "")
    value = plain(match["low"]) * scale * (-1 if match["minus"] else 1)
    high = plain(match["high"]) * scale if match["high"] else None
    sign = _SIGNS.get(match["sign"] or "", _BOUNDS.get(match["bound"] or "", "="))
    unit = match["unit"] or match["lowunit"] or ""
    return _Value(value, high, unit.replace("％", "%"), sign)


def _plain_unit(unit: str) -> tuple[str, float]:
    """万人 → 人, 10000."""
    unit = unit.strip().replace("％", "%")
    base = unit.lstrip("百千万亿")
    if unit.startswith(("千瓦", "千米", "千克", "百分")):
        return unit, 1.0
    if not base or base[0] in "瓦米克分":
        return unit, 1.0
    return base, scale_of(unit[: len(unit) - len(base)])
