"""Written questions are read with their spans, and parted by document."""

import json
from pathlib import Path

from assistant.training.written import NEAR_MISS, OWN, read_written, split

PASSAGE = {
    "id": "p1",
    "title": "青禾市办法",
    "path": ["一、条件"],
    "text": "年满60周岁的，每月补助200元；年满80周岁的，每月补助400元。",
}


def write(folder: Path, passages: list[object], questions: list[object]) -> Path:
    folder.mkdir()
    for name, rows in (("passages", passages), ("questions", questions)):
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_answers_are_spans_of_their_passage(tmp_path: Path) -> None:
    folder = write(tmp_path / "w", [PASSAGE], [
        {"passage": "p1", "question": "八十岁的老人一个月给多少", "style": "everyday", "answer": ["每月补助400元"]},
        {"passage": "p1", "question": "两档各多少", "style": "direct", "answer": ["200元", "400元"]},
        {"passage": "p1", "question": "五十岁的给不给", "style": NEAR_MISS, "answer": []},
        {"passage": "p1", "question": "答案不在文中", "style": "direct", "answer": ["每月补助900元"]},
    ])  # fmt: skip
    found = read_written([folder])
    said = [q.answer and q.passage.text[slice(*q.answer)] for q in found]
    assert said == ["每月补助400元", "200元", None]  # pieces far apart: one of them


def test_a_question_may_be_about_another_folder_s_passage(tmp_path: Path) -> None:
    one = write(tmp_path / "a", [PASSAGE], [])
    row = {
        "passage": "p1",
        "question": "How much?",
        "style": "english",
        "answer": ["每月补助200元"],
    }
    other = write(tmp_path / "b", [], [row])
    assert [q.passage.title for q in read_written([one, other])] == ["青禾市办法"]


def test_no_document_is_learnt_and_measured(tmp_path: Path) -> None:
    passages = [{**PASSAGE, "id": f"p{i}", "title": f"办法{i // 2}"} for i in range(200)]
    asked = [
        {"passage": f"p{i}", "question": "多少", "style": "direct", "answer": ["200元"]}
        for i in range(200)
    ]
    learnt, held_out = split(read_written([write(tmp_path / "w", passages, asked)]))
    assert len(learnt) + len(held_out) == 200
    assert 4 <= len(held_out) <= 50
    assert not {q.passage.title for q in learnt} & {q.passage.title for q in held_out}


def test_the_project_s_own_passages_are_invented_and_askable() -> None:
    rows = [json.loads(line) for line in (OWN[0] / "passages.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 70
    assert {row["source"] for row in rows} == {"invented"}
