"""What a question for a figure or a role is about, and what a quoted statement is about: the two
frames that are held against each other (fit.py)."""

from dataclasses import dataclass, field
from typing import Literal

from assistant.answers.content import Statement
from assistant.find.evidence import Evidence
from assistant.find.stated import of_documents
from assistant.understand.demands import Demand
from assistant.understand.question import Question
from vectorstore.facts import Fact
from vectorstore.language.acts import Act, act_asked
from vectorstore.language.dates import YEAR
from vectorstore.language.groups import groups_in
from vectorstore.language.measures import Measure, measure_asked
from vectorstore.language.names import TITLE
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import search_copy

Path = tuple[str, ...]
Aspect = Literal["", "place", "year", "group", "measure", "indicator", "act"]
NATION = Pattern(
    r"全国|我国|国家(?!级)|中国|中央|国务院",
    yes=(("全国2025年的目标", "全国"), "我国"),
    no=("国家级基地", "全省"),
    why="speaks of the nation as a whole",
)
COMPARED = Pattern(
    r"(?:高于|低于|高出|超过|优于|好于|快于|位居|居于?|达到|占)(?:同期)?全[国省市区县州](?:的)?(?:平均)?(?:水平)?",
    yes=(("高于全国1.1个百分点", "高于全国"), "低于全省平均水平"),
    no=("全省达到", "高于上年"),
    why="a larger place that a figure is only held against",
)
_NOT_A_FIGURE = Pattern(
    r"电话|热线|手机|传真|号码|邮箱|邮编|文号|网址|索引号|什么时候|何时|哪[一]?[年天月]|由?谁|哪[个些几]|如何|怎[么样]|为什么|是否|有没有|是不是|能不能|[吗吧](?=[？?。]|$)",
    yes=("什么时候", ("由谁牵头", "由谁")),
    no=("多少人", "几所"),
    why="asks for something else, with or without a figure beside it",
)
_SENTENCES = Pattern(
    r"[。！!；;]\s?\S",
    yes=(("你好。目标是多少", "。目"),),
    no=("目标是多少。",),
    why="a message of several sentences",
)
_HOW_MUCH = Pattern(
    r"多少|多久|多长|(?<![哪好])几(?=[个天年月成倍])", yes=("多少", "多久"), no=("哪几个", "好几年")
)
_OWN_CASE = Pattern(
    r"[我咱俺]|您好", yes=("我", "咱"), no=("全市",), why="who asks tells of himself"
)


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
    asked: str = ""
    is_single: bool = True  # one figure is asked for
    is_own_case: bool = False  # 我是…: who asks tells of himself
    act: Act | None = None  # 由谁验收: what is to be done, where no figure is asked for


@dataclass(frozen=True, slots=True)
class Held:
    """What a quoted statement is about. `text` is the statement, `around` its headings and the
    heads of its table, `passage` the passage that it is from; `rows` are the facts in it,
    `source` all that its document says."""

    text: str
    around: str = ""
    title: str = ""
    region: Path = ()
    rows: tuple[Fact, ...] = ()
    passage: str = ""
    is_row: bool = False  # of a table: units stand in its head
    source: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`misfit` says in words what the statement does not tell, '' where it fits; `stated` is
    what it speaks of instead, where that has a name; `aspect` in what they differ."""

    misfit: str = ""
    stated: str = ""
    aspect: Aspect = ""

    @property
    def fits(self) -> bool:
        return not self.misfit


FITS = Verdict()


def wanted_of(question: Question) -> Wanted | None:
    """None where neither a figure nor an act is asked for, or an order of several."""
    text = search_copy(TITLE.remove_from(question.standalone))
    if act := act_asked(text):
        return Wanted(topic=question.matter, act=act)
    if not question.asks(Demand.FIGURE) or question.asks(Demand.RANK) or _NOT_A_FIGURE.search(text):
        return None
    pointed = question.is_pointed and question.named  # what another place's document says of it
    places = () if pointed else tuple(place.path for place in question.places)
    town = next(iter(question.strangers), "") if not places else ""
    return Wanted(
        places,
        town,
        bool(not places and not town and NATION.search(COMPARED.remove_from(text))),
        frozenset(map(int, YEAR.findall(text))),
        groups_in(text),
        measure_asked(text),
        question.matter.replace(town, "", 1).strip() if town else question.matter,
        text,
        len(_HOW_MUCH.findall(text)) < 2 and not _SENTENCES.search(text),
        bool(_OWN_CASE.search(text)),
    )


def held_in(statement: Statement, evidence: Evidence) -> Held:
    """The frame of a statement, from the rows in its quotes where there are any."""
    quotes = statement.quotes
    document = quotes[0].document
    passage = evidence.view.passage(quotes[0].passage_id)
    rows = tuple(
        fact
        for fact in of_documents([document], evidence, "target", "figure", "amount")
        if any(q.document_id == document.id and q.start < fact.end and fact.start < q.end
               for q in quotes)
    )  # fmt: skip
    context = passage.context if passage else ""
    return Held(
        search_copy(statement.text),
        search_copy(" ".join((*quotes[0].heading_path, context))),
        search_copy(document.metadata.title),
        document.metadata.region,
        rows,
        search_copy(passage.text) if passage else "",
        bool(passage and (passage.cells or context or "\t" in passage.text)),
        evidence.quoter.source(document.id),
    )


def held_by(fact: Fact, evidence: Evidence) -> Held:
    metadata = evidence.summary(fact.document_id).metadata
    passage = evidence.view.passage(fact.passage_id)
    around = (*fact.heading_path, passage.context if passage else "")
    return Held(
        search_copy(f"{fact.group}{fact.subject} {fact.quote}"),
        search_copy(" ".join(around)),
        search_copy(metadata.title),
        metadata.region,
        (fact,),
        "",
        bool(passage and (passage.cells or passage.context)),
        evidence.quoter.source(fact.document_id),
    )
