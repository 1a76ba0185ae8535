"""Details that some questions ask for beside their demands: how much must be told, by which
document, of which level, role or article."""

from collections.abc import Iterable

from assistant.understand import asking
from assistant.understand.demands import WORDINGS, Demand
from assistant.understand.quantity import counts_asked
from assistant.understand.question import Question
from assistant.understand.wording import without
from vectorstore.facts import DutyRole, RelationType
from vectorstore.language.aliases import shortened
from vectorstore.language.names import KIND_AT_END, ORGAN
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import says

_HOW = (
    "怎么", "如何", "怎样", "咋", *(f"哪些{way}" for way in ("做法", "措施", "办法", "举措")),
    *(f"{does}{what}" for does in ("做", "干", "搞", "抓") for what in ("什么", "些什么", "啥", "些啥", "哪些")),
)  # fmt: skip
# 文件怎么说: what it says is asked for, no course of action.
_HOW_IT_SAYS = ("怎么说", "怎么定", "怎么写", "怎么规定", "怎么样", "咋说", "咋写")
_LEVEL = Pattern(
    r"(?P<level>[省市县区])里(?=[对给按的是要规为发出定])",
    yes=(("省里对苗圃补多少", "省里"), ("市里给多少", "市里")),
    no=("哪里规定", "县里程碑"),
    why="the government of which level is meant, in everyday words",
)
_BY_WHICH = ("按哪", "依哪", "依照哪", "按照哪", "照哪", "适用哪", "以哪", "用哪")
_ITS_TEXT = ("完整", "全文", "原文", "条文", "原话")
_ARTICLES = Pattern(
    r"哪(?:些|几)?条(?!件)|条款|第[^条]{1,6}条",
    yes=(("改了哪几条", "哪几条"), ("第十二条改成了什么", "第十二条")),
    no=("有哪些条件",),
    why="asks about articles of a document, not about all of it",
)
_WHICH = (
    "哪些",
    "哪几",
    "几件",
    "几份",
    "几个",
    "几部",
    "多少件",
    "多少份",
    "多少个",
    "列出",
    "名单",
    "清单",
)
_ACTS: dict[str, tuple[RelationType, ...]] = {
    "继续有效": ("清理_继续有效",), "废止": ("废止", "清理_废止"), "失效": ("清理_失效",),
    "修改": ("修订", "清理_修改"), "修订": ("修订", "清理_修改"),
}  # fmt: skip
_QUOTATION = 12  # characters, from which words in quotation marks are a passage
_ROLES: tuple[tuple[str, tuple[DutyRole, ...]], ...] = (
    ("牵头", ("lead",)),
    ("主管", ("lead", "responsible")),
    ("配合", ("support",)),
    ("协办", ("support",)),
    ("责任单位", ("responsible",)),
    ("责任部门", ("responsible",)),
)
_MAIN = ("行政主管部门", "主管部门")
_LEVELS = "省市区县州旗"


def asks_how_much(question: Question) -> bool:
    """Whether a figure is asked for in so many words: …是多少."""
    return question.asks(Demand.FIGURE) and bool(asking.HOW_MUCH.search(question.standalone))


def asks_amount(question: Question) -> bool:
    """Whether the answer must hold a figure: 多少个."""
    return counts_asked(question.standalone)


def acts_asked(question: Question) -> tuple[RelationType, ...]:
    """What a document did to others, where a question asks to which: 清理中废止了哪几件 → 废止."""
    text = question.standalone
    if not says(text, _WHICH) or not question.asks(Demand.VALIDITY):
        return ()
    return next((acts for word, acts in _ACTS.items() if word in text), ())


def asks_who(question: Question) -> bool:
    """Whether an organ is asked for; what a side of a comparison is asked is seldom told by the
    model, so the wording counts by itself."""
    return question.asks(Demand.ORGAN) or question.words(Demand.ORGAN)


def asks_how(question: Question) -> bool:
    """Whether a course of action is asked for, which a paragraph tells."""
    return question.asks(Demand.PROCEDURE) or says(_plain(question), _HOW)


def _plain(question: Question) -> str:
    return without(question.standalone, _HOW_IT_SAYS)


def asks_when(question: Question) -> bool:
    """Whether a point in time or a length of it is asked for."""
    return asking.asks_when(question.standalone)


def asks_for_day(question: Question) -> bool:
    """Whether a point in time is asked for, and no length."""
    return bool(asking.WHEN.search(question.standalone))


def asks_twice(question: Question) -> bool:
    """Whether two things are asked of what a sentence says: the target and what came of it."""
    text = question.standalone
    asked = sum(len(words.findall(text)) for words in (asking.HOW_MUCH, asking.WHEN))
    return asked + sum(map(text.count, ("谁", "哪个", "哪些", "哪一"))) > 1


def level_asked(question: Question) -> str:
    """省, 市, 县 or 区, where a question means its government in everyday words; '' otherwise."""
    found = _LEVEL.search(question.standalone)
    return str(found["level"]) if found else ""


_LEVELS_NAMED = ("省级", "市级", "县级", "区级", "自治区级")


def without_level(question: Question) -> str:
    """The thing that a matter names, without its level where the place says it: 科普教育基地 of
    青海培育多少个省级科普教育基地; '' where it names no level."""
    thing = question.matter.split()[-1] if question.matter else ""
    level = next((w for w in _LEVELS_NAMED if thing.startswith(w)), "")
    return thing.removeprefix(level) if level and question.places else ""


def is_of_thing(question: Question, titles: Iterable[str]) -> bool:
    """Whether the matter is something that documents speak of and none of them: the life of a
    临时通行证, where no title names one."""
    if len(unheld(question)) < len(question.unknown):
        return True
    words = question.matter.split() if question.is_marked and not question.named else []
    named = "".join(titles)
    return bool(words) and not any(word in named or KIND_AT_END.search(word) for word in words)


def unheld(question: Question) -> list[str]:
    """Numbers and titles of documents that it names and nobody holds. What stands in 《》 and ends
    in no 文种 is a thing: 《资格证书》."""
    return [n for n in question.unknown if not n.startswith("《") or KIND_AT_END.search(n)]


def asks_by_which(question: Question) -> bool:
    """Whether the document is asked for by which something goes."""
    return says(question.standalone, _BY_WHICH)


def asks_for_text(question: Question) -> bool:
    """Whether the words of a document are asked for as they stand."""
    return says(question.standalone, _ITS_TEXT)


def asks_for_articles(question: Question) -> bool:
    """Whether single articles are asked about."""
    return bool(_ARTICLES.search(question.standalone))


def quoted_at_length(question: Question) -> str:
    """The words that a question quotes to ask where they stand; '' in any other question."""
    text = question.standalone
    for found in asking.QUOTED.finditer(text):
        if len(found["words"]) >= _QUOTATION:
            asks = WORDINGS[Demand.ORIGIN].search(text[found.end() :])
            return str(found["words"]) if asks else ""
    return ""


_ROLE_WORDS = Pattern(
    r"(?:的)?(?:牵头|责任|主管|配合|承办|协办|负责|参与)(?:单位|部门|机构|方)?|由谁|谁来?|哪[一]?[个些几]?家?(?:单位|部门|机构)?|分工|来?(?:承担|组织)|单位|部门",
    yes=(("演练由谁负责", "由谁"), ("牵头单位", "牵头单位")),
    no=("应急演练",),
    why="what a question for an organ says around the task",
)


_CONDITIONS = ("条件", "资格", "门槛", "材料", "手续", "证件")


def names_conditions(question: Question) -> bool:
    """Whether it speaks of conditions or what is to be brought in so many words."""
    return says(question.standalone, _CONDITIONS)


_NO_MATTER = frozenset("定设得更最高低多少大小是的")


def names_matter(question: Question) -> bool:
    """Whether a question names what it asks about: not 哪里定得最高."""
    return not _NO_MATTER.issuperset(question.matter)


_TARGETS = ("目标", "指标", "量化", "数字", "数值", "达到")


def names_targets(question: Question) -> bool:
    """Whether it speaks of targets in so many words: 定了哪些量化目标, not 五项重点工程."""
    return says(question.standalone, _TARGETS)


# --- organs ---------------------------------------------------------------------------------------


def roles_asked(question: Question) -> tuple[DutyRole, ...]:
    """The roles of an organ that are asked about; () where none is named."""
    return next((roles for word, roles in _ROLES if word in question.standalone), ())


_IN_CHARGE = ("牵头", "负责", "主管", "责任", "配合", "承办", "协办", "分工", "归口")


def asks_in_charge(question: Question) -> bool:
    """Whether it asks who leads or is in charge, in so many words and nothing else: not 谁批, and
    not 主管部门多久审核."""
    if question.asks(Demand.FIGURE, Demand.DEADLINE, Demand.DUTIES) or asks_twice(question):
        return False
    text = question.standalone.replace("主管部门", "")
    return says(text, _IN_CHARGE) and not asks_when(question)


def without_roles(topic: str) -> str:
    """A task without the words that ask for its organs."""
    words = without(topic, _POINTING)
    return " ".join(_ROLE_WORDS.remove_from(words, " ").split()).strip(" 的是有由管，,")


# 加大科普投入这块又是谁管: what points at the task and names nothing.
_POINTING = ("这项工作", "这一块", "这块", "那一块", "那块", "这件事", "这一项", "又是", "到底是")


def task_asked(question: Question, *, everywhere: bool = False) -> str:
    """The task whose organs are asked for; `everywhere` also without what asks it of all."""
    words = " ".join(question.added) if question.is_english else without_roles(question.subject)
    if everywhere:
        words = WORDINGS[Demand.EVERYWHERE].remove_from(words, " ").strip("的 ")
    return words


_ANY_TASK = ("工作", "任务", "事项", "职责", "职权", "事情", "责任")


def task_named(question: Question, organ: str) -> str:
    """The last thing that the matter of a question for an organ's tasks names beside the organ:
    土地监察职权; '' where it names none (主要工作)."""
    pieces = [p for p in question.matter.split() if p not in organ] if question.is_marked else []
    thing = without_roles(pieces[-1].replace(organ, "")) if pieces else ""
    plain = without(thing, _ANY_TASK)
    return thing if len(plain) >= _A_THING and not says(thing, (organ,)) else ""


_A_THING = 4  # characters


def organ_in(question: Question) -> str | None:
    """The organ that a question names, without the place in front of it."""
    text = question.standalone
    for place in question.places:
        level = place.text[-1] if place.text[-1] in _LEVELS else ""
        text = text.replace(place.text, level, 1)
    match = ORGAN.search(text)
    return match[0] if match else None


def organ_known(question: Question, keys: Iterable[str]) -> str:
    """Of the keys of organs that documents name (aliases.organ_key) the longest that a question
    holds, in full or short, with or without the place in front; '' where it holds none."""
    text = question.standalone
    placeless = (shortened(text.replace(place.text, " ", 1)) for place in question.places)
    said = " ".join((shortened(plain_department(text)), shortened(text), *placeless))
    return max((key for key in keys if len(key) >= 2 and key in said), key=len, default="")


_EACH = tuple(
    f"{each}{does}"
    for each in ("各", "各自", "分别", "都各自", "各要", "各应当", "分别要")
    for does in ("负责", "管", "承担", "做", "干", "抓")
)
_WHAT = ("什么", "哪", "啥")
_ORGAN_ENDS = ("行政主管部门", "主管部门", "部门", "机构", "局", "委员会", "委", "厅", "办公室")
_LEVEL_WORDS = ("省", "市", "县", "区", "州")
_STEM = 2  # characters


def asks_each(question: Question) -> bool:
    """Whether it asks what each of several organs has to do."""
    return says(question.standalone, _EACH) and says(question.standalone, _WHAT)


def organs_named(question: Question, organs: Iterable[str]) -> set[str]:
    """Of some organs those that a question names, by the field they stand for: 市民政局 by 民政."""
    text = question.standalone
    for place in question.places:
        text = text.replace(place.text, "，", 1)
    return {organ for organ in organs if len(stem := _stem(organ)) >= _STEM and stem in text}


def _stem(organ: str) -> str:
    end = next((end for end in _ORGAN_ENDS if organ.endswith(end)), "")
    stem = organ.removesuffix(end)
    return stem[1:] if stem.startswith(_LEVEL_WORDS) else stem


def plain_department(name: str) -> str:
    """水行政主管部门 → 水部门."""
    for word in _MAIN:
        name = name.replace(word, "部门")
    return name
