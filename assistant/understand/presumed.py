"""What a question takes for granted: who leads, a day, a figure."""

from assistant.understand.demands import Demand
from assistant.understand.kinds import PREMISE
from assistant.understand.question import Question
from vectorstore.language.dates import DAY
from vectorstore.language.figures import Figure, figures
from vectorstore.language.text import says, search_copy

_NO_AMOUNT = ("年", "月", "日", "号", "条", "款", "届", "期", "项", "份", "级", "类", "页", "次")
_PRESUMES = (
    "为什么", "为何", "怎么会", "凭什么", "定为", "改成", "改为", "设为", "达到", "超过", "只有",
    "高达", "规定", "要求",
)  # fmt: skip


def lead_presumed(question: Question) -> tuple[str, str] | None:
    """(organ, its role) that a question takes for granted: 由市应急局牵头的…."""
    match = PREMISE.search(question.standalone)
    if not match:
        return None
    organ = str(match["organ"])
    for place in question.places:
        organ = organ.removeprefix(place.text)
    return organ[max(map(organ.rfind, "由里中，")) + 1 :], str(match["role"])


def days_to_confirm(question: Question) -> tuple[tuple[int, int, str], ...]:
    """(month, day, as it is said) of days that a question asks to confirm."""
    if not question.asks(Demand.CONFIRM):
        return ()
    found = DAY.finditer(question.standalone)
    return tuple((int(match["m"]), int(match["d"]), match[0]) for match in found)


def figures_to_confirm(question: Question) -> list[Figure]:
    return _amounts(question) if question.asks(Demand.CONFIRM) else []


def figures_presumed(question: Question) -> list[Figure]:
    """Those to be confirmed, and those that a question takes for granted."""
    presumes = question.asks(Demand.CONFIRM) or says(question.standalone, _PRESUMES)
    return _amounts(question) if presumes else []


def _amounts(question: Question) -> list[Figure]:
    found = figures(search_copy(question.standalone))
    return [f for f in found if f.unit and f.unit not in _NO_AMOUNT]
