"""What a document does to other ones, or takes from them: one row for each document and deed.

Read from sentences in which every named document is one mark (named.py, the patterns of
vectorstore/language/relations.py); lists of clean-ups by cleanup.py.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from ingest.facts.acting import EDITS, QUOTED, Clause, aliases, loose, outside_quotes
from ingest.facts.cleanup import read_lists
from ingest.facts.material import Material
from ingest.facts.named import Named, documents_in
from ingest.facts.validity import own_start
from vectorstore.facts import Relation, RelationType
from vectorstore.language.dates import parse_date
from vectorstore.language.names import KINDS
from vectorstore.language.pattern import Pattern
from vectorstore.language.periods import FROM_DAY, HOLDS_BETWEEN, end_of
from vectorstore.language.relations import (
    APPLIED,
    ARTICLE,
    CHANGED,
    CHANGES,
    CORRECTS,
    DECIDES,
    EXTENDED,
    FORWARDS,
    HANDS_IT_ON,
    HANDS_ON,
    MAKES,
    NAMED,
    NOW,
    PARTS,
    REPLACED,
    RESTS_ON,
    SOMEBODY_ELSE,
    STOPPED,
    STOPS,
    STRONG,
    TITLE_HANDS_ON,
    UNTIL,
)
from vectorstore.language.text import fold, says

_ACTS: frozenset[RelationType] = frozenset(
    ("废止", "部分废止", "修订", "替代", "延长有效期")
)  # hold from the day on which their document does
_DOES = Pattern(
    r"(?:修改|修订|修正|废止|停止|失效|清理|取消|调整).{0,120}(?:决定|通知|公告|令|通告|批复)$|令$",
    yes=(
        ("关于修改部分规章的决定", "修改部分规章的决定"),
        ("关于废止《办法》的通知", "废止《办法》的通知"),
    ),
    no=("关于推进修订工作的实施方案", "管理办法"),
    why="the title of a document that ends or amends others",
)
_SHORT = 16  # characters of such a name
_BESIDE_TITLE = 20  # characters that may stand in the line of a title, its number
_OPENING = 6  # sentences in which a document says what it rests on


def read_relations(material: Material) -> Iterator[Relation]:
    """Once for each document and deed, the fullest mention of it."""
    start = own_start(material)
    lists = [
        replace(row, effective=row.effective or start) if row.type in _ACTS else row
        for row in read_lists(material)
    ]
    rows = _Reader(material, start, hands_on_lists=bool(lists)).read()
    yield from _once([*(row for row in rows if not _is_listed(row, lists)), *lists])


def _is_listed(row: Relation, lists: Sequence[Relation]) -> bool:
    """An entry of a list says nothing more of the documents that its own title names."""
    return any(row.start < entry.end and entry.start < row.end for entry in lists)


def _key(row: Relation) -> tuple[str, str]:
    return row.type, fold(row.number or row.title or "")


def _once(rows: Sequence[Relation]) -> Iterator[Relation]:
    best: dict[tuple[str, str], Relation] = {}
    for row in rows:
        kept = best.setdefault(_key(row), row)
        if _fullness(row) > _fullness(kept):
            best[_key(row)] = row
    yield from best.values()


def _fullness(row: Relation) -> tuple[bool, bool, bool]:
    return bool(row.articles), row.until is not None, row.title is not None


class _Reader:
    def __init__(self, material: Material, start: date | None, hands_on_lists: bool):
        self.material = material
        self.hands_on_lists = hands_on_lists
        self.metadata = material.metadata
        self.start = start
        title = self.metadata.fields.get("title")
        self.title_span = (title.start, title.end) if title else (-1, -1)
        self.corrects = CORRECTS.search(self.metadata.title) is not None
        self.aliases: dict[str, Named] = {}  # 《办法》 → the document so called
        self.editing: list[Relation] = []  # the rows whose articles the next lines name
        self.done: list[Relation] = []

    def read(self) -> list[Relation]:
        clauses = list(self._clauses())
        self.aliases = aliases(clauses)
        for i, clause in enumerate(clauses):
            if not clause.is_title:
                self._read_clause(clause, is_opening=i < _OPENING)
                self._hands_it_on(clauses[i - 1] if i else clause, clause)
        self._read_title()
        return self._numbered(clauses)

    def _clauses(self) -> Iterator[Clause]:
        title = fold(self.metadata.title)
        amends = _DOES.search(self.metadata.title) is not None
        for line in outside_quotes(self.material.lines) if amends else self.material.lines:
            at = self.material.quote(line)
            first, last = self.title_span
            # A page that lost its line breaks holds the title and the text in one line.
            is_title = at.start < last and first < at.end <= last + _BESIDE_TITLE
            is_title = is_title or fold(line.text) in title
            for piece in [line] if is_title else line.clauses():
                yield Clause.of(piece, is_title)

    def _read_clause(self, clause: Clause, is_opening: bool) -> None:
        if not clause.documents:
            self._edited(clause)
            return
        used = self._rests_on(clause, is_opening)
        found = self._acts(clause, used)
        if any(row.type in ("修订", "更正") for row in found):
            self.editing = [row for row in found if row.type in ("修订", "更正")]
        else:
            self._edited(clause)

    # --- what it rests on -----------------------------------------------------------------

    def _rests_on(self, clause: Clause, is_opening: bool) -> set[int]:
        used: set[int] = set()
        for match in RESTS_ON.finditer(clause.shape):
            chain = clause.after(clause.nth(match.end() - 1), past_others=False)
            tail = clause.shape[clause.mark(chain[-1]) + 1 :]
            makes = MAKES.search(clause.shape, match.end()) is not None
            used |= set(chain)
            if APPLIED.search(tail) and not makes:
                continue
            opens = is_opening and match["word"] not in ("参照", "实施")
            strong = match["word"] in STRONG and not SOMEBODY_ELSE.search(
                clause.shape, 0, match.start()
            )
            if makes or opens or strong:
                self._add("依据", clause, chain)
        return used

    # --- what it does -----------------------------------------------------------------------

    def _acts(self, clause: Clause, used: set[int]) -> list[Relation]:
        before = len(self.done)
        shape = clause.shape
        if replaced := REPLACED.search(shape):
            self._add("替代", clause, self._free(clause, replaced, used))
        elif EXTENDED.search(shape):
            for match in EXTENDED.finditer(shape):
                self._add("延长有效期", clause, self._free(clause, match, used))
        elif self.corrects:
            self._add("更正", clause, [i for i in range(len(clause.documents)) if i not in used])
        else:
            self._stops(clause, used)
            self._changes(clause, used)
            self._hands_on(clause, used)
        return self.done[before:]

    def _free(self, clause: Clause, match: re.Match[str], used: set[int]) -> list[int]:
        """The list of documents that a verb found together with its nearest one."""
        at = match.group().find(NAMED) + match.start()
        nearest = clause.nth(at)
        behind = match.group().endswith(NAMED)
        chain = clause.after(nearest) if behind else clause.before(nearest)
        return [i for i in chain if i not in used]

    def _stops(self, clause: Clause, used: set[int]) -> None:
        for match in STOPPED.finditer(clause.shape):
            chain = [i for i in clause.before(clause.nth(match.start())) if i not in used]
            self._stop(clause, chain, match["gap"])
        for match in STOPS.finditer(clause.shape) if self._decides(clause) else ():
            chain = [i for i in clause.after(clause.nth(match.end() - 1)) if i not in used]
            if chain:
                self._stop(clause, chain, clause.tail(chain[-1]))

    def _decides(self, clause: Clause) -> bool:
        """Whether a verb in front (修订《条例》) is a deed and no task."""
        return bool(_DOES.search(self.metadata.title) or DECIDES.search(clause.shape))

    def _stop(self, clause: Clause, chain: list[int], said: str) -> None:
        if PARTS.search(said):
            self._add("部分废止", clause, chain, tuple(ARTICLE.findall(said)))
        else:
            self._add("废止", clause, chain)

    def _changes(self, clause: Clause, used: set[int]) -> None:
        for match in CHANGED.finditer(clause.shape):
            chain = [i for i in clause.before(clause.nth(match.start())) if i not in used]
            self._add("修订", clause, chain, tuple(ARTICLE.findall(match["gap"])))
        for match in CHANGES.finditer(clause.shape) if self._decides(clause) else ():
            chain = [i for i in clause.after(clause.nth(match.end() - 1)) if i not in used]
            if chain:
                said = clause.tail(chain[-1])
                self._add("修订", clause, chain, tuple(ARTICLE.findall(said)))

    def _hands_on(self, clause: Clause, used: set[int]) -> None:
        for match in HANDS_ON.finditer(clause.shape):
            if not NOW.search(clause.shape, 0, match.end()):
                continue
            first = clause.nth(match.group().find(NAMED) + match.start())
            chain = clause.after(first) if match["before"] else clause.before(first)
            said = match["verb"] or match["before"]
            kind: RelationType = "转发" if says(said, FORWARDS) else "印发"
            self._add(kind, clause, [i for i in chain if i not in used])

    def _hands_it_on(self, before: Clause, clause: Clause) -> None:
        """市教育局制定了《办法》。现印发给你们。"""
        match = HANDS_IT_ON.search(clause.piece.text)
        if match and not clause.documents and before.documents and not before.is_title:
            kind: RelationType = "转发" if match["verb"] in FORWARDS else "印发"
            self._add(kind, before, [len(before.documents) - 1])

    def _edited(self, clause: Clause) -> None:
        """Articles that the lines below 对《…》作出修改 name."""
        if not self.editing or not says(clause.piece.text, EDITS):
            return
        named = ARTICLE.findall(QUOTED.remove_from(clause.piece.text))
        for row in self.editing:
            fuller = replace(row, articles=tuple(dict.fromkeys((*row.articles, *named))))
            self.done[self.done.index(row)] = fuller
        self.editing = [r for r in self.done if _key(r) in {_key(e) for e in self.editing}]

    # --- the title --------------------------------------------------------------------------

    def _read_title(self) -> None:
        """What only the title says; the text is read first, its sentences say more."""
        span, title = self.metadata.fields.get("title"), self.metadata.title
        if span is None:
            return
        quoted = self.material.span(span.start, span.end)
        clause = Clause.of(loose(title), is_title=True)
        held, self.done = self.done, []
        self._acts(clause, set())
        acts = [row for row in self.done if row.type in (*_ACTS, "更正")]
        known = {r.type for r in held}
        self.done = held + [
            replace(row, start=quoted.start, end=quoted.end, quote=quoted.text)
            for row in acts
            if row.type not in known and not (row.type == "废止" and "部分废止" in known)
        ]
        handed = TITLE_HANDS_ON.search(title)
        kind: RelationType = "转发" if handed and handed["verb"] in FORWARDS else "印发"
        if handed and kind not in known and not self.hands_on_lists:
            inner = documents_in(handed["title"])
            whole = inner and inner[0].start == 0 and inner[0].title
            target = (
                whole if whole and inner[0].end >= len(handed["title"]) - 1 else handed["title"]
            )
            number = self.metadata.document_number if kind == "印发" else None
            self.done.append(self._row(kind, quoted.start, quoted.end, quoted.text, target, number))

    # --- rows -------------------------------------------------------------------------------

    def _add(
        self,
        kind: RelationType,
        clause: Clause,
        which: Sequence[int],
        articles: tuple[str, ...] = (),
    ) -> None:
        for i in which:
            named = clause.documents[i]
            if named.title and len(named.title) <= _SHORT:
                named = self.aliases.get(fold(named.title), named)
            if not named.number and named.title in KINDS:
                continue  # 《通知》, which one is not said
            if kind == "印发" and named.number is None:
                named = replace(named, number=self.metadata.document_number)
            if kind != "印发" and self._is_own(named):
                continue
            self.done.append(self._made(kind, clause, named, articles))

    def _made(
        self, kind: RelationType, clause: Clause, named: Named, articles: tuple[str, ...]
    ) -> Relation:
        if clause.is_title:
            at = (0, 0, "", "")
        else:
            quoted = self.material.quote(clause.piece)
            at = (quoted.start, quoted.end, quoted.text, clause.piece.passage.id)
        row = self._row(kind, *at[:3], named.title, named.number, named.issuer)
        return replace(
            row,
            articles=articles,
            passage_id=at[3],
            effective=self._effective(kind, clause),
            until=_until(clause.piece.text) if kind == "延长有效期" else None,
        )

    def _row(
        self, kind: RelationType, start: int, end: int, quote: str,
        title: str | None, number: str | None, issuer: str | None = None,
    ) -> Relation:  # fmt: skip
        document_id = self.material.document.id
        return Relation(kind, document_id, start, end, quote, title, number, issuer)

    def _effective(self, kind: RelationType, clause: Clause) -> date | None:
        if kind not in _ACTS:
            return None
        stated = FROM_DAY.search(clause.piece.text)
        return (parse_date(stated["day"]) if stated else None) or self.start

    def _is_own(self, named: Named) -> bool:
        """A number decides; one title may be given twice."""
        own = self.metadata.document_number
        if named.number and own:
            return fold(named.number) == fold(own)
        return named.title is not None and fold(named.title) == fold(self.metadata.title)

    def _numbered(self, clauses: Sequence[Clause]) -> list[Relation]:
        """A title that the document gives with its number once is meant by it everywhere."""
        numbers: dict[str, set[str]] = {}
        for clause in clauses:
            for named in clause.documents:
                if named.title and named.number:
                    numbers.setdefault(fold(named.title), set()).add(named.number)
        return [
            replace(row, number=next(iter(known)))
            if row.title
            and not row.number
            and len(known := numbers.get(fold(row.title), set())) == 1
            else row
            for row in self.done
        ]


def _until(text: str) -> date | None:
    if match := UNTIL.search(text):
        return end_of(match["rest"])
    between = HOLDS_BETWEEN.search(text)
    return parse_date(between["day"]) if between else None
