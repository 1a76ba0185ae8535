"""python -m assistant compare, over two editions of one invented regulation."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from assistant import __main__ as cli
from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from ingest.pipeline import ingest
from tests.assistant.revision.documents import NEW, OLD
from tests.conftest import HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.library import Library

NUMBERS = ("青溪政规〔2021〕3号", "青溪政规〔2025〕9号")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "files"
    folder.mkdir()
    found = []
    for name, text, number in zip(("旧.txt", "新.txt"), (OLD, NEW), NUMBERS, strict=True):
        title, rest = text.split("\n", 1)
        found.append(folder / name)
        found[-1].write_text(f"{title}\n{number}\n{rest}", encoding="utf-8")
    return found


@pytest.fixture
def run(
    index: PolicyIndex, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> Any:  # fmt: skip
    ingest(index, files)
    library = Library(index)
    assistant = Assistant(library, LexicalReader(index.token_weights), 0.3, AnswerSettings())
    desk = DraftingDesk(assistant, DraftStore(tmp_path / "drafts.sqlite3"), DraftSettings())
    services = Services(library, HashEmbedder(), assistant, desk)  # type: ignore[arg-type]
    monkeypatch.setattr(cli, "build_services", lambda: services)
    monkeypatch.setattr(Services, "close", lambda self: None)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["compare", *arguments])
        found = capsys.readouterr()
        return code, found.out, found.err

    return call


def test_changes_are_printed_and_what_stayed_on_request(run: Any) -> None:
    code, out, _ = run(*NUMBERS)
    assert code == 0
    assert "条号由第三条改为第四条；“2000元”改为“5000元”" in out
    assert "[-2000元-]以上[-1万元-]" in out
    assert "第四条（原第三条）：2000元 → 5000元" in out
    assert "适用于本市河道" not in out
    assert "适用于本市河道" in run(*NUMBERS, "--all")[1]


def test_json_is_one_value_with_every_row(run: Any, files: list[Path]) -> None:
    found = json.loads(run(*map(str, files), "--json")[1])
    assert found["old"]["document_number"] == NUMBERS[0]
    assert found["counts"]["split"] == 1
    row = next(r for r in found["rows"] if r["new"] and r["new"]["number"] == "第二条")
    assert (row["kind"], row["note"]) == ("same", "未变")
    assert "".join(part["text"] for part in row["new_parts"]) == row["new"]["text"]


def test_a_document_is_meant_by_id_number_or_path(run: Any, files: list[Path]) -> None:
    old = json.loads(run(*NUMBERS, "--json")[1])["old"]["document_id"]
    for said in (old, "青溪政规(2021)3号", str(files[0])):
        assert json.loads(run(said, NUMBERS[1], "--json")[1])["old"]["document_id"] == old


def test_a_table_for_word(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "对照表.docx"
    code, said, _ = run(*NUMBERS, "--docx", str(out))
    assert (code, said) == (0, "")
    assert len(Document(io.BytesIO(out.read_bytes())).tables) == 3


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("青溪市河道管理办法", NUMBERS[1], ["几份文件", *NUMBERS]),  # both bear the title
        ("河道管理", NUMBERS[1], ["没有“河道管理”", "相近", NUMBERS[0]]),
        ("某某市灯光管理办法", NUMBERS[1], ["没有“某某市灯光管理办法”"]),
        (NUMBERS[0], NUMBERS[0], ["同一份文件"]),
        (" ", NUMBERS[0], ["标题"]),
    ],
)
def test_what_is_unclear_is_one_sentence(run: Any, old: str, new: str, words: list[str]) -> None:
    code, out, err = run(old, new)
    assert (code, out) == (1, "")
    assert all(word in err for word in words)
    assert len(err.strip().splitlines()) == 1


def test_a_file_that_is_not_in_the_index_is_refused(
    run: Any, files: list[Path], tmp_path: Path
) -> None:
    other = Path(shutil.copy(files[0], tmp_path / "另一份.txt"))
    code, out, err = run(str(other), NUMBERS[1])
    assert (code, out) == (1, "")
    assert "还没有入库" in err
    assert run(*NUMBERS, "--docx", "/没有/这个/表.docx")[0] == 1
