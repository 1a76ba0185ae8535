"""Faults of each kind in sentences about a small library, and the same sentences without."""

from pathlib import Path

import pytest

from assistant.audit.alignment import changed_wording
from assistant.audit.audit import Claim, audit
from assistant.audit.totals import totals
from assistant.chat import Assistant
from assistant.find.evidence import Evidence
from assistant.find.reading import LexicalReader
from assistant.people.viewer import LOCAL
from assistant.settings import AnswerSettings
from ingest.pipeline import ingest
from vectorstore.index import PolicyIndex
from vectorstore.language.figures import figures
from vectorstore.library import Library

PLAN = """砚湖市人民政府关于印发《砚湖市科普行动方案（2026—2030年）》的通知

砚政发〔2026〕8号

各县（区）人民政府，市政府各部门：

现将《砚湖市科普行动方案（2026—2030年）》印发给你们，请认真贯彻执行。

砚湖市人民政府
2026年3月14日

砚湖市科普行动方案（2026—2030年）

一、主要任务
（一）提升青少年科学素质。创建15所省级科学教育示范学校、50所市级科学教育示范学校。依托少年宫开展儿童编程培训活动。（责任单位：市教育局、团市委、市科协）
（二）提升农民科学素质。到2030年每年培养培训12万名技能农民、1.5万名高素质农民。（市农业农村局牵头，市科协配合）
（三）加强基地建设。到2028年底新评定市级科普教育基地30家，省级科普教育基地10家以上，科普场馆实行免费开放、定期检修制度。（责任单位：市科技局、市科协）

二、保障措施
（一）组建科普专家队伍，定期开展巡回讲座。（市科技局牵头）（二）加大先进典型的发掘和宣传力度，营造良好氛围。（市委宣传部牵头）（三）开办银龄课堂，办好老年大学。（市委老干局牵头，市民政局配合）
"""
NAME = "《砚湖市科普行动方案（2026—2030年）》"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    from tests.conftest import HashEmbedder
    from vectorstore.settings import IndexSettings

    folder = tmp_path_factory.mktemp("kinds")
    files = folder / "files"
    files.mkdir()
    (files / "plan.txt").write_text(PLAN, encoding="utf-8")
    index = PolicyIndex(IndexSettings(data_dir=folder / "data"), HashEmbedder())
    ingest(index, [Path(files)])
    library = Library(index)
    assistant = Assistant(library, LexicalReader(index.token_weights), 0.2, AnswerSettings())
    return assistant.evidence(assistant.view(LOCAL))


# (right, wrong, kind of the claim, what it should be)
PAIRS = [
    ("15所省级科学教育示范学校、50所市级科学教育示范学校", "50所省级科学教育示范学校、15所市级科学教育示范学校", "数字", "15所"),
    ("每年培养培训12万名技能农民", "每年培养培训1.5万名技能农民", "数字", "12万名"),
    ("依托少年宫开展儿童编程培训活动", "依托少年宫开展老年人编程培训活动", "对象", "儿童"),
    ("省级科普教育基地10家以上", "国家级科普教育基地10家以上", "层级", "省级"),
    ("到2028年底新评定市级科普教育基地", "到2027年底新评定市级科普教育基地", "数字", "2028年"),
    ("提升农民科学素质一项，由市农业农村局牵头", "提升农民科学素质一项，由市乡村振兴局牵头", "牵头单位", "市农业农村局"),
    ("提升青少年科学素质一项，责任单位为市教育局、团市委、市科协", "提升青少年科学素质一项，责任单位为市教育局、市妇联、市科协", "责任单位", "市教育局、团市委、市科协"),
    ("先进典型的发掘和宣传工作由市委宣传部牵头", "先进典型的发掘和宣传工作由市科技局牵头", "牵头单位", "市委宣传部"),
    ("在保障措施上，由市科技局牵头组建科普专家队伍", "在保障措施上，由市委宣传部牵头组建科普专家队伍", "牵头单位", "市科技局"),
    ("开办银龄课堂由市委老干部局牵头，市民政局配合", "开办银龄课堂由市民政局牵头，市委老干部局配合", "牵头单位", "市委老干部局"),
    (f"{NAME}于2026年印发", f"{NAME}于2024年印发", "日期", "2026年"),
    (f"{NAME}落款日期为2026年3月14日", f"{NAME}落款日期为2026年5月14日", "日期", "2026年3月14日"),
    (f"{NAME}（砚政发〔2026〕8号）", f"{NAME}（砚政发〔2026〕18号）", "文号", "砚政发〔2026〕8号"),
    ("要求“科普场馆实行免费开放、定期检修制度”", "要求“科普场馆实行收费开放、定期检修制度”", "引文", "科普场馆实行免费开放、定期检修制度"),
    ("创建省级学校15所、市级学校50所，合计65所", "创建省级学校15所、市级学校50所，合计75所", "合计", "65所"),
]  # fmt: skip
TEXT = "砚湖市的做法如下。{}。"


def claims_of(words: str, evidence: Evidence) -> list[Claim]:
    return audit(TEXT.format(words), evidence)


@pytest.mark.parametrize(("right", "wrong", "kind", "should"), PAIRS)
def test_a_fault_is_found_with_what_is_right(
    right: str, wrong: str, kind: str, should: str, evidence: Evidence
) -> None:
    faults = [c for c in claims_of(wrong, evidence) if c.is_fault]
    assert (kind, should) in [(c.kind, c.right) for c in faults]


@pytest.mark.parametrize("right", [pair[0] for pair in PAIRS])
def test_what_is_right_raises_no_alarm(right: str, evidence: Evidence) -> None:
    assert [(c.kind, c.message) for c in claims_of(right, evidence) if c.is_fault] == []


def test_a_document_that_holds_is_not_called_repealed(evidence: Evidence) -> None:
    (claim,) = [c for c in claims_of(f"{NAME}已废止", evidence) if c.kind == "效力"]
    assert claim.verdict in ("不符", "未收录")  # 未收录 where the library cannot tell
    assert claim.verdict == "不符" or "无法判断" in claim.message


def test_what_a_text_says_of_itself_is_not_judged(evidence: Evidence) -> None:
    text = "汇报材料\n砚湖市新评定市级科普教育基地30家。我县新评定市级科普教育基地3家。"
    assert [c.text for c in audit(text, evidence) if c.is_fault] == []


def test_confidence_and_advice_are_told(evidence: Evidence) -> None:
    fault = next(c for c in claims_of(PAIRS[1][1], evidence) if c.is_fault)
    assert fault.sure in ("高", "中")
    assert "建议改为“12万名”" in fault.advice


@pytest.mark.parametrize(
    ("ours", "theirs", "differ"),
    [
        ("带头人不少于1800名", "带头人1800名以上", False),
        ("延期缴纳最长3个月", "延期缴纳最长不超过3个月", False),
        ("延期缴纳最长3个月", "延期缴纳不超过3个月", False),
        ("建成省级基地10家", "建成省级基地10家以上", True),
        ("用水率低于70%", "用水率不低于70%", True),
    ],
)
def test_the_same_bound_in_other_words_changes_nothing(
    ours: str, theirs: str, differ: bool
) -> None:
    (figure,) = figures(ours)
    assert (changed_wording(ours, theirs, figure) is not None) == differ


@pytest.mark.parametrize(
    ("sentence", "verdicts"),
    [
        ("五类行动依次列出4项、3项、4项、3项、3项任务，共计17项。", ["相符"]),
        ("五项行动依次有5项、4项、4项、3项、2项任务，共计18项。", ["相符"]),
        ("五类行动依次列出4项、3项、4项、3项、3项任务，共计18项。", ["不符"]),
        ("再加上示范基地50个、示范社区50个，合计145个。", []),
    ],
)
def test_parts_add_up_where_all_of_them_are_told(sentence: str, verdicts: list[str]) -> None:
    assert [claim.verdict for claim in totals(sentence, ())] == verdicts


def test_people_in_the_place_of_others_are_marked_in_the_text_as_it_stands(
    evidence: Evidence,
) -> None:
    text = f"{NAME}要求（砚政发20268号）依托少年宫开展老年人编程培训活动。"
    for claim in audit(text, evidence):
        assert text[claim.start : claim.end] == claim.text
