"""An answer as one Markdown text for other people's pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers.answer import Answer
from assistant.answers.content import Refusal
from assistant.api.saying import Said, harmless, said
from assistant.cite.citation import Citation
from assistant.cite.structure import Check, Line, Sentence

SITE = "http://127.0.0.1:1"


def citation(mark: int, title: str = "甲办法") -> Citation:
    return Citation(
        mark, f"d{mark}", "/x", title, None, None, None, None, ("第一章",), "句", 3, 9, None
    )


def answer(*sentences: Sentence, **more: object) -> Answer:
    given: dict[str, object] = {"citations": (citation(1), citation(2))}
    return Answer("问", "问", (Line(sentences),), "model", "fact", **(given | more))  # type: ignore[arg-type]


def test_a_sentence_that_failed_its_check_is_struck_through() -> None:
    wrong = Sentence(("建成9个。", 1), Check("建成9个。", (1,), "unsupported", ("数字不符",)))
    told = said(answer(wrong), SITE, with_label=True)
    assert "~~建成9个。[1]~~（存疑：数字不符）" in told.text
    assert told.text.startswith("（模型辅助生成，须人工审核）")
    assert "模型辅助" not in said(answer(wrong), SITE, with_label=False).text


def test_every_mark_has_its_source_below_and_as_an_annotation() -> None:
    told = said(answer(Sentence(("甲。", 2)), Sentence(("乙。", 1, 2))), SITE, with_label=False)
    first, second = (a["url_citation"] for a in told.annotations)
    assert told.text[first["start_index"] : first["end_index"]] == "[1]"
    assert told.text.index("[2]") == second["start_index"] < first["start_index"]
    assert second["url"] == f"{SITE}/documents/d2?start=3&end=9#quote"
    assert f"[2] [《甲办法》第一章]({SITE}/documents/d2?start=3&end=9#quote)" in told.text
    assert [c["mark"] for c in told.citations] == [1, 2]


def test_a_refusal_offers_what_comes_near() -> None:
    refused = Answer("问", "全问", Refusal("没有读到。", (citation(0),)), "extractive", "fact")
    told = said(refused, SITE, with_label=True)
    assert told.text.startswith("（理解为：全问）\n\n没有读到。\n\n相近：[《甲办法》第一章](")
    assert told.annotations == told.citations == ()


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("![x](http://evil/?q=1)", "!\\[x]\\(http://evil/?q=1)"),
        ("[点这里](http://evil)", "[点这里]\\(http://evil)"),
        ("建成3个。[1](市教育局牵头)", "建成3个。[1]\\(市教育局牵头)"),
        ("<img src=http://evil>", "&lt;img src=http://evil>"),
        ("\\<img src=http://evil>", "\\&lt;img src=http://evil>"),
        ("[a][r]\n[r]: http://evil", "[a][r]\n[r]\\: http://evil"),
        ("</details><!--", "&lt;/details>&lt;!--"),
        ("3<5，a<b，5%<x", "3<5，a&lt;b，5%&lt;x"),
        ("好！[1]", "好！[1]"),
    ],
)
def test_what_documents_say_is_neither_link_nor_image_nor_html(written: str, sent: str) -> None:
    assert harmless(written) == sent


def test_titles_and_notes_are_harmless_too() -> None:
    hostile = "](http://evil)<img src=x>![a](b)"
    told = said(
        answer(Sentence((hostile, 1)), citations=(citation(1, hostile),), notes=(hostile,)),
        SITE, with_label=False,
    )  # fmt: skip
    bare = told.text.replace("\\<", "").replace("\\[", "").replace("]\\(", "").replace("\\]", "")
    assert "<img" not in bare
    assert "![" not in bare
    assert "](http://evil" not in bare


@given(st.text(alphabet="甲。！？；\n [1](x)<!", max_size=80))
def test_the_pieces_together_are_the_text(text: str) -> None:
    assert "".join(Said(text, (), ()).pieces()) == text
