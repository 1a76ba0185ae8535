"""What the office's terms do to a question."""

from datetime import date

import pytest

from assistant.office.terms import MOST_NAMES, Renamed, Term, Terms
from assistant.understand.corpus import Corpus
from assistant.understand.lexicon import Lexicon, lexicon_of
from assistant.understand.question import Question
from assistant.understand.turns import understand
from vectorstore.models import DocumentSummary, Metadata

OLD, NEW = "青禾市卫生局", "青禾市卫生健康委员会"
SINCE = date(2019, 3, 1)
DOCUMENTS = tuple(
    DocumentSummary(i, "", (), "txt", Metadata(f"{i}的通知", issuer=issuer), 1, "")
    for i, issuer in (("old", OLD), ("new", NEW), ("other", "青禾市教育局"))
)


def asked(question: str, *terms: Term, renamed: tuple[Renamed, ...] = ()) -> Question:
    lexicon = lexicon_of(Terms(7, terms, renamed))
    return understand([question], Corpus(DOCUMENTS), lexicon=lexicon)


def test_a_wording_is_understood_as_its_term() -> None:
    term = Term("老年饭桌", "老年助餐点")
    before, after = asked("老年饭桌有几个？"), asked("老年饭桌有几个？", term)
    assert (before.standalone, after.standalone) == ("老年饭桌有几个？", "老年助餐点有几个？")
    assert after.is_completed
    assert after.asked == "老年饭桌有几个？"


def test_a_wording_with_two_terms_is_looked_for_under_both() -> None:
    question = asked(
        "老年饭桌有几个？", Term("老年饭桌", "老年助餐点"), Term("老年饭桌", "社区食堂")
    )
    assert question.standalone == "老年饭桌有几个？"
    assert question.added[:2] == ("老年助餐点", "社区食堂")


@pytest.mark.parametrize(
    "question",
    ["《老年饭桌管理办法》是哪年的？", "“老年饭桌”指什么？", "老年饭桌就是老年助餐点吗？"],
)
def test_names_quotations_and_what_is_said_already_stay(question: str) -> None:
    assert asked(question, Term("老年饭桌", "老年助餐点")).standalone == question


def test_a_term_that_is_there_twice_is_one_term() -> None:
    term = Term("老年饭桌", "老年助餐点")
    assert asked("老年饭桌有几个？", term, term).standalone == "老年助餐点有几个？"


def test_a_short_wording_inside_a_word_stays() -> None:
    assert asked("开发区有哪些政策？", Term("发区", "发展片区")).standalone == "开发区有哪些政策？"


@pytest.mark.parametrize("wording", [".*", "(a+)+$", "[一-龥]", "\\d"])
def test_terms_are_text_and_never_a_pattern(wording: str) -> None:
    lexicon = lexicon_of(Terms(1, (Term(wording, "全部文件"),)))
    assert (
        lexicon.in_official_words("aaaaaaaaaaaaaaaaaaaaaa有哪些政策？")
        == "aaaaaaaaaaaaaaaaaaaaaa有哪些政策？"
    )
    assert lexicon.in_official_words(f"按{wording}查") in (f"按{wording}查", "按全部文件查")


@pytest.mark.parametrize(("said", "other"), [(OLD, NEW), (NEW, OLD)])
def test_an_organ_is_found_by_both_its_names(said: str, other: str) -> None:
    renamed = (Renamed(OLD, NEW, SINCE),)
    plain, question = (
        asked(f"{said}印发的文件有哪些？"),
        asked(f"{said}印发的文件有哪些？", renamed=renamed),
    )
    assert len(plain.named) == 1
    assert set(question.named) == {"old", "new"}
    assert question.added[0] == other
    assert f"{said}（{other}）" in question.as_read
    assert question.renamings == (f"“{OLD}”自2019年3月1日起更名为“{NEW}”，两个名称的文件都查过。",)
    assert asked("青禾市教育局印发的文件有哪些？", renamed=renamed).renamings == ()


def test_an_organ_that_was_renamed_twice_has_three_names() -> None:
    twice = (Renamed("甲委", "乙委", SINCE), Renamed("乙委", "丙委", date(2024, 1, 1)))
    others = [other for _, other, _ in Lexicon({}, 1, {}, twice).renamed_in("甲委的职责")]
    assert others == ["乙委", "丙委"]


@pytest.mark.parametrize("is_star", [True, False])
def test_however_many_names_were_kept_a_question_is_read_with_few(is_star: bool) -> None:
    """As of terms from before there was a bound: 500 of one organ, in a star or in a chain."""
    chain = [Renamed(f"第{0 if is_star else n}局", f"第{n + 1}局", SINCE) for n in range(500)]
    lexicon = Lexicon({}, 1, {}, tuple(chain))
    assert len(lexicon.renamed_in("第0局的职责")) == MOST_NAMES - 1
    organs = tuple(Renamed(f"第{n}局", f"新{n}局", SINCE) for n in range(100, 200))
    named = "、".join(organ.old for organ in organs)
    assert len(Lexicon({}, 1, {}, organs).renamed_in(named)) == 20


def test_the_lexicon_is_made_once_for_each_state() -> None:
    terms = Terms(3, (Term("老年饭桌", "老年助餐点"),))
    assert lexicon_of(terms) is lexicon_of(Terms(3, (Term("老年饭桌", "老年助餐点"),)))
