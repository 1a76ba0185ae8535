"""The Excel file of facts: every row with its source, and nothing that a program would run."""

import io
from typing import Any

import openpyxl
import pytest

from assistant.export.sheets import fact_sheet, harmless
from assistant.indicators.listing import Listing, Row
from vectorstore.facts import Fact
from vectorstore.models import DocumentSummary, Metadata


def sheet_of(*rows: Row, count: int | None = None) -> Any:
    content = fact_sheet(Listing(rows, len(rows) if count is None else count))
    return openpyxl.load_workbook(io.BytesIO(content)).active


def row(**values: Any) -> Row:
    fact = Fact(
        **{"kind": "target", "document_id": "a", "start": 0, "end": 2, "quote": "原文"} | values
    )
    metadata = Metadata("某方案", document_number="某政发〔2026〕1号")
    return Row(fact, DocumentSummary("a", "a", (), "txt", metadata, 1, "2026-01-01"))


def test_every_row_names_its_source() -> None:
    made = row(subject="普及率", value=95.0, unit="%", text="95%以上", comparator=">=", year=2027,
               place="某市", heading_path=("一、目标", "（一）"), quote="普及率\n达到95%以上")  # fmt: skip
    head, first = sheet_of(made).iter_rows(values_only=True)
    said = dict(zip(head, first, strict=True))
    assert said["文件"] == "某方案"
    assert said["发文字号"] == "某政发〔2026〕1号"
    assert said["章节"] == "一、目标 › （一）"
    assert said["原文"] == "普及率 达到95%以上"
    assert (said["数值"], said["年份"], said["数值或要求"]) == (95, 2027, "95%以上")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝", "-1+1|"])
def test_no_text_is_a_formula(start: str) -> None:
    bad = f"{start}cmd|' /C calc'!A0"
    made = row(
        subject=bad, group=bad, place=bad, condition=bad, quote=bad, heading_path=(bad,), unit=bad
    )
    for cells in sheet_of(made).iter_rows():
        for cell in cells:
            assert cell.data_type != "f"
            assert not str(cell.value or "").lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("-3.5%", "-3.5%"), ("+12个百分点", "+12个百分点"), ("-", "'-"), ("=1", "'=1"), ("@SUM(1)", "'@SUM(1)"),
        ("普及率=95%", "普及率=95%"), ("", ""), ("a\x00b\ud800", "a\ufffdb\ufffd"),
    ],
)  # fmt: skip
def test_figures_stay_as_they_are(said: str, shown: str) -> None:
    assert harmless(said) == shown


def test_a_list_that_is_cut_says_so() -> None:
    last = list(sheet_of(row(), count=7000).iter_rows(values_only=True))[-1]
    assert last[0] == "共 7000 条，这里是前 1 条；请缩小筛选范围后再导出其余的。"


def test_characters_that_no_workbook_holds() -> None:
    made = row(subject="坏\x00\x1b\ud800字", quote="长" * 40_000)
    assert sheet_of(made).max_row == 2
