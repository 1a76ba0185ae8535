"""The last question, asked of something else: another place, year, group or matter."""

import re
from collections.abc import Iterator, Sequence

from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from assistant.understand.scope import Place
from assistant.understand.threads import SHORT_TURN, Heard
from assistant.understand.wording import ASKING
from vectorstore.language.dates import YEAR
from vectorstore.language.text import search_copy
from vectorstore.language.words import cut

ROLE = re.compile(r"的?由?(?:牵头|责任|主管|负责|配合)(?:单位|部门|的|$)")
_CORRECTS = re.compile(
    r"^(?:(?:不对|错了|搞错了|说错了|更正一?下?)[，,。 ]*|不是(?P<wrong>[^，,。]{1,12}?)(?:[，,。 ]+|(?=而?是)))"
    r"(?:而|我){0,2}(?:想?[要问说指查看]的?是?|应该是|是)?(?P<meant>[^，,。]{1,16}?)(?:的)?[。！!]?$"
)
_INSTEAD = ("换成", "换到", "换作", "改成", "改为", "改看")
_COUNTED = re.compile(  # 要创建几个示范县: what is counted stands behind the question word
    r"^(?P<before>.{4,}(?:多少|(?<!哪)几)[个名人家项座所次场处台]?)[\u4e00-\u9fff]{3,60}[？?。]*$"
)
_LONGER = 3  # characters, by which what takes a word's place may be longer
_TOGETHER = 0.75  # of the weight of a wording, in one passage


def corrected(body: str) -> str:
    """What a correction puts in place of what was asked: 不对，我要的是2030年的 → 2030年的呢,
    换成2028年 → 2028年呢."""
    found = _CORRECTS.match(body)
    if not found and body.startswith(_INSTEAD) and len(body) <= SHORT_TURN:
        return f"{body[2:].rstrip('。的呢')}呢"
    return f"{found['meant']}呢" if found else body


def put_right(turn: str, thread: Sequence[Question], heard: Heard) -> str:
    """不是外国人，是华侨: the question that named the one, with the other in its place; '' where
    none did, or where the corpus does not hold what comes of it."""
    found = _CORRECTS.match(turn)
    wrong = (found["wrong"] or "").rstrip("的") if found else ""
    if not found or len(wrong) < 2:
        return ""
    for question in reversed(thread):
        if wrong in question.standalone:
            righted = question.standalone.replace(wrong, found["meant"].rstrip("的"))
            return righted if _is_held(righted, heard) else ""
    return ""


def only_a_year(body: str) -> tuple[str, str]:
    """The year of a turn that names nothing else, and what is said behind it: 到2030年底呢 →
    2030."""
    head, asks, more = body.partition("呢")
    year = head.strip("到了年的底末")
    is_year = bool(asks) and len(year) == 4 and year.isdecimal() and len(more) <= SHORT_TURN
    return (year, more.strip("？?。")) if is_year else ("", "")


def in_year(last: Question, year: str) -> str:
    """The last question, asked of another year, or of one where it named none."""
    if told := YEAR.findall(last.standalone):
        return last.standalone.replace(told[-1], year)
    place = last.places[-1].text if last.places else ""
    head, _, rest = last.standalone.partition(place) if place else ("", "", last.standalone)
    return f"{head}{place}{year}年{rest}"


def at_places(last: Question, places: Sequence[Place]) -> str:
    """那徐州呢: the last question, asked of another place."""
    names = "、".join(place.text for place in places)
    if not last.places:
        return f"{names}{last.standalone}"
    text = search_copy(last.standalone)
    first, *others = last.places
    for other in others:
        text = text.replace(other.text, "", 1)
    return text.replace(first.text, names, 1).lstrip("、和与及,，")


def of_thing(thing: str, last: Question, scope: str, heard: Heard) -> str:
    """本科呢 after 硕士租房补贴多少, 闯红灯呢 after 不上牌上路罚多少: of the ways to put a thing into
    the last question, the first whose wording the corpus holds, or else the likeliest; ''."""
    if counted := _COUNTED.match(search_copy(last.standalone)):
        return f"{counted['before']}{thing}？"
    tried = list(dict.fromkeys(_wordings(thing, last, scope, heard)))
    return next((each for each in tried if _is_held(each, heard)), tried[0] if tried else "")


def _wordings(thing: str, last: Question, scope: str, heard: Heard) -> Iterator[str]:
    """In place of the word that is most like it, of the whole matter, of all but scope and ask;
    the last first where something of the matter would be left behind it."""
    if group := _for_a_word(thing, last, heard):
        yield group
    asked = _asking_tail(last)
    whole = is_left = ""
    if last.is_marked and last.matter and last.matter in last.standalone:
        before, _, behind = last.standalone.partition(last.matter)
        whole = f"{before}{thing}{behind}"
        is_left = search_copy(behind).removesuffix(asked).strip("的了地得是会要")
    tried = (whole, f"{scope}{thing}{asked}" if scope and asked else "")
    yield from filter(None, tried[::-1] if is_left else tried)


def _for_a_word(thing: str, last: Question, heard: Heard) -> str:
    """The word of the last matter that is most like it gives way."""
    if heard.alike is None or not last.is_marked:
        return ""
    words = [w for piece in last.matter.split() for w in cut(piece) if len(w) > 1]
    if len(words) < 2:
        return ""
    nearest = heard.alike(thing, words)
    if len(thing) > len(nearest) + _LONGER:
        return ""  # 基层科普能力提升: another matter, not another group
    return last.standalone.replace(nearest, thing, 1) if nearest in last.standalone else ""


def _is_held(wording: str, heard: Heard) -> bool:
    """Whether one passage holds most of what a question names."""
    if heard.support is None:
        return True
    return heard.support(wording, ASKING.sub("", wording)) >= _TOGETHER


def _asking_tail(question: Question) -> str:
    """What was asked of the topic, with its verb: 农民行动谁牵头？ → 谁牵头？, 闯红灯罚多少 → 罚多少;
    '' where it stands in front."""
    text = search_copy(question.standalone)
    asking = ASKING.search(text)
    role = ROLE.search(text) if question.kind is Kind.DEPARTMENT else None
    start = min((m.start() for m in (asking, role) if m), default=0)
    start -= text[:start].endswith(_VERBS)
    start -= text[:start].endswith(_MODALS)
    return text[start:] if start > 4 else ""


_VERBS = tuple("补罚奖给交缴付扣收占达有建办")
_MODALS = tuple("要会能应得")
