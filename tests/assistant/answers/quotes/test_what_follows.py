"""What a quote goes on to, and whether it says anything beyond the question (expansion.py)."""

import pytest

from assistant.answers.quotes.expansion import (
    LONGEST,
    is_echo,
    new_numbers,
    paragraph,
    quoted,
    said_beyond,
    what_follows,
)
from assistant.find.evidence import Evidence
from tests.assistant.answers.documents import passage_with
from vectorstore.models import Passage

# --- what follows -----------------------------------------------------------------------------


def after(words: str, evidence: Evidence) -> list[str]:
    """What follows the first place that says `words`."""
    _, passage = passage_with(words, evidence)
    end = passage.text.index(words) + len(words)
    return [p.text[a:b] for p, a, b in what_follows(evidence, passage, end)]


@pytest.mark.parametrize(
    ("words", "follows"),
    [
        ("二、增设便民设施", ["增设座椅200把和遮阳棚，更换老旧照明灯具。"]),  # the next line
        ("需提交如下材料：", ["1.身份证复印件一份。\n2.押金收据一张。"]),  # the next passage
        ("租借帐篷", ["1.身份证复印件一份。\n2.押金收据一张。"]),  # by its announcement
        ("园区管理的做法", ["主要有三个方面：\n一是设置导览牌。\n二是公开投诉电话。\n三是每日清扫步道。"]),
        ("入园不收门票", []),  # the end of the document
    ],
)  # fmt: skip
def test_a_heading_and_an_announcement_go_on(
    words: str, follows: list[str], evidence: Evidence
) -> None:
    assert after(words, evidence) == follows


def test_what_follows_a_section_is_not_the_next_section(evidence: Evidence) -> None:
    assert after("可以再次使用的水。", evidence) == []


def test_each_place_becomes_a_statement_with_its_quote(evidence: Evidence) -> None:
    document, passage = passage_with("需提交如下材料", evidence)
    places = what_follows(evidence, passage, len(passage.text))
    (statement,) = quoted(evidence, document, places)
    assert statement.text == "1.身份证复印件一份。\n2.押金收据一张。"
    (quote,) = statement.quotes
    source = evidence.quoter.source(document.id)
    assert source[quote.start : quote.end] == statement.text


# --- a paragraph ------------------------------------------------------------------------------

ITEMS = (
    "（一）公开目录\n目录每年更新。\n1.清单。\n（二）设立窗口\n窗口午间不休。\n二、其他\n另行通知。"
)


@pytest.mark.parametrize(
    ("text", "start", "quote"),
    [
        ("目录每年更新。\n窗口午间不休。", "目录", "目录每年更新。"),
        (ITEMS, "（一）", ITEMS.split("\n二、")[0]),  # to the next line of a higher number
        ("办事群众注意：\n1.带身份证。\n2.先取号。", "办事", "办事群众注意：\n1.带身份证。\n2.先取号。"),
        ("一是取号。\n二是候场。\n散场有序。", "一是", "一是取号。\n二是候场。"),
        ("目录：。\n窗口午间不休。", "：", "窗口午间不休。"),  # begins at the next word
    ],
)  # fmt: skip
def test_a_paragraph_ends_with_its_line_or_with_its_items(
    text: str, start: str, quote: str
) -> None:
    assert text[slice(*paragraph(text, text.index(start)))] == quote


def test_a_long_paragraph_is_cut_after_a_whole_sentence() -> None:
    sentence = "沿河步道由专人每日清扫两次，发现破损的及时报修。"
    text = sentence * 40
    start, end = paragraph(text, 0)
    assert text[start:end] == sentence * (LONGEST // len(sentence))


# --- beyond the question ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "question", "new"),
    [
        ("补贴800元，聘用20人", "补贴多少？", {"800", "20"}),
        ("到2025年聘用20人", "到2025年聘用多少人？", {"20"}),
        ("离任三年内", "离任后几年内？", {"三"}),
        ("实行三统一", "实行什么？", set()),  # counts nothing
        ("比例为3.5%", "比例为3.5%吗？", set()),
    ],
)
def test_new_numbers_are_those_that_the_question_lacks(
    text: str, question: str, new: set[str]
) -> None:
    assert new_numbers(text, question) == new


def test_what_is_said_beyond_a_question_is_counted_in_characters() -> None:
    assert said_beyond("三、优化窗口服务。", "如何优化窗口服务？") == 0
    assert said_beyond("窗口午间不休", "窗口服务") == 4  # 午间不休
    assert said_beyond("并对其予以公开", "是否公开") == 2  # 予以; particles say nothing
    assert said_beyond("公开20次", "公开多少次？") >= 9  # a number always says something


@pytest.mark.parametrize(
    ("quote", "question", "echoes"),
    [
        ("优化窗口服务", "如何优化窗口服务？", True),
        ("一、优化窗口服务", "窗口服务有什么措施？", True),  # a heading may hold a word more
        ("优化午间服务", "窗口服务有什么措施？", False),  # the same much more, but no heading
        ("取消午间休息", "如何优化窗口服务？", False),
        ("窗口20个", "设窗口几个？", False),
    ],
)
def test_a_quote_that_repeats_the_question_is_an_echo(
    quote: str, question: str, echoes: bool
) -> None:
    passage = Passage("p", "d", 0, 0, len(quote), quote, heading_path=("一、优化窗口服务",))
    assert is_echo(passage, 0, len(quote), question) is echoes
