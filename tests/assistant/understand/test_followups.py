"""A turn that names a matter of its own: where the corpus holds it decides what it inherits."""

import pytest

from assistant.understand.corpus import Corpus
from assistant.understand.followups import Heard, complete
from assistant.understand.learned import Sense
from assistant.understand.turns import understand
from tests.assistant.understand.test_question import document
from vectorstore.models import SearchFilter

CORPUS = Corpus(
    (
        document(1, "青溪县老年助餐服务办法", ("青溪县",)),
        document(2, "白岭县乡村公路养护办法", ("白岭县",)),
    )
)
FIRST = "青溪县的老年助餐点要建多少个？"
ROADS = "乡村公路养护补助标准是多少"


@pytest.mark.parametrize(
    ("inside", "completed"),
    [
        (0.3, ROADS),  # only the other county speaks of roads
        (0.9, f"青溪县{ROADS}"),  # so does the county that was asked about
    ],
)
def test_a_matter_that_stands_elsewhere_begins_anew(inside: float, completed: str) -> None:
    def support(text: str, words: str, where: SearchFilter = SearchFilter()) -> float:
        return inside if where else 1.0

    heard = Heard(Sense(None, 0.0, follows=0.9, matter=("乡村公路养护补助标准",)), None, support)
    before = [understand([FIRST], CORPUS, ())]
    assert complete(ROADS, before, CORPUS, (), heard) == completed
