"""Nothing answers: what was looked for, and what comes nearest."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answers.answer import Answer
from assistant.answers.content import Content, Refusal, refused
from assistant.answers.quotes.spans import widen
from assistant.cite.citation import Citation, citation_of
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence
from assistant.find.reading import Reading
from assistant.understand.corpus import Corpus
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from vectorstore.language.regions import short_name
from vectorstore.models import DocumentSummary, SearchFilter


def refuse(question: Question, evidence: Evidence, readings: Sequence[Reading]) -> Content:
    """Nothing answers: what was looked for, and what comes nearest."""
    where = question.where.document_ids
    count = len(where) if where is not None else len(evidence.corpus.documents)
    asked = question.standalone.strip("？?。 ")
    topic = asked if len(asked) <= 40 else question.subject[:60]
    reason = f"没有找到：在 {count} 份文件中没有读到能回答“{topic}”的内容。"
    if question.is_english:
        reason = (
            f"Nothing found: none of {count} documents was read to answer “{asked[:120]}”. "
            "The documents are in Chinese; the nearest passages are below. "
            "A question in Chinese may find more（用中文提问可能找到更多）。"
        )
    return refused(reason, nearest(evidence, readings))


def nearest(evidence: Evidence, readings: Sequence[Reading]) -> list[Citation]:
    """The best places of the best readings, whether or not they answer."""
    near = []
    for reading in readings[:3]:
        passage = reading.hit.passage
        span = reading.spans[0] if reading.spans else None
        start, end = widen(passage.text, span.start, span.end, Kind.FACT) if span else (0, 60)
        if passage.cells:  # one cell says nothing without its row
            start, end = 0, len(passage.text)
        quote = evidence.quoter.quote(reading.hit.document, passage, start, end)
        near.append(as_near(quote, evidence))
    return near


def as_near(quote: Quote, evidence: Evidence) -> Citation:
    """A quote that is offered as near; of a row of a table also what its columns are called."""
    passage = evidence.view.passage(quote.passage_id) if quote.passage_id else None
    row = passage.context if passage and passage.cells else ""
    return replace(citation_of(quote), row=row)


def with_nearest(answer: Answer, question: Question, evidence: Evidence) -> Answer:
    """A refusal that offers nothing, with what comes nearest anywhere: other places and documents
    than those that were asked about."""
    if answer.refusal is None or answer.near or not evidence.corpus.documents:
        return answer
    anywhere = replace(question, where=SearchFilter())
    near = nearest(evidence, evidence.read(anywhere))
    return replace(answer, said=replace(answer.refusal, near=tuple(near)))


# --- what a filter shuts out ----------------------------------------------------------------------


def beside_filter(
    answer: Answer, question: Question, corpus: Corpus, chosen: SearchFilter
) -> Answer:
    """A refusal that says what the asker's own filter shuts out. `question` was understood in the
    whole `corpus` that they see, `chosen` is the filter."""
    outside = [d for d in corpus.documents if not chosen.admits(d)]
    if answer.refusal is None or not outside:
        return answer
    names = _names(chosen)
    held = len(corpus.documents) - len(outside)
    only = f"筛选只含{'、'.join(names)}；" if names else f"现在只在 {held} 份文件里找；"
    shut = _shut_out(question, corpus, {d.id: d for d in outside})
    reason = (
        f"{only}{shut}，可以取消筛选再问。"
        if shut
        else f"{answer.refusal.reason}{only}另有 {len(outside)} 份文件在筛选之外，没有查找。"
    )
    return replace(answer, said=Refusal(reason, answer.near), narrowed=names or (f"{held} 份文件",))


def _names(chosen: SearchFilter) -> tuple[str, ...]:
    """A filter's values as its chips show them."""
    years = (f"{a}年" if a == b else f"{a}—{b}年" for a, b in chosen.years)
    regions = (region.split("/")[-1] for region in chosen.regions)
    return (*regions, *chosen.issuers, *chosen.kinds, *years, *chosen.statuses)


def _shut_out(question: Question, corpus: Corpus, outside: dict[str, DocumentSummary]) -> str:
    """What was asked about and lies outside, with its count; '' where it is nothing in
    particular."""
    named = [outside[i] for i in question.named if i in outside]
    if named and question.is_pointed:
        titles = "、".join(f"《{d.metadata.title}》" for d in named[:3])
        return f"{titles}{'等 ' + str(len(named)) + ' 份' if len(named) > 3 else ''}在库中，不在筛选之内"
    counts = (
        (short_name(place.path[-1]), sum(i in outside for i in corpus.in_region(place.path)))
        for place in question.places
    )
    return "，".join(f"{name}有 {count} 份文件在库中" for name, count in counts if count)
