"""Sentences that say what follows from a deed, cut into cases: the deed, a class of it, and what
follows in that case."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.facts.lists import Listing
from ingest.facts.material import Material, Piece, Quoted
from ingest.facts.parts import parts, unnumbered
from ingest.facts.rows import trimmed
from vectorstore.language.sanctions import GOES_ON, SANCTION
from vectorstore.language.sums import AGGRAVATED, DEED_ENDS, FINE, OFFENDER

_EDGES = "，,；;。：: "
_CLASS_ENDS = ("的", "时", "后")
_LONGEST, _WITH_ITEMS = 360, 1000  # characters of a quotation that begins with the deed


@dataclass(slots=True)
class Case:
    """`results` are the parts of the sentence that follow; offsets are into the sentence."""

    deed: str = ""
    start: int = 0  # of the deed
    own: int = 0  # of the class
    classes: tuple[str, ...] = ()
    results: list[Piece] = field(default_factory=list)

    @property
    def trigger(self) -> str:
        return "，".join(filter(None, (self.deed, *self.classes)))

    def quoted(self, sentence: Piece, upto: Piece | None = None) -> Piece:
        """From the deed on, so that it can be read alone; from its class where that is long. To
        the last result, or to one of them."""
        end = (upto or self.results[-1]).end - sentence.start
        return sentence.part(self.start if end - self.start <= _LONGEST else self.own, end)


def statements(line: Piece) -> Iterator[Piece]:
    """Its sentences without the number of the article; one that begins with a class (情节严重的)
    goes on with the one before it."""
    start = end = -1
    for sentence in line.sentences():
        body = unnumbered(sentence)
        at, upto = body.start - line.start, body.end - line.start
        if start < 0 or not GOES_ON.search(body.text):
            if start >= 0:
                yield line.part(start, end)
            start = at
        end = upto
    if start >= 0:
        yield line.part(start, end)


def quoted_with(material: Material, piece: Piece, below: Listing | None) -> Quoted:
    """With the deeds that stand below as items, unless they are long."""
    quoted = material.quote(trimmed(piece))
    if below:
        last = material.quote(below.items[-1])
        if quoted.start < last.end <= quoted.start + _WITH_ITEMS:
            return material.span(quoted.start, last.end)
    return quoted


def cases(sentence: Piece) -> list[Case]:
    """In order; those without results are none."""
    found = [Case()]
    for at, clause in enumerate(sentence.clauses()):
        for piece in _read(found, clause, sentence, opens=at == 0):
            found[-1].results.append(piece)
    return [case for case in found if case.results]


def _read(found: list[Case], clause: Piece, sentence: Piece, opens: bool) -> Iterator[Piece]:
    """The parts that are results; what opens a case is added to `found`."""
    first, aside = True, list[Piece]()  # aside: parts that may belong to a new deed
    for part in parts(clause):
        case = found[-1]
        is_class = _is_class(part.text, case)
        if _follows(part.text, case, first and not opens) and not is_class:
            yield from aside
            aside = []
            yield part
        elif case.classes and not case.results and not is_class and not _ends(part.text):
            yield part
        elif not case.results:
            _add(case, part, sentence, is_class and bool(case.deed))
        elif is_class and not aside:
            found.append(_next(case, part, sentence, first))
        elif _ends(part.text) or _is_offender(part.text, first):
            case = _anew([*aside, part], sentence, is_class)
            found.append(case)
            aside = []
        else:
            aside.append(part)
        first = False
    yield from aside


def _follows(text: str, case: Case, first: bool) -> bool:
    """Whether a part says what follows: a fine, or words that open a result."""
    if FINE.search(text) and (case.deed or not _ends(text)):
        return True
    if not DEED_ENDS.search(text) or _is_offender(text, first):
        return False
    return bool(case.results) or (bool(case.deed) and not text.rstrip("，,").endswith("的"))


def _ends(text: str) -> bool:
    """Whether a part ends a deed or a class."""
    return text.rstrip(_EDGES).endswith("的")


def _is_offender(text: str, first: bool) -> bool:
    """对提供场地的单位， at the head of a clause: somebody else, for a deed of his own."""
    return first and bool(OFFENDER.search(text)) and not AGGRAVATED.search(text)


def _is_class(text: str, case: Case) -> bool:
    ends = text.rstrip(_EDGES).endswith(_CLASS_ENDS) or text.startswith(("对", "逾期", "拒不"))
    if SANCTION.search(text) and not _ends(text):
        return False
    known = bool(case.results) or case.deed.endswith("的")
    return ends and known and bool(AGGRAVATED.search(text)) and not FINE.search(text)


def _add(case: Case, part: Piece, sentence: Piece, is_class: bool) -> None:
    text = part.text.strip(_EDGES)
    if is_class:
        case.classes = (*case.classes, text)
        return
    if not case.deed:
        case.start = case.own = part.start - sentence.start
    case.deed = "，".join(filter(None, (case.deed, text)))


def _next(case: Case, part: Piece, sentence: Piece, first: bool) -> Case:
    """Another class of the same deed."""
    own = part.start - sentence.start
    return Case(case.deed, case.start, own, (part.text.strip(_EDGES),))


def _anew(pieces: list[Piece], sentence: Piece, is_class: bool) -> Case:
    start = pieces[0].start - sentence.start
    words = [piece.text.strip(_EDGES) for piece in pieces]
    if is_class:
        return Case("，".join(words[:-1]), start, start, (words[-1],))
    return Case("，".join(words), start, start)
