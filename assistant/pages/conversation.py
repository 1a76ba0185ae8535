"""A conversation as HTML: questions, answers with their sources beside them, and what of it has
just changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answers.answer import Answer
from assistant.answers.content import Refusal, Reply
from assistant.cite.markdown import parse
from assistant.pages.below import check_line, help_on, nearest, tools, unfilter
from assistant.pages.cards import Words, sources
from assistant.pages.limits import limits
from assistant.pages.markup import both, element, join, text
from assistant.pages.said import said, tip_of

Around = Mapping[tuple[int, int], Words]

STAGES = (
    ("检索", "Searching"),
    ("阅读", "Reading"),
    ("生成", "Writing"),
    ("核对", "Checking"),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and what has become of it so far."""

    number: int
    question: str
    place: str = ""  # markup: where it stands in the waiting line
    stage: str = ""
    draft: str = ""  # text that is still being written
    answer: Answer | None = None
    error: str = ""
    is_stopped: bool = False  # by whoever asked, who gets the question back
    stored: int = 0  # its id in the history, 0 where it is kept nowhere
    told: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # of sources, by mark
    hidden: int = 0  # sources that whoever looks at it now does not see
    earlier: tuple["Turn", ...] = ()  # what stood here before it was asked anew
    is_fixed: bool = False  # nothing can be done with it: somebody else's, or an earlier one
    change: int = 0  # which change of its conversation made it so: the later of two is shown


def conversation(turns: Sequence[Turn], around: Around, identifier: str = "") -> str:
    """All turns. `around` holds the text before and after the quote of (turn, mark);
    `identifier` is the conversation's in the history."""
    shown = join(_turn(turn, around, identifier) for turn in turns)
    return element("div", shown, class_="turns", role="log",
                   aria_live="polite", aria_label="对话", data_conversation=identifier)  # fmt: skip


def changed_turns(
    turns: Sequence[Turn], numbers: Collection[int], around: Around, identifier: str
) -> str:
    """Those of some numbers alone; chat.js puts each in its place."""
    return join(_turn(turn, around, identifier) for turn in turns if turn.number in numbers)


def _turn(turn: Turn, around: Around, identifier: str) -> str:
    question = element("div", element("p", text(turn.question)) + _anew(turn), class_="asked")
    if turn.error:
        body = element("p", text(turn.error), class_="problem", role="alert")
    elif turn.answer:
        body = _answer(turn.answer, turn, identifier)
    else:
        body = _progress(turn)
    beside = ""
    if turn.answer:
        beside = sources(turn.answer.citations, turn.number, around, turn.told, turn.hidden)
    return element(
        "section",
        question
        + element("div", element("div", body, class_="said") + beside, class_="pair")
        + _earlier(turn, around, identifier),
        class_="turn",
        id=f"turn-{turn.number}",
        data_stored=turn.stored or None,
        data_change=turn.change or None,
        data_returned=turn.question if turn.is_stopped else None,
    )


def _anew(turn: Turn) -> str:
    """Edit a question, and ask again from there: what followed is kept."""
    if turn.is_fixed or not turn.stored or not (turn.answer or turn.error):
        return ""
    edit = element("button", both("改问", "Edit"), type="button", class_="tool", data_redo=turn.stored,
                   data_fill=turn.question, title="修改这一问，从这里重新问；原来的回答会留着")  # fmt: skip
    again = element("button", both("重新回答", "Answer again"), type="button", class_="tool again",
                    data_redo=turn.stored, data_ask=turn.question)  # fmt: skip
    return element("span", edit + again, class_="tools")


def _earlier(turn: Turn, around: Around, identifier: str) -> str:
    if not turn.earlier:
        return ""
    count = len(turn.earlier)
    label = both(f"改问之前的 {count} 轮", f"{count} earlier turns, before it was asked anew")
    inside = join(_turn(earlier, around, identifier) for earlier in turn.earlier)
    return element("details", element("summary", label) + inside, class_="earlier")


def _progress(turn: Turn) -> str:
    """The stages of this answer; 阅读 or 生成, whichever is its way."""
    if turn.place:
        return turn.place
    way = "阅读" if turn.draft or turn.stage == "生成" else "生成"
    stages = [stage for stage in STAGES if stage[0] != way]
    names = [zh for zh, _ in stages]
    now = names.index(turn.stage) if turn.stage in names else -1
    steps = join(
        element(
            "li",
            both(zh, en),
            class_="now" if i == now else "done" if i < now else "",
            aria_current="step" if i == now else None,
        )
        for i, (zh, en) in enumerate(stages)
    )
    written = _written(turn.draft) if turn.draft else ""
    return element("ol", steps, class_="stages", aria_label="进度") + written


def _written(draft: str) -> str:
    """What a model has written so far; the checked answer takes its place at the end."""
    return element("div", said(parse(draft), 0, {}), class_="text")


def _answer(answer: Answer, turn: Turn, identifier: str) -> str:
    number = turn.number
    bare = turn.is_fixed or isinstance(answer.said, Refusal | Reply)
    under = "" if bare else tools(answer, turn.stored)
    tips = {c.mark: tip_of(c) for c in answer.citations}
    kept = identifier and turn.stored and not turn.is_fixed
    tables = f"/conversations/{identifier}/turns/{turn.stored}/table-" if kept else ""
    body = element("div", said(answer.body, number, tips, tables), class_="text")
    notes = join(element("p", text(note), class_="note") for note in answer.notes)
    below = notes + _added_line(answer) + check_line(answer) + under
    if answer.refused:
        help_ = "" if turn.is_fixed else help_on(answer)
        slips = "" if turn.is_fixed else _slips_line(answer)
        again = "" if turn.is_fixed else unfilter(answer)
        # What a filter shuts out comes before what is near within it.
        parts = (body + again, nearest(answer)) if answer.narrowed else (nearest(answer), body)
        said_ = join(parts) + slips + below + help_
        return element("article", said_, class_="refusal")
    return element("article", _understood(answer, turn) + body + below, class_="reply")


def _understood(answer: Answer, turn: Turn) -> str:
    """How the question was completed and narrowed; what is fixed cannot be asked again."""
    completed = ""
    if answer.standalone_question != answer.question:
        completed = element(
            "p",
            both("理解为：", "Understood as: ")
            + (text(answer.standalone_question) if turn.is_fixed else
               element("button", text(answer.standalone_question), type="button", class_="link",
                       data_fill=answer.standalone_question, title="点击可修改后重新提问")),
            class_="completed",
        )  # fmt: skip
    if turn.is_fixed:
        return completed
    return completed + _slips_line(answer) + _scope_line(answer)


def _slips_line(answer: Answer) -> str:
    """Names that were put right; a click asks again with the name as it was typed."""
    chips = join(
        element(
            "button", text(f"{slip.typed} → {slip.meant} ✕"), type="button", class_="chip",
            data_ask=answer.question.replace(slip.typed, f"“{slip.typed}”", 1),
            title="不改这个名称，照原样再问一次",
        )
        for slip in answer.slips
    )  # fmt: skip
    return element("p", both("更正：", "Corrected: ") + chips, class_="scope") if chips else ""


def _added_line(answer: Answer) -> str:
    """The official terms that were looked for as well."""
    if not answer.added:
        return ""
    names = "、".join(f"“{term}”" for term in answer.added)
    line = both(f"按{names}一并查找。", f"Also looked for {names}.")
    return element("p", line, class_="note added")


def _scope_line(answer: Answer) -> str:
    """What the question restricted the search to; a click asks again without it, and what is
    asked then is not restricted by what was said before."""
    chips = []
    for name, left in limits(answer):
        if left:
            chips.append(
                element("button", text(f"{name} ✕"), type="button", class_="chip",
                        data_ask=left, title="去掉这个限定再问；之后的问题也不再受它限制")
            )  # fmt: skip
        else:
            chips.append(element("span", text(name), class_="chip"))
    if not chips:
        return ""
    return element("p", both("限定：", "Scope: ") + join(chips), class_="scope")
