"""python -m assistant facts."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from assistant import __main__ as cli
from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from tests.assistant.stated import WATER, fill
from tests.conftest import HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.library import Library


@pytest.fixture
def run(index: PolicyIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    fill(index)
    library = Library(index)
    assistant = Assistant(library, LexicalReader(index.token_weights), 0.3, AnswerSettings())
    desk = DraftingDesk(assistant, DraftStore(tmp_path / "drafts.sqlite3"), DraftSettings())
    services = Services(library, HashEmbedder(), assistant, desk)  # type: ignore[arg-type]
    monkeypatch.setattr(cli, "build_services", lambda: services)
    monkeypatch.setattr(Services, "close", lambda self: None)

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = cli.main(["facts", *arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        return (code, *capsys.readouterr())

    return call


def test_json_is_one_value(run: Any) -> None:
    code, out, _ = run("--kind", "target", "--place", "松湖市", "--json")
    said = json.loads(out)
    assert (code, said["count"]) == (0, 1)
    (fact,) = said["facts"]
    assert fact["subject"] == WATER
    assert (fact["title"], fact["document_number"], fact["state"]) == (
        "松湖市农村供水管理办法", "松政发〔2026〕4号", "现行有效",
    )  # fmt: skip


def test_lines_say_how_many_there_are(run: Any) -> None:
    code, out, _ = run("--word", WATER, "--limit", "2")
    assert code == 0
    assert "现状数据 青禾市 农村自来水普及率 2025年 92.1%" in out
    assert out.rstrip().endswith("共 8 条，列出前 2 条；用 --limit 多列一些")
    assert run("--word", "没有的词")[1].strip() == "没有读到符合条件的内容。"


def test_a_workbook_is_written(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "表.xlsx"
    code, out, _ = run("--kind", "duty", "--xlsx", str(file))
    assert (code, out) == (0, "")
    assert openpyxl.load_workbook(file).active.max_row == 4


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--kind", "没有这一类"), 2),
        (("--year", "明年"), 1),
        (("--limit", "0"), 1),
        (("--xlsx", "/没有/这个/表.xlsx"), 1),
    ],
)
def test_wrong_use_is_one_sentence(run: Any, arguments: tuple[str, ...], code: int) -> None:
    found, out, err = run(*arguments)
    assert (found, out) == (code, "")
    assert err.strip()
    assert "Traceback" not in err
