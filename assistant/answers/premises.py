"""Questions that presume what the document contradicts.

「由市应急局牵头的应急科普…」 when the document names another lead, 「为什么把目标定为12%」 when it says
15.5%: the document's statement is put in front of the answer.
"""

from dataclasses import replace

from assistant.answers.content import Content, Refusal, Statement
from assistant.answers.quotes.assignments import Assignment, role_quote
from assistant.answers.quotes.spans import clause
from assistant.answers.ways.documents import in_question, meant
from assistant.find.evidence import Evidence
from assistant.find.stated import Match, facts_about, of_documents
from assistant.understand.presumed import (
    attributes_presumed,
    days_to_confirm,
    figures_presumed,
    figures_to_confirm,
    lead_presumed,
    task_described,
)
from assistant.understand.question import Question
from assistant.understand.wording import without
from vectorstore.facts import Fact, FactKind
from vectorstore.language.dates import DATE
from vectorstore.language.figures import Figure, figures, plain_number, same_unit
from vectorstore.language.names import names_organ
from vectorstore.language.roles import LEAD, SUPPORT, roles_in
from vectorstore.language.sentences import sentences
from vectorstore.language.text import search_copy
from vectorstore.models import Passage

_SURE = 0.7  # of a task, in the name of a row's
_LIKELY = 0.3  # of a matter, in the name of a row that holds its very figure


def contradicted(question: Question, content: Content, evidence: Evidence) -> Content:
    """`content`, with what the question got wrong put right in front of it."""
    if isinstance(content.said, Refusal):
        return _put_right(question, content, evidence)
    if not content.is_prose:
        return content
    quotes = [quote for statement in content.statements for quote in statement.quotes]
    passages = [p for q in quotes if (p := evidence.view.passage(q.passage_id))]
    if lead := _wrong_lead(question, passages, evidence):
        fix, note = lead
        said = (fix, *content.statements) if fix else content.statements
        notes = (note, *content.notes) if note else content.notes
        return _with_confirmed(question, replace(content, said=said, notes=notes), evidence)
    found = (
        _wrong_date(question, content)
        or _wrong_row(question, evidence)
        or _wrong_attribute(question, passages, evidence)
        or _wrong_figure(question, passages, evidence)
    )
    if found:
        presumed, fix = found
        others = tuple(s for s in content.statements if fix is None or s.text != fix.text)
        note = f"提问中的“{presumed}”与文件不一致，以文件载明的为准。"
        return replace(
            content, said=(fix, *others) if fix else others, notes=(note, *content.notes)
        )
    return _with_confirmed(question, content, evidence)


def _with_confirmed(question: Question, content: Content, evidence: Evidence) -> Content:
    """`content`, with the row in front that holds a figure to be confirmed, where what is said
    does not: 每年培训300人，由市教育局牵头吗."""
    said = "".join(statement.text for statement in content.statements)
    asked = [f for f in figures_to_confirm(question) if plain_number(f.value) not in said]
    if not asked:
        return content
    documents = meant(question, evidence) or in_question(question, evidence)
    kinds: tuple[FactKind, ...] = ("target", "figure", "amount")
    matches = facts_about(question.matter, evidence, kinds, documents, _LIKELY)
    rows = (m.fact for m in matches if any(_is(m.fact, presumed) for presumed in asked))
    if (fact := next(rows, None)) is None:
        return content
    quote = evidence.quoter.fact(evidence.summary(fact.document_id), fact)
    return replace(content, said=(Statement(quote.text, (quote,)), *content.statements))


def _put_right(question: Question, content: Content, evidence: Evidence) -> Content:
    """Instead of a refusal the row that a figure to be confirmed contradicts."""
    if found := _wrong_row(question, evidence):
        presumed, fix = found
        note = f"提问中的“{presumed}”与文件不一致，以文件载明的为准。"
        return Content((fix,), (note, *content.notes))
    return content


def _wrong_lead(
    question: Question, passages: list[Passage], evidence: Evidence
) -> tuple[Statement | None, str] | None:
    """What names the lead, or a note where nobody is said to lead and the organ that is presumed
    is one of those responsible."""
    if (presumed := lead_presumed(question)) is None:
        return None
    organ, asked = presumed
    for passage in passages:
        document = evidence.summary(passage.document_id)
        assignment = Assignment(document, passage, tuple(roles_in(passage)))
        named = [
            (role, quote, role.organs or quote.text)
            for role in assignment.roles
            for quote in (role_quote(assignment, role, evidence),)
        ]
        leads = [item for item in named if item[0].role != SUPPORT]
        if asked == "牵头" and leads and not any(r.role == LEAD for r, _, _ in leads):
            if any(names_organ(organs, organ) for _, _, organs in leads):
                return None, f"文件没有写明由谁牵头；{organ}是责任单位之一，与提问不一致。"
        if not leads or any(names_organ(organs, organ) for _, _, organs in leads):
            continue
        role, quote, organs = leads[0]
        word = "牵头单位" if role.role == LEAD else "责任单位"
        text = f"文件载明的{word}是{organs}，不是{organ}"
        quotes = [quote]
        for other, support, listed in named:
            if other.role == SUPPORT and names_organ(listed, organ):
                text += f"（{organ}是配合单位）"
                quotes.append(support)
                break
        return Statement(text + "。", tuple(dict.fromkeys(quotes))), ""
    row = _lead_in_rows(question, organ, evidence)
    return (row, "") if row else None


def _lead_in_rows(question: Question, organ: str, evidence: Evidence) -> Statement | None:
    """Who leads the task that a question describes by another lead; None where that one leads, or
    no row is surely of the task."""
    documents = meant(question, evidence) or in_question(question, evidence)
    matches = facts_about(task_described(question), evidence, ("duty",), documents, _SURE)
    facts = [m.fact for m in matches if m.fact.subject == matches[0].fact.subject]
    leads = [fact for fact in facts if fact.role == "lead"]
    if not leads or any(names_organ("、".join(f.organs), organ) for f in leads):
        return None
    said = "、".join(dict.fromkeys(name for fact in leads for name in fact.organs))
    quotes = (evidence.quoter.fact(evidence.summary(f.document_id), f) for f in leads)
    return Statement(f"文件载明的牵头单位是{said}，不是{organ}。", tuple(dict.fromkeys(quotes)))


def _wrong_date(question: Question, content: Content) -> tuple[str, None] | None:
    """A day that the question asks to confirm, where the answer names another."""
    said = {
        (int(m["m"]), int(m["d"]))
        for statement in content.statements
        for m in DATE.finditer(statement.text)
    }
    for month, day, words in days_to_confirm(question):
        if said and (month, day) not in said:
            return words, None
    return None


def _wrong_row(question: Question, evidence: Evidence) -> tuple[str, Statement] | None:
    """A figure to be confirmed that the row of its indicator and year contradicts."""
    asked = figures_to_confirm(question)
    if not asked:
        return None
    years = question.years_said
    documents = meant(question, evidence) or in_question(question, evidence)
    for presumed in asked:
        words = without(question.matter, [presumed.text]).strip()
        matches = facts_about(words, evidence, ("target", "figure", "amount"), documents, 0.3)
        if not words and years:  # 到2030年是50座吧: all of that unit and year
            matches = [Match(f, 0.0) for f in of_documents(documents, evidence, "target")]
        rows = [
            (m.fit, m.fact)
            for m in matches
            if m.fact.unit == presumed.unit and (not years or m.fact.year in years)
        ]
        if not rows or any(_is(fact, presumed) for _, fact in rows):
            continue
        _, fact = max(rows, key=lambda row: (round(row[0], 2), row[1].kind == "target"))
        document = evidence.summary(fact.document_id)
        quote = evidence.quoter.fact(document, fact)
        return presumed.text, Statement(f"文件载明：{fact.quote}", (quote,))
    return None


def _is(fact: Fact, presumed: Figure) -> bool:
    return any(v is not None and abs(v - presumed.value) < 1e-9 for v in (fact.value, fact.high))


def _wrong_figure(
    question: Question, passages: list[Passage], evidence: Evidence
) -> tuple[str, Statement | None] | None:
    """A figure of the question that the evidence contradicts: same unit, another value."""
    for presumed in figures_presumed(question):
        for passage in passages:
            held = [f for f in figures(search_copy(passage.text)) if same_unit(f, presumed)]
            if not held or any(abs(f.value - presumed.value) < 1e-9 for f in held):
                continue
            best = _nearest(question, passage, presumed, evidence)
            if best:
                quote = evidence.quoter.quote(evidence.summary(passage.document_id), passage, *best)
                return presumed.text, Statement(f"文件载明：{quote.text}", (quote,))
    return None


def _wrong_attribute(
    question: Question, passages: list[Passage], evidence: Evidence
) -> tuple[str, Statement] | None:
    """A measure that the question states and the sentence that gives it contradicts."""
    for name, presumed in attributes_presumed(question):
        for passage in passages:
            for start, end in sentences(passage.text):
                said = passage.text[start:end]
                held = [f for f in figures(search_copy(said)) if same_unit(f, presumed)]
                names_it = name[-2:] in said or (name.endswith("期") and name[-3:-1] in said)
                if not held or not names_it:
                    continue
                if any(abs(f.value - presumed.value) < 1e-9 for f in held):
                    return None
                document = evidence.summary(passage.document_id)
                quote = evidence.quoter.quote(document, passage, start, end)
                return presumed.text, Statement(f"文件载明：{quote.text}", (quote,))
    return None


def _nearest(
    question: Question, passage: Passage, presumed: Figure, evidence: Evidence
) -> tuple[int, int] | None:
    """The clause with a figure of that unit that shares most with the question."""
    text = passage.text
    found = []
    for figure in figures(text):
        if same_unit(figure, presumed):
            start, end = clause(text, figure.start, figure.start + len(figure.text))
            found.append((evidence.coverage(question.topic, text[start:end]), start, end))
    if not found:
        return None
    score, start, end = max(found)
    return (start, end) if score > 0.15 else None
