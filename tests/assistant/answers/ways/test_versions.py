"""The version that is in force on a day answers, as it was changed by then; invented documents."""

from datetime import date

import pytest

from assistant.answers.content import Content, Refusal
from assistant.answers.ways.sentence import answer_extract
from assistant.answers.ways.validity import answer_validity
from assistant.find.evidence import Evidence
from tests.assistant.answers.conftest import EvidenceOver, look_up
from tests.assistant.answers.documents import ask
from vectorstore.decisions import Decision
from vectorstore.index import PolicyIndex
from vectorstore.library import Library


def rule(title: str, number: str, day: str, *articles: str, by: str = "云桥县人民政府") -> str:
    lines = [f"第{n}条　{said}" for n, said in zip("一二三四五六七", articles, strict=False)]
    return f"{by}关于印发《{title}》的通知\n{number}\n\n现将《{title}》印发给你们。\n\n{by}\n{day}\n\n{title}\n\n" + "\n\n".join(lines)  # fmt: skip


OLD = rule(
    "云桥县渡船补贴办法", "云桥政发〔2015〕3号", "2015年2月1日",
    "本办法适用于本县渡船。", "渡船燃油补贴标准为每艘每年4000元。", "本办法自2015年3月1日起施行。",
)  # fmt: skip
NEW = rule(
    "云桥县渡船更新与补贴办法", "云桥政发〔2020〕8号", "2020年5月6日",
    "渡船由所有人维护。", "渡船燃油补贴标准为每艘每年6500元。",
    "本办法自2020年6月1日起施行。《云桥县渡船补贴办法》（云桥政发〔2015〕3号）同时废止。",
)  # fmt: skip
CHANGE = """云桥县人民政府关于修改《云桥县渡船更新与补贴办法》的决定
云桥政发〔2022〕5号

云桥县人民政府决定对《云桥县渡船更新与补贴办法》（云桥政发〔2020〕8号）作如下修改：

一、将第二条中的“每年6500元”修改为“每年7200元”。

二、将第一条修改为：“渡船由经营人维护。”

本决定自2023年1月1日起施行。

云桥县人民政府
2022年12月6日
"""
STOP = """云桥县人民政府关于停止执行《云桥县渡船更新与补贴办法》部分条款的通知
云桥政发〔2024〕2号

自2024年7月1日起，《云桥县渡船更新与补贴办法》（云桥政发〔2020〕8号）第二条停止执行。

云桥县人民政府
2024年6月3日
"""
ASKED = "渡船燃油补贴标准为每艘每年多少元？"


def said(question: str, evidence: Evidence) -> list[str]:
    content = answer_extract(ask(question, evidence), evidence)
    return [statement.text for statement in content.statements]


@pytest.mark.parametrize(
    ("question", "first", "other"),
    [
        (ASKED, "7200元", "4000元"),
        (f"2021年时，{ASKED}", "6500元", "7200元"),
        (f"2017年3月，{ASKED}", "4000元", "6500元"),
    ],
)
def test_the_figure_of_the_version_in_force(
    evidence_over: EvidenceOver, question: str, first: str, other: str
) -> None:
    told = said(question, evidence_over(OLD, NEW, CHANGE))
    assert first in told[0]
    assert not any(other in text for text in told)
    assert "云桥政发〔" in told[0]  # which version


def test_a_change_stands_in_front_of_the_words_that_it_changes(evidence_over: EvidenceOver) -> None:
    told = said(ASKED, evidence_over(NEW, CHANGE))
    assert told[0] == (
        "《云桥县人民政府关于修改《云桥县渡船更新与补贴办法》的决定》（云桥政发〔2022〕5号），"
        "自2023年1月1日起：一、将第二条中的“每年6500元”修改为“每年7200元”。"
    )
    assert "原文：" in told[1]
    assert "经营人" not in "".join(told)  # another article


@pytest.mark.parametrize(("when", "stopped"), [("现在", True), ("2023年", False)])
def test_an_article_that_is_applied_no_more_says_so(
    evidence_over: EvidenceOver, when: str, stopped: bool
) -> None:
    told = said(f"{when}，{ASKED}", evidence_over(NEW, STOP))
    assert ("第二条停止执行" in told[0]) is stopped
    assert "6500元" in told[-1]


def test_a_single_document_is_quoted_as_before(evidence_over: EvidenceOver) -> None:
    (told,) = said(ASKED, evidence_over(OLD))
    assert told == "第二条 渡船燃油补贴标准为每艘每年4000元。"


def test_a_document_that_goes_before_another_is_told_with_it(evidence_over: EvidenceOver) -> None:
    notice = """云桥县人民政府关于调整渡船补贴标准的通知
云桥政发〔2018〕7号

自2018年6月1日起，渡船燃油补贴标准为每艘每年5000元。

现行办法与本通知不一致的，以本通知为准。

本通知自2018年6月1日起施行。

云桥县人民政府
2018年5月8日
"""
    told = said(ASKED, evidence_over(OLD, notice))
    assert "5000元" in told[0]
    assert "4000元" in told[1]


# --- what is asked of validity ----------------------------------------------------------------


def test_a_gap_between_two_editions_shows(evidence_over: EvidenceOver) -> None:
    title = "云桥县渡口管理办法"
    trial = rule(title + "（试行）", "云桥政发〔2015〕1号", "2015年2月1日",
                 "渡口由县管理。", "本办法自2015年3月1日起施行，有效期2年。")  # fmt: skip
    later = rule(title, "云桥政发〔2017〕9号", "2017年5月20日",
                 "渡口由乡镇管理。", "本办法自2017年6月1日起施行。")  # fmt: skip
    evidence = evidence_over(trial, later)
    gap = answer_validity(ask("2017年4月，云桥县渡口管理办法有效吗？", evidence), evidence)
    assert gap
    everything = "".join([*(s.text for s in gap.statements), *gap.notes])
    assert "2017年2月28日" in everything
    assert "2017年6月1日" in everything
    inside = answer_validity(ask("2016年4月，云桥县渡口管理办法有效吗？", evidence), evidence)
    assert inside
    assert all("云桥政发〔2015〕1号" in s.text for s in inside.statements)


def test_what_a_document_rests_on_is_told_when_it_has_ended(evidence_over: EvidenceOver) -> None:
    own = rule("云桥县渡船补贴细则", "云桥政办发〔2016〕2号", "2016年1月5日",
               "根据《云桥县渡船补贴办法》（云桥政发〔2015〕3号），制定本细则。",
               "本细则自2016年2月1日起施行。")  # fmt: skip
    evidence = evidence_over(OLD, NEW, own)
    content = answer_validity(ask("《云桥县渡船补贴细则》还能引用吗？", evidence), evidence)
    assert content
    texts = [s.text for s in content.statements]
    assert any("根据《云桥县渡船补贴办法》" in text for text in texts)
    assert any("云桥政发〔2020〕8号" in text and "同时废止" in text for text in texts)
    assert "已废止" not in content.notes[0]  # it is not the document itself that ended


def test_the_text_of_a_document_that_is_not_here_is_not_made_up(
    evidence_over: EvidenceOver,
) -> None:
    evidence = evidence_over(CHANGE)
    content: Content = answer_extract(
        ask("云桥县渡船更新与补贴办法第二条的完整条文是什么？", evidence), evidence
    )
    assert isinstance(content.said, Refusal)
    assert "没有收录《云桥县渡船更新与补贴办法》的原文" in content.said.reason
    assert content.said.near


def test_what_somebody_confirmed_is_said_as_that(
    evidence_over: EvidenceOver, index: PolicyIndex
) -> None:
    """The newer one does not name the older one; a person found that it takes its place."""
    silent = NEW.replace("《云桥县渡船补贴办法》（云桥政发〔2015〕3号）同时废止。", "")
    of = {d.metadata.document_number: d.id for d in evidence_over(OLD, silent).view.documents()}
    pair = of["云桥政发〔2015〕3号"], of["云桥政发〔2020〕8号"]
    Library(index).decide(Decision(*pair, "替代", "管同一件事", "王某", date(2026, 1, 5)))
    evidence = look_up(index)
    content = answer_validity(ask("《云桥县渡船补贴办法》还有效吗？", evidence), evidence)
    assert content
    assert "已废止，不再有效" in content.notes[0]
    assert content.notes[1].startswith("由人确认：管同一件事（王某，2026年1月5日）：《云桥县")
    assert all(s.quotes for s in content.statements)
    assert all("由人确认" not in s.text for s in content.statements)
    assert "6500元" in said(ASKED, evidence)[0]
