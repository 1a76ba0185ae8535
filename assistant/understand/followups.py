"""A follow-up with what it leaves unsaid filled in from the turns before."""

import re
from collections.abc import Sequence

from assistant.understand.asked import without_roles
from assistant.understand.corpus import Corpus, Path
from assistant.understand.demands import WORDINGS, Demand
from assistant.understand.kinds import Kind, is_chat
from assistant.understand.learned import NOTHING, Sense
from assistant.understand.question import Question
from assistant.understand.scope import documents_named, find_places
from assistant.understand.several import is_of_several, of_item, of_several
from assistant.understand.swaps import (
    ROLE,
    at_places,
    corrected,
    in_year,
    of_thing,
    only_a_year,
    put_right,
)
from assistant.understand.threads import (
    A_MATTER,
    SHORT_TURN,
    Heard,
    join,
    scope_text,
    statement,
    subject_of,
    thread_of,
    trim,
)
from assistant.understand.turning import asks_more, asks_origin, gone_back, version_asked
from assistant.understand.wording import ASKING, without
from vectorstore.language.dates import YEAR
from vectorstore.language.text import says, search_copy
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


def complete(
    turn: str, before: Sequence[Question], corpus: Corpus, home: Path, heard: Heard = Heard()
) -> str:
    """A follow-up with what it leaves unsaid filled in from earlier turns."""
    if not before or heard.sense.kind is Kind.CHAT or is_chat(turn):
        return turn
    if back := gone_back(turn, before):
        earlier, rest = back
        return complete(rest, [earlier], corpus, home, heard) if rest else earlier.standalone
    thread = thread_of(before)
    last = thread[-1]
    text = search_copy(turn)
    if righted := put_right(text, before, heard):
        return righted
    body = corrected(text[len(_lead_of(text)) :])
    other = version_asked(body)
    if other and not other[1].strip("那按照的呢是怎么样说？?。"):
        return last.standalone  # the same, of another version of the rules
    if asks_origin(body) or asks_more(body) or asks_more(turn):
        return last.standalone
    year, more = only_a_year(body)
    if year:
        return in_year(last, year) + more
    if same := next((words for words in _SAME_TASK if words in body), ""):
        names = [place.text for place in last.places]
        return body.replace(same, _without_role(trim(without(statement(last), names))), 1)
    if pointed := of_item(body, thread, corpus, heard):
        return pointed
    places = find_places(body, corpus, home)
    named, unknown = documents_named(body, corpus)
    if not places and is_of_several(body, heard.sense):
        if several := of_several(body, thread, heard.sense):
            return several
    rest = ASKING.sub("", body).strip("，,、的 ")
    if (
        places
        and not named
        and not without(rest, [p.text for p in places]).strip("和与、及，,的市省区县是为有也那")
    ):
        return at_places(last, places)
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
    return not (named or unknown or find_places(corrected(body), corpus, home))


def _is_whole(body: str, sense: Sense) -> bool:
    """Whether the model is sure that a turn takes nothing from the one before."""
    if sense is NOTHING or len("".join(sense.matter)) <= A_MATTER:
        return False
    if len(body) <= SHORT_TURN or body.rstrip("？?。").endswith("呢"):
        return False
    return sense.follows < _SURELY_WHOLE


def _of_the_same(
    body: str, text: str, thread: Sequence[Question], corpus: Corpus, heard: Heard
) -> str:
    """Something else of the same subject, or the same of another group."""
    last = thread[-1]
    rest = ASKING.sub("", body).strip("，,、的 ")
    scope = next((found for q in reversed(thread) if (found := scope_text(q, corpus))), "")
    subject = subject_of(thread)
    if _POINTER.search(body):
        pointed = f"{scope}{subject}" if heard.sense is not NOTHING else scope
        return _POINTER.sub(lambda _: pointed, body, count=1) if pointed else body
    if (match := _ELLIPSIS.match(body)) and not match["thing"].endswith(_FACETS):
        if swapped := of_thing(match["thing"], last, scope, heard):
            return swapped
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
    return len(own) < A_MATTER and not body.rstrip("？?。").endswith("呢")


def _context(scope: str, subject: str, body: str, heard: Heard) -> str:
    """The subject, unless the turn names its own and the corpus does not hold both together."""
    own = without_roles("".join(heard.sense.matter))
    if heard.sense is NOTHING or subject in body:
        return ""
    if own and own in subject:
        return subject
    if len(own) >= _WHOLE_MATTER:
        return ""
    if len(own) >= A_MATTER and heard.support:
        asked = f"{scope}{subject}{body}"
        holds = heard.support(asked, subject) >= _HELD
        holds = holds and heard.support(asked, f"{subject}{own}") >= _TOGETHER
        return subject if holds else ""
    return subject


def _stands_elsewhere(body: str, thread: Sequence[Question], heard: Heard) -> bool:
    """Whether a turn names a matter of its own that the corpus holds, and not where the turns
    before looked: it begins something new."""
    own = "".join(heard.sense.matter)
    if len(own) <= A_MATTER or heard.support is None:
        return False
    where = next((q.where for q in reversed(thread) if q.where), SearchFilter())
    if not where:
        return False
    is_whole = len(own) >= _WHOLE_MATTER
    if not is_whole and own.endswith(tuple(f for f in _FACETS if len(f) > 1)):
        return False
    better = heard.support(body, own) - heard.support(body, own, where)
    return better > (_ELSEWHERE if is_whole else _WELL_ELSEWHERE)


_NOW = ("现在", "目前", "如今", "当前")
_WHOLE_MATTER = 6  # characters, from which one stands for itself
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


def _lead_of(text: str) -> str:
    """那, 另外, 同一年: what a turn begins with that says no more than that it goes on."""
    match = _LEAD.match(text)
    return match[0] if match else ""


def _without_role(task: str) -> str:
    """A task without the role that was asked for last: 管网改造的责任单位 → 管网改造."""
    last = next((m for m in ROLE.finditer(task) if m.end() == len(task)), None)
    return task[: last.start()] if last else task
