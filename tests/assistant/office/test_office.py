"""Questions without an answer, votes, counts, approved answers: kept, bounded, grouped."""

import json
from pathlib import Path

import numpy as np
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util.pyfiles import load_python_file
from sqlalchemy import create_engine

from assistant.office import gaps as gaps_module
from assistant.office.gaps import Gap, Near
from assistant.office.grouping import grouped
from assistant.office.office import Office
from assistant.office.schema import OFFICE
from assistant.office.votes import BoxFull, TooOften, Vote
from assistant.settings import OfficeSettings
from tests.conftest import HashEmbedder
from tests.vectorstore.catalog.test_migrations import layout
from vectorstore.settings import IndexSettings, load_settings
from vectorstore.sqlite.database import Database

DOWN = Vote(question="助餐点有几个？", mode="extractive", vote="down", why="数不对")


def test_the_migrations_make_the_same_file(tmp_path: Path) -> None:
    Database(tmp_path / "fresh.sqlite3", OFFICE).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'steps.sqlite3'}")
    files = sorted(OFFICE.migrations.glob("versions/v*.py"))
    assert len(files) == OFFICE.version
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        for file in files:
            load_python_file(str(file.parent), file.name).upgrade()
    engine.dispose()
    fresh = layout(tmp_path / "fresh.sqlite3")
    fresh.pop("alembic_version")  # Alembic's own, stamped when a fresh file is made
    assert fresh == layout(tmp_path / "steps.sqlite3")


def test_a_gap_keeps_the_nearest_passage_and_is_settled(office: Office) -> None:
    near = Near("d1", "办法", "每餐2元", 3, 9)
    office.gaps.add("每餐补多少？", "没有回答", who="user:1", near=near)
    (gap,) = office.gaps.open()
    assert (gap.question, gap.who, gap.near) == ("每餐补多少？", "user:1", near)
    office.gaps.settle([gap.id], "用语", "李某")
    assert (office.gaps.open(), office.gaps.outcomes()) == ([], {"用语": 1})
    assert office.gaps.forget("user:1") == 1
    assert office.gaps.these([gap.id])[0].who == ""


def test_who_asked_is_not_kept_unless_wanted_and_nothing_is_when_it_is_off(tmp_path: Path) -> None:
    embed = HashEmbedder().embed_passages
    for keeps, kept in ((True, [""]), (False, [])):
        office = Office(tmp_path / f"{keeps}.sqlite3", embed, keeps_questions=keeps)
        office.gaps.add("每餐补多少？", "没有回答", who="user:1")
        assert [gap.who for gap in office.gaps.open()] == kept
        office.close()


def test_gaps_are_bounded_and_settled_ones_go_first(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps_module, "_KEPT", 3)
    for n in range(3):
        office.gaps.add(f"第{n}问", "没有回答")
    office.gaps.settle([office.gaps.open()[0].id], "范围外", "")  # 第2问
    office.gaps.add("第3问", "没有回答")
    assert [gap.question for gap in office.gaps.open()] == ["第3问", "第1问", "第0问"]
    assert office.gaps.outcomes() == {}


def test_a_vote_against_an_answer_is_a_gap_without_the_browsers_cookie(office: Office) -> None:
    office.votes.put(DOWN, "browser:secret")
    office.votes.put(DOWN, "user:7")
    office.votes.put(DOWN.model_copy(update={"vote": "up"}), "user:7")
    assert office.votes.counts() == (1, 2)
    assert [(g.reason, g.why, g.who) for g in office.gaps.open()] == [
        ("不满意", "数不对", "user:7"),
        ("不满意", "数不对", ""),
    ]


def test_votes_have_limits(office: Office) -> None:
    for _ in range(20):
        office.votes.put(DOWN, "甲")
    with pytest.raises(TooOften):
        office.votes.put(DOWN, "甲")
    office.votes.max_bytes = office.votes.bytes()
    with pytest.raises(BoxFull):
        office.votes.put(DOWN, "乙")
    assert office.votes.counts() == (0, 20)


def test_the_former_file_of_votes_is_taken_in_once(tmp_path: Path) -> None:
    line = {**DOWN.model_dump(), "at": "2026-01-02T03:04:05+00:00"}
    file = tmp_path / "feedback.jsonl"
    file.write_text(f"{json.dumps(line)}\nno line\n[]\n" + '{"vote": "up"}\n', encoding="utf-8")
    for _ in range(2):
        office = Office(tmp_path / "office.sqlite3", HashEmbedder().embed_passages)
        assert (office.votes.counts(), len(office.gaps.open())) == ((0, 1), 1)
        office.close()
    assert file.exists()


def test_counts_hold_numbers_by_day_department_and_document(office: Office) -> None:
    office.counts.asked("民政", refused=False, documents=["d1", "d1", "d2"])
    office.counts.asked("民政", refused=True, documents=[])
    office.counts.asked("", refused=False, documents=["d1"])
    assert (office.counts.total.times, office.counts.total.share) == (3, 33)
    by_department = [(u.name, u.times, u.refused) for u in office.counts.by_department()]
    assert by_department == [("民政", 2, 1), ("", 1, 0)]
    assert office.counts.by_document() == [("d1", 2), ("d2", 1)]
    assert len(office.counts.by_day()) == 1


def test_like_questions_are_one_group_and_no_chain_joins_two_matters() -> None:
    questions = ["甲事怎么办", "甲事怎么办呢", "甲事，怎么办", "乙事怎么办"]
    gaps = [
        Gap(n, q, "没有回答", "", "", f"2026-01-0{n + 1}", None) for n, q in enumerate(questions)
    ]
    steps = np.deg2rad([0, 15, 0, 80])
    vectors = np.stack([np.cos(steps), np.sin(steps)], axis=1).astype(np.float32)
    first, second = grouped(gaps, vectors)
    assert (len(first.gaps), first.days) == (3, ("2026-01-01", "2026-01-03"))
    assert second.question == "乙事怎么办"
    chain = np.deg2rad([0, 20, 40, 60])
    vectors = np.stack([np.cos(chain), np.sin(chain)], axis=1).astype(np.float32)
    assert len(grouped(gaps, vectors)) > 1


def test_settings_of_the_office_are_read_beside_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_OFFICE_GAPS", "named")
    assert load_settings(OfficeSettings).gaps == "named"
    load_settings(IndexSettings)  # which refuses unknown names of its own
