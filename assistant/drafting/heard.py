"""What the models make of a request: how likely each kind of text is, and which of its words name
the matter. Without them patterns read it alone (request.py)."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.drafting.kinds import KINDS
from assistant.understand.asking import QUOTED
from assistant.understand.learned import LONGEST, QuestionModel
from assistant.understand.requested import RequestModel, Wish
from vectorstore.language.text import says

_NAMED = 1.5  # what a kind that the request names counts beside the logarithm of its likelihood
_LEAST = 1e-6
_GAP = 6  # characters between two stretches of one clause that name one matter together
_MORE = 6  # characters that a wording may say behind the words that name the matter
_A_MATTER = 4  # characters
_MEETING = re.compile(r"(?:在|到|去)[^，。；]{2,24}?(?:会议?|仪式|活动|培训班|现场)上")
_NAME = 8  # characters in front of these words that may belong to what they name
_PAUSE = re.compile(r"[，,。；;！!？?：:\n]")
_TOWARDS = (
    "加强", "做好", "开展", "推进", "提升", "提高", "促进", "支持", "规范", "增加", "深化", "落实", "组织", "建设", "完善", "加快", "扩大",
)  # fmt: skip
# In front of a matter these are what a request says around it.
_CHATTY = (
    "一下", "我", "咱", "你", "给", "为", "把", "请", "让", "跟", "想", "准备", "打算", "一个", "有个", "这个", "那个", "，", "帮", "的", "了", "在", "要", "问", "就", "对", "开",
)  # fmt: skip
_BEHIND = ("工作", "建设", "情况", "行动", "工程", "服务", "改造", "整治", "管理", "保障")


@dataclass(frozen=True, slots=True)
class Heard:
    """Likelihoods by kind of text; the stretches that name a matter, whom it goes to, and who
    writes, in order."""

    kinds: Mapping[str, float] = field(default_factory=dict)
    matter: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()


def heard_of(text: str, questions: QuestionModel | None, requests: RequestModel | None) -> Heard:
    """A request as the models read it. The matter is what the model of requests marks, or else,
    of each part of the text, the model of questions."""
    wish = requests(text) if requests else Wish()
    if any(not _in_meeting(text, stretch) for stretch in wish.matter):
        return Heard(wish.kinds, wish.matter, wish.to, wish.sender)
    named = (
        (piece for part in _parts(text) for piece in questions(part, "").matter)
        if questions
        else ()
    )
    matter = tuple(dict.fromkeys((*wish.matter, *named)))
    return Heard(wish.kinds, matter, wish.to, wish.sender)


def _in_meeting(text: str, words: str) -> bool:
    """Whether some words stand in the name of the meeting at which a text is read out."""
    return any(words in match[0] for match in _MEETING.finditer(text))


def _parts(text: str) -> Iterator[str]:
    """The text in runs of whole sentences that the model of questions reads as a whole."""
    part = ""
    for sentence in re.split(r"(?<=[。；！？\n])", text):
        if part and len(part) + len(sentence) > LONGEST:
            yield part
            part = ""
        part += sentence
    if part.strip():
        yield part


def kind_heard(named: str, heard: Heard) -> str:
    """The kind of text: the likeliest, one that the request names (`named`, or '') counting more.
    '' where nothing is known."""
    kind = KINDS.get(named, "")
    if not heard.kinds or (kind and kind not in heard.kinds):
        return kind

    def weight(each: str) -> float:
        return math.log(max(heard.kinds[each], _LEAST)) + _NAMED * (each == kind)

    return max(heard.kinds, key=weight)


def matter_heard(text: str, worded: str, heard: Heard, said: Sequence[str]) -> str:
    """The matter in the words of the request: `worded`, what patterns made of it, where it says
    little more than the words that name the matter; otherwise these, with the act in front of
    them. `said` are words that say who writes to whom; they name no matter."""
    for words in said:
        text = text.replace(words, "，" * len(words))
    spans = [_in_quotes(text, span) for span in _joined(text, heard.matter)]
    if not spans:
        return worded
    meeting = _MEETING.search(text)
    inside = range(*meeting.span()) if meeting else range(0)
    start, end = max(spans, key=lambda s: (_tells(s, inside), s[1] - s[0], -s[0]))
    core = text[start:end]
    before, _, behind = worded.partition(core)
    is_name = len(before) <= _NAME and not says(before, _CHATTY)
    if core in worded and len(behind) <= _MORE and (before in ("", *_TOWARDS) or is_name):
        return worded
    return _with_act(text, start, end)


def _in_quotes(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """All of what stands in quotation marks around a stretch: “五大行动、五大工程”."""
    for match in QUOTED.finditer(text):
        if match.start("words") <= span[0] < match.end("words"):
            return match.span("words")
    return span


def _tells(span: tuple[int, int], meeting: range) -> bool:
    """Whether a stretch may be the matter: long enough, and not the name of the meeting at which
    something is said."""
    return span[1] - span[0] >= _A_MATTER and span[0] not in meeting


def _joined(text: str, stretches: Sequence[str]) -> list[tuple[int, int]]:
    """Where the stretches stand; those of one clause that are near each other as one."""
    found: list[tuple[int, int]] = []
    for stretch in stretches:
        at = text.find(stretch, found[-1][0] if found else 0)
        at = text.find(stretch) if at < 0 else at
        if at >= 0 and stretch not in KINDS:
            found.append((at, at + len(stretch)))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start - joined[-1][1] <= _GAP:
            between = text[joined[-1][1] : start]
            if not _PAUSE.search(between):
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
                continue
        joined.append((start, end))
    return joined


_DEEDS = {"建": "建设", "修": "维修", "办": "举办", "买": "购置", "借": "借用", "开": "开展"}
_ONE = ("一个", "一座", "一批", "个", "县", "市", "区", "镇", "乡")


def _done(before: str) -> str:
    """What is to be done with the matter, in one word in front of it: 建县科技馆 → 建设."""
    for one in ("", *_ONE):
        if before.endswith(one) and (deed := _DEEDS.get(before.removesuffix(one)[-1:])):
            return deed
    return ""


def _with_act(text: str, start: int, end: int) -> str:
    """加强X工作, where the request says so."""
    act = next((a for a in _TOWARDS if text[:start].endswith(a)), "") or _done(text[:start])
    rest = next((b for b in _BEHIND if text.startswith(b, end)), "")
    return f"{act}{text[start:end].strip('的')}{rest}"
