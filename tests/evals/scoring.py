"""When an answer counts as right; nothing here looks at how it was found."""

from typing import Any

from assistant.answers.answer import Answer
from assistant.cite.markdown import strip_marks
from vectorstore.index import PolicyIndex
from vectorstore.language.text import fold, squeeze

OR = "||"  # between alternatives in must_include and cover


def rouge_l(candidate: str, reference: str) -> float:
    """ROUGE-L F1 over characters, white space and marks aside."""
    a, b = squeeze(candidate), squeeze(reference)
    if not a or not b:
        return 0.0
    return 2 * longest_common(a, b) / (len(a) + len(b))


def longest_common(a: str, b: str) -> int:
    """Characters that two texts share in order (the longest common subsequence)."""
    row = [0] * (len(b) + 1)
    for x in a:
        before = 0
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], before + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]


def marked(answer: Answer) -> str:
    """The words that are marked as the answer, or all of it where none are."""
    return "\n".join(span.text for span in answer.spans) or plain(answer)


def plain(answer: Answer) -> str:
    """An answer's text without marks."""
    return strip_marks(answer.text)


def same(text: str) -> str:
    """A folded copy in which 1万 = 10000 and 科协 = 科学技术协会."""
    return fold(text).replace("科学技术协会", "科协").replace("10000", "1万")


def said_in(answer: Answer) -> str:
    """Everything an answer says, folded."""
    return same("\n".join((plain(answer), *answer.notes)))


def holds(said: str, wanted: str) -> bool:
    """Whether one of the alternatives stands in the folded text."""
    return any(same(part) in said for part in wanted.split(OR))


def covered(row: dict[str, Any], said: str) -> float:
    """The share of what a list must hold at least; 1 where nothing of the kind is asked."""
    cover = row.get("cover")
    if not cover:
        return 1.0
    held = sum(holds(said, part) for part in cover["of"])
    return min(1.0, held / cover["at_least"])


def is_right(row: dict[str, Any], answer: Answer) -> bool:
    """By the rules of the evaluation's README.

    An unanswerable question is right when it is declined and nothing forbidden is said, in
    whatever words; must_include of such a row lists ways of saying no.
    """
    said = said_in(answer)
    if any(holds(said, part) for part in row["must_not_include"]):
        return False
    if not row["answerable"]:
        return answer.refused
    held = all(holds(said, part) for part in row["must_include"])
    return held and not answer.refused and covered(row, said) == 1.0


def exact_quotes(answer: Answer, index: PolicyIndex) -> bool:
    """Whether every quote equals its source at start..end but for white space."""
    return all(
        _is_exact(index, citation.document_id, citation.start, citation.end, citation.quote)
        for citation in answer.citations
    )


def _is_exact(index: PolicyIndex, document: str, start: int, end: int, quote: str) -> bool:
    held = index.document(document)
    return held is not None and squeeze(held.text[start:end]) == squeeze(quote)
