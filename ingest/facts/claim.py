"""What one figure of a sentence says."""

from dataclasses import dataclass

from ingest.facts.heads import Head
from ingest.facts.places import Place
from vectorstore.language.quantities import Quantity, Sign


@dataclass(frozen=True, slots=True)
class Claim:
    """What one figure says. [start, end) of the sentence says it; `lead` is the sentence up to
    there, `said` its own stretch. `year_said` where the sentence itself names the year."""

    quantity: Quantity
    subject: str
    sign: Sign
    start: int
    end: int
    lead: str
    said: str
    head: Head
    places: tuple[Place, ...] = ()
    year: int | None = None
    year_said: bool = False
    base_year: int | None = None
    behind: str = ""
    is_counted_behind: bool = False
    is_shared: bool = False
    is_part: bool = False  # of the count in front of it: 抽查3家，其中：2家水厂
