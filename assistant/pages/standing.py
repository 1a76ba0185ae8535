"""What a document's page says of how it stands: its state with the words that prove it, its ties
to other documents as a chain, and what it states, by kind."""

from collections.abc import Iterator, Sequence
from datetime import date

from assistant.cite.citation import address as words_at
from assistant.cite.citation import named, numbered
from assistant.indicators.chosen import KIND_NAMES, KINDS, Chosen
from assistant.indicators.listing import organs, value, what, whose
from assistant.indicators.standing import Link, basis, changes, citing, own_acts
from assistant.pages.fact_table import state_chip
from assistant.pages.markup import both, element, join, text
from vectorstore.decisions import Decision
from vectorstore.facts import Fact, FactFilter, Relation
from vectorstore.language.text import squeeze
from vectorstore.library import View
from vectorstore.models import DocumentSummary
from vectorstore.validity import Proof

_SHOWN = 20  # facts of a kind, and documents that cite this one; the list page has all
_QUOTED = 240  # characters


def standing_section(view: View, document: DocumentSummary) -> str:
    """Between a document's fields and its text."""
    return element(
        "section",
        _state(view, document)
        + _tools(document)
        + _chain(view, document)
        + _stated(view, document),
        class_="standing",
    )


# --- its state ----------------------------------------------------------------------------------


def _state(view: View, document: DocumentSummary) -> str:
    day = view.as_of.isoformat()
    when = element("span", both(f"（截至 {day}）", f" (as of {day})"))
    line = element("p", both("时效状态：", "Status: ") + state_chip(document.state) + when)
    state = view.state(document.id)
    return line + join(_proof(view, document, proof) for proof in (state.proofs if state else ()))


def _proof(view: View, document: DocumentSummary, proof: Proof) -> str:
    """The words that prove it, and where they stand; or who confirmed it, which no document
    says."""
    own = proof.document_id == document.id
    by = view.summary(proof.document_id)
    if by is None:
        return ""
    if proof.by:
        title = element("a", text(_name(by)), href=f"/documents/{by.id}")
        return element(
            "blockquote", text(f"{proof.quote}：") + title + text(f"{proof.by.verdict}本文件")
        )
    href = f"{'' if own else f'/documents/{by.id}'}?start={proof.start}&end={proof.end}#quote"
    source = both("本文件", "this document") if own else text(named(by.metadata.title))
    link = element("a", source, href=href) if proof.end else source
    if not own and not by.audience.may_quote:  # it is read on its own page
        return element("blockquote", text("见 ") + link)
    return element("blockquote", text(f"“{_quoted(proof.quote)}” —— ") + link)


def _quoted(quote: str) -> str:
    said = squeeze(quote)
    return said if len(said) <= _QUOTED else said[: _QUOTED - 1] + "…"


def _tools(document: DocumentSummary) -> str:
    links = (
        (Chosen(document=document.id).address(), "查看指标", "Figures and duties"),
        (f"/compare?old_id={document.id}", "与另一份文件对照", "Compare with another document"),
        (f"/proposals?document={document.id}", "时效核对", "Check what is in force"),
    )
    return element(
        "div",
        join(element("a", both(zh, en), class_="tool", href=href) for href, zh, en in links),
        class_="tools",
    )


# --- its ties -----------------------------------------------------------------------------------


def _chain(view: View, document: DocumentSummary) -> str:
    """What it rests on, itself, what it does, what was done to it, what cites it: by the day."""
    rests, acts, done = basis(view, document), own_acts(view, document), changes(view, document)
    cited, confirmed = citing(view, document), list(_confirmed(view, document))
    if not (rests or acts or done or cited or confirmed):
        return ""
    written = document.metadata.dated
    entries = [
        *((link.day or date.min, _named(link, link.relation.type)) for link in rests),
        (written or date.min, _item(written, text(_name(document)), class_="own")),
        *((link.day or written or date.min, _named(link, f"本文件{_act(link.relation)}")) for link in acts),
        *((link.day or date.max, _change(link)) for link in done),
        *confirmed,
        *((d.metadata.dated or date.max, _citing(d)) for d in cited[:_SHOWN]),
    ]  # fmt: skip
    items = (item for _, item in sorted(entries, key=lambda entry: entry[0]))
    more = ""
    if len(cited) > _SHOWN:
        more = element("p", both(f"引用本文件的共 {len(cited)} 份，列出前 {_SHOWN} 份。",
                                 f"{len(cited)} documents cite it, the first {_SHOWN} shown."), class_="note")  # fmt: skip
    head = element("h2", both("来龙去脉", "History"))
    return head + element("ol", join(items), class_="chain") + more


def _act(relation: Relation) -> str:
    articles = f"（{'、'.join(relation.articles)}）" if relation.articles else ""
    return f"{relation.type.replace('清理_', '清理：')}{articles}"


def _named(link: Link, label: str) -> str:
    """What this document names: a link where the library holds it, else said so."""
    relation = link.relation
    href = f"?start={relation.start}&end={relation.end}#quote"
    where = element("a", both("出处", "where"), href=href, title=_quoted(relation.quote))
    if link.other:
        return _item(link.day, text(f"{label} ") + _title(link.other) + " " + where)
    title = named(relation.title) if relation.title else ""
    number = f"（{relation.number}）" if relation.number else ""
    absent = element("span", both("提到但未收录", "named, not held"), class_="state plain")
    name = element("span", text(f"{title}{number}"), class_="absent")
    return _item(link.day, text(f"{label} ") + name + " " + absent + " " + where)


def _change(link: Link) -> str:
    """What another document does to this one, with its words."""
    relation = link.relation
    if link.other is None:
        return ""
    href = words_at(link.other.id, relation.start, relation.end)
    title = element("a", text(_name(link.other)), href=href)
    quote = ""
    if link.other.audience.may_quote:  # else it is read on its own page
        quote = element("span", text(f"“{_quoted(relation.quote)}”"), class_="aside")
    return _item(link.day, text("被 ") + title + text(f" {_act(relation)}") + quote)


def _confirmed(view: View, document: DocumentSummary) -> Iterator[tuple[date, str]]:
    """What people confirmed of it, by the day from which that counts."""
    for found in view.validity.confirmed_on(document.id):
        if by := view.summary(found.decision.newer):
            yield found.since or date.max, _by_people(found.since, "被", by, found.decision)
    for decision in view.decisions:
        older = view.summary(decision.older)
        if decision.newer == document.id and decision.is_confirmed and older:
            day = document.metadata.dated
            yield day or date.max, _by_people(day, "本文件", older, decision)


def _by_people(day: date | None, how: str, other: DocumentSummary, decision: Decision) -> str:
    verb = decision.verdict
    said = (f"{how} ", f" {verb}") if how == "被" else (f"{how}{verb} ", "")
    note = element("span", text(decision.said), class_="aside")
    return _item(day, text(said[0]) + _title(other) + text(said[1]) + note)


def _citing(document: DocumentSummary) -> str:
    return _item(document.metadata.dated, _title(document) + both(" 引用本文件", " cites it"))


def _title(document: DocumentSummary) -> str:
    return element("a", text(_name(document)), href=f"/documents/{document.id}")


def _name(document: DocumentSummary) -> str:
    return numbered(document.metadata.title, document.metadata.document_number)


def _item(day: date | None, content: str, class_: str | None = None) -> str:
    when = element("time", text(day.isoformat()), datetime=day.isoformat()) if day else element("time")  # fmt: skip
    return element("li", when + element("div", content), class_=class_)


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
        more = element("p", element("a", label, href=href))
    return element("details", summary + element("ul", join(map(_fact, facts))) + more)


def _fact(fact: Fact) -> str:
    """A line that leads to its place below."""
    year = f"{fact.year}年" if fact.year else ""
    said = (whose(fact), what(fact), year, value(fact)[:_QUOTED], organs(fact))
    shown = " ".join(filter(None, said)) or _quoted(fact.quote)
    return element(
        "li", element("a", text(shown), href=f"?start={fact.start}&end={fact.end}#quote")
    )
