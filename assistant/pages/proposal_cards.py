"""A pair of documents side by side, with what to decide; and the list of what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.cite.citation import address as words_at
from assistant.cite.citation import named
from assistant.pages.fact_table import state_chip
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.pages.shell import problem
from assistant.understand.corpus import date_of
from vectorstore.decisions import LONGEST_NAME, LONGEST_REASON, Decision, Verdict
from vectorstore.facts import Relation
from vectorstore.language.text import squeeze
from vectorstore.library import View
from vectorstore.models import DocumentSummary
from vectorstore.proposals import Proposal

_SHOWN = 200  # decisions on the page
_QUOTED = 160  # characters
_VERDICTS: dict[Verdict, tuple[str, str]] = {
    "替代": ("确认替代", "Replaces it"),
    "修订": ("确认修订", "Amends it"),
    "废止": ("确认废止", "Repeals it"),
    "无关": ("不是", "Neither"),
}
_FOUND: dict[Verdict, tuple[str, str, str]] = {
    "替代": ("被后者替代", "replaced", "bad"),
    "修订": ("被后者修订", "amended", "caution"),
    "废止": ("被后者废止", "repealed", "bad"),
    "无关": ("没有这种关系", "unrelated", "plain"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody sent; `error` says why it was not taken."""

    older: str
    newer: str
    verdict: str = ""
    reason: str = ""
    who: str = ""
    error: str = ""
    status: int = 200

    @property
    def pair(self) -> tuple[str, str]:
        return (self.older, self.newer)

    def failed(self, error: str, is_refused: bool) -> "Typed":
        return replace(self, error=error, status=400 if is_refused else 503)


def card(
    view: View,
    proposal: Proposal,
    typed: Typed | None,
    kept: Sequence[tuple[str, str]],
    english: bool,
) -> str:
    """`typed` is shown again in the card that it was sent from; `kept` is sent along."""
    older, newer = view.summary(proposal.older), view.summary(proposal.newer)
    if older is None or newer is None:
        return ""
    own = typed if typed and typed.pair == (older.id, newer.id) else None
    sides = _side(older, "较早", "Older") + _side(newer, "较晚", "Newer")
    compare = element("a", both("逐条对照", "Compare"), class_="tool",
                      href=f"/compare?old_id={older.id}&new_id={newer.id}")  # fmt: skip
    name = f"{named(older.metadata.title)}·{named(newer.metadata.title)}"
    return element(
        "section",
        element("div", sides, class_="sides")
        + element("div", element("span", _why(proposal, newer)) + compare, class_="why")
        + (problem(own.error) if own and own.error else "")
        + _form(proposal, own, kept, english),
        class_="proposal",
        aria_label=name,
    )


def _side(document: DocumentSummary, zh: str, en: str) -> str:
    m = document.metadata
    title = element("a", text(named(m.title)), href=f"/documents/{document.id}")
    fields = (
        ("文号", "Number", m.document_number),
        ("机关", "Issuer", m.issuer),
        ("日期", "Date", date_of(document)),
    )
    rows = join(
        element("div", element("dt", both(*label)) + element("dd", _value(value)))
        for *label, value in fields
    )
    state = element(
        "div", element("dt", both("状态", "State")) + element("dd", state_chip(document.state))
    )
    which = element("span", both(zh, en), class_="which")
    return element("article", element("h3", which + title) + element("dl", rows + state))


def _value(value: str | None) -> str:
    return text(value) if value else both("未载明", "not stated")


def _why(proposal: Proposal, newer: DocumentSummary) -> str:
    """Why the pair is put forward, with the words that name the older one."""
    if r := proposal.relation:
        return _words(r, newer)
    organ, place = "机关" in proposal.shared, "地区" in proposal.shared
    zh = "、".join(n for n, is_shared in (("发文机关", organ), ("地区", place)) if is_shared)
    en = " and ".join(n for n, is_shared in (("issuer", organ), ("place", place)) if is_shared)
    return both(
        f"提出的原因：去掉年份、“试行”“修订”等字样后标题相同，{zh}相同，日期较晚。 ",
        f"Why: the same title but for years and marks of an edition, the same {en}, a later date. ",
    )


def _words(relation: Relation, newer: DocumentSummary) -> str:
    said = squeeze(relation.quote)
    quote = said if len(said) <= _QUOTED else said[: _QUOTED - 1] + "…"
    href = words_at(newer.id, relation.start, relation.end)
    # What may not be quoted is read on its own page.
    shown = text(f"“{quote}”") if newer.audience.may_quote else both("（见原文）", "(open it)")
    link = element("a", shown, href=href)
    return (
        both("提出的原因：后者写明 ", "Why: the newer one says ")
        + link
        + both("，但凭这个名称认不准是库里的哪一份。 ", ", a name that does not settle which document is meant. ")
    )  # fmt: skip


def _form(
    proposal: Proposal, typed: Typed | None, kept: Sequence[tuple[str, str]], english: bool
) -> str:
    """No button stands out, and Enter in a box presses none (a browser presses the first one, which
    cannot be pressed): nothing is to be confirmed by the way."""
    hidden = _hidden((("older", proposal.older), ("newer", proposal.newer), *kept))
    reason = element(
        "label",
        both("理由（必填）", "Reason (required)")
        + element("input", type="text", name="reason", required=True, maxlength=LONGEST_REASON,
                  autocomplete="off", value=typed.reason[: 2 * LONGEST_REASON] if typed else "",
                  placeholder=pick(english, "如 后者第三十条与前者规定同一事项", "e.g. both rule the same matter")),
        class_="reason",
    )  # fmt: skip
    who = element(
        "label",
        both("署名", "Your name")
        + element("input", type="text", name="who", maxlength=LONGEST_NAME, autocomplete="name",
                  value=typed.who[:LONGEST_NAME] if typed else ""),
        class_="who",
    )  # fmt: skip
    offered = [v for v in _VERDICTS if v != "废止" or proposal.likely == "废止"]
    buttons = element("button", type="submit", disabled=True, hidden=True) + join(
        element(
            "button", both(*_VERDICTS[v]), type="submit", name="verdict", value=v, class_="tool"
        )
        for v in offered
    )
    inside = hidden + reason + who + element("div", buttons, class_="buttons")
    return element("form", inside, method="post", action="/proposals")


def _hidden(values: Sequence[tuple[str, str]]) -> str:
    return join(element("input", type="hidden", name=n, value=v) for n, v in values if v)


# --- what was decided ---------------------------------------------------------------------------


def decided_list(view: View, decided: Sequence[Decision], document: str) -> str:
    """The latest first; each can be undone."""
    head = element(
        "h2", both(f"已核对（{len(decided)}）", f"Decided ({len(decided)})"), id="decided"
    )
    if not decided:
        return ""
    items = join(_decided(view, decision, document) for decision in decided[:_SHOWN])
    more = ""
    if len(decided) > _SHOWN:
        more = element("p", both(f"列出最近 {_SHOWN} 条。", f"The latest {_SHOWN} are shown."), class_="note")  # fmt: skip
    return head + element("ul", items, class_="decided") + more


def _decided(view: View, decision: Decision, document: str) -> str:
    zh, en, tone = _FOUND[decision.verdict]
    names = (
        _name(view, decision.older, decision.older_title),
        _name(view, decision.newer, decision.newer_title),
    )
    rests = view.known(decision.older) is None or view.known(decision.newer) is None
    note = both("其中一份文件不在库里，结论暂不起作用", "one is not held: it does not count now")
    said = element("p", names[0] + " " + element("span", both(zh, en), class_=f"state {tone}") + " " + names[1])  # fmt: skip
    aside = text(decision.said) + (element("span", note, class_="state caution") if rests else "")
    why = element("p", aside, class_="aside")
    button = element("button", both("撤销", "Undo"), type="submit", class_="tool",
                     title=f"撤销 / undo：{named(decision.older_title)}·{named(decision.newer_title)}")  # fmt: skip
    pair = (("older", decision.older), ("newer", decision.newer), ("document", document))
    form = element("form", _hidden(pair) + button, method="post", action="/proposals/undo")
    return element("li", element("div", said + why) + form)


def _name(view: View, document_id: str, title: str) -> str:
    if found := view.known(document_id):
        shown = text(named(found.metadata.title))
        return element("a", shown, href=f"/documents/{document_id}")
    return element("span", text(named(title)), class_="absent")
