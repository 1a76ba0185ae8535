"""An answer as HTML: text with marks, the check line, and the source cards beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answers.answer import Answer
from assistant.answers.content import Refusal, Reply
from assistant.cite.citation import Citation, reference
from assistant.cite.markdown import parse, render
from assistant.cite.structure import Body, Sentence
from assistant.history.covering import COVERS
from assistant.labelling import EXTRACT, MODEL
from assistant.pages.blocks import blocks
from assistant.pages.by_hand import by_hand
from assistant.pages.markup import both, element, join, text
from vectorstore.language.text import squeeze

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
    stored: int = 0  # its id in the history, 0 where it is kept nowhere
    told: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # of sources, by mark
    hidden: int = 0  # sources that whoever looks at it now does not see
    earlier: tuple["Turn", ...] = ()  # what stood here before it was asked anew
    is_fixed: bool = False  # nothing can be done with it: somebody else's, or an earlier one


def conversation(
    turns: Sequence[Turn], around: dict[tuple[int, int], tuple[str, str]], identifier: str = ""
) -> str:
    """All turns. `around` holds the text before and after the quote of (turn, mark);
    `identifier` is the conversation's in the history."""
    return element("div", join(_turn(turn, around) for turn in turns), class_="turns", role="log",
                   aria_live="polite", aria_label="对话", data_conversation=identifier)  # fmt: skip


def _turn(turn: Turn, around: dict[tuple[int, int], tuple[str, str]]) -> str:
    question = element("div", element("p", text(turn.question)) + _anew(turn), class_="asked")
    if turn.error:
        body = element("p", text(turn.error), class_="problem", role="alert")
    elif turn.answer:
        body = _answer(turn.answer, turn)
    else:
        body = _progress(turn)
    sources = _sources(turn, around) if turn.answer else ""
    return element(
        "section",
        question
        + element("div", element("div", body, class_="said") + sources, class_="pair")
        + _earlier(turn, around),
        class_="turn",
        id=f"turn-{turn.number}",
        data_stored=turn.stored or None,
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


def _earlier(turn: Turn, around: dict[tuple[int, int], tuple[str, str]]) -> str:
    if not turn.earlier:
        return ""
    count = len(turn.earlier)
    label = both(f"改问之前的 {count} 轮", f"{count} earlier turns, before it was asked anew")
    inside = join(_turn(earlier, around) for earlier in turn.earlier)
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


def _answer(answer: Answer, turn: Turn) -> str:
    number = turn.number
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
    if not turn.is_fixed:  # what they are for is to ask again
        completed += _slips_line(answer) + _scope_line(answer)
    tips = {c.mark: tip_of(c) for c in answer.citations}
    body = element("div", said(answer.body, number, tips), class_="text")
    notes = join(element("p", text(note), class_="note") for note in answer.notes)
    kind = "refusal" if answer.refused else "reply"
    bare = turn.is_fixed or isinstance(answer.said, Refusal | Reply)
    tools = "" if bare else _tools(answer, turn.stored)
    near = _near(answer) if answer.near else ""
    below = notes + near + _added_line(answer) + _check_line(answer) + tools
    return element("article", completed + body + below, class_=kind)


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
    """What the question restricted the search to; a click asks again without it."""
    chips = []
    for name, words in answer.scope:
        if words and words in answer.standalone_question:
            again = answer.standalone_question.replace(words, "", 1).lstrip("的在，,")
            chips.append(
                element("button", text(f"{name} ✕"), type="button", class_="chip",
                        data_ask=again, title="去掉这个限定，再问一次")
            )  # fmt: skip
        else:
            chips.append(element("span", text(name), class_="chip"))
    if not chips:
        return ""
    return element("p", both("限定：", "Scope: ") + join(chips), class_="scope")


# --- text with marks --------------------------------------------------------------------------


def said(body: Body, number: int, tips: dict[int, str]) -> str:
    """The text of an answer; a sentence that failed its check is struck through, with the
    reason."""
    return blocks(body, lambda sentence: _sentence(sentence, number, tips))


def _sentence(sentence: Sentence, number: int, tips: dict[int, str]) -> str:
    if sentence.plain in COVERS:
        return element("span", text(sentence.plain), class_="covered")
    shown = ""
    at = 0
    for piece in sentence.pieces:
        if isinstance(piece, str):
            shown += _emphasized(piece, [(a - at, b - at) for a, b in sentence.answers])
            at += len(piece)
        elif piece in tips:
            shown += mark_link(number, piece, tips[piece])
    if sentence.check and sentence.check.is_refuted:
        why = element("span", text(f"（存疑：{sentence.check.reason}）"), class_="doubt")
        return element("del", shown) + why
    return shown


def _emphasized(words: str, answers: Sequence[tuple[int, int]]) -> str:
    """Words, of which the stretches that answer are marked."""
    shown, at = "", 0
    for start, end in answers:
        start, end = max(start, at), min(end, len(words))
        if start < end:
            shown += text(words[at:start]) + element("mark", text(words[start:end]))
            at = end
    return shown + text(words[at:])


def mark_link(turn: int, mark: int, tip: str) -> str:
    """A mark that opens its card."""
    return element("a", text(mark), class_="mark", href=f"#card-{turn}-{mark}",
                   aria_label=f"来源 {mark}：{tip}", data_tip=tip)  # fmt: skip


def tip_of(citation: Citation) -> str:
    number = f"（{citation.document_number}）" if citation.document_number else ""
    place = f" · {citation.heading_path[-1]}" if citation.heading_path else ""
    return f"《{citation.title}》{number}{place}：{squeeze(citation.quote)[:40]}…"


# --- below the text ---------------------------------------------------------------------------


def _check_line(answer: Answer) -> str:
    if not answer.checks:
        return ""
    supported = sum(check.verdict == "supported" for check in answer.checks)
    doubtful = sum(check.verdict == "unsupported" for check in answer.checks)
    cited = sum(check.verdict != "uncited" for check in answer.checks)
    way = answer.label or EXTRACT
    total = len(answer.checks)
    summary = both(
        f"{total} 句 · {cited} 句有出处 · {doubtful} 句存疑 · {way[0]}",
        f"{total} sentences · {cited} cited · {doubtful} doubtful · {way[1]}",
    )
    signs = {"supported": ("✓", "有出处"), "unsupported": ("✗", "存疑"), "uncited": ("○", "无出处")}
    items = join(
        element(
            "li",
            element("span", signs[c.verdict][0], aria_hidden="true")
            + text(f" {signs[c.verdict][1]}：{c.sentence[:80]}")
            + (text(f"（{'；'.join(c.problems)}）") if c.problems else ""),
            class_=c.verdict,
        )
        for c in answer.checks
    )
    clean = "ok" if supported == total else "look"
    return element(
        "details", element("summary", summary) + element("ul", items), class_=f"checks {clean}"
    )


def _tools(answer: Answer, stored: int) -> str:
    button = element("button", both("复制（含出处）", "Copy with sources"), type="button",
                     class_="tool", data_copy=with_sources(answer))  # fmt: skip
    other = ("生成", "generate") if answer.mode == "extractive" else ("摘录", "extract")
    again = element("button", both(f"换一种方式（{other[0]}）", f"Try the other way ({other[1]})"),
                    type="button", class_="tool other-way",
                    data_other=answer.standalone_question)  # fmt: skip
    votes = join(
        element("button", both(zh, en), type="button", class_="tool", data_vote=vote,
                data_question=answer.standalone_question, data_mode=answer.mode, aria_pressed="false")
        for vote, zh, en in (("up", "有用", "Useful"), ("down", "无用", "Not useful"))
    )  # fmt: skip
    keep = element("button", both("收藏", "Save"), type="button", class_="tool", data_keep=stored,
                   aria_pressed="false") if stored else ""  # fmt: skip
    return element("div", button + again + keep + votes, class_="tools")


def with_sources(answer: Answer) -> str:
    """An answer as plain text, its sources listed below."""
    head = [f"（{MODEL[0]}）"] if answer.label == MODEL else []
    lines = [*head, render(answer.body, _with_doubt), ""]
    for citation in answer.citations:
        lines.append(f"[{citation.mark}] {reference(citation)}：“{squeeze(citation.quote)}”")
    return "\n".join(lines)


def _with_doubt(sentence: Sentence) -> str:
    check = sentence.check
    return (
        f"{sentence.text}（存疑：{check.reason}）" if check and check.is_refuted else sentence.text
    )


def _near(answer: Answer) -> str:
    items = join(
        element(
            "li",
            element(
                "a", text(f"《{c.title}》"), href=document_url(c), class_="open", target="_blank"
            )
            + text(f" {' > '.join(c.heading_path[-2:])}：{squeeze(c.quote)[:120]}"),
        )
        for c in answer.near
    )
    return element("p", both("相近的内容：", "Nearest passages:")) + element(
        "ul", items, class_="near"
    )


# --- source cards -----------------------------------------------------------------------------


def document_url(citation: Citation) -> str:
    return f"/documents/{citation.document_id}?start={citation.start}&end={citation.end}#quote"


def _sources(turn: Turn, around: dict[tuple[int, int], tuple[str, str]]) -> str:
    answer = turn.answer
    if answer is None or not (answer.citations or turn.hidden):
        return ""
    cards = join(
        source_card(
            c, turn.number, around.get((turn.number, c.mark), ("", "")), turn.told.get(c.mark, ())
        )
        for c in answer.citations
    )
    count = len(answer.citations) + turn.hidden
    if turn.hidden:
        line = both(f"有 {turn.hidden} 条出处您现在看不到（可能已移除，或不再对您开放）。",
                    f"{turn.hidden} sources are not open to you now.")  # fmt: skip
        cards += element("li", line, class_="card unseen")
    head = both(f"出处 {count} 条", f"{count} sources")
    button = element("button", head, type="button", class_="fold", aria_expanded="false")
    return element(
        "aside", button + element("ol", cards, class_="cards"), class_="sources", aria_label="出处"
    )


def source_card(
    citation: Citation,
    turn: int,
    around: tuple[str, str] = ("", ""),
    told: Sequence[str] = (),
) -> str:
    """One source: title, facts, section, the quote with the text around it; `told` is what has
    become of it since."""
    status = citation.status or "未标注"
    tone = {"未标注": "plain", "现行有效": "good"}.get(status, "caution")
    facts = [
        citation.document_number or "文号未载明",
        citation.issuer or "发文机关未载明",
        citation.date or "日期未载明",
        (citation.region or "").replace("/", " ") or None,
    ]
    before, after = around
    quote = element(
        "blockquote",
        text(before) + element("mark", text(citation.quote)) + text(after),
    )
    page = f" · 第 {citation.page} 页" if citation.page else ""
    buttons = element(
        "button", both("复制引文", "Copy quote"), type="button", class_="tool",
        data_copy=f"“{squeeze(citation.quote)}”——{reference(citation)}",
    ) + element(
        "a", both("打开原文", "Open document"), class_="tool open", href=document_url(citation), target="_blank",
    )  # fmt: skip
    return element(
        "li",
        element("h3", element("span", text(citation.mark), class_="number") + text(citation.title))
        + element("p", join(element("span", text(fact)) for fact in facts if fact)
                  + element("span", text(status), class_=f"state {tone}")
                  + by_hand(citation.corrected), class_="facts")
        + join(element("p", text(sentence), class_="since") for sentence in told)
        + element("p", text(" > ".join(citation.heading_path) + page), class_="path")
        + quote
        + element("div", buttons, class_="tools"),
        class_="card",
        id=f"card-{turn}-{citation.mark}",
        tabindex="-1",
    )  # fmt: skip
