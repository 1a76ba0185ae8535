"""Questions over several documents: what each side is asked, what all are searched for."""

from dataclasses import replace

from assistant.understand.asked import asks_who, without_roles
from assistant.understand.asking import COMPARING, WHEN
from assistant.understand.demands import Demand
from assistant.understand.kinds import Kind, kind_of
from assistant.understand.question import Question
from vectorstore.models import SearchFilter

_SPEAKS = (
    "提到", "提及", "提出", "涉及", "写到", "说到", "出现", "包含", "要求", "规定", "写明", "写了",
    "强调", "支持", "鼓励", "安排", "设置", "部署",
)  # fmt: skip
_STOPS = str.maketrans("？?，,。", "     ")
_AFTER_TERM = ("内容", "要求", "工作", "任务", "规定", "措施", "事情", "吗", "呢")
_BASED = ("依据", "根据", "贯彻", "落实", "上位", "引用")
_LONGEST = 16  # characters of a term that is looked for as it stands


def asks_quantity(question: Question) -> bool:
    """Whether figures are compared."""
    return question.asks(Demand.FIGURE, Demand.RANK)


def of_side(question: Question, name: str, where: SearchFilter) -> Question:
    """What a comparison asks of one of its sides: `topic` without the others."""
    topic = matter_compared(question)
    alone = f"{name}{topic}"
    kind = Kind.DEPARTMENT if asks_who(question) else kind_of(alone, 1)
    if kind not in (Kind.DEPARTMENT, Kind.LIST):
        kind = Kind.FACT
        alone += "是多少？" if asks_quantity(question) else ""
        alone += "是什么时候？" if WHEN.search(question.standalone) else ""
    places = tuple(place for place in question.places if place.text == name)
    return replace(question, standalone=alone, topic=alone, kind=kind, places=places, where=where)


def matter_compared(question: Question) -> str:
    """What the sides are compared in."""
    topic = question.subject
    for place in question.places:
        topic = topic.replace(place.text, " ")
    parts = COMPARING.remove_from(topic, " ").split()
    kept = (part.rstrip("、，,").lstrip("、，,和与及的") for part in parts)
    return " ".join(filter(None, kept)).strip("，,、：:的和与有是在上 ")


def compares_years(question: Question) -> bool:
    """Whether years are set against each other, of one place or document at most."""
    scopes = len(question.places) + len(question.named)
    return scopes <= 1 and bool(COMPARING.search(question.standalone))


def of_year(question: Question, year: int) -> Question:
    """What a comparison of years asks of one of them."""
    topic = matter_compared(question)
    for other in question.years_said:
        topic = topic.replace(f"{other}年", "")
    places = "".join(place.text for place in question.places)
    alone = f"{places}{year}年{topic.strip('和与、及跟的，, ')}"
    demands = question.demands - {Demand.RANK}
    return replace(question, standalone=alone, topic=alone, kind=Kind.FACT, demands=demands)


def task_compared(question: Question) -> str:
    """The task whose organs are compared."""
    return without_roles(matter_compared(question))


def term_asked(question: Question) -> str:
    """The term that documents are searched for: 哪些文件提到X; '' where none is named."""
    if terms := [term for term in question.quoted if len(term) > 1]:
        return terms[0]
    text = question.standalone
    verb = min((v for v in _SPEAKS if v in text), key=text.find, default=text)
    what = text.partition(verb)[2].translate(_STOPS).partition(" ")[0].lstrip("了过")
    for word in _AFTER_TERM:
        what = what.removesuffix(word)
    what = what.strip("了的 ")
    return what if 2 <= len(what) <= _LONGEST else ""


def asks_what_rests(question: Question) -> bool:
    """Whether documents are asked for that rest on another one."""
    return any(word in question.standalone for word in _BASED)
