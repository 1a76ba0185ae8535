"""In which days something is done."""

from datetime import date

import pytest

from ingest.facts.windows import read_windows
from tests.ingest.facts.texts import check_quotes, material
from vectorstore.facts import Fact


def windows(text: str) -> list[Fact]:
    found = material(text)
    facts = list(read_windows(found))
    if facts:
        check_quotes(found, facts)
    return facts


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("申报时间为2027年3月1日至4月15日。", date(2027, 3, 1), date(2027, 4, 15)),
        ("2027年12月底前建成泵站。", None, date(2027, 12, 31)),
        ("6月底前完成排查。", None, date(2026, 6, 30)),
        ("今年9月1日前报送名单。", None, date(2026, 9, 1)),
        ("2027年底前全部通水。", None, date(2027, 12, 31)),
        ("2028年上半年开展评估。", date(2028, 1, 1), date(2028, 6, 30)),
        ("缴费期限延长至2月底。", None, date(2026, 2, 28)),
        ("自2026年7月1日起，用水户可以在网上报装。", date(2026, 7, 1), None),
        ("报名于5月6日至20日办理。", date(2026, 5, 6), date(2026, 5, 20)),
        ("2026年第二、三季度水费减半。", date(2026, 4, 1), date(2026, 9, 30)),
        ("5．2026年7月1日开始，自动恢复正常缴费。", date(2026, 7, 1), None),
        ("管理站将于2026年7月1日（周三）起对外办公。", date(2026, 7, 1), None),
        ("评审会定于7月8日召开。", date(2026, 7, 8), date(2026, 7, 8)),
        ("水厂年内完成改造。", None, date(2026, 12, 31)),
        ("次年一月三十一日前结清水费。", None, date(2027, 1, 31)),
    ],
)
def test_days_of_the_calendar(text: str, since: date | None, until: date | None) -> None:
    (fact,) = windows(text)
    assert (fact.since, fact.until, fact.text) == (since, until, "")
    assert fact.subject


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("供水单位应当自受理之日起20个工作日内答复。", "自受理之日起20个工作日内"),
        ("停水应当提前二十四小时通知用户。", "提前二十四小时"),
        ("每年3月1日至5月31日为禁渔期。", "每年3月1日至5月31日"),
        ("结果公示不少于5个工作日。", "公示不少于5个工作日"),
        ("取水许可证有效期为五年。", "有效期为五年"),
        ("用水户于每月10日前缴费。", "每月10日前"),
        ("许可证有效期届满前三十日内提出延续申请。", "有效期届满前三十日内"),
        ("自即日起至旱情解除，暂停洗车用水。", "自即日起至旱情解除"),
        ("从停水之日起，供水站停止计费。", "从停水之日起"),
        (
            "受理时间：工作日上午9:00-11:30，下午14:00-17:00。",
            "工作日上午9:00-11:30，下午14:00-17:00",
        ),
        ("每年三月第二周为本县节水宣传周。", "三月第二周"),
        ("用水户可延缓3个月缴纳水费。", "延缓3个月"),
        ("可以延期缴纳水费，最长不超过三个月。", "最长不超过三个月"),
        ("汛期结束后，各站要及时清淤。", "汛期结束后"),
        ("自评报告于考核期第2年10月底前报县水务局。", "10月底前"),
        ("用水户在接到缴费通知后，应当在十五日内缴费。", "接到缴费通知后，应当在十五日内"),
        ("自处罚决定作出之日起5年内不得从事供水活动。", "自处罚决定作出之日起5年内"),
        ("应当在开闸日的五日以前送达。", "在开闸日的五日以前"),
    ],
)
def test_relative_and_yearly_days_stay_words(text: str, words: str) -> None:
    (fact,) = windows(text)
    assert words in fact.text
    assert fact.since is fact.until is None


@pytest.mark.parametrize(
    "text",
    [
        "截至2025年12月底，全县供水人口31万人。",
        "到2027年底，自来水普及率达到95%以上。",
        "年内新建泵站3座。",
        "平均抢修时间缩短到2小时以内。",
        "近三年内无事故。",
        "供水站已于2025年6月30日前建成。",
        "本办法自2026年5月1日起施行，有效期5年。",
        "本通知自印发之日起实施，有效期至2028年12月31日。",
        "比2020年提高5个百分点。",
        "2月1日至2月9日，热线接听近3.2万件。",
        "修改后的规则自2026年5月1日起施行。",
        "处五日以上十日以下拘留。",
        "骗取补贴的，三年内不得申请取水许可。",
        "暂扣许可证三个月。",
        "5月1日至5月20日，县水务局为农户发放水费补贴6万元。",
        "供水站自开工之日起60日内未备案的，责令改正。",
        "出发前14天内没有症状的人员可以上岗。",
        "截止到2月11日，全县供水能力已达八成。",
        "自本办法施行之日起，旧证停止使用。",
        "对2026年6月30日前到期的贷款予以续贷。",
        "本通知适用截止时间为2026年6月30日。",
        "今年一季度应缴的水费可以减半。",
        "对有效期于2026年3月底前届满的贷款可以展期。",
        "14天内出现两次水质异常的地区停止供水。",
    ],
)
def test_days_of_figures_and_of_the_document_are_none(text: str) -> None:
    assert windows(text) == []


def test_each_deadline_of_a_sentence_with_what_is_due() -> None:
    first, second = windows("集中整治老旧泵站，7月底前全部停用，11月15日前全部拆除。")
    assert (first.until, second.until) == (date(2026, 7, 31), date(2026, 11, 15))
    assert first.subject == "集中整治老旧泵站，全部停用"
    assert second.subject == "集中整治老旧泵站，全部拆除"


def test_an_hour_is_kept_in_words() -> None:
    (fact,) = windows("名单请于5月20日17:00前报县水务局。")
    assert (fact.until, fact.text) == (date(2026, 5, 20), "5月20日17:00前")


def test_days_under_a_heading_and_in_commas_have_what_happens_in_them() -> None:
    (fact,) = windows(
        "一、申报时间\n\n2026年3月1日至3月31日\n\n二、申报方式\n\n用水户向供水站报送材料。\n"
    )
    assert (fact.subject, fact.since) == ("申报时间", date(2026, 3, 1))
    (fact,) = windows("在2026年1月31日至6月30日期间，未能缴纳水费的，不计滞纳金。")
    assert fact.subject == "未能缴纳水费的，不计滞纳金"
