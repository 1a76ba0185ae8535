"""What fails the check is struck through, with its reason, wherever it is shown.

Two sentences that end where a simple rule would not end them, so that a page which cut the text
anew found no verdict for them.
"""

import io

import pytest
from docx import Document

from assistant.answers.answer import Answer
from assistant.cite.check import Cited, checked
from assistant.cite.markdown import parse
from assistant.drafting.check import check_section
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft, from_json, to_json
from assistant.drafting.sources import Found
from assistant.export.final import open_points
from assistant.export.markdown import to_markdown_text
from assistant.export.reports import conversation_report
from assistant.export.word import to_docx, to_markdown
from assistant.pages.below import with_sources
from assistant.pages.conversation import Turn, conversation
from assistant.pages.drafts import draft_html
from assistant.settings import DraftSettings

TAIL = "到2025年建成99个助餐点。（市民政局牵头，市财政局配合）"
QUOTED = "文件提出“建成99个助餐点。覆盖所有社区。”"
RIGHT = "到2025年建成120个助餐点。"
SOURCE = Cited(1, "到2025年建成120个助餐点。（市民政局牵头，市财政局配合）")


def struck_in_word(content: bytes) -> list[str]:
    """Of each paragraph the words that are struck through."""
    found = (
        "".join(run.text for run in p.runs if run.font.strike)
        for p in Document(io.BytesIO(content)).paragraphs
    )
    return [text for text in found if text]


def answered(text: str) -> Answer:
    return Answer("问", "问", checked(parse(text), [SOURCE]), "model", "fact")


@pytest.mark.parametrize("sentence", [TAIL, QUOTED])
def test_in_an_answer(sentence: str) -> None:
    answer = answered(
        f"{RIGHT}[1]{sentence}[1]\n| 项目 | 目标 |\n| --- | --- |\n| 甲 | {sentence}[1] |"
    )
    verdicts = [(check.sentence, check.verdict) for check in answer.checks]
    wrong = (sentence, "unsupported")
    assert verdicts == [(RIGHT, "supported"), wrong, wrong]
    assert [c["verdict"] for c in answer.as_json()["checks"]] == [
        verdict for _, verdict in verdicts
    ]
    page = conversation([Turn(1, "问", answer=answer)], {})
    assert page.count(f"<del>{sentence}</del>") == 2
    assert page.count('<span class="doubt">（存疑：') == 2
    assert "“99个”" in page
    assert struck_in_word(conversation_report([answer], DraftSettings())) == [sentence]
    markdown = to_markdown_text(answer.body)
    assert markdown.count(f"~~{sentence}[^1]~~（存疑：") == 2
    assert f"~~{RIGHT}" not in markdown
    assert with_sources(answer).count(f"{sentence}[1]（存疑：") == 2


@pytest.mark.parametrize("sentence", [TAIL, QUOTED])
def test_in_a_draft(desk: DraftingDesk, written: Draft, sentence: str) -> None:
    section = next(s for s in written.sections if s.marks and s.purpose == "tasks")
    mark = section.marks[0]
    draft = desk.edit(written, section.id, heading=section.heading, text=f"{sentence}[{mark}]")
    draft, findings = desk.check(draft)
    (finding,) = [f for f in findings if f.section == section.id]
    assert (finding.sentence, finding.verdict) == (f"{sentence}[{mark}]", "unsupported")
    stored = desk.open(draft.id)  # the checks are kept with the sentences
    assert stored == draft
    page = draft_html(stored, section.id)
    assert page.count('class="doubtful"') == 1
    assert page.split('id="first-doubt">')[1].startswith(sentence)
    assert struck_in_word(to_docx(stored, "送审版", DraftSettings())) == [sentence]
    assert f"~~{sentence}" in to_markdown(stored, "送审版", DraftSettings())
    # What goes out bears no verdict: before it does, the doubt is named (final.open_points).
    assert struck_in_word(to_docx(stored, "定稿版", DraftSettings())) == []
    assert any(p.section == section.id for p in open_points(stored))


def test_of_two_equal_sentences_the_judged_one_is_marked(
    desk: DraftingDesk,
    written: Draft,
) -> None:
    """The same words twice: in a table under the name of the place whose figure it is, and in a
    line as if it were one's own."""
    section = next(s for s in written.sections if s.marks and s.purpose == "tasks")
    evidence = desk.evidence()
    words = "到2025年底建成助餐点120个"
    hit = next(h for h in evidence.search(words) if words in h.passage.text)
    at = hit.passage.text.index(words)
    draft = desk.insert(written, section.id, Found(hit, at, at + len(words), 1.0))
    mark = next(source.mark for source in draft.sources if words in source.quote)
    claim = f"{words}[{mark}]"
    text = f"| 地区 | 目标 |\n| --- | --- |\n| 青禾市 | {claim} |\n{claim}"
    draft = desk.edit(draft, section.id, heading=section.heading, text=text)
    checked_section = check_section(draft, draft.section(section.id), evidence)
    page = draft_html(draft.with_section(checked_section), section.id)
    table, _, line = page.partition("青禾市</th>")[2].partition("</table>")
    assert "doubtful" not in table
    assert "doubtful" in line


def test_drafts_of_older_formats_are_read(written: Draft) -> None:
    """They hold a section's text, and no structure."""
    value = to_json(written)
    for section, now in zip(value["sections"], written.sections, strict=True):
        del section["body"]
        section["text"] = now.text
    old = from_json(value)
    assert [s.text for s in old.sections] == [s.text for s in written.sections]
    assert [s.marks for s in old.sections] == [s.marks for s in written.sections]
