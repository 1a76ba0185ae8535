"""Changes of two people brought together, section by section."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.cite.citation import Citation
from assistant.cite.markdown import parse
from assistant.cite.structure import Check, Line, sentences_in
from assistant.drafting.merging import merged
from assistant.drafting.models import Draft, Request, Section


def source(mark: int, document: str) -> Citation:
    return Citation(
        mark, document, "", f"《{document}》", None, None, None, None, (), "引", 0, 1, None
    )


def draft(*words: str, sources: tuple[Citation, ...] = ()) -> Draft:
    sections = tuple(Section(f"s{n}", f"标题{n}", body=parse(w)) for n, w in enumerate(words))
    return Draft("d", "甲", Request("写", "通知", "题", "题"), sections, sources, 1)


def texts(of: Draft) -> list[str]:
    return [section.text for section in of.sections]


def said(of: Draft, identifier: str, words: str) -> Draft:
    return of.with_section(replace(of.section(identifier), body=parse(words)))


BASE = draft("零。", "一。", "二。")


def test_marks_that_both_gave_are_told_apart() -> None:
    mine = replace(said(BASE, "s0", "我引[1]。"), sources=(source(1, "我"),))
    theirs = replace(said(BASE, "s1", "他引[1]。"), sources=(source(1, "他"),))
    whole, aside = merged(BASE, mine, theirs)
    assert aside == ()
    assert {s.mark: s.document_id for s in whole.sources} == {1: "他", 2: "我"}
    assert texts(whole)[:2] == ["我引[2]。", "他引[1]。"]


def test_one_source_that_both_found_keeps_one_mark() -> None:
    base = replace(BASE, sources=(source(1, "旧"),))
    mine = replace(said(base, "s0", "我引[3][1]。"), sources=(source(1, "旧"), source(3, "同")))
    theirs = replace(said(base, "s1", "他引[2]。"), sources=(source(1, "旧"), source(2, "同")))
    whole, _ = merged(base, mine, theirs)
    assert len(whole.sources) == 2
    assert texts(whole)[0] == "我引[2][1]。"


def test_what_one_deleted_and_the_other_changed_stays() -> None:
    without = replace(BASE, sections=BASE.sections[1:])
    changed = said(BASE, "s0", "新零。")
    for mine, theirs in ((without, changed), (changed, without)):
        whole, aside = merged(BASE, mine, theirs)
        assert "新零。" in texts(whole)
        assert aside == ()
    whole, _ = merged(BASE, without, BASE)
    assert texts(whole) == ["一。", "二。"]
    whole, _ = merged(BASE, BASE, without)
    assert texts(whole) == ["一。", "二。"]


def test_new_sections_of_both_and_another_order() -> None:
    moved = replace(BASE, sections=BASE.sections[::-1])
    mine = replace(moved, sections=(*moved.sections, Section("sx", "我的", body=parse("新我。"))))
    theirs = replace(BASE, sections=(BASE.sections[0], Section("sy", "他的"), *BASE.sections[1:]))
    whole, _ = merged(BASE, mine, theirs)
    assert [s.id for s in whole.sections] == ["s2", "s1", "s0", "sy", "sx"]


def test_a_check_takes_nobodys_words_back() -> None:
    """核对 of an older version changes no words, and gives way to them."""
    section = BASE.sections[0]
    (line,) = section.body
    assert isinstance(line, Line)
    check = Check("零。", (), "own")
    judged = replace(section, body=(Line(tuple(replace(s, check=check) for s in line.sentences)),), state="已核对")  # fmt: skip
    mine = BASE.with_section(judged)
    whole, aside = merged(BASE, mine, said(BASE, "s0", "他改。"))
    assert (texts(whole)[0], aside) == ("他改。", ())
    whole, _ = merged(BASE, mine, said(BASE, "s1", "他改。"))
    assert [s.check for s in sentences_in(whole.sections[0].body)] == [check]


def test_heading_and_words_of_a_section_are_two_things() -> None:
    mine = BASE.with_section(replace(BASE.sections[0], heading="新标题"))
    whole, aside = merged(BASE, mine, said(BASE, "s0", "他改。"))
    assert (whole.sections[0].heading, texts(whole)[0], aside) == ("新标题", "他改。", ())


def test_what_somebody_holds_is_neither_changed_nor_deleted() -> None:
    mine = replace(said(BASE, "s0", "我改。"), sections=said(BASE, "s0", "我改。").sections[:2])
    whole, aside = merged(BASE, mine, BASE, held={"s0", "s2"})
    assert texts(whole) == ["零。", "一。", "二。"]
    assert [s.text for s in aside] == ["我改。"]


WORDS = st.lists(st.sampled_from(["零。", "甲改。", "乙改。", ""]), min_size=3, max_size=3)


@given(mine=WORDS, theirs=WORDS)
def test_every_text_of_mine_is_in_the_draft_or_beside_it(
    mine: list[str], theirs: list[str]
) -> None:
    base = draft("零。", "零。", "零。")
    whole, aside = merged(base, draft(*mine), draft(*theirs))
    beside = {section.id: section.text for section in aside}
    for n, (own, other) in enumerate(zip(mine, theirs, strict=True)):
        kept = whole.section(f"s{n}").text
        if own != "零。":
            assert own in (kept, beside.get(f"s{n}"))
        if other != "零。":
            assert kept == other
