"""From what the user said so far to a question that stands alone, or to several."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.understand.asking import asks_by_itself
from assistant.understand.corpus import Corpus, Path
from assistant.understand.demands import Demand, demands_of
from assistant.understand.followups import complete, leans
from assistant.understand.kinds import Kind, kind_of, resets
from assistant.understand.learned import QuestionModel, Sense
from assistant.understand.lexicon import Lexicon, lexicon_of
from assistant.understand.question import Question
from assistant.understand.scope import (
    documents_named,
    find_places,
    find_strangers,
    issue_years,
    names_a_source,
)
from assistant.understand.slips import put_right
from assistant.understand.swaps import corrected
from assistant.understand.threads import Heard, Support, Told, join, only_goes_on, statement
from assistant.understand.turning import asks_origin, in_years, version_asked
from assistant.understand.wording import matter_of, topic_of
from vectorstore.language.names import DOCUMENT_NUMBER, TITLE
from vectorstore.language.text import fold, search_copy
from vectorstore.models import SearchFilter


def understand(
    turns: Sequence[str],
    corpus: Corpus,
    home: Path = (),
    classifier: QuestionModel | None = None,
    support: Support | None = None,
    lexicon: Lexicon | None = None,
    today: date | None = None,
    told: Told | None = None,
) -> Question:
    """The last of `turns` (what the user said so far, oldest first), made self-contained.
    Without a classifier patterns say what it asks for; `support` tries a wording out on the
    corpus; `told` gives the items of an answer; `lexicon` is the shipped one without the office's; last year is that before `today`."""
    lexicon = lexicon or lexicon_of()
    before: list[Question] = []
    for turn in map(str.strip, turns):
        typed, slips = put_right(turn, corpus.proper_names)
        typed = in_years(typed, today) if today else typed
        heard = _heard(typed, before, classifier, support, told)
        completed = complete(typed, before, corpus, home, heard)
        if fold(completed) == fold(typed):
            completed = typed  # only its marks were written otherwise
        standalone = lexicon.in_official_words(completed)
        sense = heard.sense
        if classifier and fold(completed) != fold(typed) and only_goes_on(corrected(typed)):
            sense = classifier(standalone, "")  # 闯红灯呢 asks nothing by itself
        question = _read(turn, standalone, corpus, home, classifier, sense, lexicon)
        takes = fold(completed) not in fold(typed)  # something of the turns before
        if takes and leans(typed, question, before[-1], corpus, home):
            other = version_asked(typed)
            question = replace(
                question,
                leans_on=before[-1].leans_on or before[-1],
                version=other[0] if other else None,
            )
        if before and asks_origin(typed):
            question = replace(question, demands=question.demands | {Demand.ORIGIN})
        before.append(replace(question, slips=slips))
    return before[-1]


def _heard(
    turn: str,
    before: Sequence[Question],
    classifier: QuestionModel | None,
    support: Support | None = None,
    told: Told | None = None,
) -> Heard:
    if classifier is None:
        return Heard(told=told)
    sense = classifier(turn, before[-1].asked if before else "")
    return Heard(sense, classifier.nearest, support, told)


def _read(
    asked: str,
    standalone: str,
    corpus: Corpus,
    home: Path,
    classifier: QuestionModel | None,
    sense: Sense,
    lexicon: Lexicon,
) -> Question:
    """A standalone question; `sense` is what the model made of the turn as it was asked."""
    text = search_copy(standalone)
    places = tuple(find_places(text, corpus, home))
    # As if the organs that it names bore their other names.
    names = [text, *(text.replace(name, other) for name, other, _ in lexicon.renamed_in(text))]
    named, unknown = documents_named(text, corpus)
    for other in names[1:]:
        named = tuple(dict.fromkeys((*named, *documents_named(other, corpus)[0])))
    alone = sense if standalone == asked or not classifier else classifier(standalone, "")
    kind = kind_of(text, len(places) + len(named), sense.kind)
    demands = _RESET if resets(text) else demands_of(text, sense.demands)
    if len(places) > 1 and Demand.RANK in demands and kind.plain is Kind.FACT:
        kind = Kind.COMPARISON
    topic = topic_of(text)
    matter = matter_of(topic, [place.text for place in places], alone.matter)
    pointed = bool(DOCUMENT_NUMBER.search(text) or TITLE.search(text)) or any(
        names_a_source(name, corpus) for name in names
    )
    question = Question(
        asked,
        standalone,
        kind,
        topic,
        places,
        named,
        pointed,
        unknown,
        years=issue_years(text),
        strangers=find_strangers(text, places),
        matter=matter,
        is_marked=bool(alone.matter),
        demands=demands,
        lexicon=lexicon,
    )
    return replace(question, where=_filter(question, corpus))


def parts_of(
    question: Question, corpus: Corpus, home: Path = (), classifier: QuestionModel | None = None
) -> list[Question]:
    """A message may ask several questions (…是什么?网上是哪天发布的?): one part for each.

    A later part takes what it lacks from the part before it. All share the places of the
    whole message, except that 哪些文件… looks at the whole corpus.
    """
    pieces = list(_pieces(question.standalone))
    if len(pieces) < 2:
        return [question]
    parts: list[Question] = []
    for piece in pieces[:4]:
        heard = _heard(piece, parts, classifier)
        standalone = complete(piece, parts, corpus, home, heard)
        part = _read(piece, standalone, corpus, home, classifier, heard.sense, question.lexicon)
        if (
            parts
            and part.kind.plain is Kind.FACT
            and parts[-1].kind.plain in _TOLD
            and len(piece) <= 16
        ):
            # 收购指的是什么？自己吃算不算？: the second is about the first's topic
            told = join(statement(parts[-1]), piece)
            part = _read(piece, told, corpus, home, classifier, heard.sense, question.lexicon)
        if part.kind is not Kind.AGGREGATION and not part.named:
            places = part.places or question.places
            part = replace(part, places=places, named=question.named, unknown=question.unknown)
            part = replace(part, where=_filter(part, corpus))
        if not (parts and _says_only(piece)):
            parts.append(part)
    return parts


def _pieces(message: str) -> Iterator[str]:
    """The questions of a message, each with what stands before it: …创建多少所，责任单位是哪些 are
    two."""
    for sentence in message.replace("?", "？").split("？"):
        asking: list[str] = []
        waiting = ""
        for clause in re.split(r"(?<=[，；。！])", sentence):
            waiting += clause
            if asks_by_itself(clause):
                asking.append(waiting)
                waiting = ""
        if asking and waiting:  # what is said behind the last question belongs to it
            asking[-1] += waiting
        for piece in asking or [sentence]:
            if len(piece.strip("，；。！ ")) >= _A_PIECE:
                yield f"{piece.strip('，；。！ ')}？"


_A_PIECE = 4  # characters


def _says_only(piece: str) -> bool:
    return len(piece) <= _SHORT and piece.rstrip("？").removesuffix("的").endswith(_SAYS_ONLY)


_RESET = frozenset({Demand.FIGURE})  # what the document sets is told instead
_TOLD = (Kind.FACT, Kind.LIST, Kind.DEFINITION)
# 文件怎么规定的: no question of its own behind another one.
_SAYS_ONLY = ("怎么说", "怎么规定", "有没有规定", "有规定", "如何规定", "什么说法")
_SHORT = 18  # characters


def _filter(question: Question, corpus: Corpus) -> SearchFilter:
    """What the search is restricted to. Documents of unknown region are never shut out by a
    place: a news page about a city seldom says whose it is."""
    ids: set[str] | None = None
    if question.named and question.is_pointed and question.kind is not Kind.AGGREGATION:
        ids = set(question.named)
        for place in question.places:  # a named document and another place: both are meant
            ids |= set(corpus.in_region(place.path))
    elif question.places:
        outside = corpus.outside(place.path for place in question.places)
        ids = set(corpus.by_id) - outside if outside else None
    return SearchFilter(
        document_ids=frozenset(ids) if ids is not None else None,
        years=(question.years,) if question.years else (),
    )
