"""The desk: outline, sections saved one by one, versions, owners, and a model that writes."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cite.structure import Line, Table
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft, from_json, to_json
from assistant.drafting.store import DraftStore
from assistant.people.person import alone
from tests.assistant.conftest import JIA, REQUEST, desk_over
from tests.assistant.scripted import Script, passages_in, serve
from tests.conftest import ROOT
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex


def test_every_borrowed_sentence_is_an_exact_quote(desk: DraftingDesk, written: Draft) -> None:
    assert written.sources
    for source in written.sources:
        text = desk.evidence().quoter.source(source.document_id)[source.start : source.end]
        assert "".join(text.split()) == "".join(source.quote.split())


def test_no_figure_of_another_place_slips_in(written: Draft) -> None:
    text = "\n".join(s.text for s in written.sections)
    assert "120个" not in text
    assert "3200张" not in text
    assert "[本地数据]" in text


def test_the_requests_own_parts_make_the_outline(desk: DraftingDesk) -> None:
    draft = desk.begin("起草《××市节水管理办法》中“计划用水、超计划加价、节水设施”三条")
    assert [s.heading.split("【")[1].rstrip("】") for s in draft.sections] == ["计划用水", "超计划加价", "节水设施"]  # fmt: skip


def test_rewriting_one_section_leaves_the_others(desk: DraftingDesk, written: Draft) -> None:
    target = next(s for s in written.sections if s.purpose == "tasks")
    again = desk.write_one(written, target.id).draft
    others = [
        (a, b) for a, b in zip(written.sections, again.sections, strict=True) if a.id != target.id
    ]
    assert all(a == b for a, b in others)


def test_a_dropped_passage_is_not_leant_on_again(desk: DraftingDesk, written: Draft) -> None:
    section = next(s for s in written.sections if s.purpose == "tasks" and s.marks)
    source = written.source(section.marks[0])
    assert source is not None
    dropped = desk.drop(written, section.id, source.passage_id)
    again = desk.write_one(dropped, section.id).draft
    marks = again.section(section.id).marks
    assert source.passage_id not in {s.passage_id for s in again.sources if s.mark in marks}


def test_versions_can_be_restored(desk: DraftingDesk, written: Draft) -> None:
    section = written.sections[0]
    changed = desk.edit(written, section.id, heading=section.heading, text="改写。")
    versions = desk.store.versions(changed.id, JIA)
    assert versions[0].number == changed.version
    before = next(v for v in versions if v.number == written.version)
    restored = desk.restore(changed, before)
    assert restored.section(section.id).text == section.text
    assert restored.version == changed.version + 1


def test_two_tabs_do_not_overwrite_each_other(desk: DraftingDesk, written: Draft) -> None:
    section = written.sections[0].id
    desk.edit(written, section, heading="一", text="第一个窗口。")
    second = desk.edit(written, section, heading="一", text="第二个窗口。")
    assert second.section(section).text == "第一个窗口。"
    aside = desk.aside(second, section)
    assert aside is not None
    assert aside.text == "第二个窗口。"


def test_nobody_else_sees_a_draft(desk: DraftingDesk, written: Draft) -> None:
    assert desk.store.listed(alone("乙")) == []
    with pytest.raises(PolicyError):
        desk.store.load(written.id, alone("乙"))


def test_a_draft_survives_json(written: Draft) -> None:
    assert from_json(to_json(written)) == written


@pytest.mark.parametrize("text", ["", "  ", "长" * 2001])
def test_bad_requests_get_a_sentence(desk: DraftingDesk, text: str) -> None:
    with pytest.raises(PolicyError):
        desk.begin(text)


def test_an_unknown_region_gets_a_sentence(desk: DraftingDesk) -> None:
    with pytest.raises(PolicyError, match="没有认出"):
        desk.begin(REQUEST, region="不存在的地方")


def test_killed_in_mid_writing_keeps_what_was_finished(sample_index: Path, tmp_path: Path) -> None:
    """A process writes a draft with long pauses between sections, and is killed."""
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from tests.conftest import HashEmbedder\n"
        "from tests.assistant.conftest import JIA, REQUEST, desk_over\n"
        "from vectorstore.index import PolicyIndex\n"
        "from vectorstore.settings import IndexSettings\n"
        "index = PolicyIndex(IndexSettings(data_dir=Path(sys.argv[1])), HashEmbedder())\n"
        "desk = desk_over(index, Path(sys.argv[2]))\n"
        "draft = desk.begin(REQUEST)\n"
        "for step in desk.write(draft):\n"
        "    print(step.section.id, flush=True)\n"
        "    time.sleep(60)\n"
    )
    data = str(sample_index / "data")
    process = subprocess.Popen(
        [sys.executable, "-c", code, data, str(tmp_path)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        first = process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()
    store = DraftStore(tmp_path / "drafts.sqlite3")
    (row,) = store.listed(JIA)
    draft = store.load(row.id, JIA)
    assert draft.section(first).state == "已写"
    assert draft.section(first).text
    assert any(s.state == "待写" for s in draft.sections)


# --- with a model ---------------------------------------------------------------------------------


def test_a_model_writes_a_section_and_only_what_holds_stays(
    filled: PolicyIndex, tmp_path: Path
) -> None:
    def says(body: dict[str, object]) -> str:
        number, core = next(
            (number, sentence.strip())
            for number, passage in passages_in(body).items()
            for sentence in passage.split("。")
            if len(sentence) > 15 and not re.search(r"\d|《", sentence)
        )
        return f"{core}[{number}]。全县新建站点9999个[{number}]。省航天局负责此事[{number}]。"

    with serve(Script(says)) as server:
        desk = desk_over(filled, tmp_path, server.base_url)
        draft = desk.begin(REQUEST)
        section = next(s for s in draft.sections if s.purpose == "tasks")
        result = desk.write_one(draft, section.id, "model")
    text = result.section.text
    assert result.section.marks
    assert result.section.origin == "model"
    assert "9999" not in text
    assert "航天局" not in text
    assert "核对不上" in result.note
    assert "<资料 编号" in server.prompt()


@pytest.mark.parametrize(
    "script", [Script(status=500), Script("一句没有出处的话。"), Script(broken=True)]
)
def test_a_model_that_fails_is_replaced_by_quotes(
    filled: PolicyIndex, tmp_path: Path, script: Script
) -> None:
    with serve(script) as server:
        desk = desk_over(filled, tmp_path, server.base_url)
        draft = desk.begin(REQUEST)
        section = next(s for s in draft.sections if s.purpose == "tasks")
        result = desk.write_one(draft, section.id, "model")
    assert result.section.marks
    assert result.section.origin == "extract"
    assert "摘录" in result.note


def test_of_two_equal_sentences_only_the_judged_one_is_edited(
    filled: PolicyIndex, tmp_path: Path
) -> None:
    """A figure of another place under that place's name stays; the same words as if they were
    one's own become a gap, although they come second."""

    def says(body: dict[str, object]) -> str:
        number, claim = next(
            (number, sentence.strip())
            for number, passage in passages_in(body).items()
            for sentence in re.split("[。；，]", passage)
            if re.search(r"\d+张", sentence) and "市" not in sentence
        )
        cell = f"{claim}[{number}]"
        return f"| 地区 | 目标 |\n| --- | --- |\n| 青禾市 | {cell} |\n{cell}。"

    with serve(Script(says)) as server:
        desk = desk_over(filled, tmp_path, server.base_url)
        draft = desk.begin(REQUEST)
        section = next(s for s in draft.sections if "目标" in s.heading)
        body = desk.write_one(draft, section.id, "model").section.body
    table, line = body
    assert isinstance(table, Table)
    assert isinstance(line, Line)
    assert "张" in table.rows[0][1].plain
    assert "[本地数据]" in line.text
    assert "张" not in line.text
