"""Stretches that are no sentences: bounded passages, whole documents, linear time."""

import time
from pathlib import Path

import pytest

from ingest.chunk import make_passages
from ingest.clean import clean
from ingest.parse.document import ParsedDocument
from ingest.parse.text import parse_text
from ingest.prepare import PreparedFile, Recipe, prepare_file
from ingest.structure import outline
from ingest.titles import find_title
from tests.conftest import count_characters, squeezed
from vectorstore.models import Passage

TEXT = "某某县人民政府关于加强水库巡查工作的通知\n各乡镇人民政府：\n为做好水库巡查工作，现就有关事项通知如下。"
MOST = 2_000  # characters of a passage


def passages(text: str) -> list[Passage]:
    parsed = ParsedDocument(text, "txt")
    return make_passages(outline(clean(parsed)), text, "d", count_characters, 320, lambda _: None)


def covers(found: list[Passage], text: str) -> bool:
    return squeezed("".join(p.text for p in found)) == squeezed(text)


@pytest.mark.parametrize(
    "line",
    ["某政发〔2024〕" * 40_000, "2024年" * 100_000, "（" * 100_000 + "《" * 100_000, "a" * 90_000],
)
def test_data_among_the_text_is_kept_and_not_found(line: str) -> None:
    found = passages(f"{TEXT}\n{line}")
    assert max(len(p.text) for p in found) <= MOST
    assert covers(found, f"{TEXT}{line}")
    searched = [p for p in found if p.is_searched]
    assert covers(searched, TEXT)


def test_a_long_list_without_a_full_stop_is_cut_at_commas() -> None:
    names = "，".join(f"第{i}家农民专业合作社" for i in range(900))
    found = passages(f"{TEXT}\n{names}")
    pieces = [p.text for p in found if "农民专业合作社" in p.text]
    assert covers(found, TEXT + names)
    assert all(len(piece) <= MOST for piece in pieces)
    assert len(pieces) > 3
    assert all(piece.endswith("，") for piece in pieces[:-1])
    assert all(p.is_searched for p in found if p.text in pieces)


def test_sentences_in_a_bracket_that_never_closes_are_found() -> None:
    line = "（附带说明" + "请各单位做好巡查（含夜间）。" * 3_000
    found = passages(f"{TEXT}\n{line}")
    assert covers([p for p in found if p.is_searched], TEXT + line)
    assert max(len(p.text) for p in found) <= MOST


def test_a_cell_with_megabytes_is_no_row(tmp_path: Path) -> None:
    prepared = prepare(
        tmp_path / "表.html",
        f"<h1>某某县任务表</h1><p>{TEXT}</p><table><tr><th>任务<th>单位</tr>"
        f"<tr><td>巡查<td>{'水务局' * 200_000}</tr><tr><td>清淤<td>水务局</tr></table>",
    )
    found = prepared.documents[0].passages
    assert max(len(p.text) for p in found) <= MOST
    assert [p.context for p in found if p.kind == "row"] == ["任务：清淤；单位：水务局"]


def test_a_page_in_the_style_of_a_heading_is_no_heading(tmp_path: Path) -> None:
    items = "".join(f"<p>第{i}项工作要加强统筹协调，落实责任，按期完成。</p>" for i in range(400))
    page = f"<h1>某某县关于水库巡查的通知</h1><p>{TEXT}</p><h2>{'落实要求，' * 400}</h2>{items}"
    found = prepare(tmp_path / "页.html", page).documents[0].passages
    assert any("落实要求" in p.text and p.is_searched for p in found)
    assert max(len("".join(p.heading_path)) for p in found) < 500


def test_thousands_of_equal_rows_do_not_crowd_the_index(tmp_path: Path) -> None:
    rows = "大坝安全鉴定,市水务局\n" * 3_000 + "河道清淤,市水务局\n"
    found = prepare(tmp_path / "任务.csv", f"任务,单位\n{rows}").documents[0].passages
    assert len(found) > 3_000
    assert sum(p.is_searched for p in found) == 21
    assert found[-1].is_searched


def test_a_file_of_data_alone_is_refused(tmp_path: Path) -> None:
    assert "没有正文" in prepare(tmp_path / "数据.txt", "QUJD" * 50_000).error


def test_long_lists_of_short_lines_take_linear_time() -> None:
    """Minutes before: each line was compared with all that follow it."""
    lines = [f"关于第{i}号事项" for i in range(150_000)]
    text = "\n".join([*lines, *["返回首页更多"] * 150_000])
    began = time.process_time()
    find_title(lines)
    clean(parse_text(text.encode(), "txt"))
    assert time.process_time() - began < 300


def prepare(path: Path, text: str) -> PreparedFile:
    path.write_text(text, encoding="utf-8")
    return prepare_file(path, Recipe(count_characters, 320, 100 * 2**20))
