"""Summaries: of a document, of a part of it, of a theme over documents."""

from assistant.answers.content import Content
from assistant.answers.ways.summaries import answer_summary
from assistant.find.evidence import Evidence
from tests.assistant.answers.documents import ask


def told(question: str, evidence: Evidence) -> Content:
    content = answer_summary(ask(question, evidence), evidence)
    assert content
    return content


def test_a_document_is_told_by_its_card_targets_parts_and_leaders(evidence: Evidence) -> None:
    content = told("总结一下青溪市的方案", evidence)
    first, *rest = [s.text for s in content.statements]
    assert "发文机关为青溪市人民政府，文号为青溪政发〔2021〕6号，成文日期为2021年5月12日" in first
    assert "一、总体目标：全市再生水利用率达到25%" in rest
    assert rest[-1] == "牵头较多的单位：市农业农村局、市工业和信息化局、市住房城乡建设局。"
    assert all(s.quotes for s in content.statements)


def test_a_heading_is_no_gist_of_another(evidence: Evidence) -> None:
    content = told("总结一下青溪市的方案", evidence)
    headings = {"二、主要任务", "（一）加强组织领导", "（一）农业节水工程"}
    assert not headings & {q.text for s in content.statements for q in s.quotes}


def test_a_short_one_says_how_many_targets_it_leaves_out(evidence: Evidence) -> None:
    short, whole = (told(q, evidence) for q in ("简要总结青溪市的方案", "详细总结青溪市的方案"))
    assert short.notes == ("目标共 4 项，另有 1 项没有列出；可以问“全部目标”。",)
    assert whole.notes == ()
    assert len(short.statements) < len(whole.statements)


def test_a_part_is_told_by_what_stands_below_it(evidence: Evidence) -> None:
    content = told("总结一下青溪市方案的保障措施", evidence)
    said = " ".join(s.text for s in content.statements)
    assert "成立节水专班" in said
    assert "800万元" in said
    assert "再生水" not in said
    assert content.notes == (f"共 {len(content.statements)} 项。",)


def test_a_theme_is_told_document_by_document(evidence: Evidence) -> None:
    content = told("概括一下供水管网", evidence)
    assert {q.document.metadata.region[-1] for s in content.statements for q in s.quotes} == {
        "青溪市",
        "云桥县",
    }
    assert content.notes[0] == "在 3 份文件中，2 份提到“供水管网”。"
    assert content.notes[1].startswith("没有读到的有：某某")


def test_of_what_no_document_speaks_there_is_no_summary(evidence: Evidence) -> None:
    assert answer_summary(ask("总结一下火星探测", evidence), evidence) is None
