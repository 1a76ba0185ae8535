"""What is said at the start."""

import pytest

from app import open_to_strangers, public_warning
from assistant.settings import WebSettings
from vectorstore.errors import PolicyError
from vectorstore.settings import load_settings

OTHERS = ["0.0.0.0", "192.168.1.5", "::", "policy.lan"]
OWN = ["127.0.0.1", "127.0.0.2", "localhost", "::1"]


@pytest.mark.parametrize("host", OTHERS)
def test_an_address_that_others_reach_needs_a_login(host: str) -> None:
    refused = open_to_strangers(WebSettings(host=host))
    assert host in refused
    assert "POLICY_WEB_WITHOUT_LOGIN=true" in refused
    assert open_to_strangers(WebSettings(host=host, login="local")) == ""
    assert open_to_strangers(WebSettings(host=host, without_login=True)) == ""


@pytest.mark.parametrize("host", OTHERS)
def test_an_address_that_others_reach_is_warned_of(host: str) -> None:
    assert "没有登录" in public_warning(WebSettings(without_login=True), host)
    assert host in public_warning(WebSettings(without_login=True), host)
    assert "https" in public_warning(WebSettings(login="local"), host)


@pytest.mark.parametrize("host", OWN)
def test_an_own_address_is_not(host: str) -> None:
    assert public_warning(WebSettings(), host) == ""
    assert open_to_strangers(WebSettings(host=host)) == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"LOGIN": "oidc"}, "POLICY_WEB_OIDC_ISSUER"),
        ({"LOGIN": "oidc", "OIDC_ISSUER": "http://login.lan", "OIDC_CLIENT": "x"}, "https://"),
        ({"LOGIN": "proxy"}, "POLICY_WEB_PROXY_ADDRESSES"),
        ({"PROXY_ADDRESSES": "proxy.lan"}, "proxy.lan 不是 IP 地址"),
        ({"PROXY_LOGIN": "X User"}, "POLICY_WEB_PROXY_LOGIN"),
    ],
)
def test_half_a_login_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"POLICY_WEB_{name}", value)
    with pytest.raises(PolicyError, match=said):
        load_settings(WebSettings)
