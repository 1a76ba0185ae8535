"""A turn that names a matter of its own: where the corpus holds it decides what it inherits."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.understand.corpus import Corpus
from assistant.understand.demands import Demand
from assistant.understand.followups import complete
from assistant.understand.learned import Sense
from assistant.understand.question import Question
from assistant.understand.threads import Heard
from assistant.understand.turns import understand
from tests.assistant.understand.test_question import document
from vectorstore.language.text import fold
from vectorstore.models import SearchFilter

CORPUS = Corpus(
    (
        document(1, "青溪县老年助餐服务办法", ("青溪县",)),
        document(2, "白岭县乡村公路养护办法", ("白岭县",)),
    )
)
FIRST = "青溪县的老年助餐点要建多少个？"
ROADS = "乡村公路养护补助标准是多少"
OLD, ROUNDS = "老年助餐点建多少个？", "县级路长多久巡一次？"


class Whole:
    """A model that marks the matter, and is not sure that a turn is complete."""

    def __call__(self, turn: str, before: str) -> Sense:
        matter = "老年助餐点" if "助餐" in turn else "县级路长巡路"
        return Sense(None, 0.0, follows=0.4, matter=(matter,))

    def nearest(self, word: str, words: Sequence[str]) -> str:
        return words[0]


@pytest.mark.parametrize(
    ("inside", "completed"),
    [
        (0.3, ROADS),  # only the other county speaks of roads
        (0.9, f"青溪县{ROADS}"),  # so does the county that was asked about
    ],
)
def test_a_matter_that_stands_elsewhere_begins_anew(inside: float, completed: str) -> None:
    def support(text: str, words: str, where: SearchFilter = SearchFilter()) -> float:
        return inside if where else 1.0

    heard = Heard(Sense(None, 0.0, follows=0.9, matter=("乡村公路养护补助标准",)), None, support)
    before = [understand([FIRST], CORPUS, ())]
    assert complete(ROADS, before, CORPUS, (), heard) == completed


@pytest.mark.parametrize(
    ("together", "completed"),
    [
        (0.5, "县级路长多久巡一次？"),  # a passage about the one says nothing of the other
        (0.9, "老年助餐点县级路长多久巡一次?"),
    ],
)
def test_a_subject_belongs_where_one_passage_speaks_of_both(
    together: float, completed: str
) -> None:
    def support(text: str, words: str, where: SearchFilter = SearchFilter()) -> float:
        return together if "路长" in words else 0.9

    first = replace(understand([OLD], CORPUS, ()), matter="老年助餐点", is_marked=True)
    heard = Heard(Sense(None, 0.0, follows=0.5, matter=("县级路长",)), None, support)
    assert fold(complete(ROUNDS, [first], CORPUS, (), heard)) == fold(completed)


def test_a_turn_that_only_asks_for_a_role_takes_the_whole_task() -> None:
    first = replace(
        understand(["全省社区养老服务设施覆盖率达到多少？"], CORPUS, ()),
        matter="社区养老服务设施覆盖率", is_marked=True,
    )  # fmt: skip
    heard = Heard(Sense(None, 0.0, follows=0.9, matter=("部门负责",)))
    found = complete("哪个部门负责？", [first], CORPUS, (), heard)
    assert fold(found) == fold("全省社区养老服务设施覆盖率哪个部门负责？")


def test_a_complete_question_leans_on_nothing() -> None:
    alone = understand([OLD, ROUNDS], CORPUS, (), Whole())
    assert (alone.standalone, alone.leans_on) == (ROUNDS, None)


@pytest.mark.parametrize(
    ("turn", "completed"),
    [
        ("第二个由谁牵头？", "青溪县上门送餐由谁牵头？"),
        ("最后一项呢？", "青溪县餐车进村是什么？"),
        ("第九个由谁牵头？", None),  # there are three
        ("第二个月补多少？", None),  # no item of a list
    ],
)
def test_an_item_of_the_list_that_was_told(turn: str, completed: str | None) -> None:
    def told(question: Question) -> list[str]:
        return ["集中就餐", "上门送餐", "餐车进村"]

    before = [understand(["青溪县老年助餐有哪几种方式？"], CORPUS, ())]
    found = complete(turn, before, CORPUS, (), Heard(told=told))
    if completed:
        assert fold(found) == fold(completed)
    else:
        assert "上门送餐" not in found


def asked(text: str, matter: str, *demands: Demand) -> Question:
    """A question whose matter the model has marked."""
    question = understand([text], CORPUS, ())
    return replace(question, matter=matter, is_marked=True, demands=frozenset(demands))


@pytest.mark.parametrize(
    ("turn", "completed"),
    [
        ("不是路长，是养护员", "白岭县养护员多久巡一次？"),
        ("不是路长是养护员", "白岭县养护员多久巡一次？"),
        ("不是路长，我问的是养护员的", "白岭县养护员多久巡一次？"),
    ],
)
def test_a_correction_stands_where_the_wrong_word_stood(turn: str, completed: str) -> None:
    before = [asked("白岭县路长多久巡一次？", "路长")]
    assert fold(complete(turn, before, CORPUS, ())) == fold(completed)


def test_what_the_corpus_does_not_hold_corrects_nothing() -> None:
    heard = Heard(support=lambda text, words, where=SearchFilter(): 0.3)
    before = [asked("白岭县路长多久巡一次？", "路长")]
    found = complete("不是路长，是养护员", before, CORPUS, (), heard)
    assert fold(found) != fold("白岭县养护员多久巡一次？")


@pytest.mark.parametrize(
    ("first", "matter", "thing", "completed"),
    [
        ("白岭县公园里随地吐痰罚多少", "随地吐痰", "打架", "白岭县公园里打架罚多少"),
        ("白岭县没上牌就上路罚多少", "没上牌", "闯红灯", "白岭县闯红灯罚多少"),
    ],
)
def test_a_thing_takes_the_place_of_the_whole_matter(
    first: str, matter: str, thing: str, completed: str
) -> None:
    assert fold(complete(f"{thing}呢", [asked(first, matter)], CORPUS, ())) == fold(completed)


def test_a_question_that_names_only_a_place_has_no_matter_to_give_way() -> None:
    first = replace(understand(["青溪县方案"], CORPUS, ()), matter="", is_marked=False)
    assert "助餐" in complete("助餐呢", [first], CORPUS, ())


def test_the_wording_that_the_corpus_holds_wins() -> None:
    def support(text: str, words: str, where: SearchFilter = SearchFilter()) -> float:
        return 0.9 if "公园" not in words else 0.2

    before = [asked("白岭县公园里随地吐痰罚多少", "随地吐痰")]
    found = complete("打架呢", before, CORPUS, (), Heard(support=support))
    assert fold(found) == fold("白岭县打架罚多少")


def test_the_difference_of_two_figures_of_one_place_asks_for_both() -> None:
    before = [
        asked("白岭县重度失能补贴多少", "重度失能补贴", Demand.FIGURE),
        replace(asked("白岭县中度失能补贴多少", "中度失能补贴", Demand.FIGURE), asked="中度呢"),
    ]
    found = complete("两个差多少", before, CORPUS, ())
    assert fold(found) == fold("白岭县重度失能补贴多少？白岭县中度失能补贴多少？")
