"""Keys: what they open, for how long, and what is kept of them."""

import json
from pathlib import Path

import pytest

from assistant.people.keys import DAY, MOST_KEYS, SCOPES, key_id_of
from assistant.people.schema import PEOPLE
from assistant.people.store import People
from assistant.people.units import Refused
from tests.assistant.people.conftest import Clock
from vectorstore.sqlite.database import Database, Store


def make(people: People, person: str, *scopes: str, **more: int) -> str:
    given = {"days": 30, "per_minute": 60, **more}
    return people.keys.add(person, "OA", scopes or ("ask",), **given)[1]


def test_a_key_opens_until_it_ends(people: People, clock: Clock) -> None:
    account = people.add("oa", source="service")
    secret = make(people, account.id, "ask", "read")
    key = people.keys.find(secret)
    assert key is not None
    assert (key.person, key.scopes, key.name) == (account.id, {"ask", "read"}, "OA")
    clock.at += 30 * DAY - 1
    assert people.keys.find(secret) is not None
    clock.at += 1
    assert people.keys.find(secret) is None


def test_what_is_kept_opens_nothing(people: People) -> None:
    person = people.add("a").id
    secret = make(people, person)
    assert secret.startswith("pca_")
    assert len(secret.rpartition("_")[2]) <= 43 < len(secret)  # 256 bits and more around them
    (row,) = people.database.rows("SELECT * FROM keys")
    assert not any(secret[17:] in str(value) for value in row)
    for wrong in ("", "pca_", row["id"], row["hash"], f"pca_{row['id'][4:]}_{row['hash']}",
                  secret[:-1], secret + "x", secret.upper(), key_id_of(secret), "密钥"):  # fmt: skip
        assert people.keys.find(wrong) is None
    assert people.keys.find(secret)


def test_a_revoked_key_stays_in_the_list_and_opens_nothing(people: People, clock: Clock) -> None:
    person = people.add("a").id
    secret, other = make(people, person), make(people, person)
    key = people.keys.find(secret)
    assert key
    clock.at += 5
    people.keys.revoke(key.id)
    assert people.keys.find(secret) is None
    assert people.keys.find(other) is not None
    assert {k.id: k.revoked for k in people.keys.of(person)}[key.id] == clock.at
    with pytest.raises(Refused):
        people.keys.revoke("key:none")


def test_keys_go_with_their_account(people: People) -> None:
    person = people.add("a").id
    secret = make(people, person)
    people.remove(person)
    assert people.keys.find(secret) is None
    assert people.database.rows("SELECT * FROM keys") == []
    with pytest.raises(Refused):
        make(people, person)


def test_use_is_noted_once_a_minute(people: People, clock: Clock) -> None:
    person = people.add("a").id
    secret = make(people, person)
    began = int(clock.at)
    for passed, noted in ((0, 0), (59, 0), (60, 60), (100, 60), (125, 125)):
        clock.at = began + passed
        people.keys.find(secret)
        assert people.keys.of(person)[0].used == began + noted


@pytest.mark.parametrize(
    ("name", "scopes", "days", "rate"),
    [("", ["ask"], 1, 1), ("x" * 61, ["ask"], 1, 1), ("a\x00b", ["ask"], 1, 1), ("x", [], 1, 1),
     ("x", ["all"], 1, 1), ("x", ["ask"], 0, 1), ("x", ["ask"], 1, 0), ("x", ["ask"], 1, 6001)],
)  # fmt: skip
def test_what_is_no_key_is_refused(
    people: People, name: str, scopes: list[str], days: int, rate: int
) -> None:
    with pytest.raises(Refused):
        people.keys.add(people.add("a").id, name, scopes, days=days, per_minute=rate)
    assert people.database.rows("SELECT * FROM keys") == []


def test_nobody_has_more_living_keys_than_can_be_looked_after(people: People, clock: Clock) -> None:
    person = people.add("a").id
    secrets = [make(people, person, *SCOPES) for _ in range(MOST_KEYS)]
    with pytest.raises(Refused):
        make(people, person)
    people.keys.revoke(key_id_of(secrets[0]))
    make(people, person)
    clock.at += 31 * DAY
    make(people, person)


def test_a_service_never_runs_the_office(people: People) -> None:
    """Nobody can log in as it: it must not count as somebody who can put things right."""
    with pytest.raises(Refused):
        people.add("oa", source="service", roles=["系统管理"])
    service = people.add("oa", source="service")
    with pytest.raises(Refused):
        people.set_roles(service.id, ["查阅", "审计"])
    assert people.set_roles(service.id, ["查阅", "起草"]).roles == {"查阅", "起草"}


def test_keys_of_before_have_what_their_service_had(tmp_path: Path) -> None:
    """A key that waited may nothing yet, and a person's own follows its owner as before."""
    path = tmp_path / "people.sqlite3"
    # The steps lead to the schema, so the schema of before is this one but for the last step.
    before = PEOPLE.schema.replace("vouched TEXT", "held INTEGER NOT NULL").replace("'4'", "'3'")
    third = Store(PEOPLE.label, before, 3, PEOPLE.migrations, PEOPLE.tables, "")
    old = Database(path, third)
    with old.transaction() as db:
        db.execute(
            "INSERT INTO departments VALUES ('dept:a', '局', NULL), ('dept:b', '科', 'dept:a')"
        )
        db.execute("INSERT INTO groups VALUES ('group:x', '组')")
        for who, source in (("s", "service"), ("p", "local")):
            db.execute("INSERT INTO accounts VALUES (?, ?, ?, 'dept:b', '', ?, 0, 0, 1, 0)",
                       (f"user:{who}", who, who, source))  # fmt: skip
            db.execute("INSERT INTO roles VALUES (?, '查阅')", (f"user:{who}",))
            db.execute("INSERT INTO members VALUES (?, 'group:x')", (f"user:{who}",))
        for key, who, held in (("1", "s", 1), ("2", "s", 0), ("3", "p", 0)):
            db.execute("INSERT INTO keys VALUES (?, 'h', ?, 'n', 'ask', 9, 1, 9, 0, 0, ?)",
                       (f"key:{key}", f"user:{who}", held))  # fmt: skip
    old.close()
    people = People(path)
    rows = people.database.rows("SELECT vouched FROM keys ORDER BY id")
    had = {"role 查阅", "group group:x", "department dept:a", "department dept:b"}
    assert [row[0] and set(json.loads(row[0])) for row in rows] == [set(), had, None]
    account = people.account("user:s")
    assert account
    assert people.rights(account) == had
    people.close()
