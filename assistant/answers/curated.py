"""Answers that a person wrote: checked sentence by sentence when they are saved and when they are
given, and given only to those who see all that they rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answers.answer import Answer
from assistant.cite.check import Cited, checked
from assistant.cite.citation import Citation, card, citation_of, whole_text
from assistant.cite.markdown import parse
from assistant.cite.quote import Quoter
from assistant.cite.splitting import says_something
from assistant.cite.structure import Body, Check, sentences_in
from assistant.find.evidence import Evidence
from assistant.office.curated import LONGEST_TEXT, Curated, Source
from assistant.office.office import Office
from assistant.office.sight import told_of
from assistant.understand.question import Question
from assistant.understand.same import in_the_same_words, may_ask_the_same
from vectorstore.errors import PolicyError
from vectorstore.language.text import squeeze
from vectorstore.library import View
from vectorstore.models import Passage

# Of two questions that have their figures, places, negations and most words in common already.
_MEANS_THE_SAME = 0.95


class NotSupported(PolicyError):
    """An answer that cannot be kept; `checks` are those of its sentences."""

    def __init__(self, sentence: str, checks: Sequence[Check] = ()):
        super().__init__(sentence)
        self.checks = tuple(checks)


@dataclass(frozen=True, slots=True)
class _Sources:
    """What an answer rests on, as a view shows it."""

    citations: tuple[Citation, ...]
    cited: tuple[Cited, ...]


def given(question: Question, evidence: Evidence, office: Office) -> Answer | None:
    """The approved answer to a question, if there is one and this viewer may have it.

    One whose source is only hidden from this viewer stays as it is, for others; one whose source
    is no longer what it was is put aside for review by `reviewed`.
    """
    asked, places = question.standalone, {place.text for place in question.places}
    known = [
        c
        for c in office.curated.all()
        if not c.review
        and set(c.places) == places
        and may_ask_the_same(asked, c.question)
        and not fault(c, evidence.view)
    ]
    chosen = next((c for c in known if in_the_same_words(asked, c.question)), None)
    if chosen is None and known:
        vectors = office.embed([asked, *(c.question for c in known)])
        scores = vectors[1:] @ vectors[0]
        best = int(scores.argmax())
        chosen = known[best] if scores[best] >= _MEANS_THE_SAME else None
    if chosen is None:
        return None
    sources = _sources(chosen, evidence.view)
    body = checked(parse(chosen.text), sources.cited)
    if any(check.verdict != "supported" for check in _checks(body)):
        return None  # the check has become stricter since
    day = chosen.at[:10]
    same = in_the_same_words(asked, chosen.question)
    other = "" if same else f"，核定时的问题是“{chosen.question}”"
    note = f"经人工核定（{chosen.by or '未署名'}，{day}）{other}。"
    return Answer(
        question=question.asked,
        standalone_question=question.standalone,
        said=body,
        mode="extractive",
        kind=str(question.kind),
        citations=sources.citations,
        notes=(note,),
    )


def fault(curated: Curated, view: View) -> str:
    """Why an answer cannot be given to whom this view is for, in a sentence; '' when it can."""
    for source in curated.sources:
        document = view.summary(source.document_id)
        if document is None:
            return f"《{source.title}》已不在可见的文件里"
        if document.is_over:
            return f"《{source.title}》{document.state}"
        if document.sha256 != source.sha256:
            return f"《{source.title}》的内容已有变化"
        if not document.audience.may_quote:
            return f"《{source.title}》不供引用"
        text = view.source(source.document_id)[source.start : source.end]
        if squeeze(text) != squeeze(source.quote):
            return f"《{source.title}》里所引的段落已有变化"
    return ""


def reviewed(office: Office, whole: View) -> int:
    """Puts aside the answers whose sources are no longer what they were; `whole` sees the whole
    library, so that what is only hidden from somebody is not taken for gone. Returns how many."""
    found = 0
    for curated in office.curated.all():
        if not curated.review and (why := fault(curated, whole)):
            office.curated.drop_to_review(curated.id, why)
            found += 1
    return found


def written(
    question: Question, text: str, passages: Mapping[int, Passage], evidence: Evidence
) -> Curated:
    """What somebody wrote, with the passages that its marks [n] name, ready to be kept.

    Raises NotSupported with the checks of all sentences unless each is supported by what it cites.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise NotSupported("还没有写回答，没有保存。")
    if len(text) > LONGEST_TEXT:
        raise NotSupported(f"回答请不超过 {LONGEST_TEXT} 个字（现在 {len(text)} 个），没有保存。")
    body = parse(text)
    used = dict.fromkeys(mark for s in sentences_in(body) for mark in s.marks)
    if unknown := [mark for mark in used if mark not in passages]:
        raise NotSupported(f"没有编号为 [{unknown[0]}] 的段落，没有保存。")
    curated = Curated(
        question.standalone,
        text,
        tuple(_source(mark, passages[mark], evidence.view) for mark in used),
        tuple(place.text for place in question.places),
    )
    if why := fault(curated, evidence.view):
        raise NotSupported(f"{why}，不能作为出处；没有保存。")
    checks = _checks(checked(body, _sources(curated, evidence.view).cited))
    if not checks or any(check.verdict != "supported" for check in checks):
        raise NotSupported("有句子没有得到所引段落的支持，没有保存；请按下面的提示修改。", checks)
    return curated


def _checks(body: Body) -> list[Check]:
    """Of every sentence that says something; one without a check counts as uncited."""
    return [
        s.check or Check(s.plain, s.marks, "uncited", ("这句话没有出处",))
        for s in sentences_in(body)
        if says_something(s)
    ]


def _source(mark: int, passage: Passage, view: View) -> Source:
    document = view.summary(passage.document_id)
    if document is None:
        raise NotSupported("所引的文件可能已被更新或移除，没有保存；请重新找段落。")
    return Source(
        mark, document.id, document.sha256, passage.id, passage.start, passage.end, passage.text,
        document.metadata.title, told_of(document).path,
    )  # fmt: skip


def _sources(curated: Curated, view: View) -> _Sources:
    """Of an answer without a fault."""
    quoter = Quoter(view)
    known = view.passages([source.passage_id for source in curated.sources])
    citations, cited = [], []
    for source in curated.sources:
        document = view.summary(source.document_id)
        if document is None:
            continue
        passage = known.get(source.passage_id)
        quote = (
            quoter.quote(document, passage, 0, len(passage.text))
            if passage
            else quoter.stretch(document, source.start, source.end)
        )
        citations.append(replace(citation_of(quote, source.mark), passage_id=source.passage_id))
        text = f"{source.quote}\n{whole_text(passage)}"
        cited.append(Cited(source.mark, text, card(document)))
    return _Sources(tuple(citations), tuple(cited))
