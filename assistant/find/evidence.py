"""Finds and reads passages for a question, and says whether anything answers it."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from assistant.cite.quote import Quoter
from assistant.events import Progress
from assistant.find.reading import Reader, Reading, covered
from assistant.understand.corpus import Corpus, corpus_of
from assistant.understand.question import Question
from vectorstore.keywords.tokens import query_tokens, tokens
from vectorstore.language.dates import YEAR
from vectorstore.language.sentences import sentences
from vectorstore.language.text import search_copy
from vectorstore.library import View
from vectorstore.models import (
    DocumentSummary,
    Passage,
    Query,
    SearchFilter,
    SearchHit,
    StateName,
)

_IN_FORCE: tuple[StateName, ...] = ("现行有效", "部分失效", "已修订")

_PERSON = re.compile(
    r"(?P<role>[\u4e00-\u9fff]{1,2}人)(?:的姓名|的名字)?(?:是|叫|为)(?:谁|哪位|什么名字)"
)
_YES_OR_NO = re.compile(
    r"(?:能不能|可不可以|行不行|要不要|会不会|该不该|是不是|算不算|用不用|能否|是否|可否)"
    r"(?![^，。？?]{0,16}(?:多少|多久|几[个天年月元]))"
)
_EACH = re.compile(r"每(?P<unit>[头只人户亩场台吨辆件斤])[^，。？?]{0,8}(?:多少|几)")

# The end of a number: only whether a text holds one is asked.
_NUMBER = r"(?:\d,*+|[一二三四五六七八九十百千万两])"
# A number that counts something: no date, no number of an item or of an article.
_AMOUNT = (
    r"(?<![\d.第])(?>\d[\d,]{0,30}(?:\.\d{1,20})?)(?!\s*(?:[年月日、．.)）]|[—-]+\d{4}年))"
    r"|[一二三四五六七八九十百千万两](?:[个名人家项次元亩台所座处倍份]|万)|百分之|半"
)


_TRIED = 3  # passages


@dataclass(frozen=True, slots=True)
class _Required:
    """What a question may ask for that a text either holds or does not: a passage without it
    cannot answer, however well its words fit. Of a figure a row of a table needs the digits
    alone, for its unit stands in the head."""

    asked: re.Pattern[str]
    held: re.Pattern[str]
    is_figure: bool

    def stands_in(self, passage: Passage) -> bool:
        if self.is_figure and _is_row(passage):
            return bool(_FIGURE.search(_all_text(passage)))
        return bool(self.held.search(_all_text(passage)))


# The day from which a rule holds is not the only year that it is about.
_SINCE = re.compile(r"自(?:19|20)\d\d年[\d月日]{0,6}起")
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千万]")
_REQUIRED = tuple(
    _Required(re.compile(asked), re.compile(held), is_figure)
    for asked, held, is_figure in (
        (r"电话|联系方式|热线|手机号", r"(?<!\d)(?:0\d{2,3}[-—–－ ]?)?\d{7,8}(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)1\d{4}(?!\d)", False),
        (r"邮箱|电子邮件|e-?mail", r"[\w.\-]@[\w\-]+\.\w", False),
        (r"网址|网站地址|链接", r"https?://|www\.|\.(?:cn|com|org|net)", False),
        (r"邮编|邮政编码", r"(?<!\d)\d{6}(?!\d)", False),
        (r"多少(?:万?元|钱|资金|经费|费用)|(?:经费|资金|奖金|补助|补贴)(?:标准|金额|数额)?是?多少|几(?:万|千|百)?(?:元|块钱?)|多少块|罚款多少|金额", r"\d[,.]*\s*+(?:亿|万|千|百)?元|[一二三四五六七八九十百千万两]元|%", True),
        (r"百分之|比例.{0,8}多少|多少个?百分点|占比|达标率", r"\d(?:\.\d+)?\s*%|％|百分之|[一二三四五六七八九]成|倍", True),
        (r"索引号", r"索引号", False),
        (r"(?:多少|(?<!哪)几)[场次届]", rf"{_NUMBER}\s*+[场次届]", True),
        (r"(?:多少|(?<!哪)几)[辆艘架栋幢株头只]", rf"{_NUMBER}余?\s*+[辆艘架栋幢株头只]", True),
        (r"(?:多少|(?<!哪)几)[天日]", rf"(?<!月){_NUMBER}\s*+个?(?:[天日]|工作日|小时)|半天", True),
        (r"(?:多少|(?<!哪)几)(?:个?月|个?小时|个?钟头|分钟|个?学时|个?工作日|[年周])", rf"{_NUMBER}\s*+个?(?:月|小时|分钟|学时|工作日|[年天日周])|半[年天]", True),
        (r"多少|(?<!哪)几[个名人家项亩台所座处倍份]", _AMOUNT, True),
        (r"什么时候|何时|哪[一]?[年月天]|几月|几号|期限|多久|多长时间", r"\d{1,4}\s*+[年月日天]|[一二三四五六七八九十][个]?[年月日天]|期末|年底|每年|小时", False),
    )
)  # fmt: skip


@dataclass
class Evidence:
    """What answering needs: what the viewer sees, a reader, and a way to quote.

    `threshold` is the relevance below which a passage is no evidence; it belongs to the
    reader and was calibrated on the committed questions. A search gives `limit` passages.
    """

    view: View
    reader: Reader
    threshold: float
    limit: int
    progress: Progress = field(default_factory=Progress)
    search_ms: float = 0.0  # spent in search so far
    _read: dict[tuple[str, SearchFilter], list[Reading]] = field(default_factory=dict)

    @cached_property
    def corpus(self) -> Corpus:
        return corpus_of(self.view)

    @cached_property
    def quoter(self) -> Quoter:
        return Quoter(self.view)

    def search(self, text: Query | str, where: SearchFilter = SearchFilter()) -> list[SearchHit]:
        self.progress.stage("检索")
        began = time.perf_counter()
        hits = self.view.search(text, self.limit, where)
        self.search_ms += 1000 * (time.perf_counter() - began)
        return hits

    def read(
        self, question: Question, where: SearchFilter | None = None, share: float = 1.0
    ) -> list[Reading]:
        """The best passages for a question, as read, the best first; where the question itself
        says, or in `where`.

        An answer that reads several times gives each reading its share of the budget. The same
        question is read once.
        """
        where = question.where if where is None else where
        key = (question.standalone, where)
        if key not in self._read:
            hits = self.search(question.query(where), where)
            self.progress.stage("阅读")
            self._read[key] = self.reader.read(question.standalone, hits, share)
        return self._read[key]

    def supported(self, text: str, readings: Sequence[Reading]) -> list[Reading]:
        """Those that may answer: relevant enough, and holding what is asked for."""
        required = [demand for demand in _REQUIRED if demand.asked.search(text)][:1]
        if _YES_OR_NO.search(text):  # 可不可以多摆几个摊位: no number is asked for
            required = []
        words = []
        if person := _PERSON.search(text):  # 起草人是谁: a text that does not speak of one
            words.append(re.compile(re.escape(person["role"])))
        each = _EACH.search(text)  # 每头补贴多少元: not the sum for all of them
        unit = re.compile(rf"[每/一按]\s*{each['unit']}") if each else None
        years = set(YEAR.findall(text))
        return [
            reading
            for reading in readings
            for passage in (reading.hit.passage,)
            if reading.relevance >= self.threshold
            and all(demand.stands_in(passage) for demand in required)
            and all(word.search(_all_text(passage)) for word in words)
            and (unit is None or _is_row(passage) or unit.search(_all_text(passage)))
            and (not years or self._speaks_of(reading, years))
        ]

    def _speaks_of(self, reading: Reading, years: set[str]) -> bool:
        """Whether a passage, or else its document, names one of the years that are asked about;
        or gives a rule that names none and holds then."""
        hit = reading.hit
        near = search_copy(_all_text(hit.passage))
        return (
            any(year in near for year in years)
            or any(year in self.quoter.source(hit.document.id) for year in years)
            or (not YEAR.search(_answering(reading)) and self._rules_in(hit.document, years))
        )

    def _rules_in(self, document: DocumentSummary, years: set[str]) -> bool:
        """Whether a rule that has no period of its own is in force at some time of a year: its
        clauses hold then, though they name no year."""
        if document.metadata.period_end is not None:
            return False
        state = self.view.validity.in_force
        return any(
            state(document.id, date(int(year), month, day)).name in _IN_FORCE
            for year in years
            for month, day in ((1, 1), (7, 1), (12, 31))
        )

    def section(self, passage: Passage, depth: int) -> list[Passage]:
        """All passages of the document that share the first `depth` headings with `passage`."""
        path = passage.heading_path[:depth]
        return [
            p for p in self.view.passages_of(passage.document_id) if p.heading_path[:depth] == path
        ]

    def support(self, text: str, words: str) -> float:
        """How much of some words stands in one of the passages that a text finds, in [0, 1]."""
        hits = self.view.search(text, _TRIED)
        around = (f"{h.document.metadata.title} {_all_text(h.passage)}" for h in hits)
        return max((self.coverage(words, each) for each in around), default=0.0)

    def coverage(self, text: str, *present: str) -> float:
        """The share of a question's weight that stands in the given texts, in [0, 1].

        Tokens that no document holds do not count: they tell no text from another.
        """
        weights = self.view.token_weights(query_tokens(text), only_known=True)
        return covered(weights, {token for part in present for token in tokens(part)})

    def summary(self, document_id: str) -> DocumentSummary:
        return self.corpus.by_id[document_id]


def _is_row(passage: Passage) -> bool:
    """Whether a passage is a row of a table, rebuilt or as it stood in the text."""
    return bool(passage.cells or passage.context or "\t" in passage.text)


def _answering(reading: Reading) -> str:
    """The sentence that answers, without the day from which it holds; the whole passage where
    the reader points at none."""
    text = reading.hit.passage.text
    if reading.spans:
        at = reading.spans[0].start
        text = next((text[a:b] for a, b in sentences(text) if a <= at < b), text)
    return _SINCE.sub("", search_copy(text))


def _all_text(passage: Passage) -> str:
    return f"{' '.join(passage.heading_path)} {passage.text}"


def restricted(where: SearchFilter, ids: Sequence[str] | frozenset[str]) -> SearchFilter:
    """`where`, and only these documents."""
    allowed = frozenset(ids)
    if where.document_ids is not None:
        allowed &= where.document_ids
    return replace(where, document_ids=allowed)


def topic_only(question: Question) -> str:
    """What a question is about, without the places that the filter takes care of."""
    text = question.topic
    for place in question.places:
        text = text.replace(place.text, "", 1)
    return text.lstrip("、和与及,，市省区县的在对")
