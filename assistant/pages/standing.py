"""What a document's page says of how it stands: its state with the words that prove it, its ties
to other documents as a chain, and what it states, by kind."""

from collections.abc import Iterable, Sequence
from datetime import date

from assistant.indicators.chosen import KIND_NAMES, KINDS, Chosen
from assistant.indicators.listing import organs, value, what, whose
from assistant.indicators.standing import (
    Quoted,
    Standing,
    Tie,
    basis,
    changes,
    citing,
    own_acts,
    standing,
)
from assistant.pages.fact_table import state_chip
from assistant.pages.markup import both, element, join, text
from vectorstore.facts import Fact, FactFilter
from vectorstore.language.text import squeeze
from vectorstore.library import View
from vectorstore.models import DocumentSummary

_SHOWN = 20  # facts of a kind, and documents that cite this one; the list page has all
_QUOTED = 240  # characters


def standing_section(view: View, document: DocumentSummary) -> str:
    """Between a document's fields and its text."""
    return element(
        "section",
        _state(view, document, standing(view, document))
        + _tools(document)
        + _chain(view, document)
        + _stated(view, document),
        class_="standing",
    )


# --- its state ----------------------------------------------------------------------------------


def _state(view: View, document: DocumentSummary, found: Standing) -> str:
    day = element("span", both(f"（截至 {view.as_of.isoformat()}）", f" (as of {view.as_of.isoformat()})"), class_="when")  # fmt: skip
    line = element("p", both("时效状态：", "Status: ") + state_chip(found.name) + day)
    return line + join(_proof(view, document, proof) for proof in found.proofs)


def _proof(view: View, document: DocumentSummary, proof: Quoted) -> str:
    """The words that prove it, and where they stand."""
    own = proof.document_id == document.id
    by = view.summary(proof.document_id)
    if by is None:
        return ""
    place = "?" if own else f"/documents/{by.id}?"
    href = f"{place}start={proof.start}&end={proof.end}#quote"
    source = both("本文件", "this document") if own else text(f"《{by.metadata.title}》")
    return element("blockquote", text(f"“{_quoted(proof.quote)}” ——") + element("a", source, href=href))  # fmt: skip


def _quoted(quote: str) -> str:
    said = squeeze(quote)
    return said if len(said) <= _QUOTED else said[: _QUOTED - 1] + "…"


def _tools(document: DocumentSummary) -> str:
    """In a tab of their own: this page also stands in a dialog over a conversation."""
    links = (
        (Chosen(document=document.id).address(), "查看指标", "Figures and duties"),
        (f"/compare?a={document.id}", "与另一份文件对照", "Compare with another document"),
    )
    return element(
        "div",
        join(
            element("a", both(zh, en), class_="tool", href=href, target="_blank")
            for href, zh, en in links
        ),
        class_="tools",
    )


# --- its ties -----------------------------------------------------------------------------------


def _chain(view: View, document: DocumentSummary) -> str:
    """What it rests on, itself and what it does, what was done to it, what cites it: each from
    the earliest on."""
    rests, done, acts = basis(view, document), changes(view, document), own_acts(view, document)
    acting = {tie.by.id for tie in done}
    cited = [d for d in citing(view, document) if d.id not in acting]
    if not (rests or done or acts or cited):
        return ""
    items = [
        *(_tie(tie, f"{tie.type}") for tie in rests),
        _own(document),
        *(_tie(tie, f"本文件{_done(tie)}") for tie in acts),
        *(_change(tie) for tie in done),
        *(_link(d, "引用本文件") for d in _dated(cited)[:_SHOWN]),
    ]
    more = ""
    if len(cited) > _SHOWN:
        more = element("p", both(f"引用本文件的共 {len(cited)} 份，列出前 {_SHOWN} 份。",
                                 f"{len(cited)} documents cite it, the first {_SHOWN} shown."), class_="note")  # fmt: skip
    head = element("h2", both("来龙去脉", "History"))
    return head + element("ol", join(items), class_="chain") + more


def _done(tie: Tie) -> str:
    articles = f"（{'、'.join(tie.relation.articles)}）" if tie.relation and tie.relation.articles else ""  # fmt: skip
    return f"{tie.type.replace('清理_', '清理：')}{articles}"


def _tie(tie: Tie, label: str) -> str:
    """What a document names: a link where the library holds it, else said so."""
    words = text(f"{label} ")
    where = ""
    if tie.relation:
        r = tie.relation
        where = " " + element(
            "a", both("出处", "where"), href=f"?start={r.start}&end={r.end}#quote"
        )
    if tie.other:
        return _item(tie.other.metadata.dated, words + _title(tie.other) + where)
    named = f"《{tie.title}》" if tie.title else ""
    number = f"（{tie.number}）" if tie.number else ""
    absent = element("span", both("提到但未收录", "named, not held"), class_="state plain")
    return _item(None, words + element("span", text(f"{named}{number}"), class_="absent") + " " + absent + where)  # fmt: skip


def _change(tie: Tie) -> str:
    href = f"/documents/{tie.by.id}"
    quote = ""
    if tie.relation:
        r = tie.relation
        href = f"{href}?start={r.start}&end={r.end}#quote"
        quote = element("span", text(f"“{_quoted(r.quote)}”"), class_="aside")
    title = element("a", text(_name(tie.by)), href=href)
    return _item(tie.dated, text("被 ") + title + text(f" {_done(tie)}") + quote)


def _link(document: DocumentSummary, label: str) -> str:
    return _item(document.metadata.dated, _title(document) + text(f" {label}"))


def _own(document: DocumentSummary) -> str:
    return _item(document.metadata.dated, text(_name(document)), class_="own")


def _title(document: DocumentSummary) -> str:
    return element("a", text(_name(document)), href=f"/documents/{document.id}")


def _name(document: DocumentSummary) -> str:
    number = document.metadata.document_number
    return f"《{document.metadata.title}》" + (f"（{number}）" if number else "")


def _item(day: date | None, content: str, class_: str | None = None) -> str:
    when = element("time", text(day.isoformat() if day else ""), datetime=day and day.isoformat())
    return element("li", when + content, class_=class_)


def _dated(documents: Iterable[DocumentSummary]) -> list[DocumentSummary]:
    return sorted(documents, key=lambda d: (d.metadata.dated or date.max, d.id))


# --- what it states -----------------------------------------------------------------------------


def _stated(view: View, document: DocumentSummary) -> str:
    ids = frozenset((document.id,))
    found = []
    for kind in KINDS:
        where = FactFilter((kind,), document_ids=ids)
        facts = view.facts(where, limit=_SHOWN)
        if facts:
            count = len(facts) if len(facts) < _SHOWN else view.count_facts(where)
            found.append(_kind(document, kind, facts, count))
    if not found:
        return ""
    return element("h2", both("本文件写明", "What it states")) + join(found)


def _kind(document: DocumentSummary, kind: str, facts: Sequence[Fact], count: int) -> str:
    zh, en = KIND_NAMES[kind]
    summary = element("summary", both(f"{zh}（{count}）", f"{en} ({count})"))
    more = ""
    if count > len(facts):
        href = Chosen(kind=kind, document=document.id).address()
        label = both(f"列出前 {len(facts)} 条；查看全部 {count} 条", f"the first {len(facts)}; see all {count}")  # fmt: skip
        more = element("p", element("a", label, href=href, target="_blank"))
    return element("details", summary + element("ul", join(map(_fact, facts))) + more)


def _fact(fact: Fact) -> str:
    """A line that leads to its place below."""
    year = f"{fact.year}年" if fact.year else ""
    said = (whose(fact), what(fact), year, value(fact)[:_QUOTED], organs(fact))
    shown = " ".join(filter(None, said)) or _quoted(fact.quote)
    return element(
        "li", element("a", text(shown), href=f"?start={fact.start}&end={fact.end}#quote")
    )
