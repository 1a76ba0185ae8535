"""What is said at the start."""

import pytest

from app import public_warning


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "policy.lan"])
def test_an_address_that_others_reach_is_warned_of(host: str) -> None:
    assert "没有登录" in public_warning(host)
    assert host in public_warning(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
def test_an_own_address_is_not(host: str) -> None:
    assert public_warning(host) == ""
