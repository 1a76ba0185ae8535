"""What a question takes for granted: who leads, a day, a figure."""

from assistant.understand.demands import Demand
from assistant.understand.kinds import PREMISE
from assistant.understand.question import Question
from vectorstore.language.dates import DAY
from vectorstore.language.figures import Figure, figures
from vectorstore.language.text import says, search_copy

_NO_AMOUNT = ("年", "月", "日", "号", "条", "款", "届", "期", "项", "份", "级", "类", "页", "次")
_PAUSES = ("，", ",", "。", "；")
_EQUALS = ("只有", "都是", "就是", "是", "为", "有")
# What a figure is the measure of; 我儿子是15岁 states nothing that a document could contradict.
_MEASURED = (
    "期", "期限", "时限", "时间", "年限", "标准", "比例", "额度", "限额", "金额", "上限", "下限", "罚款",
    "补贴", "补助", "奖励", "面积", "目标", "门槛", "率",
)  # fmt: skip
_ATTRIBUTE = 4  # characters of its name
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


def task_described(question: Question) -> str:
    """The task that is described by who leads it: 由市应急局牵头的应急演练，要… → 应急演练; ''."""
    text = question.standalone
    match = PREMISE.search(text)
    if not match:
        return ""
    rest = text[match.end() :]
    ends = (at for pause in (*_PAUSES, "？", "?") if (at := rest.find(pause)) >= 0)
    return rest[: min(ends, default=len(rest))].strip()


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


def attributes_presumed(question: Question) -> list[tuple[str, Figure]]:
    """(what it is the measure of, figure) that a question states before it asks: 许可证有效期是3年，
    那…; 公示有90天的异议期，从哪天起算."""
    text = search_copy(question.standalone)
    found = []
    for figure in figures(text):
        rest = text[figure.start + len(figure.text) :]
        if not figure.unit or not says(rest, _PAUSES) or rest.startswith("还是"):
            continue  # what is asked stands behind
        before = text[: figure.start]
        if rest.startswith("的"):
            name = rest[1:5]
            name = name[: 1 + name.rfind("期")]
        elif verb := next((v for v in _EQUALS if before.endswith(v)), ""):
            name = before.removesuffix(verb)[-_ATTRIBUTE:]
        else:
            continue
        if len(name) >= 2 and name.endswith(_MEASURED):
            found.append((name, figure))
    return found


def _amounts(question: Question) -> list[Figure]:
    found = figures(search_copy(question.standalone))
    return [f for f in found if f.unit and f.unit not in _NO_AMOUNT]
