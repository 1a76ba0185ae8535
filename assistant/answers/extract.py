"""Facts, definitions and lists: the clause, sentence or items that answer, quoted."""

import re
from collections.abc import Sequence

from assistant.answers.definitions import asks_for_meaning, definitions, mentions
from assistant.answers.listing import NUMERALS, counted_items, listed_headings, other_count
from assistant.answers.spans import enumeration, paragraph, sentence, widen
from assistant.evidence import Evidence, topic_only
from assistant.kinds import Kind
from assistant.question import Question
from assistant.quoting import Content, Statement
from assistant.reading import YEAR, Reading
from vectorstore.models import Passage


def answer_extract(question: Question, evidence: Evidence) -> Content:
    """The best-supported place, or a refusal with the nearest passages."""
    readings = evidence.read(question.standalone, question.where)
    supported = evidence.supported(question.standalone, readings)
    if asks_for_meaning(question):
        if found := definitions(question, evidence, supported or readings):
            return Content(tuple(found))
        if question.kind is Kind.DEFINITION and (found := mentions(question, evidence)):
            return Content(tuple(found), notes=("文件没有给出定义，以上是提到它的原文。",))
    if not supported:
        return refuse(question, evidence, readings)
    if counted := counted_items(question, evidence, supported):
        return Content((counted,))
    if question.kind is Kind.LIST and (items := listed_headings(question, evidence, supported)):
        return Content(tuple(items), notes=other_count(question, len(items)))
    return Content((best_statement(question, evidence, supported[0]),))


# --- one passage ------------------------------------------------------------------------------

_ASKED = re.compile(r"多少|几[个名人家项年天]|什么时候|何时|由?谁|哪[个些一]")
_ANNOUNCING = re.compile(r"(?:下列|以下|如下)[^。；]{0,20}[：:]?\s*$|[：:]\s*$")
_SAYS_NOTHING = set("的了和与及等要应须将把对其中在是为有此外该还也并都已着个")
_LEAST_NEW = 8  # characters: a sentence with so many beyond the question's says something
_LONGEST = 360  # characters that follow a heading


def best_statement(question: Question, evidence: Evidence, reading: Reading) -> Statement:
    """What one passage says to the question, quoted."""
    passage = reading.hit.passage
    if not reading.spans:
        start, end = 0, len(passage.text)
    else:
        span = reading.spans[0]
        start, end = widen(passage.text, span.start, span.end, question.kind)
        asks_twice = len(_ASKED.findall(question.standalone)) > 1  # the target and what came of it
        if asks_twice or _tells_other_year(passage.text[start:end], question):
            start, end = sentence(passage.text, start, end)
        if _ANNOUNCING.search(passage.text[start : end + 1]):  # …按照下列标准收费：
            listed = enumeration(passage.text, end, end + 1)
            end = listed[1] if listed else end
        if _new_characters(passage.text[start:end], question) <= 1:
            a, b = sentence(passage.text, start, end)
            if _new_characters(passage.text[a:b], question) >= _LEAST_NEW:
                start, end = a, b
            elif followed := _what_follows(evidence, passage, b):
                passage, start, end = followed
    quote = evidence.quoter.quote(reading.hit.document, passage, start, end)
    return Statement(quote.text, (quote,))


def _new_characters(text: str, question: Question) -> int:
    """How much a quote says that the question did not: 五、优化检验服务。 to 如何优化检验服务 says
    nothing. A number or a date always says something."""
    said = set(re.findall(r"[\w%]", NUMERALS.sub("", text))) - _SAYS_NOTHING
    new = said - set(question.standalone)
    return len(new) + 9 * any(c.isdigit() for c in new)


def _what_follows(
    evidence: Evidence, passage: Passage, end: int
) -> tuple[Passage, int, int] | None:
    """The paragraph after a heading: behind it, on the next lines, or in the next passage."""
    if not passage.text[end:].strip():
        section = evidence.section(passage, len(passage.heading_path))
        later = [p for p in section if p.start >= passage.end]
        if not later:
            return None
        passage, end = later[0], 0
    return passage, *paragraph(passage.text, end, _LONGEST)


def _tells_other_year(clause: str, question: Question) -> bool:
    """2015年达到…: the year that was asked about may follow (，比2010年的…提高…)."""
    asked, told = set(YEAR.findall(question.standalone)), set(YEAR.findall(clause))
    return bool(asked and told) and not asked & told


_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def refuse(question: Question, evidence: Evidence, readings: Sequence[Reading]) -> Content:
    """Nothing answers: what was looked for, and what comes nearest."""
    near = []
    for reading in readings[:3]:
        passage = reading.hit.passage
        span = reading.spans[0] if reading.spans else None
        start, end = widen(passage.text, span.start, span.end, Kind.FACT) if span else (0, 60)
        near.append(evidence.quoter.quote(reading.hit.document, passage, start, end))
    where = question.where.document_ids
    count = len(where) if where is not None else len(evidence.corpus.documents)
    topic = topic_only(question)[:60]
    reason = f"没有找到：在 {count} 份文件中没有读到能回答“{topic}”的内容。"
    if not _CHINESE.search(question.standalone):
        reason += (
            "库内文件是中文的，请用中文再问一次。"
            "The documents are in Chinese; please ask in Chinese. The nearest passages are below."
        )
    return Content(refused=True, reason=reason, near=tuple(near))
