"""Questions without an answer, votes, counts, approved answers: kept, bounded, grouped."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util.pyfiles import load_python_file
from sqlalchemy import create_engine

from assistant.office import gaps as gaps_module
from assistant.office.curated import Curated, Source
from assistant.office.gaps import Gap, Near
from assistant.office.grouping import grouped
from assistant.office.office import Office
from assistant.office.schema import OFFICE
from assistant.office.sight import ALL, Sight, Told
from assistant.office.votes import BoxFull, TooOften, Vote
from assistant.settings import OfficeSettings
from tests.conftest import HashEmbedder
from tests.vectorstore.catalog.test_migrations import structure
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
    fresh: Any = structure(tmp_path / "fresh.sqlite3")
    steps = structure(tmp_path / "steps.sqlite3")
    # Alembic's own, stamped when a fresh file is made.
    fresh.pop("alembic_version")
    fresh["named"].remove("sqlite_autoindex_alembic_version_1")
    assert fresh == steps


def test_a_gap_keeps_the_nearest_passage_and_is_settled(office: Office) -> None:
    near = Near("d1", "办法", "每餐2元", 3, 9)
    office.gaps.add(["每餐补多少？"], "没有回答", who="user:1", near=near)
    (gap,) = office.gaps.open(ALL)
    assert (gap.question, gap.who, gap.near) == ("每餐补多少？", "user:1", near)
    office.gaps.settle([gap.id], "用语", "李某")
    assert (office.gaps.open(ALL), office.gaps.outcomes(ALL)) == ([], {"用语": 1})
    assert office.gaps.forget("user:1") == 1
    assert office.gaps.these([gap.id], ALL)[0].who == ""


def test_a_gap_is_for_whoever_sees_all_that_it_may_tell_of(office: Office) -> None:
    told = (Told("d1", "/f/1.txt"), Told("d2", "/f/2.txt"))
    office.gaps.add(["甲？", "那乙呢？"], "没有回答", sources=told)
    office.gaps.add(["丙？"], "不满意")  # nobody knows what answered it
    both, ids = office.gaps.open(ALL), frozenset({"d1", "d2"})
    assert [gap.said for gap in both] == ["丙？", "甲？ → 那乙呢？"]
    cases = {
        Sight(ids, there=ids): 1,
        Sight(frozenset({"d1"}), there=ids): 0,  # the other is hidden
        Sight(frozenset({"d1"}), there=frozenset({"d1"})): 0,  # gone is no better
        Sight(frozenset({"d1", "d3"}), frozenset({"/f/2.txt"}), frozenset({"d1", "d3"})): 1,
        Sight(frozenset({"d1", "d3"}), frozenset({"/f/2.txt"}), ids | {"d3"}): 0,
        ALL: 2,
    }
    office.gaps.want("文件", both[1:], "李某")
    for sight, count in cases.items():
        assert len(office.gaps.open(sight)) == count
        assert len(office.gaps.these([gap.id for gap in both], sight)) == count
        assert len(office.gaps.questions(sight, 10)) == count
        assert len(office.gaps.wanted(sight)) == min(count, 1)
    office.gaps.settle([gap.id for gap in both], "范围外", "")
    assert [office.gaps.outcomes(s) for s in (ALL, Sight())] == [{"范围外": 2}, {}]


def test_what_was_kept_before_sources_were_is_for_whoever_sees_all(tmp_path: Path) -> None:
    file = tmp_path / "office.sqlite3"
    engine = create_engine(f"sqlite:///{file}")
    first = OFFICE.migrations / "versions" / "v0001_first.py"
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        load_python_file(str(first.parent), first.name).upgrade()
        connection.exec_driver_sql(
            "INSERT INTO gaps (question, reason, why, who, at, near) VALUES ('甲', '没有回答', '', '', '', '{}')"
        )
        connection.exec_driver_sql(
            "INSERT INTO curated (question, places, text, sources, by, at) VALUES ('甲', '[]', '乙', "
            '\'[{"mark": 1, "document_id": "d1", "sha256": "", "passage_id": "", '
            '"start": 0, "end": 1, "quote": "", "title": ""}]\', \'\', \'\')'
        )
    engine.dispose()
    office = Office(file, HashEmbedder().embed_passages)
    everything = Sight(frozenset({"d1"}), there=frozenset({"d1"}))
    assert (len(office.gaps.open(ALL)), office.gaps.open(everything)) == (1, [])
    assert (len(office.curated.seen(everything)), office.curated.seen(Sight())) == (1, ())
    office.close()


def test_an_approved_answer_stays_beside_one_that_its_writer_does_not_see(office: Office) -> None:
    def written(text: str, document: str) -> Curated:
        return Curated("甲？", text, (Source(1, document, "", "p", 0, 1, "", "办法"),))

    one, other = (Sight(frozenset({d}), there=frozenset({"d1", "d2"})) for d in ("d1", "d2"))
    office.curated.put(written("甲", "d1"), "李某", one)
    office.curated.put(written("乙", "d2"), "王某", other)
    office.curated.put(written("丙", "d1"), "李某", one)
    seen = [[c.text for c in office.curated.seen(sight)] for sight in (one, other, ALL)]
    assert seen == [["丙"], ["乙"], ["丙", "乙"]]


def test_who_asked_is_not_kept_unless_wanted_and_nothing_is_when_it_is_off(tmp_path: Path) -> None:
    embed = HashEmbedder().embed_passages
    for keeps, kept in ((True, [""]), (False, [])):
        office = Office(tmp_path / f"{keeps}.sqlite3", embed, keeps_questions=keeps)
        office.gaps.add(["每餐补多少？"], "没有回答", who="user:1")
        assert [gap.who for gap in office.gaps.open(ALL)] == kept
        office.close()


def test_gaps_are_bounded_and_settled_ones_go_first(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps_module, "_KEPT", 3)
    for n in range(3):
        office.gaps.add([f"第{n}问"], "没有回答")
    office.gaps.settle([office.gaps.open(ALL)[0].id], "范围外", "")  # 第2问
    office.gaps.add(["第3问"], "没有回答")
    assert [gap.question for gap in office.gaps.open(ALL)] == ["第3问", "第1问", "第0问"]
    assert office.gaps.outcomes(ALL) == {}


def test_a_vote_against_an_answer_is_a_gap_without_the_browsers_cookie(office: Office) -> None:
    office.votes.put(DOWN, "browser:secret")
    office.votes.put(DOWN, "user:7")
    office.votes.put(DOWN.model_copy(update={"vote": "up"}), "user:7")
    office.votes.put(DOWN, "user:7", ["甲？", "那乙呢？"], (Told("d1"),))
    assert office.votes.counts() == (1, 3)
    newest, *_ = office.gaps.open(ALL)
    assert (newest.turns, newest.sources) == (("甲？", "那乙呢？"), (Told("d1"),))
    assert [(g.reason, g.why, g.who) for g in office.gaps.open(ALL)] == [
        ("不满意", "数不对", "user:7"),
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
        assert (office.votes.counts(), len(office.gaps.open(ALL))) == ((0, 1), 1)
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
