"""A follow-up with what it leaves unsaid filled in from the turns before."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.understand.asked import without_roles
from assistant.understand.asking import COMPARING
from assistant.understand.corpus import Corpus, Path, label
from assistant.understand.demands import WORDINGS, Demand
from assistant.understand.kinds import Kind, is_chat
from assistant.understand.learned import NOTHING, Alike, Sense
from assistant.understand.question import Question
from assistant.understand.scope import Place, documents_named, find_places
from assistant.understand.turning import asks_more, asks_origin, gone_back, version_asked
from assistant.understand.wording import ASKING, without
from vectorstore.language.dates import YEAR
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import says, search_copy
from vectorstore.language.words import cut
from vectorstore.models import SearchFilter

_POINTER = re.compile(
    r"(?:这|那|该|此|上述|前述)(?:份|个|些|项|部)?(?:文件|方案|规划|通知|办法|意见|政策|条例|规定)|"
    r"(?:^|(?<=[，,。 ]))(?:它|其|该文|该地|那里|那边|这里|当地)(?:们)?(?:的)?"
)
_LEAD = re.compile(
    r"^(?:那么?|还有|另外|再问|请问)?[，, ]*(?:在?(?:同一?年|同期|那一?年|当年)的?[，, ]*)?"
)


def depends(question: Question) -> bool:
    """Whether a turn still points at an earlier one, whatever was filled in."""
    if question.is_completed or question.places:
        return False
    text = question.asked
    goes_on = text.startswith(_GOES_ON) or text.rstrip("？?").endswith("呢")
    return goes_on or bool(_POINTER.search(text))


_GOES_ON = ("那", "它", "其", "这", "该", "上述", "两者", "还有", "然后", "呢")


def only_goes_on(turn: str) -> bool:
    """Whether a turn asks nothing by itself: 那省级基地呢."""
    asked = set(ASKING.findall(search_copy(turn).strip()))
    return "呢" in asked and asked <= {"呢", *_MARKS}


_MARKS = "？?！!。"


Told = Callable[[Question], Sequence[str]]


class Support(Protocol):
    """How much of some words stands where a text is found: a follow-up is tried out on the
    corpus."""

    def __call__(self, text: str, words: str, where: SearchFilter = ...) -> float: ...


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn as it is heard before it stands alone: what the model of questions makes of it,
    and how the corpus answers to a wording (None: it is not asked). `told` gives the items that
    answer an earlier question."""

    sense: Sense = NOTHING
    alike: Alike | None = None
    support: Support | None = None
    told: Told | None = None


def complete(
    turn: str, before: Sequence[Question], corpus: Corpus, home: Path, heard: Heard = Heard()
) -> str:
    """A follow-up with what it leaves unsaid filled in from earlier turns."""
    if not before or heard.sense.kind is Kind.CHAT or is_chat(turn):
        return turn
    if back := gone_back(turn, before):
        earlier, rest = back
        return complete(rest, [earlier], corpus, home, heard) if rest else earlier.standalone
    thread = _thread(before)
    last = thread[-1]
    text = search_copy(turn)
    body = _corrected(text[len(_lead_of(text)) :])
    other = version_asked(body)
    if other and not other[1].strip("那按照的呢是怎么样说？?。"):
        return last.standalone  # the same, of another version of the rules
    if asks_origin(body) or asks_more(body) or asks_more(turn):
        return last.standalone
    year, more = _only_a_year(body)
    if year:
        return _in_year(last, year) + more
    if same := next((words for words in _SAME_TASK if words in body), ""):
        names = [place.text for place in last.places]
        return body.replace(same, _without_role(_trim(without(statement(last), names))), 1)
    if pointed := _of_item(body, thread, corpus, heard):
        return pointed
    places = find_places(body, corpus, home)
    named, unknown = documents_named(body, corpus)
    if not places and _is_of_several(body, heard.sense):
        if several := _of_several(body, thread, heard.sense):
            return several
    rest = ASKING.sub("", body).strip("，,、的 ")
    if (
        places
        and not named
        and not without(rest, [p.text for p in places]).strip("和与、及，,的市省区县是为有也那")
    ):
        return _swap_places(last, places)
    if places or named or unknown:
        return turn
    if _is_whole(body, heard.sense) and not _POINTER.search(body):
        return turn
    return _of_the_same(body, text, thread, corpus, heard)


def leans(turn: str, question: Question, last: Question, corpus: Corpus, home: Path) -> bool:
    """Whether a follow-up asks something of the document that answered the question before: it
    names no place or document of its own, and takes one place at most. `turn` is one that takes
    something of the turns before."""
    body = search_copy(turn)
    if last.kind is Kind.CHAT or len(question.places) > 1:
        return False
    if says(body, _NOW):  # what holds now may stand in another document
        return False
    named, unknown = documents_named(body, corpus)
    return not (named or unknown or find_places(_corrected(body), corpus, home))


def _is_whole(body: str, sense: Sense) -> bool:
    """Whether the model is sure that a turn takes nothing from the one before."""
    if sense is NOTHING or len("".join(sense.matter)) <= _A_MATTER:
        return False
    if len(body) <= _SHORT_TURN or body.rstrip("？?。").endswith("呢"):
        return False
    return sense.follows < _SURELY_WHOLE


def _thread(before: Sequence[Question]) -> Sequence[Question]:
    """The turns since the last one that was complete in itself, small talk left out."""
    turns = [q for q in before if q.kind is not Kind.CHAT] or list(before)
    first = max((i for i, q in enumerate(turns) if not q.is_completed), default=0)
    return turns[first:]


def _corrected(body: str) -> str:
    """What a correction puts in place of what was asked: 不对，我要的是2030年的 → 2030年的呢,
    换成2028年 → 2028年呢."""
    found = _CORRECTS.match(body)
    if not found and body.startswith(_INSTEAD) and len(body) <= _SHORT_TURN:
        return f"{body[2:].rstrip('。的呢')}呢"
    return f"{found['meant']}呢" if found else body


def _is_of_several(body: str, sense: Sense) -> bool:
    """Whether a turn takes what several turns before were about together."""
    if _SEVERAL.search(body):
        return True
    if len("".join(sense.matter)) >= _A_MATTER:
        return False
    return len(body) <= _SHORT_TURN and (says(body, _TABLE) or _ranks(body))


def _is_table(body: str) -> bool:
    return len(body) <= _SHORT_TURN and says(body, _TABLE)


def _ranks(body: str) -> bool:
    return WORDINGS[Demand.RANK].search(body) is not None


def _of_item(body: str, thread: Sequence[Question], corpus: Corpus, heard: Heard) -> str:
    """第三个由谁牵头, after a list: the item that is meant, in place of its number; ''."""
    said = next((o for o in _ORDINALS if o in body and f"{o}月" not in body), "")
    if not said or heard.told is None:
        return ""
    number = _ORDINALS[said]
    for question in reversed(thread):
        items = heard.told(question)
        if len(items) > max(1, number):
            rest = body.replace(said, items[number], 1)
            rest = f"{rest.rstrip('？?。')[:-1]}是什么？" if only_goes_on(body) else rest
            return f"{_scope_text(question, corpus)}{rest}"
    return ""


# 第三项 → 2, 最后一个 → -1.
_ORDINALS = {
    **{
        f"第{sign}{unit}": number
        for unit in "个项条点大类种"
        for signs in ("一二三四五六七八九十", "123456789")
        for number, sign in enumerate(signs)
    },
    **{f"最后一{unit}": -1 for unit in "个项条点类种"},
}


def _of_several(body: str, thread: Sequence[Question], sense: Sense) -> str:
    """两者差几个百分点: the places of the turns before, and the topic that they share."""
    if thread[-1].asks(Demand.EVERYWHERE):
        names = "各地"
    else:
        held: dict[Path, str] = {}
        for question in thread:
            for place in question.places:
                held.pop(place.path, None)
                held[place.path] = place.text
        counted = _SEVERAL.search(body)
        said = counted[0] if counted else ""
        wanted = next((number for name, number in _NUMBERS.items() if name in said), 0)
        names = "、".join(list(held.values())[-wanted:])
        if len(held) < 2 and not _is_table(body):
            return ""
    last = next((q for q in reversed(thread) if q.matter), thread[-1])
    own = "".join(sense.matter)
    years = YEAR.findall(body) or YEAR.findall(last.standalone)
    year = f"{years[-1]}年" if years and years[-1] not in body else ""
    if len(own) >= _A_MATTER:
        topic = ""
    elif last.is_marked:
        topic = last.matter.replace(" ", "")
    else:
        topic = _trim(without(statement(last), [p.text for p in last.places]))
        year = ""
    ask = _SEVERAL.remove_from(body).lstrip("，,也的")
    return f"{names}{year}{topic}{ask}"


def _of_the_same(
    body: str, text: str, thread: Sequence[Question], corpus: Corpus, heard: Heard
) -> str:
    """Something else of the same subject, or the same of another group."""
    last = thread[-1]
    rest = ASKING.sub("", body).strip("，,、的 ")
    scope = next((found for q in reversed(thread) if (found := _scope_text(q, corpus))), "")
    subject = _subject(thread)
    if _POINTER.search(body):
        pointed = f"{scope}{subject}" if heard.sense is not NOTHING else scope
        return _POINTER.sub(lambda _: pointed, body, count=1) if pointed else body
    if (match := _ELLIPSIS.match(body)) and not match["thing"].endswith(_FACETS):
        if counted := _COUNTED.match(search_copy(last.standalone)):
            return f"{counted['before']}{match['thing']}？"
        if swapped := _swap_group(match["thing"], last, heard):
            return swapped
        if scope and (asked := _asking_tail(last)):
            return f"{scope}{match['thing']}{asked}"
    if _is_bare(body, rest):
        topic = statement(last)
        if not WORDINGS[Demand.ORGAN].search(body):  # the task, no longer its organ
            topic = _without_role(topic)
        topic = topic.removesuffix("达到")
        if not (heard.sense is not NOTHING and subject):
            return join(topic, body)
    follows = bool(_lead_of(text)) or body.rstrip("？?。").endswith("呢") or len(rest) <= 14
    if not (follows or heard.sense.follows >= 0.5) or not (scope or subject):
        return body
    if _stands_elsewhere(body, thread, heard):
        return body
    open_end = body.rstrip("？?")
    body = f"{open_end[:-1]}是什么？" if open_end.endswith("呢") else body
    year = _year_kept(text, last)
    return f"{scope}{year}{_context(scope, subject, body, heard)}{body}"


def _year_kept(turn: str, last: Question) -> str:
    """The year that the last question names alone, for a turn that asks for a figure and names
    none: its figures are of that year too."""
    years = last.years_said
    if len(years) != 1 or YEAR.search(turn) or not WORDINGS[Demand.FIGURE].search(turn):
        return ""
    return f"{years[0]}年"


def _is_bare(body: str, rest: str) -> bool:
    """Whether a turn only asks, and `rest`, what it says beside, names no matter: 由谁牵头."""
    own = without_roles(rest).strip("由是有都要")
    return len(own) < _A_MATTER and not body.rstrip("？?。").endswith("呢")


def _subject(thread: Sequence[Question]) -> str:
    """What the thread is about: the matter of the last turn that names one at some length."""
    named = (q.matter.replace(" ", "") for q in reversed(thread) if q.is_marked)
    return next((m for m in named if _A_MATTER <= len(m) <= _SHORT_TURN // 2), "")


def _context(scope: str, subject: str, body: str, heard: Heard) -> str:
    """The subject, unless the turn names its own and the corpus does not hold both together."""
    own = without_roles("".join(heard.sense.matter))
    if heard.sense is NOTHING or subject in body:
        return ""
    if own and own in subject:
        return subject
    if len(own) >= _WHOLE_MATTER:
        return ""
    if len(own) >= _A_MATTER and heard.support:
        asked = f"{scope}{subject}{body}"
        holds = heard.support(asked, subject) >= _HELD
        holds = holds and heard.support(asked, f"{subject}{own}") >= _TOGETHER
        return subject if holds else ""
    return subject


def _stands_elsewhere(body: str, thread: Sequence[Question], heard: Heard) -> bool:
    """Whether a turn names a matter of its own that the corpus holds, and not where the turns
    before looked: it begins something new."""
    own = "".join(heard.sense.matter)
    if len(own) <= _A_MATTER or heard.support is None:
        return False
    where = next((q.where for q in reversed(thread) if q.where), SearchFilter())
    if not where:
        return False
    is_whole = len(own) >= _WHOLE_MATTER
    if not is_whole and own.endswith(tuple(f for f in _FACETS if len(f) > 1)):
        return False
    better = heard.support(body, own) - heard.support(body, own, where)
    return better > (_ELSEWHERE if is_whole else _WELL_ELSEWHERE)


def _swap_group(thing: str, last: Question, heard: Heard) -> str:
    """本科呢 after 硕士租房补贴多少: the word of the last matter that is most like it gives way."""
    if heard.alike is None or not last.is_marked:
        return ""
    words = [w for piece in last.matter.split() for w in cut(piece) if len(w) > 1]
    if len(words) < 2:
        return ""
    nearest = heard.alike(thing, words)
    if len(thing) > len(nearest) + _LONGER:
        return ""  # 基层科普能力提升: another matter, not another group
    return last.standalone.replace(nearest, thing, 1) if nearest in last.standalone else ""


_LONGER = 3  # characters, by which what takes a word's place may be longer
_CORRECTS = re.compile(
    r"^(?:不对|错了|搞错了|说错了|更正一?下?|不是[^，,。]{0,12})[，,。 ]*(?:我)?(?:想?[要问说指查看]的?是?|应该是|是)?(?P<meant>[^，,。]{1,16}?)(?:的)?[。！!]?$"
)
_INSTEAD = ("换成", "换到", "换作", "改成", "改为", "改看")
_SEVERAL = Pattern(
    r"(?:(?:[这那]|前面?[这那]?)[两二三四五六几]|[两二三四])(?:个|家|地|份|者|省|市|区)(?:之间)?的?|它们(?:之间)?的?"
    r"|这(?:个|家|地|份|些)|以上|上[面述]|前面[这那]?个?",
    yes=("这三个", "两者之间的", "它们的", ("前面几个呢", "前面几个")),
    no=("哪五个站", "建几个站"),
    why="what several turns before were about",
)
_NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_TABLE = (
    "表格", "清单", "列表", "列个表", "列成表", "列一个表", "做个表", "做成表", "整理成表",
    "汇总成表", "汇总表", "对比表", "比较表",
)  # fmt: skip
_NOW = ("现在", "目前", "如今", "当前")
_A_MATTER = 4  # characters: shorter ones lean on what was said before
_WHOLE_MATTER = 6  # characters, from which one stands for itself
_SHORT_TURN = 16
_SURELY_WHOLE = 0.25
_HELD = 0.5  # of the subject's weight, where both are found
_TOGETHER = 0.75  # of the weight of both, in one passage
_ELSEWHERE = 0.25  # of the matter's weight, by which it stands better where nobody looked
_WELL_ELSEWHERE = 0.5  # of a short one's
_ELLIPSIS = re.compile(  # 产业工人的呢
    r"^(?P<thing>[^，,？?]{2,16}?)(?:的|那[项个条块部分]{1,2}|这一?[项个条块]|方面|部分)*呢[？?。]*$"
)
# What a rule states about a subject: 补助标准呢 asks something else of the same subject, 残疾人呢
# asks the same of another.
_FACETS = (
    "率", "额", "量", "次数", "标准", "目标", "比例", "时间", "日期", "时限", "期限", "地点", "单位",
    "部门", "机关", "职责", "要求", "措施", "条件", "资格", "范围", "依据", "原则", "对象", "方式",
    "方法", "程序", "流程", "材料", "费用", "经费", "资金",
)  # fmt: skip
_SAME_TASK = tuple(
    f"{same}{task}"
    for same in ("同类", "同样的", "同样", "同一项", "相同的", "相同")
    for task in ("工作", "任务", "事项", "措施")
)
_COUNTED = re.compile(  # 要创建几个示范县: what is counted stands behind the question word
    r"^(?P<before>.{4,}(?:多少|(?<!哪)几)[个名人家项座所次场处台]?)[\u4e00-\u9fff]{3,60}[？?。]*$"
)
_ROLE = re.compile(r"的?由?(?:牵头|责任|主管|负责|配合)(?:单位|部门|的|$)")


def _only_a_year(body: str) -> tuple[str, str]:
    """The year of a turn that names nothing else, and what is said behind it: 到2030年底呢 →
    2030."""
    head, asks, more = body.partition("呢")
    year = head.strip("到了年的底末")
    is_year = bool(asks) and len(year) == 4 and year.isdecimal() and len(more) <= _SHORT_TURN
    return (year, more.strip("？?。")) if is_year else ("", "")


def _in_year(last: Question, year: str) -> str:
    """The last question, asked of another year, or of one where it named none."""
    if told := YEAR.findall(last.standalone):
        return last.standalone.replace(told[-1], year)
    place = last.places[-1].text if last.places else ""
    head, _, rest = last.standalone.partition(place) if place else ("", "", last.standalone)
    return f"{head}{place}{year}年{rest}"


def _lead_of(text: str) -> str:
    """那, 另外, 同一年: what a turn begins with that says no more than that it goes on."""
    match = _LEAD.match(text)
    return match[0] if match else ""


def _without_role(task: str) -> str:
    """A task without the role that was asked for last: 管网改造的责任单位 → 管网改造."""
    last = next((m for m in _ROLE.finditer(task) if m.end() == len(task)), None)
    return task[: last.start()] if last else task


def _asking_tail(question: Question) -> str:
    """What was asked of the topic: 农民行动谁牵头？ → 谁牵头？; '' where it stands in front."""
    text = search_copy(question.standalone)
    asking = ASKING.search(text)
    role = _ROLE.search(text) if question.kind is Kind.DEPARTMENT else None
    start = min((m.start() for m in (asking, role) if m), default=0)
    return text[start:] if start > 4 else ""


def _swap_places(last: Question, places: Sequence[Place]) -> str:
    """那徐州呢: the last question, asked of another place."""
    names = "、".join(place.text for place in places)
    if not last.places:
        return f"{names}{last.standalone}"
    text = search_copy(last.standalone)
    first, *others = last.places
    for other in others:
        text = text.replace(other.text, "", 1)
    return text.replace(first.text, names, 1).lstrip("、和与及,，")


def _scope_text(last: Question, corpus: Corpus) -> str:
    if last.places:
        return "、".join(place.text for place in last.places)
    if len(last.named) == 1:
        return label(corpus.by_id[last.named[0]])
    return ""


def statement(question: Question) -> str:
    """A question as a noun phrase: without question words and differences."""
    text = COMPARING.remove_from(search_copy(question.standalone))
    first = text.replace("?", "？").partition("？")[0]
    return _trim("".join(ASKING.sub("", first).split()))


def _trim(text: str) -> str:
    return text.lstrip("、和与及,，市省区县的").rstrip("，,、：:是的为有")


def join(statement: str, ask: str) -> str:
    return f"{statement}{ask}" if statement else ask
