"""Whether documents are in force, and what says so; nothing is concluded that no document says."""

from collections.abc import Iterator, Sequence
from datetime import date

from assistant.answers.content import Content, Statement, refused, table
from assistant.answers.ways.catalogue import day_written
from assistant.answers.ways.documents import meant
from assistant.answers.ways.versions import act_of, items_of
from assistant.cite.citation import citation_of
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence
from assistant.find.stated import of_documents
from assistant.understand.asked import (
    asks_for_articles,
    asks_for_text,
    asks_when,
    is_of_thing,
)
from assistant.understand.corpus import full_name
from assistant.understand.days import day_asked, ending_asked
from assistant.understand.demands import Demand
from assistant.understand.question import Question
from vectorstore.corrections import said_by_hand
from vectorstore.facts import FactFilter, Relation
from vectorstore.language.editions import edition_core
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import fold
from vectorstore.models import OVER, DocumentSummary
from vectorstore.validity import ACTS, REPEALS, Act, Proof, State

_YEARS = 3
_AIM = Pattern(
    r"(?P<year>20\d\d)年(?:远景|总体|发展)?目标[:：][^，,。；;\n]{4,60}",
    yes=(("2035年远景目标：科普体系全面建成，", "2035年远景目标：科普体系全面建成"),),
    no=("2035年目标", "到2035年建成"),
    why="what a document aims at in a year, in words",
)
_MOST = 6  # documents that are told one by one
_SAID = {
    "未生效": "尚未生效",
    "现行有效": "现行有效",
    "部分失效": "部分条款已失效，其余有效",
    "已届满": "有效期或规划期已届满，不再有效",
    "已废止": "已废止，不再有效",
    "已修订": "已修订，以修订后的为准",
    "未标注": "没有标注时效性（未标注）",
}


def answer_validity(question: Question, evidence: Evidence) -> Content | None:
    """The state of each document that is meant on the day asked about, its proofs quoted, and
    what was done to it; what ends soon."""
    if question.asks(Demand.ENDING):
        return _ending(question, evidence)
    documents = meant(question, evidence)
    if not documents or len(documents) > _MOST:
        return None
    if not question.words(Demand.VALIDITY) and asks_when(question) and _is_read(question, evidence):
        return None  # 全面实施阶段是从哪年到哪年: no life of a document
    day = day_asked(question) or evidence.view.as_of
    if is_of_thing(question, [d.metadata.title for d in documents]) and (
        all(evidence.view.validity.in_force(d.id, day).name == "未标注" for d in documents)
        or _is_read(question, evidence)
    ):
        return None
    if day_asked(question) and len(documents) == 1:
        documents = _editions_on(documents[0], day, evidence)
    statements: list[Statement] = []
    notes: list[str] = []
    for document in documents:
        state = evidence.view.validity.in_force(document.id, day)
        if state.name == "未标注":
            aims = list(_aims(document, evidence))
            statements += aims
            notes += ["文件没有写明有效期；以上是它所列目标的年份。"] if aims else []
        statements += _told(document, state, day, evidence)
        statements += _basis_over(document, day, evidence)
        notes += _advice(document, state, day, evidence)
    if not statements:
        # when it ends a sentence may tell all the same
        return None if asks_when(question) else refused("".join(notes))
    return Content(tuple(dict.fromkeys(statements)), notes=tuple(notes))


def _is_read(question: Question, evidence: Evidence) -> bool:
    """Whether a passage answers the question by itself."""
    return bool(evidence.supported(question, evidence.read(question)))


def _editions_on(document: DocumentSummary, day: date, evidence: Evidence) -> list[DocumentSummary]:
    """Of documents of one title and place, those that are in force on a day; all of them where
    none is, so that the gap shows."""
    m = document.metadata
    core = edition_core(m.title)
    same = [
        d
        for d in evidence.view.documents()
        if core and d.metadata.region == m.region and edition_core(d.metadata.title) == core
    ]
    state = evidence.view.validity.in_force
    holding = [d for d in same if state(d.id, day).name in ("现行有效", "部分失效", "已修订")]
    listed = holding or same
    return sorted(listed, key=lambda d: str(d.metadata.dated or ""))[:_MOST] or [document]


def _basis_over(document: DocumentSummary, day: date, evidence: Evidence) -> Iterator[Statement]:
    """What ended a document that this one rests on: whoever cites it should know."""
    validity = evidence.view.validity
    for tie in validity.rests_on(document.id):
        if tie.relation.type != "依据":
            continue
        for basis in filter(None, map(evidence.view.known, tie.document_ids[:1])):
            state = validity.in_force(basis.id, day)
            quotes = [q for p in state.proofs[:1] if (q := _quote(p, evidence))]
            if state.name in OVER and quotes:
                rests = evidence.quoter.fact(document, tie.relation)
                yield Statement(f"{act_of(document)}：{rests.text}", (rests,))
                yield Statement(f"{act_of(quotes[0].document)}：{quotes[0].text}", (quotes[0],))


def answer_elsewhere(question: Question, evidence: Evidence) -> Content | None:
    """What documents of the library say of one that it does not hold: 废止, 替代, a clean-up
    list that names it. None where the question names no such document."""
    asked = fold(question.standalone)
    view = evidence.view
    found: list[Relation] = []
    for relation in view.relations:
        if relation.type not in ACTS or not _names(asked, relation):
            continue
        ties = view.validity.rests_on(relation.document_id)
        if not any(tie.relation == relation and tie.document_ids for tie in ties):
            found.append(relation)
    if not found:
        return None
    statements = []
    for relation in found[:_MOST]:
        quote = evidence.quoter.fact(evidence.summary(relation.document_id), relation)
        statements.append(Statement(f"{act_of(quote.document)}：{quote.text}", (quote,)))
    name = found[0].title or found[0].number or ""
    said = "、".join(dict.fromkeys(r.type.removeprefix("清理_") for r in found))
    note = f"库中没有收录《{name}》的原文；以上是其他文件对它的处理（{said}）。"
    advice = "不宜再作为现行依据引用。" if any(r.type in _ENDS for r in found) else ""
    return Content(tuple(dict.fromkeys(statements)), notes=(note + advice,))


def text_not_held(question: Question, evidence: Evidence) -> Content | None:
    """In so many words that the library has only what others say of a document, where its own
    text is asked for. None for any other question."""
    if not asks_for_text(question):
        return None
    asked, view = fold(question.standalone), evidence.view
    ties = [
        (d, tie)
        for d in view.documents()
        for tie in view.validity.rests_on(d.id)
        if tie.relation.title and _names(asked, tie.relation)
    ]
    if not ties or any(tie.document_ids for _, tie in ties):
        return None
    near = [citation_of(evidence.quoter.fact(d, tie.relation)) for d, tie in ties[:_MOST]]
    name = (ties[0][1].relation.title or "").strip("《》")
    return refused(f"库中没有收录《{name}》的原文，只有 {len(ties)} 处提到它，没有它的条文。", near)


def is_life_clause(statements: Sequence[Statement], evidence: Evidence) -> bool:
    """Whether what answers is the clause that says from when to when a document holds: then
    that is what was asked."""
    quotes = [quote for statement in statements for quote in statement.quotes[:1]]
    ids = frozenset(quote.document_id for quote in quotes)
    clauses = evidence.view.facts(FactFilter(("validity",), document_ids=ids))
    return bool(quotes) and all(
        any(c.document_id == q.document_id and c.start < q.end and q.start < c.end for c in clauses)
        for q in quotes
    )


_ENDS = (*REPEALS, "清理_失效")
_LONG_NAME = 6  # characters; shorter titles stand in other words


def _names(asked: str, relation: Relation) -> bool:
    number, title = fold(relation.number or ""), fold(relation.title or "").strip("《》")
    return bool(number and number in asked) or (len(title) >= _LONG_NAME and title in asked)


def _told(
    document: DocumentSummary, state: State, day: date, evidence: Evidence
) -> Iterator[Statement]:
    """The state with the words that say so, then the acts of others, oldest first."""
    said = _SAID[state.name]
    title = document.metadata.title
    number = f"（{n}）" if (n := document.metadata.document_number) else ""
    own = evidence.quoter.field(document, "title")
    for proof in state.proofs[:3]:
        if quote := _quote(proof, evidence):
            whose = "" if proof.document_id == document.id else f"{act_of(quote.document)}载明："
            yield Statement(
                f"《{title}》{number}：{whose}{quote.text}", (quote, *((own,) if own else ()))
            )
    for act in evidence.view.validity.acts_on(document.id):
        if not act.holds(day) and act.relation.type not in ("废止", "替代", "清理_废止"):
            continue
        if statement := _done(act, evidence):
            yield statement
    is_quoted = any(proof.end > proof.start for proof in state.proofs)
    if not is_quoted and own and state.name != "未标注":
        yield Statement(f"《{title}》{number}{said}。", (own,))


def _aims(document: DocumentSummary, evidence: Evidence) -> Iterator[Statement]:
    """A target of each year that a document without a stated life aims at."""
    facts = [f for f in of_documents([document], evidence, "target") if f.year]
    first = {fact.year or 0: fact for fact in reversed(facts)}
    for year in sorted(first)[-_YEARS:]:
        quote = evidence.quoter.fact(document, first[year])
        lead = "" if str(year) in quote.text else f"{year}年："
        yield Statement(f"{lead}{quote.text}", (quote,))
    told = set(first)
    for passage in evidence.view.passages_of(document.id):
        for match in _AIM.finditer(passage.text):
            if (year := int(match["year"])) not in told:  # aims without a figure
                told.add(year)
                quote = evidence.quoter.quote(document, passage, *match.span())
                yield Statement(quote.text, (quote,))


def _done(act: Act, evidence: Evidence) -> Statement | None:
    """What another document does to this one, in its words."""
    acting = evidence.view.known(act.document_id)
    if acting is None:
        return None
    quote = evidence.quoter.fact(acting, act.relation)
    since = f"，自{day_written(act.since)}起" if act.since else ""
    return Statement(f"{act_of(quote.document)}{since}：{quote.text}", (quote,))


def _quote(proof: Proof, evidence: Evidence) -> Quote | None:
    document = evidence.view.known(proof.document_id)
    if document is None or proof.end <= proof.start:
        return None
    return evidence.quoter.stretch(document, proof.start, proof.end)


def _advice(
    document: DocumentSummary, state: State, day: date, evidence: Evidence
) -> Iterator[str]:
    """What somebody who wants to cite it should know."""
    name = full_name(document)
    yield f"{name}：截至所问日期，{_SAID[state.name]}。"
    for proof in state.proofs:
        if proof.by and (newer := evidence.view.known(proof.document_id)):
            yield f"{proof.quote}：{act_of(newer)}{proof.by.verdict}它；文件自己没有写明。"
    yield from said_by_hand(document.metadata, ("date_effective", "period", "status"))
    end = evidence.view.validity.ends_on(document.id, day)
    if end and end.year != document.metadata.period_end:
        yield f"按载明的施行日期和期限，它的有效期到{day_written(end)}。"
    if state.name == "未标注":
        yield "文件没有写明施行日期或有效期，也没有读到废止它的文件；是否有效请向发文机关核实。"
    elif state.name == "已届满":
        yield "届满不等于废止，但不宜再作为现行依据引用；是否继续执行以发文机关的通知为准。"
    elif state.name in ("已废止", "部分失效"):
        yield "不宜作为现行依据引用（部分失效的，失效条款除外）。"


# --- what ends soon ------------------------------------------------------------------------------


def _ending(question: Question, evidence: Evidence) -> Content:
    """Documents whose stated period ends in the year that is asked about, or within six months."""
    first, last = ending_asked(question, evidence.view.as_of)
    shown = {d.id: d for d in evidence.view.documents(question.where)}
    validity = evidence.view.validity
    ids = [i for i in validity.ending(first, last) if i in shown]
    if not ids:
        return refused(
            f"从{day_written(first)}到{day_written(last)}，库中没有文件的有效期或规划期届满。"
        )
    rows = [_ending_row(shown[i], evidence) for i in ids]
    note = f"从{day_written(first)}到{day_written(last)}届满的文件共 {len(ids)} 份。"
    return Content((table(("文件", "文号", "届满日期", "原文"), rows),), notes=(note,))


def _ending_row(document: DocumentSummary, evidence: Evidence) -> Sequence[Statement]:
    view = evidence.view
    day = view.validity.ends_on(document.id, view.as_of)
    quotes = tuple(
        q for p in view.validity.end_proofs(document.id, view.as_of) if (q := _quote(p, evidence))
    )
    words = Statement(quotes[0].text, quotes[:1]) if quotes else Statement("未载明")
    last = Statement(day_written(day) or "", quotes[:1]) if day and quotes else Statement("未载明")
    own = evidence.quoter.field(document, "document_number")
    number = Statement(own.text, (own,)) if own else Statement("未载明")
    return (Statement(full_name(document)), number, last, words)


def answer_basis(question: Question, evidence: Evidence) -> Content | None:
    """What the document that is meant says it rests on; whether the library holds it."""
    documents = meant(question, evidence)
    if len(documents) != 1:
        return None
    ties = [
        t for t in evidence.view.validity.rests_on(documents[0].id) if t.relation.type == "依据"
    ]
    if not ties:
        return None
    quotes = dict.fromkeys(evidence.quoter.fact(documents[0], tie.relation) for tie in ties)
    missing = [t.relation.title or t.relation.number for t in ties if not t.document_ids]
    listed = "、".join(f"《{name}》" for name in dict.fromkeys(filter(None, missing)))
    notes = (f"其中提到但库中未收录的有：{listed}。",) if listed else ()
    return Content(tuple(Statement(q.text, (q,)) for q in quotes), notes=notes)


# --- what documents do to others -----------------------------------------------------------------


def answer_articles(question: Question, evidence: Evidence) -> Content | None:
    """Which articles of a document were repealed or changed, by what."""
    if not asks_for_articles(question):
        return None
    documents = meant(question, evidence)
    found: list[tuple[DocumentSummary, Relation]] = []
    for document in documents[:_MOST]:
        for act in evidence.view.validity.acts_on(document.id):
            acting = evidence.view.known(act.document_id)
            if act.relation.articles and acting:
                found.append((acting, act.relation))
    if not found:
        return None
    told = (s for document, relation in found for s in _changed(document, relation, evidence))
    return Content(tuple(dict.fromkeys(told)))


def _changed(
    acting: DocumentSummary, relation: Relation, evidence: Evidence
) -> Iterator[Statement]:
    """The words that change or repeal, then the lines further on that say what in which
    article."""
    quote = evidence.quoter.fact(acting, relation)
    yield Statement(f"{act_of(quote.document)}：{quote.text}", (quote,))
    for item in items_of(acting, relation, evidence):
        if item.text not in quote.text:
            yield Statement(item.text, (item,))
