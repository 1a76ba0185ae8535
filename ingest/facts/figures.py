"""Indicators: what a document aims at (target) and what it says was reached (figure)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.facts.amounts import read_amounts
from ingest.facts.claim import Claim
from ingest.facts.clauses import SentenceReader
from ingest.facts.heads import split_group
from ingest.facts.judging import is_indicator, is_norm, kind_of
from ingest.facts.material import Material, Piece
from ingest.facts.ordered import by_place, is_ordered
from ingest.facts.paid import Paid
from ingest.facts.places import Home
from ingest.facts.setting import Outline, Setting
from ingest.facts.table_figures import TableReader
from ingest.facts.worded import Worded, WordedReader, is_aimed
from vectorstore.facts import Fact
from vectorstore.language.aims import FUTURE_SAID
from vectorstore.language.numbering import unnumbered
from vectorstore.language.pattern import Pattern
from vectorstore.language.words import tagged

_RECURS = Pattern(
    r"每[日周月季]", yes=(("每日检测", "每日"), ("每月开展", "每月")), no=("每年新增", "每千人口"),
    why="what is done again and again has no year of its own",
)  # fmt: skip
_BOTH_YEARS = Pattern(
    r"两年(?:均|都)",
    yes=(("两年均保持100%", "两年均"),),
    no=("两年累计",),
    why="the same in each of two years",
)


def read_figures(material: Material) -> Iterator[Fact]:
    """Each figure of an indicator, in tables and in running text."""
    return _Reader(material).facts()


_AHEAD = Pattern(
    r"^[^，。]{0,12}(?:今后|下一步|未来|过后|接下来)",
    yes=("今后", "市水务局下一步", "汛期过后"),
    no=("去年以来",),
    why="a sentence of news that turns to what is to come",
)
_BACK = Pattern(
    r"截至|目前|以来|已|据(?:统计|不完全统计)",
    yes=(("截至3月底", "截至"), ("全市已建成", "已")),
    no=("下一步",),
)


_UNDER = Pattern(
    r"(?:^|[，；。：])(?:其中)?(?P<under>(?:对于?|凡|如果|如|若|在)(?![^，；。]{0,40}(?:方面|中|基础上|前提下)，)[^，；。]{3,60}(?:的|时|情况下|条件下|后))，"
    r"[^；。]{0,80}$",
    yes=(
        ("对连续两年达标的，", "对连续两年达标的，"),
        ("，在汛期水位超警时，水库", "，在汛期水位超警时，水库"),
    ),
    no=("对学校", "在工作中，"),
    why="under which a figure holds, in front of it",
)


def _condition(lead: str) -> str:
    match = _UNDER.search(lead[-_UNDER_LENGTH:])
    return match["under"] if match else ""


def _with_object(subject: str, headings: Sequence[str]) -> str:
    """What is only done (每年培训, 累计改造) with the heading that says what it is done to."""
    heading = unnumbered(headings[-1]).strip("。：: ") if headings else ""
    if not 0 < len(heading) <= _HEADING or len(subject) > _DONE:
        return subject
    done = all(tag.startswith(_NO_OBJECT) for _, tag in tagged(subject))
    return f"{heading}：{subject}" if done else subject


_DONE, _HEADING = 8, 24  # characters
_NO_OBJECT = ("v", "d", "m", "t", "r", "q")  # verbs, and how often


def _turned(setting: Setting, sentence: str) -> Setting:
    if setting.nature != "news":
        return setting
    if _AHEAD.search(sentence[:20]):
        return replace(setting, mode="future")
    return replace(setting, mode="past") if _BACK.search(sentence) else setting


_UNDER_LENGTH = 160  # characters before a figure


class _Reader:
    def __init__(self, material: Material):
        self._material = material
        self._outline = Outline(material.metadata, material.document.text)
        self._home = Home(material.metadata, material.document.text)
        counts = self._outline.nature == "news"
        self._sentences = SentenceReader(self._home, self._outline.calendar, counts)
        self._worded = WordedReader(self._home, self._outline.calendar)
        self._tables = TableReader(material, self._outline, self._home)
        self._past_year: dict[tuple[str, ...], int] = {}
        told = self._outline.nature in ("statistics", "news")
        self._paid = Paid(() if told else read_amounts(material))

    def facts(self) -> Iterator[Fact]:
        yield from self._tables.facts()
        for line in self._material.lines:
            setting = self._outline.setting(line.text, line.headings)
            for fact in self._line(line, setting):
                if not self._tables.took(fact.start):
                    yield fact

    def _line(self, line: Piece, setting: Setting) -> Iterator[Fact]:
        year: int | None = None
        for sentence in line.sentences():
            setting = _turned(setting, sentence.text)
            start = self._year_for(sentence, setting, year)
            for worded in self._worded.read(sentence.text, start, setting):
                yield self._in_words(worded, sentence, setting)
            claims, said = self._sentences.claims(sentence.text, start)
            if said is not None:
                year = said
                self._remember(line, setting, year)
            for claim in claims:
                if is_indicator(claim, setting) and not self._is_paid(claim, sentence):
                    ordered = is_ordered(claim, setting)
                    for one in by_place(claim) if ordered else (claim,):
                        yield from self._facts(one, sentence, setting)

    def _is_paid(self, claim: Claim, sentence: Piece) -> bool:
        quote, whole = (
            self._material.quote(sentence.part(claim.start, claim.end)),
            self._material.quote(sentence),
        )
        after = sentence.text[claim.end : claim.end + 1]
        return self._paid.takes(claim, quote.start, quote.end, (whole.start, whole.end), after)

    def _year_for(self, sentence: Piece, setting: Setting, carried: int | None) -> int | None:
        """The year of a sentence that names none: that of the sentence before, of the heading,
        or of the part."""
        default = setting.year
        if setting.mode == "past" and default is None:
            default = self._past_year.get(sentence.headings)
        if carried is None:
            return default
        past = self._outline.calendar.is_past(carried)
        turned = past and setting.mode == "future" and FUTURE_SAID.search(sentence.text)
        return default if turned else carried

    def _remember(self, line: Piece, setting: Setting, year: int | None) -> None:
        if year is not None and setting.mode == "past":
            self._past_year[line.headings] = year

    def _facts(self, claim: Claim, sentence: Piece, setting: Setting) -> Iterator[Fact]:
        about = self._outline.calendar.about
        if _BOTH_YEARS.search(claim.said) and about and about[1] - about[0] == 1:
            for year in about:
                yield self._fact(claim, sentence, setting, year)
        else:
            recurs = _RECURS.search(claim.subject) and not claim.year_said
            yield self._fact(
                claim,
                sentence,
                setting,
                None if recurs and about and about[0] != about[1] else self._year(claim, setting),
            )

    def _year(self, claim: Claim, setting: Setting) -> int | None:
        """In news a figure is of the year in which it is told, an aim of the year it names."""
        if claim.year_said:
            return claim.year
        if is_ordered(claim, setting):
            return self._outline.calendar.current
        if setting.nature == "plan" and not self._outline.calendar.about:
            return None if is_norm(claim, setting) and claim.sign != "=" else claim.year
        if setting.nature != "news":
            return claim.year
        return claim.year if kind_of(claim, setting, self._outline.calendar) == "figure" else None

    def _in_words(self, worded: Worded, sentence: Piece, setting: Setting) -> Fact:
        quote = self._material.quote(sentence.part(worded.start, worded.end))
        group, subject = split_group(worded.subject)
        place = worded.places[0] if worded.places else self._home.own
        aimed = is_aimed(worded, setting)
        told = setting.nature == "news" and aimed and not worded.year_said
        return Fact(
            "target" if aimed else "figure",
            self._material.document.id, quote.start, quote.end, quote.text,
            subject=subject, group=group, place=place.name, level=place.level, text=worded.text,
            comparator=worded.sign, year=None if told else worded.year,
            condition=_condition(sentence.text[: worded.start]),
            heading_path=sentence.headings, passage_id=sentence.passage.id,
        )  # fmt: skip

    def _fact(self, claim: Claim, sentence: Piece, setting: Setting, year: int | None) -> Fact:
        quote = self._material.quote(sentence.part(claim.start, claim.end))
        group, subject = split_group(claim.subject)
        if not group and claim.head.each:
            group, subject = claim.head.each, subject.removeprefix(claim.head.each) or subject
        if not group and setting.nature == "plan":
            subject = _with_object(subject, sentence.headings)
        place = claim.places[0] if claim.places else self._home.own
        quantity = claim.quantity
        return Fact(
            kind_of(claim, setting, self._outline.calendar),
            self._material.document.id, quote.start, quote.end, quote.text,
            subject=subject.removesuffix("了"), group=group,
            place="、".join(p.name for p in claim.places) or place.name, level=place.level,
            value=quantity.value, high=quantity.high, unit=quantity.unit, text=quantity.text,
            comparator=claim.sign, year=year, base_year=claim.base_year,
            condition=_condition(claim.lead),
            heading_path=sentence.headings, passage_id=sentence.passage.id,
        )  # fmt: skip
