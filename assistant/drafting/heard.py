"""What the models make of a request: how likely each kind of text is, and which of its words name
the matter. Without them patterns read it alone (request.py)."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.drafting.kinds import KINDS
from assistant.drafting.matter import MEETING, are_bodies, bodies
from assistant.understand.requested import RequestModel, Spans
from vectorstore.language.text import says
from vectorstore.language.words import cut

_NAMED = 1.0  # what a kind that the request names counts beside the logarithm of its likelihood
_SURE = 0.65  # of a kind, where the request names one that the model does not know
_LEAST = 1e-6
_GAP = 6  # characters between two stretches of one clause that name one matter together
_MORE = 6  # characters that a wording may say behind the words that name the matter
_A_MATTER = 4  # characters
_DOES = ("主办", "会办", "承办", "协办")  # what a body does, and no body
_LEANS = re.compile(
    r"(?:依据|根据|按照|参照|参考|对照|仿照)(?:(?!给|写|起草|拟|做|制定|弄)[^，。；：\n]){2,40}"
)
_PAUSE = re.compile(r"[，,。；;！!？?：:\n]")
_TOWARDS = (
    "加强", "做好", "开展", "推进", "提升", "提高", "促进", "支持", "规范", "增加", "深化", "落实", "组织", "建设", "完善", "加快", "扩大",
)  # fmt: skip
_BEHIND = ("工作", "建设", "情况", "行动", "工程", "服务", "改造", "整治", "管理", "保障")


@dataclass(frozen=True, slots=True)
class Heard:
    """Likelihoods by kind of text; where the request names the matter, who writes, to whom, and
    one's own place, in order."""

    kinds: Mapping[str, float] = field(default_factory=dict)
    matter: Spans = ()
    sender: Spans = ()
    to: Spans = ()
    place: Spans = ()


def heard_of(text: str, requests: RequestModel | None) -> Heard:
    """A request as the model reads it."""
    return Heard(requests(text), **requests.spans(text)) if requests else Heard()


def sender_heard(text: str, heard: Heard) -> str:
    """Who signs: the longest stretch that names a body, from its place on; '' where none does."""
    named = []
    for start, end in heard.sender:
        ahead = (p for p, q in heard.place if p < start <= q)
        named.append(_body(text, min((start, *ahead)), end))
    return max(named, key=len, default="")


def addressees_heard(text: str, heard: Heard) -> tuple[str, ...]:
    """To whom it goes; only stretches that name bodies."""
    named = (_body(text, start, end) for start, end in heard.to)
    return tuple(dict.fromkeys(who for said in named if said for who in bodies(said)))


def _body(text: str, start: int, end: int) -> str:
    """The body that a stretch names, give or take a character or two at its end; '' for none."""
    for to in (end, end + 1, end + 2, end - 1, end - 2):
        who = text[start:to].lstrip("、和及给向")
        if len(who) > 2 and are_bodies(who) and not (who.endswith(_DOES) or _PAUSE.search(who)):
            return who
    return ""


def kind_heard(named: str, heard: Heard) -> str:
    """The kind of text: the likeliest, one that the request names (`named`, or '') counting more.
    '' where nothing is known."""
    kind = KINDS.get(named, "")
    if not heard.kinds:
        return kind
    if kind and kind not in heard.kinds and max(heard.kinds.values()) < _SURE:
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
    spans = _joined(text, heard.matter)
    if not spans:
        return worded
    apart = [m.span() for p in (MEETING, _LEANS) for m in p.finditer(text)]
    start, end = max(spans, key=lambda s: (_tells(s, apart), s[1] - s[0], -s[0]))
    if not _tells((start, end), apart) and len(worded) >= _A_MATTER:
        return worded
    start, end = _closed(text, start, end)
    core = text[start:end].strip("，")
    before, _, behind = worded.partition(core)
    if core in worded and len(behind) <= _MORE and (not before or before in _TOWARDS):
        return worded
    return _with_act(text, start, end)


def _tells(span: tuple[int, int], apart: Sequence[tuple[int, int]]) -> bool:
    """Whether a stretch may be the matter: long enough, and not the name of the meeting at which
    something is said, or of what the text is to rest on."""
    return span[1] - span[0] >= _A_MATTER and not any(a <= span[0] < b for a, b in apart)


def _closed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch with the whole of what it quotes or has in brackets, and the word that is
    explained there: 农民（农牧民）培训."""
    for left, right in ("“”", "（）"):
        more = text.count(left, start, end) - text.count(right, start, end)
        if more > 0:
            end = max(end, text.find(right, end) + 1)
        elif more < 0 and (opened := text.rfind(left, 0, start)) >= 0:
            word = cut(text[:opened])[-1:] if left == "（" else []
            start = opened - len("".join(word))
    return start, end


def _joined(text: str, stretches: Spans) -> list[tuple[int, int]]:
    """Stretches of one clause that are near each other as one."""
    joined: list[tuple[int, int]] = []
    for start, end in stretches:
        if text[start:end] in KINDS:
            continue
        if joined and start - joined[-1][1] <= _GAP:
            between = text[joined[-1][1] : start]
            if not (_PAUSE.search(between) or says(between, KINDS)):
                joined[-1] = (joined[-1][0], end)
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
