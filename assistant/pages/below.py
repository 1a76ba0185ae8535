"""What stands below an answer: how its sentences were checked, what can be done with it; and what
helps on where nothing answers."""

from assistant.answers.answer import Answer
from assistant.cite.citation import named, reference
from assistant.cite.markdown import render
from assistant.cite.structure import Sentence
from assistant.labelling import EXTRACT, MODEL
from assistant.pages.cards import document_url
from assistant.pages.limits import limits
from assistant.pages.markup import both, element, join, text
from vectorstore.language.text import squeeze


def check_line(answer: Answer) -> str:
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


def tools(answer: Answer, stored: int) -> str:
    button = element("button", both("复制（含出处）", "Copy with sources"), type="button",
                     class_="tool", data_copy_answer=with_sources(answer))  # fmt: skip
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


_NEAREST = 160  # characters of a passage that comes near


# --- where nothing answers ------------------------------------------------------------------------


def nearest(answer: Answer) -> str:
    """The passages that come nearest, before all else, and that they are no answer."""
    items = join(
        element(
            "li",
            element("a", text(named(c.title)), href=document_url(c), class_="open", target="_blank")
            + element("span", text(" > ".join(c.heading_path[-2:])), class_="path")
            + element("blockquote", text((c.row or squeeze(c.quote))[:_NEAREST])),
        )
        for c in answer.near
    )
    if not items:
        return ""
    head = both("没有读到能直接回答的原文。最接近的原文是（供参考，不是回答）：",
                "No passage answers this. The nearest ones are (for reference, not an answer):")  # fmt: skip
    return element("p", head, class_="near-head") + element("ul", items, class_="near")


def help_on(answer: Answer) -> str:
    """What was understood, and what can be changed about the question."""
    understood = element(
        "p",
        both("理解的问题：", "Understood as: ")
        + element("button", text(answer.standalone_question), type="button", class_="link",
                  data_fill=answer.standalone_question, title="点击可修改后重新提问 / edit it"),
        class_="understood",
    )  # fmt: skip
    ways = map(_without, limits(answer))
    hints = (
        both("换用文件里的说法，或写出文件的标题、文号。",
             "Use the words of the documents, or name a document by title or number."),
        element("a", both("到文件库看看有没有这方面的文件", "See what the library holds"), href="/library"),
    )  # fmt: skip
    items = join(element("li", way) for way in (*filter(None, ways), *hints))
    head = element("p", both("可以这样改：", "What you can change:"), class_="change")
    return element("div", understood + head + element("ul", items), class_="help")


def unfilter(answer: Answer) -> str:
    """Asks again without the asker's own filter, where that shut something out."""
    if not answer.narrowed:
        return ""
    label = both(f"取消筛选（{'、'.join(answer.narrowed)}）再问", "Clear the filters and ask again")
    button = element("button", label, type="button", class_="tool main",
                     data_unfilter=answer.standalone_question)  # fmt: skip
    return element("p", button, class_="tools")


def _without(limit: tuple[str, str]) -> str:
    name, left = limit
    if not left:
        return ""
    label = both(f"去掉限定“{name}”再问", f"Ask without “{name}”")
    return element("button", label, type="button", class_="tool", data_ask=left)
