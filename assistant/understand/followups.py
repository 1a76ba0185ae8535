"""A follow-up with what it leaves unsaid filled in from the turns before."""

import re
from collections.abc import Sequence

from assistant.understand.corpus import Corpus, Path, label
from assistant.understand.kinds import ASKS_ORGAN, Kind
from assistant.understand.question import Question
from assistant.understand.scope import Place, documents_named, find_places
from assistant.understand.wording import ASKING, without
from vectorstore.language.dates import YEAR
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import search_copy

_DIFFERENCE = re.compile(
    r"(?:相?差|高出?|低|多|少)(?:了)?(?:多少|几)(?:个?百分点|倍|人|名|个|万)?|"
    r"(?:有(?:何|什么|哪些))?(?:不同|差异|区别|异同)|哪个更?[高低多少]|对比|相比|比较|分别"
)
_POINTER = re.compile(
    r"(?:这|那|该|此|上述|前述)(?:份|个|些|项|部)?(?:文件|方案|规划|通知|办法|意见|政策|条例|规定)|"
    r"(?:^|(?<=[，,。 ]))(?:它|其|该文|该地|那里|那边|这里|当地)(?:们)?(?:的)?"
)
_PAIR = re.compile(
    r"(?:两|二|三|四)(?:者|地|份|个|家|省|市|区)(?:之间)?(?:的)?|它们(?:之间)?(?:的)?"
)
_THEN = re.compile(r"^(?:那么?|还有|另外|再问|请问)[，, ]*")
_BARE_ASK = re.compile(
    r"^(?:又|都|具体)?(?:是)?(?:由?(?:谁|哪[个些几家]{1,2}(?:单位|部门)?)(?:来)?(?:牵头|负责|主管|配合|承担)|"
    r"(?:牵头|责任|配合|负责)(?:单位|部门)(?:是|有|呢)?.{0,4}|(?:什么时候|何时|哪年|哪天)(?:完成|开始|实施|达到)?|"
    r"(?:目标|标准|数量|比例|期限)?(?:是)?(?:多少|几[个年项])|为什么|怎么(?:做|办|考核)|有(?:哪些|什么)(?:措施|要求|任务|保障)|"
    r"(?:具体|主要)(?:是|要|有|都)*(?:搞|做|干|抓|办|开展|采取|包括)?[些了]?(?:什么|啥|哪些)(?:内容|措施|举措|工作|活动|事情?)?)[？?。呢呀 ]*$"
)


def complete(turn: str, before: Sequence[Question], corpus: Corpus, home: Path) -> str:
    """A follow-up with what it leaves unsaid filled in from earlier turns."""
    if not before:
        return turn
    last = before[-1]
    text = search_copy(turn)
    body = _THEN.sub("", text)
    if (year := _ONLY_A_YEAR.match(body)) and (told := YEAR.findall(last.standalone)):
        return last.standalone.replace(told[-1], year["year"])
    body = _SAME_YEAR.sub("", body)
    if _SAME_TASK.search(body):
        names = [place.text for place in last.places]
        task = re.sub(_ROLE_AT_END, "", _trim(without(statement(last), names)))
        return _SAME_TASK.sub(lambda _: task, body, count=1)
    places = find_places(body, corpus, home)
    named, unknown = documents_named(body, corpus)
    if _PAIR.search(body) and not places:
        return _both(body, before)
    rest = ASKING.sub("", body).strip("，,、的 ")
    if (
        places
        and not named
        and not without(rest, [p.text for p in places]).strip("和与、及，,的市省区县是为有")
    ):
        return _swap_places(last, places)
    if places or named or unknown:
        return turn
    scope = _scope_text(last, corpus)
    if _POINTER.search(body):
        return _POINTER.sub(lambda _: scope, body, count=1) if scope else turn
    if _BARE_ASK.match(body):
        topic = statement(last)
        if not ASKS_ORGAN.search(body):  # the task, no longer its organ
            topic = re.sub(_ROLE_AT_END, "", topic)
        return join(topic, body)
    if scope and (match := _ELLIPSIS.match(body)) and not _FACET.search(match["thing"]):
        if counted := _COUNTED.match(search_copy(last.standalone)):
            return f"{counted['before']}{match['thing']}？"
        if asked := _asking_tail(last):
            return f"{scope}{match['thing']}{asked}"
    follows = bool(_THEN.match(text)) or body.rstrip("？?。").endswith("呢") or len(rest) <= 14
    if scope and follows:
        return (
            scope + re.sub(r"呢[？?]?$", "是什么？", body)
            if body.endswith(("呢", "呢?", "呢？"))
            else scope + body
        )
    return turn


_ELLIPSIS = re.compile(  # 产业工人的呢
    r"^(?P<thing>[^，,？?]{2,16}?)(?:的|那[项个条块部分]{1,2}|这[项个]|方面|部分)*呢[？?。]*$"
)
_FACET = Pattern(
    r"(?:[率额量]|次数|标准|目标|比例|金额|时间|日期|时限|期限|地点|单位|部门|机关|职责|要求|措施|条件|资格|范围|依据|原则"
    r"|对象|方式|方法|程序|流程|材料|费用|经费|资金)$",
    yes=(("培训次数", "次数"), ("报名时间", "时间"), ("补助金额", "金额"), ("覆盖率", "率")),
    no=("产业工人", "残疾人", "农村公路"),
    why="what a rule states about a subject: 补助标准呢 asks something else of the same subject, "
    "残疾人呢 asks the same of another",
)
_ONLY_A_YEAR = re.compile(r"^(?:到了?)?(?P<year>(?:19|20)\d\d)年?(?:的|底|末)*呢[？?。]*$")
_SAME_YEAR = re.compile(r"^(?:在)?(?:同一?年|同期|那一?年|当年)(?:的)?[，,]?")
_ROLE_AT_END = r"的?由?(?:牵头|责任|主管|负责|配合)(?:单位|部门|的)?$"
_SAME_TASK = re.compile(r"(?:同类|同样的?|同一项|相同的?)(?:工作|任务|事项|措施)")
_COUNTED = re.compile(  # 要创建几个示范县: what is counted stands behind the question word
    r"^(?P<before>.{4,}(?:多少|(?<!哪)几)[个名人家项座所次场处台]?)[\u4e00-\u9fff]{3,60}[？?。]*$"
)
_ROLE = re.compile(r"(?:牵头|责任|主管|负责|配合)(?:单位|部门|的)")


def _asking_tail(question: Question) -> str:
    """What was asked of the topic: 农民行动谁牵头？ → 谁牵头？; '' where it stands in front."""
    text = search_copy(question.standalone)
    asking = ASKING.search(text)
    role = _ROLE.search(text) if question.kind is Kind.DEPARTMENT else None
    start = min((m.start() for m in (asking, role) if m), default=0)
    return text[start:] if start > 4 else ""


def _both(body: str, before: Sequence[Question]) -> str:
    """两者差几个百分点: the places of the last questions, and the topic that they share."""
    places: dict[Path, str] = {}
    for question in reversed(before):
        for place in question.places:
            places.setdefault(place.path, place.text)
        if len(places) >= 2:
            break
    if len(places) < 2:
        return body
    topic = without(statement(before[-1]), places.values())
    names = "、".join(reversed(places.values()))
    return f"{names}{_trim(topic)}{_PAIR.sub('', body)}"


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
    text = _DIFFERENCE.sub("", search_copy(question.standalone))
    first = text.replace("?", "？").partition("？")[0]
    return _trim("".join(ASKING.sub("", first).split()))


def _trim(text: str) -> str:
    return text.lstrip("、和与及,，市省区县的").rstrip("，,、：:是的为有")


def join(statement: str, ask: str) -> str:
    return f"{statement}{ask}" if statement else ask
