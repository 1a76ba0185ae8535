"""What a question for a figure or a role is about: the frame that an answer has to fit."""

from dataclasses import dataclass

from assistant.understand.asking import WHEN
from assistant.understand.corpus import Path
from assistant.understand.demands import Demand
from assistant.understand.quantity import act_asked, each_asked, measure_asked, quantities_asked
from assistant.understand.question import Question
from vectorstore.language.acts import Act
from vectorstore.language.dates import PART_OF_YEAR, YEAR
from vectorstore.language.groups import groups_in
from vectorstore.language.measures import Measure
from vectorstore.language.names import TITLE
from vectorstore.language.regions import COMPARED, NATION
from vectorstore.language.text import says, search_copy

# What else may be asked for, with or without a figure beside it.
_NOT_A_FIGURE = (
    "电话", "热线", "手机", "传真", "号码", "邮箱", "邮编", "文号", "网址", "索引号", "谁", "如何",
    "怎么", "怎样", "为什么", "是否", "有没有", "是不是", "能不能", "哪个", "哪些", "哪几",
)  # fmt: skip
_ENDS = "。！!；;"
_JOINING = "、和或与及"
_OWN_CASE = ("我", "咱", "俺", "您好")  # who asks tells of himself


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question for a figure names. `places` are paths; `town` is a place by the form of
    its name that no list knows; `nation` is set where it asks of the nation and no place."""

    places: tuple[Path, ...] = ()
    town: str = ""
    nation: bool = False
    years: frozenset[int] = frozenset()
    groups: frozenset[str] = frozenset()
    measure: Measure | None = None
    topic: str = ""
    quarters: frozenset[str] = frozenset()  # parts of a year: 上半年
    each: str = ""  # for one of what a sum is asked: 亩
    is_single: bool = True  # one figure is asked for
    is_own_case: bool = False  # 我是…: who asks tells of himself
    is_fine: bool = False  # it asks what a breach costs
    act: Act | None = None  # 由谁验收: what is to be done, where no figure is asked for

    @property
    def groups_of_topic(self) -> frozenset[str]:
        return groups_in(self.topic)

    @property
    def is_joined(self) -> bool:
        """Whether several groups are asked about together."""
        return len(self.groups) > 1 and says(self.topic, _JOINING)


def wanted_of(question: Question) -> Wanted | None:
    """None where neither a figure nor an act is asked for, or an order of several."""
    text = search_copy(TITLE.remove_from(question.standalone))
    if act := act_asked(text):
        return Wanted(topic=question.matter, act=act)
    if not question.asks(Demand.FIGURE) or question.asks(Demand.RANK) or _asks_else(text):
        return None
    pointed = question.is_pointed and question.named  # what another place's document says of it
    places = () if pointed else tuple(place.path for place in question.places)
    town = next(iter(question.strangers), "") if not places else ""
    matter = _unmeasured(question.matter)
    topic = matter.replace(town, "", 1).strip() if town else matter
    return Wanted(
        places,
        town,
        bool(not places and not town and NATION.search(COMPARED.remove_from(text))),
        frozenset(map(int, YEAR.findall(text))),
        groups_in(text),
        measure_asked(text),
        topic,
        frozenset(PART_OF_YEAR.findall(text)),
        each_asked(text),
        quantities_asked(text) < 2 and not says(text.strip().rstrip(_ENDS), _ENDS),
        says(text, _OWN_CASE),
        question.asks(Demand.PENALTY) or question.words(Demand.PENALTY),
    )


_MEASURED = frozenset({"面积", "金额", "数额", "数量", "人数", "高度", "长度"})


def _unmeasured(matter: str) -> str:
    """The pieces of a matter that are more than the name of a measure: 科普场所 of 面积 科普场所."""
    pieces = matter.split()
    return " ".join(piece for piece in pieces if piece not in _MEASURED) or matter


def _asks_else(text: str) -> bool:
    is_confirmed = text.rstrip("？?。").endswith(("吗", "吧"))
    return is_confirmed or says(text, _NOT_A_FIGURE) or bool(WHEN.search(text))
