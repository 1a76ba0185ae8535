"""How long one is in, and how often one may try."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.people import passwords
from assistant.people.door import Door
from assistant.people.log import NoLog
from assistant.people.sessions import LIMIT_ADDRESS, LIMIT_LOGIN, TooManyTries
from assistant.people.store import People
from assistant.people.units import Refused
from tests.assistant.people.conftest import Clock


def test_a_session_ends_without_use_and_after_its_life(people: People, clock: Clock) -> None:
    account = people.add("a")
    token = people.sessions.begin(account.id, "10.0.0.1", "Firefox")
    for _ in range(6):  # used every nine minutes of ten
        clock.at += 540
        assert people.sessions.find(token) is not None
    clock.at += 540  # an hour is over
    assert people.sessions.find(token) is None
    token = people.sessions.begin(account.id, "10.0.0.1", "Firefox")
    clock.at += 600
    assert people.sessions.find(token) is None
    assert people.sessions.of(account.id) == []


def test_it_is_noted_once_a_minute(people: People, clock: Clock) -> None:
    token = people.sessions.begin(people.add("a").id, "", "")
    began = int(clock.at)
    for passed, noted in ((59, 0), (60, 60), (100, 60), (130, 130)):
        clock.at = began + passed
        people.sessions.find(token)
        (session,) = people.sessions.of(people.people()[0].id)
        assert session.seen == began + noted


def test_tokens_are_not_kept(people: People) -> None:
    tokens = {people.sessions.begin(people.add(f"a{n}").id, "", "") for n in range(5)}
    assert len(tokens) == 5
    rows = people.database.rows("SELECT * FROM sessions")
    assert not tokens & {str(value) for row in rows for value in row}
    assert people.sessions.find("") is None
    assert people.sessions.find(rows[0]["id"]) is None  # what is kept opens nothing


def test_one_ends_ones_own_sessions_only(people: People) -> None:
    one, two = people.add("a"), people.add("b")
    token, other = (people.sessions.begin(a.id, "", "") for a in (one, two))
    (session,) = people.sessions.of(one.id)
    assert not people.sessions.end(two.id, session.id)
    assert people.sessions.find(token)
    assert people.sessions.end(one.id, session.id)
    assert not people.sessions.find(token)
    assert people.sessions.find(other)


@pytest.mark.parametrize("deed", ["disable", "remove"])
def test_whoever_is_shut_out_has_no_session(people: People, deed: str) -> None:
    account = people.add("a")
    token = people.sessions.begin(account.id, "", "")
    getattr(people, deed)(account.id)
    assert people.sessions.find(token) is None
    assert people.person(account.id) is None


def test_another_password_or_other_roles_end_all_sessions(people: People) -> None:
    account = people.add("a")
    token = people.sessions.begin(account.id, "", "")
    people.set_roles(account.id, ["查阅"])  # as they were
    people.change(account.id, name="甲")
    assert people.sessions.find(token)
    people.set_roles(account.id, ["起草"])
    assert people.sessions.find(token) is None
    token = people.sessions.begin(account.id, "", "")
    people.set_password(account.id, "hash", must_change=False)
    assert people.sessions.find(token) is None


def test_somebody_has_not_endless_sessions(people: People, clock: Clock) -> None:
    account = people.add("a")
    first = people.sessions.begin(account.id, "", "")
    for _ in range(60):
        clock.at += 1
        last = people.sessions.begin(account.id, "", "")
    assert len(people.sessions.of(account.id)) == 50
    assert people.sessions.find(first) is None
    assert people.sessions.find(last)


def test_waits_grow(people: People, clock: Clock) -> None:
    """Each failure after the fifth doubles the wait, up to an hour."""

    def next_try() -> int:
        """Seconds until a try is looked at again."""
        began = clock.at
        while True:
            with people.database.transaction() as db:
                db.execute("DELETE FROM failures WHERE tried LIKE 'address%'")
            try:
                people.tries.begin("a", "10.0.0.1")
                return int(clock.at - began)
            except TooManyTries:
                clock.at += 60

    assert [next_try() for _ in range(14)] == [0] * 5 + [60, 120, 240, 480, 960, 1920] + [3600] * 3


def test_many_at_the_same_moment_are_as_many(people: People) -> None:
    def attempt(number: int) -> bool:
        try:
            people.tries.begin("a", f"10.0.{number // 250}.{number % 250}")
        except TooManyTries:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(200))) == LIMIT_LOGIN


def test_an_address_is_counted_over_all_logins(people: People, clock: Clock) -> None:
    for n in range(LIMIT_ADDRESS):
        people.tries.begin(f"login{n}", "10.0.0.1")
    with pytest.raises(TooManyTries, match=r"请在 \d\d:\d\d 以后再试"):
        people.tries.begin("one more", "10.0.0.1")
    people.tries.begin("one more", "10.0.0.2")
    clock.at += 61
    people.tries.begin("another", "10.0.0.1")


def test_who_comes_in_is_forgiven_but_not_the_address(people: People) -> None:
    """Else whoever has an account could try others' passwords for ever."""
    for number in range(LIMIT_ADDRESS):
        if number < LIMIT_LOGIN - 1:
            people.tries.begin("victim", "10.0.0.1")
        people.tries.begin("own", "10.0.0.1")
        people.tries.succeeded("own", "10.0.0.1")
    for n in range(LIMIT_ADDRESS - LIMIT_LOGIN + 1):
        people.tries.begin(f"victim{n}", "10.0.0.1")
    with pytest.raises(TooManyTries):
        people.tries.begin("own", "10.0.0.1")


def test_failures_are_forgotten_in_a_day(people: People, clock: Clock) -> None:
    for _ in range(LIMIT_LOGIN):
        people.tries.begin("a", "")
    clock.at += 24 * 3600 + 1
    assert not people.tries.begin("a", "")
    (count,) = people.database.row("SELECT count(*) FROM failures") or (0,)
    assert count == 2


def test_a_login_that_is_overtaken_begins_nothing(people: People) -> None:
    account = people.add("a", password="old")
    assert people.sessions.begin(account.id, "", "", "old")
    people.set_password(account.id, "new", must_change=True)
    with pytest.raises(Refused, match="重新登录"):
        people.sessions.begin(account.id, "", "", "old")
    people.disable(account.id)
    for kept in (None, "new"):
        with pytest.raises(Refused):
            people.sessions.begin(account.id, "", "", kept)
    people.enable(account.id)
    assert people.sessions.of(account.id) == []
    with pytest.raises(Refused, match="刚被别人改过"):
        people.set_password(account.id, "own", must_change=False, instead_of="old")


def test_a_reset_while_a_password_is_looked_at_counts(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever knows the old one is not in afterwards, though it was right when they began."""
    account = people.add("a", password=passwords.hashed("三只青蛙坐在河边"))
    right = passwords.matches

    def slow(kept: str, password: str) -> bool:
        found = right(kept, password)
        people.set_password(account.id, passwords.hashed("四只青蛙坐在河边"), must_change=True)
        return found

    monkeypatch.setattr(passwords, "matches", slow)
    with pytest.raises(Refused, match="刚被改动"):
        Door(people, NoLog()).log_in("a", "三只青蛙坐在河边", "", "")
    assert people.sessions.of(account.id) == []
