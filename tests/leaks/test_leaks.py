"""A small run of the campaign; `python -m tests.leaks` is the large one."""

from collections.abc import Iterator

import pytest

from tests.leaks.campaign import Campaign, site
from tests.leaks.judging import Judge
from tests.leaks.office import PEOPLE, Office, office


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("leaks")) as opened:
        yield opened


def test_each_sees_what_is_for_them(made: Office) -> None:
    counts = []
    for person in PEOPLE:
        view = made.services.assistant.view(person.viewer)
        assert view.ids == {made.ids[n] for n in made.seen(person)}
        assert all(d.audience.may_quote for d in view.quotable.documents())
        counts.append(len(view.ids))
    assert counts == [30, 18, 30, 30, 24, 12, 24, 42, 0]


def test_nothing_leaks(made: Office) -> None:
    with site(made) as client:
        campaign = Campaign(made, client, seed=7, share=0.02)
        campaign.run(40)
    assert campaign.judge.leaks == []
    # And the others do get what is theirs: a site that shows nothing leaks nothing.
    met = campaign.judge.met
    assert [
        w for w in ("GET", "function", "command", "Word", "question", "examples") if not met[w]
    ] == []


@pytest.mark.parametrize(
    ("shown", "typed"),
    [
        ("蓝鹭县", "蓝枫县"),
        ("到2025年达到41003万吨", "蓝鹭县的目标"),
        (r'{"said": "\u84dd\u9e6d"}', ""),
        ("在 3 份文件中没有读到", ""),
        ('{"documents": 1}', ""),
    ],
)
def test_the_judge_finds_what_leaks(made: Office, shown: str, typed: str) -> None:
    judge = Judge(made)
    judge.look("user:9", frozenset(), "GET /", shown, typed)
    assert judge.leaks
    judge.leaks.clear()
    judge.look("user:9", frozenset(), "GET /", shown, typed + shown + "蓝鹭")
    assert judge.leaks == []
