"""A small run of the campaign; `python -m tests.leaks` is the large one."""

from collections.abc import Iterator

import pytest

from tests.leaks.campaign import Campaign, calls_about, site
from tests.leaks.judging import Judge
from tests.leaks.office import PEOPLE, Office, documents, office


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


def test_every_call_is_in_the_campaign(made: Office) -> None:
    """But for uploads, which tests/ingest and tests/assistant/api look after."""
    each, paths = documents()[0], set()
    for method, path, _ in calls_about("ID", "OTHER", each):
        paths.add((method, path))
    with site(made) as client:
        described = client.get("/api/v1/openapi.json").json()["paths"]
    known = {(method, _filled(path)) for method, path in paths} | ALSO
    missing = {(m, p) for p, methods in described.items() for m in methods} - known
    assert missing == {("post", "/documents")}


ALSO = {("get", "/drafts"), ("post", "/drafts"), ("get", "/drafts/{draft_id}/{name}"),
        ("get", "/health"), ("get", "/version")}  # fmt: skip


def _filled(path: str) -> str:
    names = {"documents": "document_id", "jobs": "job_id", "drafts": "draft_id"}
    parts = path.split("/")
    return "/".join(f"{{{names[parts[1]]}}}" if part == "ID" else part for part in parts)


def test_nothing_leaks(made: Office) -> None:
    with site(made) as client:
        campaign = Campaign(made, client, seed=7, share=0.02)
        campaign.run(40)
    assert campaign.judge.leaks == []
    # And the others do get what is theirs: a site that shows nothing leaks nothing. A draft turns
    # other places' names and figures into gaps, so its Word file may hold none of the words.
    met = campaign.judge.met
    assert [
        w
        for w in (
            "GET",
            "call",
            "chat",
            "tool",
            "function",
            "command",
            "question",
            "examples",
        )
        if not met[w]
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
