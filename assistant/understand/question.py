"""A question that can be answered alone: where it looks, what it is about, what it asks for."""

from dataclasses import dataclass, field
from typing import Literal

from assistant.understand.asking import QUOTED
from assistant.understand.demands import WORDINGS, Demand
from assistant.understand.kinds import Kind
from assistant.understand.lexicon import Lexicon, lexicon_of
from assistant.understand.scope import Place, issue_words
from assistant.understand.slips import Slip
from assistant.understand.wording import about, without, without_frame
from vectorstore.language.dates import YEAR
from vectorstore.language.names import CHINESE, DOCUMENT_NUMBER, TITLE
from vectorstore.language.text import search_copy
from vectorstore.models import Query, SearchFilter

Version = Literal["older", "newer"]  # of the rules that were talked of
_LONGEST_TERM = 30  # characters in quotation marks; what is longer is a quotation


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be answered alone.

    `topic` is the text without places and question words; `named` are documents that the
    question points at (by number, title, issuer or site), `unknown` the titles and numbers
    that no document of the corpus bears. `is_pointed` is False where an organ is only named,
    not as a source: what it did may stand in another's document. `strangers` are names of
    divisions that nobody knows, `years` those of issue that it restricts itself to. `matter` are
    the words that name what is asked about, without what is asked of it; `demands` what an answer
    must hold or do. `leans_on` is an earlier question, where this one asks something else of what
    answered that; `within` the titles of the documents that it therefore looks in.
    """

    asked: str
    standalone: str
    kind: Kind
    topic: str
    places: tuple[Place, ...] = ()
    named: tuple[str, ...] = ()
    is_pointed: bool = False
    unknown: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    where: SearchFilter = SearchFilter()
    slips: tuple[Slip, ...] = ()
    leans_on: "Question | None" = None
    within: tuple[str, ...] = ()
    version: Version | None = None  # of what it leans on, where it names another
    matter: str = ""
    is_marked: bool = False  # the matter, by the model of questions
    demands: frozenset[Demand] = frozenset()
    lexicon: Lexicon = field(default_factory=lexicon_of, compare=False, repr=False)

    @property
    def about(self) -> str:
        """The topic without places and without what stands around its matter."""
        return about(self.topic, [place.text for place in self.places])

    @property
    def subject(self) -> str:
        """The topic without the places that the filter takes care of."""
        return without(self.topic, (place.text for place in self.places)).lstrip(
            "、和与及,，市省区县的在对"
        )

    @property
    def quoted(self) -> tuple[str, ...]:
        """The terms that it puts in quotation marks, each once."""
        found = (match["words"] for match in QUOTED.finditer(self.standalone))
        return tuple(dict.fromkeys(term for term in found if len(term) <= _LONGEST_TERM))

    @property
    def years_said(self) -> tuple[int, ...]:
        """The years that it speaks of, in order."""
        return tuple(dict.fromkeys(map(int, YEAR.findall(self.standalone))))

    @property
    def names_one(self) -> bool:
        """Whether it names a document by title or number; an organ names all that it issued."""
        text = search_copy(self.standalone)
        return bool(TITLE.search(text) or DOCUMENT_NUMBER.search(text))

    def asks(self, *demands: Demand) -> bool:
        """Whether one of these is asked for."""
        return not self.demands.isdisjoint(demands)

    def words(self, demand: Demand) -> bool:
        """Whether it says a demand in so many words, besides making it."""
        wording = WORDINGS.get(demand)
        return bool(wording and wording.search(self.standalone))

    @property
    def added(self) -> tuple[str, ...]:
        """The official terms that are looked for as well, and other names of organs."""
        return self.lexicon.added_terms(self.standalone)

    @property
    def as_read(self) -> str:
        """As passages are read for it: organs with all their names."""
        return self.lexicon.with_other_names(self.standalone)

    @property
    def renamings(self) -> tuple[str, ...]:
        """What is told of organs that it names and that bore another name, in sentences."""
        found = self.lexicon.renamed_in(self.standalone)
        return tuple(dict.fromkeys(renamed.said for _, _, renamed in found))

    def query(self, where: SearchFilter) -> Query:
        """As it is searched for in `where`: by meaning without the places that the filter stands
        for and without what is said around the matter."""
        names = [place.text for place in self.places] if where.document_ids is not None else []
        meaning = without_frame(without(self.standalone, names)).strip("，,、的在 ")
        return Query(self.standalone, meaning or self.standalone, self.added)

    @property
    def is_english(self) -> bool:
        """Whether it holds no Chinese at all."""
        return not CHINESE.search(self.standalone)

    @property
    def is_completed(self) -> bool:
        return self.asked != self.standalone

    @property
    def scope(self) -> tuple[tuple[str, str], ...]:
        """What restricts the search: (name, the words that say so). A document that the turns
        before gave is said by no words: its limit is the question by itself, all of it."""
        found = [("/".join(place.path), place.text) for place in self.places]
        if self.years:
            first, last = self.years
            words = issue_words(self.standalone)
            found.append((f"{first}年" if first == last else f"{first}—{last}年", words))
        found += [(f"《{title}》", self.standalone) for title in self.within]
        return tuple(found)
