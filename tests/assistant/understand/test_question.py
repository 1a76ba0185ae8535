"""Understanding: scope, kind, and what a follow-up leaves unsaid. Places and texts are invented
or of the list of divisions; none is of the measured questions."""

from datetime import date

import pytest

from assistant.understand.corpus import Corpus, related, same_title, title_core
from assistant.understand.kinds import Kind, kind_of
from assistant.understand.turns import parts_of, understand
from vectorstore.models import DocumentSummary, Metadata


def document(number: int, title: str, region: tuple[str, ...], **more: object) -> DocumentSummary:
    metadata = Metadata(title=title, region=region, **more)  # type: ignore[arg-type]
    return DocumentSummary(f"d{number}", "", (f"{number}.txt",), "txt", metadata, 3, "")


CORPUS = Corpus(
    (
        document(1, "扬州市人民政府关于印发扬州市节水行动方案的通知", ("江苏省", "扬州市"), issuer="扬州市人民政府", document_number="扬政发〔2023〕4号"),
        document(2, "重庆市涪陵区节水行动实施方案", ("重庆市", "涪陵区"), cites=(("国家节水行动方案", "发改环资〔2019〕695号"),)),
        document(3, "宁夏回族自治区节约用水条例", ("宁夏回族自治区",), publisher="银川市水务局"),
        document(4, "节水型机关评价指南", ()),
    )
)  # fmt: skip


def ask(*turns: str, home: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    return understand(turns, CORPUS, home)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("到2025年用水效率目标是多少？", Kind.FACT),
        ("节水宣传由哪个部门负责？", Kind.DEPARTMENT),
        ("管网改造是谁牵头？", Kind.DEPARTMENT),
        ("区水利局承担哪些任务？", Kind.DUTY),
        ("有哪些保障措施？", Kind.LIST),
        ("重点任务包括哪五项？", Kind.LIST),
        ("“三同时”指的是什么？", Kind.DEFINITION),
        ("什么是非常规水？", Kind.DEFINITION),
        ("宣传活动的责任单位是哪几个？", Kind.DEPARTMENT),
        ("市财政局作为责任单位，要抓哪件事？", Kind.DUTY),
        ("方案是哪三家联合颁发的？", Kind.METADATA),
        ("这份规划管的是哪几年？", Kind.TEMPORAL),
        ("“四水四定”怎么理解？", Kind.DEFINITION),
        ("哪些文件提到了再生水？", Kind.AGGREGATION),
        ("有没有地方要求安装智能水表？", Kind.AGGREGATION),
        ("这份文件现在还有效吗？", Kind.TEMPORAL),
        ("规划期到哪一年？", Kind.TEMPORAL),
        ("发文字号是什么？", Kind.METADATA),
        ("什么时候印发的？", Kind.METADATA),
        ("你好", Kind.CHAT),
        ("由市水务局牵头的普查工作有什么要求？", Kind.LIST),
    ],
)
def test_kinds(question: str, kind: Kind) -> None:
    assert kind_of(question, 1) is kind


def test_a_difference_needs_two_sides_to_be_a_comparison() -> None:
    assert kind_of("目标相差多少？", 2) is Kind.COMPARISON
    assert kind_of("目标相差多少？", 1) is not Kind.COMPARISON


@pytest.mark.parametrize(
    ("question", "allowed"),
    [
        ("扬州的目标是多少？", {"d1", "d4"}),
        ("涪陵区管网漏损率", {"d2", "d4"}),
        ("重庆的要求", {"d2", "d4"}),
        ("渝东那边怎么规定的", {"d2", "d4"}),
        ("宁夏的条例", {"d3", "d4"}),
        ("依据扬政发〔2023〕4号，目标是多少", {"d1"}),
        ("《涪陵区节水行动实施方案》的目标", {"d2"}),
        ("银川市水务局网站上那份条例怎么说", {"d3"}),
        ("银川市水务局对网上报送用水计划有什么要求", {"d3", "d4"}),  # no source, only a place
    ],
)
def test_the_scope_becomes_a_filter(question: str, allowed: set[str]) -> None:
    assert ask(question).where.document_ids == allowed


def test_no_scope_no_filter() -> None:
    assert not ask("用水效率目标是多少？").where


def test_a_place_without_documents_leaves_only_documents_of_no_place() -> None:
    assert ask("西藏的目标是多少？").where.document_ids == {"d4"}


def test_home_region_for_our_city() -> None:
    assert ask("我市的目标是多少？", home=("江苏省", "扬州市")).where.document_ids == {"d1", "d4"}
    assert not ask("我市的目标是多少？").where


def test_what_no_document_bears_is_kept_as_unknown() -> None:
    assert ask("《水污染防治行动计划》的目标是多少？").unknown == ("《水污染防治行动计划》",)
    assert ask("苏政发〔2020〕1号说了什么？").unknown == ("苏政发〔2020〕1号",)


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2022年以来印发的文件", (2022, 9999)),
        ("2023年印发的方案有哪些", (2023, 2023)),
        ("2025年的目标", None),
    ],
)
def test_years_of_issue(question: str, years: tuple[int, int] | None) -> None:
    assert ask(question).years == years


@pytest.mark.parametrize(
    ("turns", "standalone"),
    [
        (("扬州2025年节水目标是多少？", "那涪陵呢？"), "涪陵2025年节水目标是多少?"),
        (("扬州管网改造有哪些要求？", "由谁牵头？"), "扬州管网改造有要求由谁牵头？"),
        (("扬州对再生水利用有什么要求？", "那宣传活动的次数呢？"), "扬州宣传活动的次数是什么？"),
        (("扬州要建几个节水型小区？", "节水型学校的呢？"), "扬州要建几个节水型学校？"),
        (("扬州2025年节水目标是多少？", "2030年呢？"), "扬州2030年节水目标是多少？"),
        (("扬州2025年节水目标是多少？", "同一年涪陵是多少？"), "涪陵2025年节水目标是多少？"),
        (
            ("扬州管网改造由谁牵头？", "涪陵同类工作的责任单位呢？"),
            "涪陵管网改造的责任单位呢？",
        ),
        (("扬州管网改造由谁牵头？", "再生水利用的呢？"), "扬州再生水利用由谁牵头？"),
        (("扬州节水目标是多少？", "涪陵呢？", "两者差多少？"), "扬州、涪陵节水目标差多少?"),
        (("扬州的节水方案目标是多少？", "这份方案由谁印发？"), "扬州由谁印发？"),
        (
            ("扬州节水目标是多少？", "宁夏回族自治区水资源费的征收标准是多少？"),
            "宁夏回族自治区水资源费的征收标准是多少？",
        ),
    ],
)
def test_follow_ups_are_completed(turns: tuple[str, ...], standalone: str) -> None:
    def plain(text: str) -> str:
        return text.replace("？", "?").replace("有要求", "要求")

    assert plain(ask(*turns).standalone) == plain(standalone)


def test_a_complete_question_is_left_alone() -> None:
    question = ask("扬州节水目标是多少？", "涪陵区对洗车行业用水有什么要求？")
    assert question.standalone == "涪陵区对洗车行业用水有什么要求？"
    assert not question.is_completed


def test_a_message_with_two_questions_has_two_parts() -> None:
    parts = parts_of(ask("扬州方案的发文字号是什么？2025年目标是多少？"), CORPUS)
    assert [part.kind for part in parts] == [Kind.METADATA, Kind.FACT]
    assert all(part.where.document_ids == {"d1", "d4"} for part in parts)


@pytest.mark.parametrize(
    ("title", "core"),
    [
        ("扬州市人民政府关于印发《扬州市节水行动方案（2021—2025年）》的通知", "扬州市节水行动方案"),
        ("国家节水行动方案", "国家节水行动方案"),
        ("关于转发省节水办意见的函", "省节水办意见"),
    ],
)
def test_title_core(title: str, core: str) -> None:
    assert title_core(title) == core


def test_titles_match_only_when_little_differs() -> None:
    assert same_title("节水行动方案", "扬州节水行动方案")
    assert not same_title("行动方案", "扬州市全面推进节水型社会建设行动方案")


def test_regions_relate_upwards_and_downwards() -> None:
    assert related(("江苏省",), ("江苏省", "扬州市"))
    assert related(("江苏省", "扬州市"), ("江苏省",))
    assert not related(("江苏省", "扬州市"), ("江苏省", "徐州市"))
    assert related((), ("江苏省",))


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("市水务局2024年5月6日那份通知讲了什么？", ("d5",)),
        ("2024年5月6日印发的通知有哪些措施？", ("d5", "d6")),
        ("2024年5月7日的通知讲了什么？", ()),
        ("2024年5月6日前要报送什么？", ()),
    ],
)
def test_a_document_is_called_by_its_day(question: str, ids: tuple[str, ...]) -> None:
    day = date(2024, 5, 6)
    corpus = Corpus(
        (
            *CORPUS.documents,
            document(5, "关于节水宣传周的通知", (), issuer="青禾市水务局", date_written=day),
            document(6, "关于夏灌的通知", (), issuer="青禾市农业局", date_published=day),
        )
    )
    asked = understand([question], corpus, ())
    assert asked.named == ids
    assert asked.is_pointed is bool(ids)
