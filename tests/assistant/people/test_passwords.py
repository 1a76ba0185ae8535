"""Which passwords are taken, and what is kept of them."""

import time

import pytest
from argon2 import PasswordHasher

from assistant.people import passwords
from assistant.people.door import Door
from assistant.people.log import NoLog
from assistant.people.passwords import WeakPassword, require_good
from assistant.people.store import People
from assistant.people.units import Refused


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("短密码九个字符啊啊", "至少 10"), ("x" * 9, "至少 10"), ("长" * 201, "最长"), ("Zhang.San2026", "登录名"),
        ("我是张三我怕谁啊哈", "至少"), ("我就是张三我怕谁啊哈", "登录名或姓名"), ("1234567890", "太常见"), ("0987654321", "太常见"),
        ("Password123!", "太常见"), ("aaaaaaaaaaaa", "太常见"), ("abababababab", "太常见"), ("Admin@123456", "太常见"),
        ("qwertyuiop", "太常见"), ("ｐａｓｓｗｏｒｄ１２３", "太常见"), ("20260131890", "只有数字"),
    ],
)  # fmt: skip
def test_what_is_easily_guessed_is_refused(password: str, said: str) -> None:
    with pytest.raises(WeakPassword, match=said):
        require_good(password, "zhang.san", "张三")


@pytest.mark.parametrize(
    "password", ["correct horse battery", "三只青蛙坐在河边看月亮", "7x!Kq0-mW2z", "a1b2c3d4e5"]
)
def test_what_is_not_is_taken(password: str) -> None:
    require_good(password, "zhang.san", "张三")
    require_good(password, "", "李")  # one letter is in everything


def test_only_a_hash_is_kept() -> None:
    kept = passwords.hashed("三只青蛙坐在河边")
    assert kept.startswith("$argon2id$")
    assert kept != passwords.hashed("三只青蛙坐在河边")  # salted
    assert passwords.matches(kept, "三只青蛙坐在河边")
    assert not passwords.matches(kept, "三只青蛙坐在河岸")
    assert not passwords.matches("", "三只青蛙坐在河边")
    assert not passwords.matches("no hash", "三只青蛙坐在河边")


def test_one_password_whatever_keyboard_it_was_typed_on() -> None:
    assert passwords.matches(passwords.hashed("abc１２３defgh"), "abc123defgh")


def test_a_weaker_hash_is_made_anew_at_login(people: People) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("三只青蛙坐在河边")
    account = people.add("a", password=weak)
    door = Door(people, NoLog())
    with pytest.raises(Refused):
        door.log_in("a", "不是这一个密码", "", "")
    assert people.password_of(account.id) == weak
    assert door.log_in("a", "三只青蛙坐在河边", "", "")
    kept = people.password_of(account.id)
    assert kept != weak
    assert not passwords.is_outdated(kept)
    assert door.log_in("a", "三只青蛙坐在河边", "", "")
    assert (people.account(account.id) or account).must_change  # hashing anew changes nothing else


def test_accounts_of_other_places_have_no_password_here(people: People) -> None:
    account = people.add("a", source="oidc")
    people.set_password(account.id, passwords.hashed("三只青蛙坐在河边"), must_change=False)
    with pytest.raises(Refused):
        Door(people, NoLog()).log_in("a", "三只青蛙坐在河边", "", "")


def test_what_a_stranger_sends_takes_no_time_however_long(people: People) -> None:
    """A megabyte of marks on one letter would be sorted for minutes, and nobody else served."""
    marks = "\u0315\u0316" * 200_000
    account = people.add("a", password=passwords.hashed("三只青蛙坐在河边"))
    door = Door(people, NoLog())
    begun = time.monotonic()
    for login, password in (("a" + marks, "x"), ("a", "三只青蛙坐在河边" + marks)):
        with pytest.raises(Refused):
            door.log_in(login, password, "10.0.0.1", "")
    person = people.as_person(account)
    with pytest.raises(Refused):
        door.change_password(person, marks, marks, marks, "10.0.0.1")
    with pytest.raises(WeakPassword, match="最长"):
        require_good(marks, marks, marks)
    with pytest.raises(Refused):
        people.add("a" + marks)
    assert time.monotonic() - begun < 120


def test_a_login_that_is_too_long_is_not_the_one_it_begins_with(people: People) -> None:
    people.add("a")
    assert people.by_login("a" + " " * 300 + "b") is None


def test_nothing_of_a_password_is_cut_off_unsaid() -> None:
    with pytest.raises(WeakPassword, match="最长"):
        require_good("e\u0301o\u0300" * 60)  # 120 letters in one form, 240 as typed
