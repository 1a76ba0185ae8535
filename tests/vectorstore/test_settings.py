import pytest

from assistant.settings import AnswerSettings, WebSettings
from vectorstore.errors import PolicyError
from vectorstore.settings import IndexSettings, load_settings


def test_unknown_names_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_DATADIR", "x")
    with pytest.raises(PolicyError, match="POLICY_DATADIR"):
        load_settings(IndexSettings)


def test_each_group_checks_its_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_WEB_PROT", "1")
    load_settings(IndexSettings)
    load_settings(AnswerSettings)
    with pytest.raises(PolicyError, match="POLICY_WEB_PROT"):
        load_settings(WebSettings)


def test_a_name_that_is_gone_says_what_serves_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_ANSWER_READ_SECONDS", "0.9")
    with pytest.raises(PolicyError, match=r"READ_SECONDS 已取消.*POLICY_ANSWER_READ_TOKENS"):
        load_settings(AnswerSettings)


def test_a_value_out_of_bounds_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_WEB_PORT", "99999")
    with pytest.raises(PolicyError, match=r"POLICY_WEB_PORT.*99999"):
        load_settings(WebSettings)


def test_settings_are_frozen() -> None:
    settings = load_settings(IndexSettings)
    with pytest.raises(ValueError, match="frozen"):
        settings.passage_tokens = 100  # type: ignore[misc]
