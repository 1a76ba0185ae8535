"""What a document did to others: the list of a clean-up, what a new rule repeals."""

from assistant.answers.content import Content, Statement
from assistant.answers.ways.documents import in_question, meant
from assistant.answers.ways.versions import act_of
from assistant.find.evidence import Evidence
from assistant.understand.asked import acts_asked
from assistant.understand.question import Question
from vectorstore.facts import Relation

_MOST = 60  # that are listed; all are counted


def answer_acts(question: Question, evidence: Evidence) -> Content | None:
    """Each document that one of those meant repealed, amended or kept, as it stands there. None
    where nothing of the kind is asked or none of them says so."""
    types = acts_asked(question)
    if not types:
        return None
    look = in_question if question.places else meant
    ids = {document.id for document in look(question, evidence)}
    found = [r for r in evidence.view.relations if r.type in types and r.document_id in ids]
    by_document: dict[str, list[Relation]] = {}
    for relation in found:
        by_document.setdefault(relation.document_id, []).append(relation)
    if not found:
        return None
    statements = []
    for identifier, relations in by_document.items():
        document = evidence.summary(identifier)
        for relation in relations:
            quote = evidence.quoter.fact(document, relation)
            head = f"{act_of(document)}：" if len(by_document) > 1 else ""
            statements.append(Statement(f"{head}{quote.text}", (quote,)))
    told = list(dict.fromkeys(statements))
    more = f"，列出前 {_MOST} 件。" if len(told) > _MOST else "，以上为全部。"
    return Content(tuple(told[:_MOST]), notes=(f"共 {len(told)} 件{more}",))
