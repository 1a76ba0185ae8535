"""Questions that ask for the same thing, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.office.gaps import Gap, Near
from vectorstore.language.text import fold

# Mean cosine from which questions are one matter, for the embedder that ships. Of seventeen questions
# that were tried, seven pairs in other words lie at 0.925 to 0.968, and 补多少 against 怎么申请 of one
# thing at 0.895 to 0.918.
ALIKE = 0.92


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one matter, the newest first; `question` is the one that is nearest to all."""

    question: str
    gaps: tuple[Gap, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(gap.id for gap in self.gaps)

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day on which it was asked."""
        days = sorted(gap.at[:10] for gap in self.gaps)
        return days[0], days[-1]

    @property
    def near(self) -> Near | None:
        """The first nearest passage that any of them has."""
        return next((gap.near for gap in self.gaps if gap.near), None)

    @property
    def questions(self) -> tuple[str, ...]:
        """As they were asked, each wording once."""
        return tuple(dict.fromkeys(gap.said for gap in self.gaps))


def grouped(
    gaps: Sequence[Gap], vectors: np.ndarray[Any, np.dtype[np.float32]], alike: float = ALIKE
) -> list[Group]:
    """Average-linkage groups, the largest first. `vectors` are unit vectors, one for each gap.

    A question joins the group whose mean is nearest, if it is near enough: no chain of small
    steps joins two matters. Time is quadratic in the groups, so callers bound the questions.
    """
    members: list[list[int]] = []
    sums: list[np.ndarray[Any, np.dtype[np.float32]]] = []
    by_text: dict[str, int] = {}
    for i, gap in enumerate(gaps):
        text = fold(gap.said)
        at = by_text.get(text, -1)
        if at < 0 and sums:
            # A sum of unit vectors times another one, over the count, is the mean of the cosines.
            means = np.stack(sums) @ vectors[i] / np.array([len(m) for m in members])
            best = int(np.argmax(means))
            at = best if means[best] >= alike else -1
        if at < 0:
            members.append([])
            sums.append(np.zeros_like(vectors[i]))
            at = len(members) - 1
        by_text[text] = at
        members[at].append(i)
        sums[at] = sums[at] + vectors[i]
    found = []
    for own, total in zip(members, sums, strict=True):
        central = max(own, key=lambda i: float(vectors[i] @ total))
        found.append(Group(gaps[central].said, tuple(gaps[i] for i in own)))
    return sorted(found, key=lambda g: (-len(g.gaps), -g.gaps[0].id))
