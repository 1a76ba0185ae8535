"""Terms of the office: everyday wordings with the official term they stand for, and organs that
were renamed. Literal text, never a pattern."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from vectorstore.errors import PolicyError
from vectorstore.language.text import INVISIBLE

# One character stands in too many words to be a term; 40 is longer than any organ's name.
SHORTEST, LONGEST, LONGEST_ORGAN = 2, 30, 40
MOST_TERMS, MOST_ORGANS = 2000, 500
# Names of one organ over all its renamings. A question that has one is read and searched for with
# each of the others, so that more would slow down everybody's.
MOST_NAMES = 6
_LETTER = re.compile(r"[^\W_]")
# What would end a line or a cell of the lexicon, or stands for nothing that people say.
_REFUSED = re.compile(r"[\x00-\x1f\x7f<>{}\[\]《》“”\"`$|\\]")


class BadTerm(PolicyError):
    """What was typed cannot be a term; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Term:
    """An everyday wording and the official term that it stands for."""

    wording: str
    term: str
    id: int = field(default=0, compare=False)
    by: str = field(default="", compare=False)
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Renamed:
    """An organ that bears the name `new` since a day; `until` is the last day of that name, None
    while it still bears it."""

    old: str
    new: str
    since: date
    until: date | None = None
    id: int = field(default=0, compare=False)
    by: str = field(default="", compare=False)
    at: str = field(default="", compare=False)

    @property
    def said(self) -> str:
        """What stands under an answer that looked for both names."""
        until = f"（新名称用到{_day(self.until)}）" if self.until else ""
        return (
            f"“{self.old}”自{_day(self.since)}起更名为“{self.new}”{until}，两个名称的文件都查过。"
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """All of them at one time. One value serves all questions of an answer."""

    version: int = 0
    terms: tuple[Term, ...] = ()
    renamed: tuple[Renamed, ...] = ()

    def on(self, day: date) -> "Terms":
        """Without organs that are not renamed yet on a day."""
        return replace(self, renamed=tuple(r for r in self.renamed if r.since <= day))

    def with_term(self, *terms: Term) -> "Terms":
        """As it would be with more of them, for a preview."""
        return replace(self, version=-1, terms=(*self.terms, *terms))

    def with_renamed(self, renamed: Renamed) -> "Terms":
        """Raises BadTerm when an organ would have too many names."""
        refuse_many_names(renamed, self.renamed)
        return replace(self, version=-1, renamed=(*self.renamed, renamed))

    def without(self, *, term: int = 0, renamed: int = 0) -> "Terms":
        """As it would be without one, by id."""
        return replace(
            self,
            version=-1,
            terms=tuple(t for t in self.terms if not term or t.id != term),
            renamed=tuple(r for r in self.renamed if not renamed or r.id != renamed),
        )


NO_TERMS = Terms()


def read_terms(wordings: str, term: str) -> list[Term]:
    """Several wordings of one term, apart by 、 as in a list. Raises BadTerm."""
    official = _literal(term, "规范用语", LONGEST)
    parts = re.split(r"[、，,；;\n]", wordings)
    said = [_literal(part, "口头说法", LONGEST) for part in parts if part.strip()]
    if not said:
        raise BadTerm("没有写口头说法，没有保存。")
    for wording in said:
        if wording == official:
            raise BadTerm(f"“{wording}”和规范用语相同，没有保存。")
    return [Term(wording, official) for wording in dict.fromkeys(said)]


def read_renamed(old: str, new: str, since: str, until: str) -> Renamed:
    """Raises BadTerm."""
    first, second = (_literal(name, "机关名称", LONGEST_ORGAN) for name in (old, new))
    if first == second:
        raise BadTerm("新旧名称相同，没有保存。")
    begun = _read_day(since)
    if begun is None:
        raise BadTerm("请写明从哪一天起更名，没有保存。")
    ended = _read_day(until)
    if ended and ended < begun:
        raise BadTerm("截止日期早于更名日期，没有保存。")
    return Renamed(first, second, begun, ended)


def refuse_contradiction(new: Iterable[Term], known: Terms) -> None:
    """A term that stands for another one is no official term. Raises BadTerm."""
    pairs = {(t.wording, t.term) for t in known.terms}
    for term in new:
        if (term.term, term.wording) in pairs:
            raise BadTerm(
                f"“{term.term}”已登记为“{term.wording}”的口头说法，不能反过来再登记一次。"
            )


def refuse_many_names(new: Renamed, known: Iterable[Renamed]) -> None:
    """Raises BadTerm when an organ would have more names than MOST_NAMES, over any number of
    renamings."""
    pairs = [(pair.old, pair.new) for pair in known]
    names = {new.old, new.new}
    while found := {name for pair in pairs if names & {*pair} for name in pair} - names:
        names |= found
        if len(names) > MOST_NAMES:
            raise BadTerm(f"同一个机关连同历次更名最多登记 {MOST_NAMES} 个名称，没有保存。")


def _literal(typed: str, what: str, longest: int) -> str:
    found = " ".join(INVISIBLE.remove_from(typed).split())
    if _REFUSED.search(found):
        raise BadTerm(f"{what}里有不能用的符号，没有保存：只写文字，不写书名号、引号和括号类符号。")
    if len(found) < SHORTEST or len(_LETTER.findall(found)) < SHORTEST:
        raise BadTerm(f"{what}至少要有 {SHORTEST} 个字，没有保存。")
    if len(found) > longest:
        raise BadTerm(f"{what}请不超过 {longest} 个字（现在 {len(found)} 个），没有保存。")
    return found


def _read_day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip()[:10])
    except ValueError:
        raise BadTerm("日期请写成 2024-01-31 的样子，没有保存。") from None


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
