"""Terms and lists: the term whose meaning is asked, how many items are expected, and whether a
heading is all that is asked for."""

from collections.abc import Sequence

from assistant.understand.asking import COUNTED
from assistant.understand.demands import WORDINGS, Demand
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from assistant.understand.wording import topic_of, without
from vectorstore.language.names import KINDS
from vectorstore.language.numerals import whole_number
from vectorstore.language.pattern import Pattern

_NAMED = Pattern(
    r"《(?P<title>[^《》]{2,8})》[”\"」]?(?:具体)?(?:是指|指的?是|指|是)|(?<![A-Za-z])(?P<letters>[A-Za-z][A-Za-z0-9+\-]{1,9})(?![A-Za-z])"
    r"|所称的?[“\"「]?(?P<called>[\u4e00-\u9fff]{2,24}?)[”\"」]?，?(?:是指|指的?是|指|包括|包含|有哪些|有什么|是什么|是哪些)",
    yes=(
        ("《规定》是指什么", "《规定》是指"),
        ("CIM是什么意思", "CIM"),
        ("本办法所称困难家庭是指哪些", "所称困难家庭是指"),
    ),
    no=("《某某市节约用水管理规定》是指什么", "困难家庭是指哪些"),
    why="a short title, an acronym or a term of the rules themselves whose meaning is asked",
)
_PARTS = ("部分", "节", "章", "条", "里", "中")
_UNITS = ("大", "项", "个方面")


def asks_for_meaning(question: Question) -> bool:
    return question.kind is Kind.DEFINITION or (
        bool(question.quoted) and question.asks(Demand.DEFINITION)
    )


def terms_asked(question: Question) -> tuple[str, ...]:
    """The terms whose meaning is asked: those in quotation marks, a short title, acronyms, or
    else the subject."""
    if question.quoted:
        return question.quoted
    if called := term_called(question):
        return (called,)
    named = list(_NAMED.finditer(question.standalone))
    titles = tuple(match["title"] for match in named if match["title"])
    letters = tuple(match["letters"] for match in named if match["letters"])
    return titles or letters or (_defined(question),)


def term_called(question: Question) -> str:
    """The term that the rules are said to define: 本办法所称困难家庭包括哪些 → 困难家庭; ''."""
    found = (match["called"] for match in _NAMED.finditer(question.standalone))
    return next(filter(None, found), "")


def _defined(question: Question) -> str:
    """The subject without what asks for its meaning: 何谓再生水 → 再生水."""
    pieces = question.matter.split() if question.is_marked else []
    if len(pieces) > 1:  # 税收征收管理法 里的 税务机关
        return pieces[-1]
    words = WORDINGS[Demand.DEFINITION].remove_from(question.standalone)
    places = [place.text for place in question.places]
    return without(topic_of(words), places).strip(" “”的是")


# --- lists ------------------------------------------------------------------------------------


def count_asked(question: Question) -> int | None:
    """How many items a question expects: 具体是哪十项 → 10; of several the last."""
    counts = [m["n"] for m in COUNTED.finditer(question.standalone) if m["which"]]
    return whole_number(counts[-1]) if counts else None


def counts_said(question: Question) -> tuple[tuple[str, str], ...]:
    """(number, unit) of what a question counts: 三大行动 → (三, 大)."""
    found = COUNTED.finditer(question.standalone)
    return tuple((m["n"], m["unit"]) for m in found if m["unit"] in _UNITS)


def nouns_counted(question: Question) -> tuple[tuple[int, str], ...]:
    """How many of what are named: 四大行动 → (4, 行动)."""
    found = COUNTED.finditer(question.standalone)
    return tuple(
        (whole_number(m["n"]), m["noun"]) for m in found if m["unit"] in "大项个" and m["noun"]
    )


def series_asked(question: Question) -> tuple[str, str] | None:
    """(numeral, unit) of what stands as a series: 四级台账是哪四级; None in other questions."""
    text = question.standalone
    for match in COUNTED.finditer(text):
        counted = match["n"] + match["unit"]
        if match["which"] and len(counted) == 2 and counted in text.replace(match[0], "", 1):
            return match["n"], match["unit"]
    return None


# What a question says around the heading that it means: words about documents, verbs of saying
# and doing, pronouns, particles. What is left over says that something narrower is asked for.
_AROUND_HEADING = Pattern(
    rf"(?:{'|'.join(k for k in KINDS if len(k) > 1)}|文件)"
    r"|部分|方面|内容|要求|规定|包[含括]|提[出到及]?|确定|明确|列[出举]?|[定讲说写]"
    r"|主要|具体|分别|一共|针对|对于?|关于|这一?块|里面?|实施|开展|推进|建立|健全"
    r"|[中在有的了都共要呀呢]|[“”\"「」，,。：:]|[几两三四五六七八九十\d]+[个项条大点类种]*",
    yes=("实施方案", "包括", "三项", "关于", "预案", ("办法里规定", "办法")),
    no=("养老服务", "节约用水", "资金"),
    why="is no subject of its own: 节水办法里规定的节水措施 asks for the heading 节水措施",
)


def names_heading(question: Question, names: Sequence[str]) -> str:
    """The first of the names of a heading that a question holds; '' where it holds none, or one
    too short to mean it."""
    name = next((name for name in names if name in question.subject), "")
    return name if len(name) >= 3 else ""


def beside_heading(question: Question, name: str) -> str:
    """What a question asks beside the heading that it names."""
    return _AROUND_HEADING.remove_from(question.subject.replace(name, "", 1))


def points_at(question: Question, name: str) -> bool:
    """Whether a question asks for the part of that name: “强化责任”这一章."""
    behind = question.subject.partition(name)[2].lstrip("这那一”」")
    return behind.startswith(_PARTS)
