"""核对 after an edit: what changed is found and named, what holds stays quiet."""

import pytest

from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft


def first_with_mark(draft: Draft) -> str:
    return next(s.id for s in draft.sections if s.marks and s.purpose == "tasks")


def edited(desk: DraftingDesk, draft: Draft, text: str) -> list[str]:
    """Problems of one section after its text was replaced by `text`."""
    section = draft.section(first_with_mark(draft))
    changed = desk.edit(draft, section.id, heading=section.heading, text=text)
    checked, findings = desk.check(changed)
    problems = [p for f in findings if f.section == section.id for p in f.problems]
    assert checked.section(section.id).state == ("有存疑" if problems else "已核对")
    return problems


def with_quote(desk: DraftingDesk, draft: Draft, words: str) -> tuple[Draft, str]:
    """The draft with a quotation that holds `words` inserted, and its mark."""
    section = first_with_mark(draft)
    evidence = desk.evidence()
    from assistant.drafting.sources import Found

    hit = next(h for h in evidence.search(words) if words in h.passage.text)
    at = hit.passage.text.index(words)
    draft = desk.insert(draft, section, Found(hit, at, at + len(words), 1.0))
    mark = next(s.mark for s in draft.sources if words in s.quote)
    return draft, f"[{mark}]"


def test_a_fresh_draft_has_no_doubts(desk: DraftingDesk, written: Draft) -> None:
    checked, findings = desk.check(written)
    assert [(f.sentence, f.problems) for f in findings if f.is_doubtful] == []
    assert any(f.verdict == "supported" for f in findings)
    assert {s.state for s in checked.sections if s.text} == {"已核对"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("青禾市到2025年底建成助餐点120个{mark}。", None),
        ("青禾市到2025年底建成助餐点210个{mark}。", "原文为“120个”"),
        ("到2025年底建成助餐点120个{mark}。", "请写明“青禾提出”"),
        ("到2025年底建成助餐点120个。", "没有出处"),
        ("我们要加强领导，抓好落实。", None),
        ("按照云岭政发〔2024〕99号要求建成助餐点{mark}。", "文号"),
        ("建成助餐点[本地数据]{mark}。", None),
        ("省商务厅牵头建成助餐点{mark}。", "省商务厅"),
        ("大力发展数字经济和跨境电商产业园区{mark}。", "主要内容"),
    ],
)
def test_each_kind_of_change(
    desk: DraftingDesk, written: Draft, text: str, expected: str | None
) -> None:
    draft, mark = with_quote(desk, written, "到2025年底建成助餐点120个")
    problems = edited(desk, draft, text.format(mark=mark))
    if expected is None:
        assert problems == []
    else:
        assert any(expected in problem for problem in problems), problems


def test_a_source_that_left_the_corpus_is_named(desk: DraftingDesk, written: Draft) -> None:
    with desk.assistant.library.index.writing(timeout=5):
        for identifier in {s.document_id for s in written.sources}:
            desk.assistant.library.index.delete_document(identifier)
    _, findings = desk.check(written)
    assert any("已不在库中" in p for f in findings for p in f.problems)
