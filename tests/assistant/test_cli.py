"""The command line as other programs use it: exit codes, one JSON value, one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant import __main__ as cli
from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from tests.conftest import HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.library import Library

QUESTION = "青禾市到2025年底要建成多少个老年助餐点？"


@pytest.fixture
def run(filled: PolicyIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """Runs a command over the sample corpus: (exit code, standard output, standard error)."""
    library = Library(filled)
    assistant = Assistant(library, LexicalReader(filled.token_weights), 0.3, AnswerSettings())
    desk = DraftingDesk(assistant, DraftStore(tmp_path / "drafts.sqlite3"), DraftSettings())
    services = Services(library, HashEmbedder(), assistant, desk)  # type: ignore[arg-type]
    monkeypatch.setattr(cli, "build_services", lambda: services)
    monkeypatch.setattr(Services, "close", lambda self: None)

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = cli.main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
        found = capsys.readouterr()
        return code, found.out, found.err

    return call


def test_ask_prints_one_json_value(run: Any) -> None:
    code, out, _ = run("ask", QUESTION, "--json")
    answer = json.loads(out)
    assert code == 0
    assert "120个" in answer["answer"]
    assert answer["citations"][0]["document_number"] == "青政发〔2024〕8号"
    assert {"id", "question", "standalone_question", "mode", "refused", "checks", "timings_ms"} <= set(answer)  # fmt: skip


def test_turns_and_batches(run: Any, tmp_path: Path) -> None:
    turns = tmp_path / "turns.json"
    turns.write_text(json.dumps([QUESTION, "每餐补贴多少？"]), encoding="utf-8")
    assert "2元" in json.loads(run("ask", "--turns", str(turns), "--json")[1])["answer"]
    batch = tmp_path / "in.jsonl"
    batch.write_text(
        f'{{"id": 1, "question": "{QUESTION}"}}\n{{"id": 2, "turns": ["{QUESTION}"]}}\n', "utf-8"
    )
    lines = [
        json.loads(line) for line in run("search", "--batch", str(batch), "--json")[1].splitlines()
    ]
    assert [line["id"] for line in lines] == [1, 2]
    assert {"rank", "score", "document_id", "passage_id", "start", "end", "text"} <= set(lines[0]["hits"][0])  # fmt: skip


def test_text_for_people(run: Any) -> None:
    code, out, _ = run("ask", QUESTION)
    assert code == 0
    assert "[1] 《" in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ask",), 2),
        (("fly",), 2),
        (("ask", "问", "--batch", "x"), 2),
        (("ask", "  "), 1),
        (("ask", "--batch", "没有这个文件.jsonl", "--json"), 1),
        (("search", "问题", "-k", "0"), 1),
        (("audit", "没有这个文件.docx"), 1),
        (("draft", " "), 1),
        (("draft", "起草通知", "--docx", "/没有/这个/稿.docx"), 1),
    ],
)
def test_wrong_use_exits_with_one_sentence(run: Any, arguments: tuple[str, ...], code: int) -> None:
    found, out, err = run(*arguments)
    assert found == code
    assert out == ""
    assert err.strip()
    assert "Traceback" not in err


def test_draft_writes_word_and_json(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "稿.docx"
    code, out, _ = run("draft", "起草《××县社区养老服务实施方案》", "--json", "--docx", str(file))
    draft = json.loads(out)
    assert code == 0
    assert file.read_bytes().startswith(b"PK")
    assert draft["citations"]
    assert all({"section", "sentence", "marks", "verdict", "problems"} <= set(c) for c in draft["checks"])  # fmt: skip


def test_an_audited_file_is_read_by_another_process(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What reads it here would crash: the file is never opened here."""
    monkeypatch.setattr("ingest.parse.parse_leaf", lambda *_: pytest.fail("read in this process"))
    file = tmp_path / "稿.txt"
    file.write_text("青禾市到2025年底建成助餐点210个。", encoding="utf-8")
    code, out, _ = run("audit", str(file), "--json")
    assert code == 0
    assert json.loads(out)


def test_audit_prints_claims(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "稿.txt"
    file.write_text("青禾市到2025年底建成助餐点210个。", encoding="utf-8")
    code, out, _ = run("audit", str(file), "--json")
    claims = json.loads(out)
    assert code == 0
    assert any(claim["verdict"] == "不符" and "120个" in claim["message"] for claim in claims)
    assert "不符" in run("audit", str(file))[1]
