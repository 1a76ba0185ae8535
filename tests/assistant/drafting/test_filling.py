"""Own notes, the gaps of a draft, and the ones filled from the others."""

import pytest

from assistant.cite.citation import Citation
from assistant.cite.markdown import parse
from assistant.drafting.blanks import blanks_of
from assistant.drafting.filling import fill, fill_from_notes, with_note
from assistant.drafting.models import Draft, OwnNote, Request, Section, from_json, is_own, to_json
from assistant.drafting.own import contradictions, own_figures
from vectorstore.errors import PolicyError


def source(mark: int, quote: str) -> Citation:
    return Citation(
        mark=mark, document_id="d", source_path="", title="方案", issuer=None,
        document_number=None, region=None, status=None, heading_path=(), quote=quote, start=0,
        end=len(quote), page=None,
    )  # fmt: skip


def draft_of(text: str, *sources: Citation) -> Draft:
    request = Request("写", "实施方案", "方案", "养老服务")
    return Draft("x", "甲", request, (Section("s1", "一、工作目标", body=parse(text)),), sources)


QUOTE = "到2025年底建成助餐点120个，培训护理员600人次。"
TEXT = "到[年份]建成助餐点[本地数据]，培训护理员[本地数据][1]。"


def test_gaps_are_told_with_their_matter() -> None:
    draft = draft_of(f"{TEXT}\n| 助餐 | [县民政局] |", source(1, QUOTE))
    assert [blank.missing for blank in blanks_of(draft)] == [
        "“到……建成助餐点……”的年份", "“到……建成助餐点……”的数字", "“培训护理员……”的数字",
        "县民政局",
    ]  # fmt: skip


def test_own_figures_fill_the_gaps_of_their_subject_and_unit() -> None:
    draft = with_note(
        draft_of(TEXT, source(1, QUOTE)), "今年计划建成助餐点18个。护理员25名。", "表.txt"
    )
    filled, count = fill_from_notes(draft)
    assert count == 1
    assert filled.sections[0].text == "到[年份]建成助餐点18个[2]，培训护理员[本地数据][1]。"
    own = filled.source(2)
    assert own is not None
    assert is_own(own)
    assert (own.title, own.quote) == ("本单位提供", "今年计划建成助餐点18个。")


def test_what_contradicts_itself_fills_nothing() -> None:
    draft = with_note(draft_of(TEXT, source(1, QUOTE)), "建成助餐点18个。")
    draft = with_note(draft, "全县建成助餐点20个。")
    (found,) = contradictions(draft.own)
    assert found.sentence == "“建成助餐点”前后不一致：一处为“18个”，一处为“20个”"
    assert fill_from_notes(draft) == (draft, 0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2024年建成助餐点18个。", "2025年建成助餐点20个。"),
        ("建成助餐点18个。", "培训护理员20名。"),
        ("投入1.2万元。", "投入12000元。"),
    ],
)
def test_other_years_and_subjects_are_no_contradiction(first: str, second: str) -> None:
    assert contradictions([OwnNote("1", first), OwnNote("2", second)]) == ()


def test_a_gap_filled_by_hand_has_a_source_of_its_own() -> None:
    draft = draft_of(TEXT, source(1, QUOTE))
    gap = blanks_of(draft)[1]
    filled = fill(draft, gap, "20个|[9]")
    assert filled.sections[0].text.startswith("到[年份]建成助餐点20个／〔9〕[2]，")
    assert from_json(to_json(filled)) == filled
    with pytest.raises(PolicyError):
        fill(filled, gap, "20个")
    with pytest.raises(PolicyError):
        fill(draft, gap, " ")


def test_figures_of_notes_know_what_they_count() -> None:
    note = OwnNote(
        "1", "全县现有科普基地12个、科普大学8所。到2027年新建30个助餐点，覆盖率达到95%。"
    )
    assert [(f.subject, f.figure.text, f.year) for f in own_figures(note)] == [
        ("科普基地", "12个", ""), ("科普大学", "8所", ""), ("新建助餐点", "30个", "2027"),
        ("覆盖率", "95%", "2027"),
    ]  # fmt: skip
