"""Which way a question is answered without a model."""

from collections.abc import Callable
from dataclasses import replace

from assistant.answers.content import Content, Refusal, Reply, refused
from assistant.answers.fitted import fitted
from assistant.answers.premises import contradicted
from assistant.answers.refusing import nearest, refuse
from assistant.answers.ways.acts import answer_acts
from assistant.answers.ways.catalogue import answer_fields, answer_metadata
from assistant.answers.ways.comparison import answer_aggregation, answer_comparison
from assistant.answers.ways.duties import (
    answer_department,
    answer_duty,
    answer_leads,
    names_who,
    without_lead,
)
from assistant.answers.ways.each import answer_each
from assistant.answers.ways.figures import answer_figure, answer_from_row
from assistant.answers.ways.glosses import answer_called
from assistant.answers.ways.indicators import answer_across, answer_targets
from assistant.answers.ways.library import answer_library
from assistant.answers.ways.origins import answer_origin
from assistant.answers.ways.rows import answer_rows
from assistant.answers.ways.sentence import answer_extract
from assistant.answers.ways.summaries import answer_section, answer_summary
from assistant.answers.ways.validity import (
    answer_articles,
    answer_basis,
    answer_elsewhere,
    answer_validity,
)
from assistant.answers.ways.years import answer_years
from assistant.cite.citation import citation_of
from assistant.find.evidence import Evidence
from assistant.understand.asked import asks_amount, asks_in_charge, unheld
from assistant.understand.corpus import Corpus
from assistant.understand.demands import Demand
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from vectorstore.language.figures import figures
from vectorstore.language.text import says, search_copy

GREETING = (
    "您好！我根据资料库里的政策文件回答问题，每句话都注明出处。"
    "请直接提问，例如问某项工作的目标、牵头单位或主要措施。"
)


def _compare(question: Question, evidence: Evidence) -> Content | None:
    """A comparison of named places and documents, or of all; of other things the plain way."""
    sides = len(question.places) + len(question.named)
    compares = sides >= 2 or (not sides and question.asks(Demand.EVERYWHERE))
    return answer_comparison(question, evidence) if compares else None


Way = Callable[[Question, Evidence], Content | None]
# What is asked in so many words comes before the kind of the question as a whole.
BY_DEMAND: tuple[tuple[Demand, tuple[Way, ...]], ...] = (
    (Demand.ORIGIN, (answer_origin,)),
    (Demand.ENDING, (answer_validity,)),
    (Demand.SUMMARY, (answer_summary,)),
    (Demand.LIBRARY, (answer_library,)),
    (Demand.FIELD, (answer_library,)),  # 日期最新的是哪份
    (Demand.VALIDITY, (answer_acts, answer_articles, answer_validity)),
    (Demand.EVERYWHERE, (answer_fields, answer_leads, answer_across)),
    (Demand.RANK, (answer_years,)),
    (Demand.BASIS, (answer_basis,)),
    (Demand.DUTIES, (answer_each, answer_duty)),
)
# For each kind of question the ways that are tried in turn; None hands over to the next, and in
# the end to the plain one.
WAYS: dict[Kind, tuple[Way, ...]] = {
    Kind.AGGREGATION: (answer_library, answer_across, answer_aggregation),
    Kind.COMPARISON: (answer_across, _compare),
    Kind.FACT: (answer_each, answer_called, answer_figure, answer_across, answer_rows),
    Kind.LIST: (answer_called, answer_targets, answer_rows, answer_section),
    Kind.METADATA: (answer_metadata,),
    Kind.TEMPORAL: (answer_validity,),
    Kind.DEPARTMENT: (answer_each, answer_leads, answer_department),
    Kind.DUTY: (answer_each, answer_duty),
    Kind.SUMMARY: (answer_summary, answer_figure, answer_across, answer_rows),
    Kind.TABLE: (answer_leads, answer_across, _compare, answer_rows),
}


def answer_part(question: Question, evidence: Evidence) -> Content:
    """One self-contained question → what to say."""
    if question.kind is Kind.CHAT:
        return Content(Reply(GREETING))
    if not evidence.corpus.documents:
        empty = "资料库还是空的：请先在“文件库”上传文件，或运行 python -m ingest 文件夹。"
        narrow = "筛选范围内没有文件，请放宽筛选再问。"
        return refused(narrow if evidence.view.is_narrowed else empty)
    if question.asks(Demand.VALIDITY) and (told := answer_elsewhere(question, evidence)):
        return told
    if missing := _outside(question, evidence):
        return missing
    asked = (way for what, ways in BY_DEMAND if _asks(question, what) for way in ways)
    ways = (*asked, *WAYS.get(question.kind, WAYS.get(question.kind.plain, ())), _answer_plainly)
    content = next(content for way in ways if (content := way(question, evidence)))
    content = _of_strangers(question, contradicted(question, content, evidence), evidence)
    return _from_below(question, content, evidence)


def _asks(question: Question, what: Demand) -> bool:
    """Whether a demand decides the way. What asks for an amount asks for the state of a document
    only in so many words: 更换周期是多少 is no 有效期."""
    if what is Demand.VALIDITY and question.asks(Demand.FIGURE, Demand.ALLOWANCE):
        return question.words(what)
    if what is Demand.LIBRARY and question.asks(Demand.FIGURE):
        return question.words(what)  # 一共有多少册藏书 counts no documents
    return question.asks(what)


def _answer_plainly(question: Question, evidence: Evidence) -> Content:
    """What the best passages say; where none answers, a row may still."""
    content = answer_extract(question, evidence)
    if isinstance(content.said, Refusal) or not _holds_amount(question, content):
        row = answer_from_row(question, evidence)
        content = row or refuse(question, evidence, evidence.read(question))
    if asks_in_charge(question) and not names_who(question, content):
        content = without_lead(question, content, evidence)
    return fitted(question, content, evidence)


def _holds_amount(question: Question, content: Content) -> bool:
    """Whether an answer to 多少个 holds a figure at all; a text that names the matter does not
    answer."""
    if not asks_amount(question) or not content.is_prose:
        return True
    return any(figures(search_copy(statement.text)) for statement in content.statements)


def _of_strangers(question: Question, content: Content, evidence: Evidence) -> Content:
    """Where a question names a place that nobody knows, what is said must speak of it."""
    if not question.strangers or isinstance(content.said, Refusal) or not content.is_prose:
        return content
    quotes = [quote for statement in content.statements for quote in statement.quotes]
    for quote in quotes:
        passage = evidence.view.passage(quote.passage_id)
        around = " ".join(passage.heading_path) + passage.text if passage else ""
        if says(f"{quote.document.metadata.title}{around}", question.strangers):
            return content
    names = "、".join(question.strangers)
    near = list(dict.fromkeys(map(citation_of, quotes)))[:3]
    return refused(f"没有读到{names}的情况；下面是最相近的内容，说的不是{names}。", near)


def _from_below(question: Question, content: Content, evidence: Evidence) -> Content:
    """A note where a question about a place is answered only by documents of places in it."""
    if not content.is_prose or question.kind in (Kind.AGGREGATION, Kind.METADATA):
        return content
    regions = {
        quote.document.metadata.region
        for statement in content.statements
        for quote in statement.quotes
    }
    notes = tuple(
        f"以上出自{'、'.join(sorted(r[-1] for r in regions))}的文件，不是{place.text}本级的文件。"
        for place in question.places
        if regions
        and all(len(r) > len(place.path) and r[: len(place.path)] == place.path for r in regions)
    )
    return replace(content, notes=(*content.notes, *notes))


def _outside(question: Question, evidence: Evidence) -> Content | None:
    """A question about a place or a document that the corpus does not hold."""
    corpus = evidence.corpus
    if question.places and question.where.document_ids is not None:
        if not question.where.document_ids:
            names = "、".join(place.text for place in question.places)
            return refused(f"资料库没有收录{names}的文件，无法依据库内资料回答。")
    unknown = unheld(question)
    only_unknown = unknown and not (question.named or question.places)
    if only_unknown and question.kind is not Kind.AGGREGATION:
        names = "、".join(unknown)
        citing = len({i for n in unknown for i in _citing(corpus, n)})
        note = f"库中有 {citing} 份文件提到它，但没有收录原文。" if citing else ""
        readings = evidence.read(question)
        near = nearest(evidence, readings)
        return refused(f"资料库没有收录{names}，无法依据库内资料回答。{note}", near)
    return None


def _citing(corpus: Corpus, name: str) -> list[str]:
    return (
        corpus.citing(name.strip("《》"), None)
        if name.startswith("《")
        else corpus.citing(None, name)
    )
