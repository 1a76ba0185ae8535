"""What documents state, as rows. Each row is a span of its document and carries what it quotes.

Rows are read at ingest (ingest/facts/), kept in the catalogue and given out by a View.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

FactKind = Literal[
    "target", "figure", "duty", "amount", "condition", "contact", "definition", "window", "validity"
]
Comparator = Literal["", "=", ">=", ">", "<=", "<", "~"]
DutyRole = Literal["", "lead", "responsible", "support"]
RelationType = Literal[
    "依据", "转发", "印发", "废止", "部分废止", "修订", "替代", "延长有效期", "更正",
    "清理_继续有效", "清理_废止", "清理_失效", "清理_修改",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a document states, once for each mention.

    `quote` equals the source at [start, end) but for white space. What a field means by kind:

    - target, figure: `subject` the indicator, `group` whom it counts, `value` (to `high` for a
      range) in `unit`, normalised (1.2万人 → 12000 人), `text` as written, `comparator`, `year`
      it is for, `base_year` it is compared with, `condition` under which.
    - duty: `subject` the task, `text` its first sentence, `role`, `organs` one by one.
    - amount: `subject` what is paid or fined, `group` the class it holds for, value as above.
    - condition: `subject` what is applied for or decided, `group` the class, `text` the condition.
    - contact: `subject` the office or person, `text` the number or address.
    - definition: `subject` the term, `text` what it means.
    - window: `subject` what happens, `since` and `until`; `text` where the days are relative
      or an hour is named.
    - validity: of the document itself; `since` the day it takes effect, `until` the last day
      (worked out where it states a life from a day), `value` its life in years where it says so,
      `condition` "试行" where it is on trial, `text` the document whose life it shares, `subject`
      the number of a standard.
    """

    kind: FactKind
    document_id: str
    start: int
    end: int
    quote: str
    subject: str = ""
    group: str = ""
    place: str = ""
    level: str = ""  # 国 | 省 | 市 | 县 | 乡 | 其他
    value: float | None = None
    high: float | None = None
    unit: str = ""
    text: str = ""
    comparator: Comparator = ""
    year: int | None = None
    base_year: int | None = None
    condition: str = ""
    role: DutyRole = ""
    organs: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    heading_path: tuple[str, ...] = ()
    passage_id: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a document does to another one, or takes from it.

    The other is named by `number` (文号) or `title`, as written; whether the library holds it
    is worked out by a View. `articles` are those that 部分废止 and 修订 name, `effective` the day
    from which it holds, `until` the new last day of 延长有效期.
    """

    type: RelationType
    document_id: str
    start: int
    end: int
    quote: str
    title: str | None = None
    number: str | None = None
    issuer: str | None = None
    articles: tuple[str, ...] = ()
    effective: date | None = None
    until: date | None = None
    passage_id: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """All rows of one document, in the order of its text."""

    facts: tuple[Fact, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class FactFilter:
    """Which facts are looked up; a field that is empty does not restrict, values of one field
    are alternatives.

    `text` stands in subject, group or text; `organs` are parts of names. A fact's name is its
    group and subject together (农民 + 培训人数): `name` stands in it, `names` are whole. `places`
    are parts of `place`; all facts of `local_ids`, the documents of these places, count as well.
    """

    kinds: tuple[FactKind, ...] = ()
    roles: tuple[DutyRole, ...] = ()
    organs: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    text: str = ""
    name: str = ""
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    local_ids: frozenset[str] = frozenset()
    document_ids: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class FactName:
    """What facts are called, in how many documents, and how many they are."""

    name: str
    documents: int
    facts: int
