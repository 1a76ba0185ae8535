"""Signs of the program's own words are put right, those of a quote never; and one source as a
reference of a list."""

import pytest

from assistant.cite.citation import Citation, inside_brackets, named, reference
from assistant.cite.gbt7714 import gbt7714
from assistant.cite.punctuation import framed, put_right
from assistant.cite.structure import Check, Line, Sentence

QUOTE = "加强巡查,确保安全"


def citation(title: str = "关于印发《规定》的通知", page: int | None = 3) -> Citation:
    return Citation(1, "d", "f", title, "青禾市人民政府", "青政发〔2024〕8号", None, None, (), QUOTE,
                    0, len(QUOTE), page, "2024-03-05")  # fmt: skip


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("青禾市,松湖县两地", "青禾市，松湖县两地"),
        ("共1,200个", "共1,200个"),
        ("写明“一,二”的", "写明“一,二”的"),
        ("要求加强巡查,确保安全", "要求加强巡查,确保安全"),  # as the source has it
        ("《关于《规定》的通知》", "《关于〈规定〉的通知》"),
        ("《规定》和《办法》", "《规定》和《办法》"),
    ],
)
def test_only_the_frame_is_put_right(words: str, right: str) -> None:
    assert framed(words, [QUOTE]) == right
    assert len(right) == len(words)


def test_marks_checks_and_stretches_keep_their_places() -> None:
    sentence = Sentence(
        ("青禾市,松湖县", 1, "都要"), Check("青禾市,松湖县都要", (1,), "supported"), ((0, 3),)
    )
    ((found,),) = (line.sentences for line in put_right((Line((sentence,)),), [citation()]) if isinstance(line, Line))  # fmt: skip
    assert found.pieces == ("青禾市，松湖县", 1, "都要")
    assert found.answers == ((0, 3),)
    assert found.check
    assert found.check.sentence == found.plain


def test_titles_within_titles_are_in_single_brackets() -> None:
    assert named("《规定》") == "《规定》"
    assert inside_brackets("关于印发《规定》的通知") == "关于印发〈规定〉的通知"
    assert reference(citation()) == "《关于印发〈规定〉的通知》（青政发〔2024〕8号）"


def test_a_reference_by_the_standard() -> None:
    entry = "青禾市人民政府. 关于印发《规定》的通知: 青政发〔2024〕8号[Z]. 2024-03-05: 3."
    assert gbt7714(citation()) == entry
    assert gbt7714(citation(page=None)) == entry.replace(": 3.", ".")
