"""What a question restricted its search to, and the same question without it."""

from collections.abc import Iterable

from assistant.answers.answer import Answer
from vectorstore.language.names import TITLE

_SHORTEST = 4  # characters that a question has left


def limits(answer: Answer) -> list[tuple[str, str]]:
    """(name, the question without this limit), '' for one that its words cannot be freed of. What
    the turns before gave goes when the same is asked by itself."""
    question = answer.standalone_question
    return [
        (name, question if words == question else without(question, words))
        for name, words in answer.scope
    ]


def without(question: str, words: str) -> str:
    """A question without the words of a limit; a title in 《》 keeps them."""
    if not words or words not in question:
        return ""
    left, at = "", 0
    for title in TITLE.compiled.finditer(question):
        left += question[at : title.start()].replace(words, "") + title[0]
        at = title.end()
    left = (left + question[at:].replace(words, "")).lstrip("的在，,、")
    return left if left != question and len(left) >= _SHORTEST else ""


def is_freed(question: str, before: Iterable[Answer]) -> bool:
    """Whether it is an earlier question without one of its limits: then what was said before
    must not bring the limit back."""
    return any(question == left for answer in before for _, left in limits(answer) if left)
