"""How fast files come in, and how long that still takes; in words for people."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_SETTLED = 1.0  # seconds after which something can be told


@dataclass(frozen=True, slots=True)
class Pace:
    """`left` are seconds, None while nothing can be told."""

    passages: int = 0
    per_second: float = 0.0
    left: float | None = None

    @property
    def said(self) -> tuple[str, str]:
        """Chinese and English; '' before the first passage."""
        if not self.passages:
            return "", ""
        zh = f"{self.passages} 段，每秒 {self.per_second:.1f} 段"
        en = f"{self.passages} passages, {self.per_second:.1f} a second"
        if self.left is None:
            return zh, en
        return f"{zh}，还要{_in_words(self.left)}", f"{en}, about {_in_english(self.left)} left"


class Watch:
    """Measures a run. Time left goes by the share of the bytes that are done: files that nobody
    has read yet tell their size and not their passages."""

    def __init__(
        self, sizes: Mapping[str, int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._sizes = dict(sizes)
        self._total = sum(self._sizes.values())
        self._clock = clock
        self._begun = clock()
        self._done = 0
        self._passages = 0
        self._part = 0.0  # bytes of what is being embedded that are done

    def finished(self, path: str) -> None:
        self._done += self._sizes.pop(path, 0)
        self._part = 0.0  # all that was embedded together is finished together

    def embedded(self, passages: int, share: float, files: tuple[str, ...]) -> None:
        """So many passages more; `share` of what `files` hold is done by now."""
        self._passages += passages
        self._part = share * sum(self._sizes.get(path, 0) for path in files)

    @property
    def pace(self) -> Pace:
        passed = self._clock() - self._begun
        share = (self._done + self._part) / self._total if self._total else 0.0
        left = passed * (1 - share) / share if share and passed >= _SETTLED else None
        return Pace(self._passages, self._passages / max(passed, 1e-3), left)


def _in_words(seconds: float) -> str:
    if seconds < 5:
        return "几秒"
    if seconds < 90:
        return f"约 {round(seconds / 5) * 5} 秒"
    if seconds < 5400:
        return f"约 {round(seconds / 60)} 分钟"
    return f"约 {seconds / 3600:.1f} 小时"


def _in_english(seconds: float) -> str:
    if seconds < 90:
        return f"{max(5, round(seconds / 5) * 5)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
