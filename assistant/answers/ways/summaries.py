"""Summaries without a model: of a document, of one of its parts, of a theme over documents.

Every line is a sentence of a document, under its heading, with its place.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from assistant.answers.content import Content, Statement
from assistant.answers.ways.catalogue import day_written
from assistant.answers.ways.documents import in_question, meant, titled_like
from assistant.answers.ways.sections import section_of
from assistant.answers.ways.sentence import answer_extract
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence
from assistant.find.stated import distinct, of_documents
from assistant.understand.corpus import full_name
from assistant.understand.demands import Demand
from assistant.understand.question import Question
from assistant.understand.summing import length_of, part_asked, to_sum_up
from vectorstore.language.numbering import unnumbered
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import clauses, sentences
from vectorstore.language.text import fold
from vectorstore.models import DocumentSummary, Heading, Passage, SearchFilter

_IS_PART = 0.6  # of the words asked, in a heading that is the part that is meant
_MORE = 0.1  # how much more of them than the title holds
_GIST = 90  # characters of a gist
_SEARCHED = 80  # passages that a search for a theme looks at
_OF_THEME = 0.5  # of a theme, in a passage and in a sentence that speaks of it
_AT_ONCE = 12  # documents of a theme that are gone through


_FEW_PARTS = 4  # lines of a summary by headings: below, paragraphs tell more
_PARAGRAPH = 24  # characters of a paragraph that says something
_FRAME = Pattern(
    r"印发给你们|遵照执行|^[^。]{0,60}：\s*$|示例（虚构）|^[^。；]{2,40}\d{4}年\d{1,2}月\d{1,2}日\s*$",
    yes=(("现印发给你们，请认真落实", "印发给你们"), ("各县人民政府：", "各县人民政府：")),
    no=("到2027年建成三十个站点。",),
    why="what frames a document and says nothing of its matter",
)


@dataclass(frozen=True, slots=True)
class _Length:
    """How much a summary says: targets of a document, lines below a heading, lines of a theme
    for each document."""

    targets: int
    parts: int
    lines: int


_LENGTHS = {"short": _Length(3, 8, 1), "normal": _Length(8, 40, 3), "long": _Length(60, 120, 8)}


def answer_summary(question: Question, evidence: Evidence) -> Content | None:
    """None where there is nothing to sum up."""
    length = _LENGTHS[length_of(question)]
    topic = to_sum_up(question)
    documents = meant(question, evidence)
    if not documents and len(topic) >= 4:
        documents = titled_like(question, in_question(question, evidence))
    if len(documents) == 1 and not question.asks(Demand.EVERYWHERE):
        if content := _document(documents[0], topic, length, evidence):
            return content
    return _theme(topic, in_question(question, evidence), length, evidence)


def answer_section(question: Question, evidence: Evidence) -> Content | None:
    """What stands below the heading that a question names, each heading with its gist; None
    where it names none, or one without parts."""
    documents = meant(question, evidence)
    topic = part_asked(question)
    whole = evidence.view.document(documents[0].id) if len(documents) == 1 else None
    if whole is None or len(topic) < 2:
        return None
    passages = [p for p in evidence.view.passages_of(documents[0].id) if p.is_searched]
    parts = _Parts(documents[0], whole.outline, passages, evidence)
    named = parts.named(topic)
    lines = list(parts.below(named)) if named else []
    plain = answer_extract(question, evidence)
    told = len(plain.statements) if plain.is_prose else 0
    if len(lines) <= max(1, told):
        return None
    return Content(tuple(lines), notes=(_counted(lines, "项"),))


# --- a document ---------------------------------------------------------------------------------


def _document(
    document: DocumentSummary, topic: str, length: _Length, evidence: Evidence
) -> Content | None:
    passages = [p for p in evidence.view.passages_of(document.id) if p.is_searched]
    whole = evidence.view.document(document.id)
    if whole is None or not passages:
        return None
    parts = _Parts(document, whole.outline, passages, evidence)
    if part := parts.named(topic):
        lines = list(islice(parts.below(part), length.parts))
        return Content(tuple(lines), notes=(_counted(lines, "项"),)) if lines else None
    if topic and evidence.coverage(topic, document.metadata.title) < _OF_THEME:
        return None  # of something in it that has no heading: the theme is summed up
    aims = distinct(of_documents([document], evidence, "target"))
    said = [*_card(document, evidence)]
    for fact in aims[: length.targets]:
        heading = section_of(fact)
        lead = f"{heading}：" if heading and heading not in fact.quote else ""
        said.append(Statement(f"{lead}{fact.quote}", (evidence.quoter.fact(document, fact),)))
    told = list(parts.all())
    if len(told) < _FEW_PARTS:  # questions and answers, a notice in paragraphs
        told = list(parts.paragraphs())
    said += told[: length.parts]
    said += _leads(document, evidence)
    more = len(aims) - length.targets
    notes = (
        (f"目标共 {len(aims)} 项，另有 {more} 项没有列出；可以问“全部目标”。",) if more > 0 else ()
    )
    return Content(tuple(dict.fromkeys(said)), notes=notes)


def _counted(lines: Sequence[Statement], of: str) -> str:
    return f"共 {len(lines)} {of}。"


def _card(document: DocumentSummary, evidence: Evidence) -> Iterator[Statement]:
    """What it is: issuer, 文号, day, period, each from where the document says it."""
    m = document.metadata
    stated = (
        ("issuer", "发文机关为{}", m.issuer),
        ("document_number", "文号为{}", m.document_number),
        ("date_written", "成文日期为{}", day_written(m.date_written)),
        ("period", "规划期为{}", m.period),
    )
    quotes: list[Quote] = []
    words: list[str] = []
    for name, wording, value in stated:
        if value and (quote := evidence.quoter.field(document, name)):
            quotes.append(quote)
            words.append(wording.format(value))
    if title := evidence.quoter.field(document, "title"):
        quotes.insert(0, title)
    if quotes:
        yield Statement(f"《{m.title}》" + "，".join(words) + "。", tuple(quotes))


def _leads(document: DocumentSummary, evidence: Evidence) -> Iterator[Statement]:
    """Who leads most of it."""
    duties = [f for f in of_documents([document], evidence, "duty") if f.role == "lead"]
    counts = Counter(organ for fact in duties for organ in fact.organs)
    if not counts:
        return
    first = [organ for organ, _ in counts.most_common(3)]
    facts = [next(f for f in duties if organ in f.organs) for organ in first]
    quotes = tuple(dict.fromkeys(evidence.quoter.fact(document, fact) for fact in facts))
    yield Statement(f"牵头较多的单位：{'、'.join(first)}。", quotes)


@dataclass(frozen=True)
class _Parts:
    """A document's outline with the passages below each heading."""

    document: DocumentSummary
    outline: Sequence[Heading]
    passages: Sequence[Passage]
    evidence: Evidence

    def named(self, topic: str) -> tuple[str, ...] | None:
        """The path of the heading that a topic means, the uppermost of those that fit."""
        if not topic:
            return None
        paths = dict.fromkeys(
            p.heading_path[:depth]
            for p in self.passages
            for depth in range(1, len(p.heading_path) + 1)
        )
        whole = self.evidence.coverage(topic, self.document.metadata.title)
        fits = [(self.evidence.coverage(topic, path[-1]), -len(path), path) for path in paths]
        best = max(fits, default=(0.0, 0, ()), key=lambda fit: fit[:2])
        return best[2] if best[0] >= max(_IS_PART, whole + _MORE) else None

    def all(self) -> Iterator[Statement]:
        """One line for each part: of a section with headings below it one for each of them."""
        return self._lines(())

    def paragraphs(self) -> Iterator[Statement]:
        """The first sentence of each paragraph of some length, but for the document's frame."""
        for passage in self.passages:
            text, end = passage.text, 0
            for line in text.splitlines(keepends=True):
                start, end = end, end + len(line)
                if len(line.strip()) < _PARAGRAPH or _FRAME.search(line):
                    continue
                first = next((s for s in sentences(text[start:end])), (0, len(line)))
                begin, stop = _shortened(text, start + first[0], start + first[1])
                quote = self.evidence.quoter.quote(self.document, passage, begin, stop)
                yield Statement(quote.text, (quote,))

    def below(self, path: tuple[str, ...]) -> Iterator[Statement]:
        """One line for each heading below, or each sentence where the part has none of its own:
        short sections share a passage."""
        lines = list(self._lines(path))
        return iter(lines) if lines else self._said(path)

    def _said(self, path: tuple[str, ...]) -> Iterator[Statement]:
        for passage in self.passages:
            if passage.heading_path[: len(path)] == path:
                for start, end in self._own(passage):
                    quote = self.evidence.quoter.quote(self.document, passage, start, end)
                    yield Statement(quote.text, (quote,))

    @cached_property
    def _headings(self) -> frozenset[str]:
        return frozenset(_bare(heading.text) for heading in self.outline)

    def _own(self, passage: Passage) -> Iterator[tuple[int, int]]:
        """Sentences of a passage that are no headings."""
        for start, end in sentences(passage.text):
            words = passage.text[start:end].strip()
            if len(words) >= 6 and _bare(words) not in self._headings:
                yield start, end

    def _lines(self, path: tuple[str, ...]) -> Iterator[Statement]:
        depth = len(path)
        inside = [p for p in self.passages if p.heading_path[:depth] == path]
        deeper = max((len(p.heading_path) - depth for p in inside), default=0)
        levels = 1 if depth or deeper < 2 else 2
        seen: set[tuple[str, ...]] = set()
        for passage in inside:
            own = passage.heading_path[: depth + levels]
            if len(own) > depth and own not in seen:
                seen.add(own)
                if line := self._gist(passage, own[-1]):
                    yield line

    def _gist(self, passage: Passage, heading: str) -> Statement | None:
        """A heading with the first sentence below it that says something of its own."""
        key = _bare(heading)
        for start, end in self._own(passage):
            words = passage.text[start:end].strip()
            if _bare(words) == key:
                continue
            start += max(0, passage.text[start:end].find(unnumbered(words)[:4]))
            start, end = _shortened(passage.text, start, end)
            quote = self.evidence.quoter.quote(self.document, passage, start, end)
            lead = "" if key and key in fold(quote.text) else f"{heading.strip('。：: ')}："
            return Statement(f"{lead}{quote.text}", (quote,))
        return None


def _bare(line: str) -> str:
    """A heading as it is compared: folded, without its number and the marks at its end."""
    return fold(unnumbered(line.strip())).strip(".。:： ")


def _shortened(text: str, start: int, end: int) -> tuple[int, int]:
    """A long sentence up to its first semicolon."""
    if end - start <= _GIST:
        return start, end
    first = next(((a, b) for a, b in clauses(text[start:end])), (0, end - start))
    return start + first[0], start + first[1]


# --- a theme ------------------------------------------------------------------------------------


def _theme(
    topic: str, documents: Sequence[DocumentSummary], length: _Length, evidence: Evidence
) -> Content | None:
    """What each document says of a theme, from the passages that name it."""
    if not topic:
        return None
    candidates = evidence.view.candidates(topic, [d.id for d in documents])
    if sum(bool(candidates.get(d.id)) for d in documents) < 2:
        candidates = _found(topic, documents, evidence)
    said: list[Statement] = []
    silent = []
    holders = [d for d in documents if candidates.get(d.id)]
    for document in holders[:_AT_ONCE]:
        lines = _on(topic, document, candidates[document.id], length.lines, evidence)
        said += lines
        if not lines:
            silent.append(document)
    if not said:
        return None
    silent += [d for d in documents if d not in holders]
    notes = [f"在 {len(documents)} 份文件中，{len(holders)} 份提到“{topic}”。"]
    if len(holders) > _AT_ONCE:
        notes.append(f"以上只列出前 {_AT_ONCE} 份。")
    if silent and len(silent) <= _AT_ONCE:
        notes.append(f"没有读到的有：{'、'.join(map(full_name, silent))}。")
    return Content(tuple(said), notes=tuple(notes))


def _found(
    topic: str, documents: Sequence[DocumentSummary], evidence: Evidence
) -> dict[str, list[str]]:
    """Passages that a search for the theme brings up, by document."""
    where = SearchFilter(document_ids=frozenset(d.id for d in documents))
    by_document: dict[str, list[str]] = {}
    for hit in evidence.view.search(topic, _SEARCHED, where):
        passage = hit.passage
        held = evidence.coverage(topic, passage.text, *passage.heading_path)
        if held >= _OF_THEME:
            by_document.setdefault(hit.document.id, []).append(passage.id)
    return by_document


def _on(
    topic: str,
    document: DocumentSummary,
    passage_ids: Sequence[str],
    limit: int,
    evidence: Evidence,
) -> list[Statement]:
    """The sentences of one document that say most of a theme: below a heading that names it
    first, then those that name it themselves."""
    key = fold(topic)
    passages = evidence.view.passages(passage_ids)
    found: list[tuple[tuple[float, int], Statement]] = []
    for order, i in enumerate(passage_ids):
        passage = passages.get(i)
        if passage is None or not passage.is_searched:
            continue
        below = any(key in fold(heading) for heading in passage.heading_path)
        for start, end in sentences(passage.text):
            words = passage.text[start:end].strip()
            held = evidence.coverage(topic, words)
            if len(words) < 12 or not (below or key in fold(words) or held >= _OF_THEME):
                continue
            start, end = _shortened(passage.text, start, end)
            quote = evidence.quoter.quote(document, passage, start, end)
            found.append(
                (
                    (-(held + below), order),
                    Statement(f"{full_name(document)}：{quote.text}", (quote,)),
                )
            )
    found.sort(key=lambda item: item[0])
    return [statement for _, statement in found[:limit]]
