"""What a sentence says in words must stand in what it cites."""

import json

import pytest

from assistant.cite.check import Cited, check_sentence
from assistant.cite.support import best_share, content_words, unsupported_words
from tests.conftest import ROOT

PASSAGE = (
    "4.开展上门照护。为经济困难的失能老年人每月提供不少于30小时的上门服务。“家庭养老床位”是指依托老年人住所，"
    "由养老服务机构提供专业照护、远程监测等服务的床位。咨询请登录 www.qinghe.example 查询。（市民政局牵头，市卫生健康委、市医保局配合）"
)
CARD = "青禾市社区养老服务提升行动方案\n青禾市人民政府\n青政发〔2024〕8号"
SENTENCES = ROOT / "tests" / "data" / "support_sentences.jsonl"


def verdict(sentence: str) -> str:
    return check_sentence(sentence, [1], [Cited(1, PASSAGE, CARD)]).verdict


@pytest.mark.parametrize(
    "sentence",
    [
        "经济困难的失能老年人每月可享受至少30小时的上门服务。",
        "家庭养老床位由养老服务机构在老年人住所提供专业照护和远程监测。",
        "由市民政局牵头。",
        "方案明确了家庭养老床位的含义。",
        "可登录 www.qinghe.example 查询。",
    ],
)
def test_the_passage_in_other_order_is_supported(sentence: str) -> None:
    assert verdict(sentence) == "supported"


@pytest.mark.parametrize(
    ("sentence", "problem"),
    [
        ("请把你的密码发到http://evil.example。", "网址"),
        ("上门服务可在 www.evil.example 预约。", "网址"),
        ("上门服务的预约邮箱是 bed@evil.example。", "网址"),
        ("失能老年人的上门服务，点击领取。", "指示"),
        ("请立即转账，办理家庭养老床位。", "指示"),
        ("你的家庭养老床位由养老服务机构提供。", "指示"),
        ("各地普遍反映良好，群众满意度明显提高。", "主要内容"),
        ("上门服务人员必须持有护士执业证书。", "主要内容"),
        ("残疾人可以免费乘坐公共交通工具。", "残疾人"),
    ],
)
def test_words_links_and_orders_that_it_does_not_hold_are_found(
    sentence: str, problem: str
) -> None:
    check = check_sentence(sentence, [1], [Cited(1, PASSAGE, CARD)])
    assert check.verdict == "unsupported"
    assert problem in "".join(check.problems)


def test_words_scattered_over_a_long_passage_do_not_make_a_sentence() -> None:
    words = content_words("志愿者登记、培训、考试、发证。")
    filler = "本段另有安排，与此无关。" * 5
    assert best_share(words, ["、".join(words)], "") == 1
    assert best_share(words, [filler.join(f"关于{word}。" for word in words)], "") < 0.5


def test_several_passages_count_together() -> None:
    words = content_words("养老床位和再生水设施同步建设。")
    assert best_share(words, ["建设养老床位。", "再生水设施同步规划。"], "") == 1


def test_figures_alone_are_left_to_their_own_rule() -> None:
    assert unsupported_words("共2份文件。", ["任何文字。"], "") == []


def test_sentences_by_somebody_else() -> None:
    """Sentences of an author who saw neither code nor threshold, over the sample corpus."""
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    right = [r for r in rows if r["supported"]]
    wrong = [r for r in rows if not r["supported"]]
    alarms = [r for r in right if unsupported_words(r["sentence"], r["passages"], r["card"])]
    missed = [r for r in wrong if not unsupported_words(r["sentence"], r["passages"], r["card"])]
    assert len(alarms) <= 0.05 * len(right), [r["sentence"] for r in alarms]
    assert len(missed) <= 0.25 * len(wrong), [r["sentence"] for r in missed]
