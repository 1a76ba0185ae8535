"""Requests as the models hear them, on matters that no training request has."""

import pytest

from assistant.drafting.heard import (
    Heard,
    addressees_heard,
    heard_of,
    kind_heard,
    matter_heard,
    sender_heard,
)
from assistant.drafting.request import understand_request
from assistant.understand.corpus import Corpus
from assistant.understand.requested import Spans, build_request_model, parts_of
from vectorstore.embedding.embedder import SentenceEmbedder

EMPTY = Corpus(())


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "kind", "matter"),
    [
        ("周五区长要到乡村阅读推广会上讲几句，帮拟个稿子，围绕农家书屋怎么用起来", "讲话提纲", "农家书屋"),
        ("打个报告给市里，要点经费把旧渡口的护栏修一修", "请示", "护栏"),
        ("政协李委员的提案问夜间公交为什么停了，给他回复一下", "答复", "夜间公交"),
        ("几个县水库清淤是怎么弄的，摘出来放一张表里对照", "对比材料", "水库清淤"),
        ("秋季开学保障这些活哪个股室干哪样，列清楚", "分工表", "秋季开学保障"),
        ("采摘园用电优惠的政策农户看不懂，用大白话讲讲", "政策解读", "用电优惠"),
    ],
)  # fmt: skip
def test_kind_and_matter_in_everyday_words(
    text: str, kind: str, matter: str, embedder: SentenceEmbedder
) -> None:
    states = embedder.layer_states
    heard = heard_of(text, build_request_model(states))
    request = understand_request(text, EMPTY, (), "", heard)
    assert request.kind == kind
    assert matter in request.matter
    assert len(request.matter) <= len(matter) + 12


def test_a_kind_that_is_named_counts_more() -> None:
    heard = Heard({"报告": 0.3, "请示": 0.6, "通知": 0.1})
    assert kind_heard("", heard) == "请示"
    assert kind_heard("报告", heard) == "报告"
    assert kind_heard("通知", heard) == "请示"
    assert kind_heard("管理办法", heard) == "管理办法"  # none that the model knows
    assert kind_heard("通知", Heard()) == "通知"


def test_a_model_that_is_sure_outweighs_a_kind_that_it_does_not_know() -> None:
    assert kind_heard("管理办法", Heard({"政策解读": 0.9, "通知": 0.1})) == "政策解读"


def spans(text: str, *words: str) -> Spans:
    return tuple((text.index(word), text.index(word) + len(word)) for word in words)


def test_the_matter_is_the_longest_stretch_that_names_one() -> None:
    text = "下周在社区工作会上用，把旧衣回收箱布点的事写成汇报"
    heard = Heard({}, spans(text, "社区", "旧衣回收箱布点"))
    assert matter_heard(text, "下周用", heard, ()) == "旧衣回收箱布点"
    assert matter_heard(text, "推进旧衣回收箱布点", heard, ()) == "推进旧衣回收箱布点"
    assert matter_heard(text, "下周用", Heard(), ()) == "下周用"


def test_two_stretches_of_a_clause_name_one_matter() -> None:
    for text, matter in (
        ("写写民宿的消防改造", "民宿的消防改造"),
        ("民宿要管，消防改造也要讲", "消防改造"),
    ):
        heard = Heard({}, spans(text, "民宿", "消防改造"))
        assert matter_heard(text, "", heard, ()) == matter


def test_what_is_to_be_done_stands_in_front() -> None:
    text = "想建一座便民码头"
    assert matter_heard(text, "", Heard({}, spans(text, "便民码头")), ()) == "建设便民码头"


def test_what_stands_in_brackets_is_whole() -> None:
    text = "写渔民（船员）安全培训的通知"
    assert (
        matter_heard(text, "", Heard({}, spans(text, "）安全培训")), ()) == "渔民（船员）安全培训"
    )
    text = "讲“渔光互补”补贴"
    assert matter_heard(text, "", Heard({}, spans(text, "”补贴")), ()) == "“渔光互补”补贴"


def test_a_quotation_is_closed() -> None:
    text = "部署“净滩”行动"
    assert matter_heard(text, "", Heard({}, spans(text, "部署“净滩")), ()) == "部署“净滩”行动"


def test_who_writes_and_to_whom_are_bodies() -> None:
    text = "云汀市渔政局主办，各乡镇、县直部门都发，村里的大榕树不发"
    heard = Heard(
        {},
        sender=spans(text, "渔政局主办"),
        to=spans(text, "各乡镇、县直部门", "大榕树"),
        place=spans(text, "云汀市"),
    )
    assert sender_heard(text, heard) == "云汀市渔政局"
    assert addressees_heard(text, heard) == ("各乡镇", "县直部门")
    assert sender_heard(text, Heard()) == ""


def test_a_long_request_is_read_in_parts() -> None:
    text = "这一段是背景，和要写的没有关系，只是说明前因。" * 9 + "写一份便民码头的通知。"
    parts = list(parts_of(text))
    assert "".join(part for _, part in parts) == text
    assert all(text.startswith(part, start) and len(part) <= 120 for start, part in parts)
    assert not list(parts_of(" \n"))
