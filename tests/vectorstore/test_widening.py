"""Working out a few more documents gives the same as working out all of them."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vectorstore.test_validity import act, clause, document
from vectorstore.decisions import VERDICTS, Decision
from vectorstore.facts import Fact, Relation
from vectorstore.models import DocumentSummary
from vectorstore.validity import ACTS, Validity
from vectorstore.widening import Widened

# Few names, so that documents mean each other, and nobody knows which one is meant.
NAMES = [f"d{n}" for n in range(7)]
TITLES = ("砚湖市渡船管理办法", "砚湖市人民政府关于渡船的通知", "关于渡船的通知", "渡船细则")
NUMBERS = (None, "砚政发〔2010〕1号", "砚政发〔2020〕2号", "市政府令第3号")
ISSUERS = (None, "砚湖市人民政府", "望江市人民政府")
DAYS = st.none() | st.sampled_from([date(year, 3, 1) for year in (2008, 2012, 2018, 2024)])
TYPES = ("依据", "转发", "印发", *ACTS)


@st.composite
def corpora(
    draw: st.DrawFn,
) -> tuple[list[DocumentSummary], list[Fact], list[Relation], list[Decision]]:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, unique=True))
    documents = [
        document(
            name, draw(st.sampled_from(TITLES)), draw(st.sampled_from(NUMBERS)),
            issuer=draw(st.sampled_from(ISSUERS)), date_written=draw(DAYS),
            period_end=draw(st.none() | st.just(2015)),
        )
        for name in names
    ]  # fmt: skip
    facts = [
        clause(
            draw(st.sampled_from(names)), draw(DAYS), until=draw(DAYS),
            text=draw(st.sampled_from(("", *TITLES))),
        )
        for _ in range(draw(st.integers(0, 5)))
    ]  # fmt: skip
    relations = [
        act(
            draw(st.sampled_from(TYPES)), draw(st.sampled_from(names)),
            title=draw(st.none() | st.sampled_from(TITLES)), number=draw(st.sampled_from(NUMBERS)),
            issuer=draw(st.sampled_from(ISSUERS)), effective=draw(DAYS), until=draw(DAYS),
        )
        for _ in range(draw(st.integers(0, 8)))
    ]  # fmt: skip
    pairs = [draw(st.sampled_from([(a, b) for a in names for b in names if a != b]))
             for _ in range(draw(st.integers(0, 2)))]  # fmt: skip
    decisions = [
        Decision(a, b, draw(st.sampled_from(VERDICTS)), "同一事项", "甲", date(2026, 1, 1))
        for a, b in pairs
    ]
    return documents, facts, relations, decisions


@settings(max_examples=300, deadline=None)
@given(corpus=corpora(), data=st.data())
def test_a_few_more_are_worked_out_like_all_together(
    corpus: tuple[list[DocumentSummary], list[Fact], list[Relation], list[Decision]],
    data: st.DataObject,
) -> None:
    documents, facts, relations, decisions = corpus
    count = data.draw(st.integers(1, len(documents)))
    own = data.draw(st.permutations(documents))[:count]
    others = [d for d in documents if d not in own]
    ids = {d.id for d in others}
    base = Validity(others, facts, relations, [d for d in decisions if ids.issuperset(d.pair)])
    order = {d.id: at for at, d in enumerate(documents)}
    widened = Widened(base, order, own, facts, relations, decisions)
    full = Validity(documents, facts, relations, decisions)
    for day in (date(2009, 1, 1), date(2016, 1, 1), date(2026, 1, 1)):
        for i in order:
            assert widened.in_force(i, day) == full.in_force(i, day)
            assert widened.ends_on(i, day) == full.ends_on(i, day)
            assert i in widened.changed or base.in_force(i, day) == full.in_force(i, day)
    for i in order:
        assert widened.rests_on(i) == full.rests_on(i)
        assert sorted(map(str, widened.acts_on(i))) == sorted(map(str, full.acts_on(i)))
        assert widened.confirmed_on(i) == full.confirmed_on(i)
    assert widened.ending(date.min, date.max) == full.ending(date.min, date.max)
    assert widened.mentions == full.mentions
    # What it was made from is as it was.
    again = Validity(others, facts, relations, [d for d in decisions if ids.issuperset(d.pair)])
    for i in ids:
        assert base.acts_on(i) == again.acts_on(i)
        assert base.rests_on(i) == again.rests_on(i)
