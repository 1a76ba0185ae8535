"""From the words that answer to the sentence that gives them their meaning.

15.5% is no answer; 到2025年，全市公民具备科学素质的比例达到15.5%。 is. Where the sentence leaves its
subject to the heading above it, that is said in front.
"""

import re
from collections.abc import Callable

from assistant.answers.quotes.expansion import Span
from assistant.answers.quotes.spans import sentence
from vectorstore.language.numbering import unnumbered
from vectorstore.language.sentences import clauses
from vectorstore.models import Passage

LONGEST = 180  # characters; of a longer sentence the clause between semicolons is shown
# What begins so goes on from the sentence before it.
_GOES_ON = re.compile(
    r"(?:其中|其|该|此|上述|前款|以上|同时|并|且|但|也|还|另外|此外|对此|对其|经其|达到|力争|到20\d\d年(?:底|末)?[，,]?(?:达到|提高|增长))"
)
_FEW = 0.34  # of the topic's weight, in a sentence that needs its heading

Coverage = Callable[..., float]


def whole_sentence(span: Span) -> Span:
    """The sentence around a span, or of a long one the clauses that it touches."""
    passage, start, end = span
    first, last = sentence(passage.text, start, end)
    if last - first > LONGEST:
        touched = [(a, b) for a, b in clauses(passage.text) if a < end and b > start]
        first, last = (touched[0][0], touched[-1][1]) if touched else (start, end)
    first, last = min(first, start), max(last, end)
    while first < last and passage.text[first].isspace():
        first += 1
    return passage, first, last


def lead_of(passage: Passage, start: int, end: int, topic: str, coverage: Coverage) -> str:
    """The heading that a sentence leaves its subject to, '' where it names its own.

    `coverage` gives the share of a topic's weight in some texts.
    """
    said = passage.text[start:end]
    own = coverage(topic, said)
    if own >= _FEW and not _GOES_ON.match(unnumbered(said)):
        return ""
    heading = next((h for h in reversed(passage.heading_path) if h not in said), "")
    if not heading or coverage(topic, said, heading) <= own:
        return ""
    return heading.strip("。：: ")
