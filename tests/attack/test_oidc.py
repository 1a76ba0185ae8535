"""Logging in with the office's own account: a small provider on this machine, honest and not."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from joserfc import jwk, jwt

from tests.attack.conftest import Site, serving
from tests.attack.test_accounts import Kept
from vectorstore.settings import IndexSettings

CLIENT, SECRET = "assistant", "the-secret-of-the-client"
Twist = Callable[[dict[str, Any]], None]


class Provider:
    """What an office's login does, as far as this program talks to it. `twist` spoils the claims,
    `key` may be another one than it publishes, `name` is how it signs."""

    def __init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.published = jwk.RSAKey.generate_key(2048, {"kid": "one"})
        self.reset()

    def reset(self) -> None:
        self.key, self.name = self.published, "RS256"
        self.claims: dict[str, Any] = {
            "preferred_username": "Zhang", "name": "张三", "department": "办公室",
        }  # fmt: skip
        self.twist: Twist = lambda claims: None
        self.started: dict[str, dict[str, str]] = {}
        self.extra: dict[str, Any] = {}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes next: here everybody is Zhang, and agrees at once."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = f"code{len(self.started)}"
        self.started[code] = query
        return query["redirect_uri"] + "?" + urlencode({"code": code, "state": query["state"]})

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        began = self.started.pop(form.get("code", ""), None)  # a code is good once
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if (
            began is None
            or challenge != began["code_challenge"]
            or form["redirect_uri"] != began["redirect_uri"]
            or authorization != f"Basic {known}"
        ):
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "4711", "iat": now, "exp": now + 300,
                  "nonce": began["nonce"], **self.claims}  # fmt: skip
        self.twist(claims)
        signed = jwt.encode(
            {"alg": self.name, "kid": self.published.kid}, claims, self.key, algorithms=[self.name]
        )
        return {"access_token": "for userinfo", "token_type": "Bearer", "id_token": signed}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                if parts.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(query))
                    self.end_headers()
                    return
                issuer = provider.issuer
                answers = {
                    "/.well-known/openid-configuration": {
                        "issuer": issuer, "authorization_endpoint": f"{issuer}/authorize",
                        "token_endpoint": f"{issuer}/token", "jwks_uri": f"{issuer}/keys",
                        "userinfo_endpoint": f"{issuer}/userinfo",
                        "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                    },
                    "/keys": {"keys": [provider.published.as_dict(private=False)]},
                    "/userinfo": provider.extra,
                }  # fmt: skip
                self._answer(answers.get(parts.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._answer(provider.token(form, self.headers.get("Authorization", "")))

            def _answer(self, value: object) -> None:
                body = json.dumps(value or {"error": "invalid_grant"}).encode()
                self.send_response(200 if value is not None else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        return Handler


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    made = Provider()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.reset()
    return running


@pytest.fixture(scope="module")
def kept() -> Kept:
    return Kept()


@pytest.fixture(scope="module")
def served(
    running: Provider, kept: Kept, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    settings = IndexSettings(data_dir=tmp_path_factory.mktemp("office") / "data")
    with serving(settings, kept, **way_in(running), new_people=True) as site:
        yield site


@pytest.fixture
def log(kept: Kept) -> Kept:
    kept.entries.clear()
    return kept


@pytest.fixture
def site(served: Site, log: Kept) -> Site:
    """A server that nobody has come to yet."""
    people = served.services.people
    assert people is not None
    with people.database.transaction() as db:
        db.execute("DELETE FROM accounts")
        db.execute("DELETE FROM departments")
    return served


def way_in(provider: Provider) -> dict[str, Any]:
    return {
        "login": "oidc",
        "oidc_issuer": provider.issuer,
        "oidc_client": CLIENT,
        "oidc_secret": SECRET,
    }


def depart(client: httpx.Client, provider: Provider, next: str = "") -> str:
    """Leaves for the provider and is sent back: the address of the return."""
    gone = client.get("/login/oidc", params={"next": next})
    assert gone.status_code == 303
    assert gone.headers["location"].startswith(provider.issuer + "/authorize?")
    assert "HttpOnly" in gone.headers["set-cookie"]
    return str(httpx.get(gone.headers["location"], trust_env=False).headers["location"])


def come_in(site: Site, provider: Provider) -> httpx.Response:
    with site.client() as client:
        return client.get(depart(client, provider))


def test_somebody_comes_in_and_is_known_again(site: Site, provider: Provider, log: Kept) -> None:
    people = site.services.people
    assert people is not None
    office = people.put_department("办公室")
    with site.client() as client:
        page = client.get("/login", params={"next": "/facts"}).text
        assert "/login/oidc?next=/facts" in page
        assert "password" not in page
        answer = client.get(depart(client, provider, "/facts"))
        assert answer.headers["location"] == "/facts"
        assert "张三" in client.get("/account").text
        assert client.post("/logout").status_code == 303
    (account,) = people.people()
    assert (account.login, account.source, account.roles) == ("zhang", "oidc", {"查阅"})
    assert account.department == office.id
    provider.claims["name"] = "张三丰"
    assert come_in(site, provider).status_code == 303
    assert [a.name for a in people.people()] == ["张三丰"]
    assert [d for d, _ in log.deeds()] == [
        "add person", "change departments", "log in", "log out", "change person", "log in",
    ]  # fmt: skip


def test_a_return_fits_only_its_own_departure(site: Site, provider: Provider) -> None:
    """Else somebody could be logged in as another, by a link."""
    with site.client() as attacker, site.client() as victim:
        back = depart(attacker, provider)
        assert victim.get(back).status_code == 403  # no departure
        depart(victim, provider)
        answer = victim.get(back)
        assert (answer.status_code, "重新登录" in answer.text) == (403, True)
        assert "policy_session" not in victim.cookies
        assert victim.get("/account").status_code == 401
        own = depart(victim, provider)
        assert victim.get(own).status_code == 303
        assert victim.get(own).status_code == 403  # the departure and its code are good once


def test_the_verifier_belongs_to_the_code(site: Site, provider: Provider) -> None:
    """A code that was caught on its way is nothing without the browser that asked for it."""
    with site.client() as victim, site.client() as attacker:
        stolen = parse_qs(urlsplit(depart(victim, provider)).query)["code"][0]
        own = parse_qs(urlsplit(depart(attacker, provider)).query)["state"][0]
        answer = attacker.get("/login/callback", params={"code": stolen, "state": own})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "twist",
    [
        lambda claims: claims.update(iss="http://evil.example"),
        lambda claims: claims.update(aud="another program"),
        lambda claims: claims.update(aud=[]),
        lambda claims: claims.update(nonce="another"),
        lambda claims: claims.pop("nonce"),
        lambda claims: claims.update(exp=int(time.time()) - 120),
        lambda claims: claims.pop("exp"),
        lambda claims: claims.update(iat=int(time.time()) + 600),
        lambda claims: claims.update(azp="another program"),
        lambda claims: claims.pop("sub"),
        lambda claims: claims.pop("preferred_username"),
        lambda claims: claims.update(preferred_username=["root"]),
        lambda claims: claims.update(preferred_username=" "),
    ],
)
def test_claims_that_do_not_hold_let_nobody_in(
    site: Site, provider: Provider, twist: Twist, log: Kept
) -> None:
    provider.twist = twist
    answer = come_in(site, provider)
    assert answer.status_code == 403
    assert 'role="alert"' in answer.text
    assert "policy_session" not in str(answer.headers)
    assert site.services.people is not None
    assert site.services.people.people() == []


def test_only_the_providers_own_signature_counts(site: Site, provider: Provider) -> None:
    provider.key = jwk.RSAKey.generate_key(2048, {"kid": "one"})
    assert come_in(site, provider).status_code == 403
    provider.key, provider.name = jwk.OctKey.import_key(SECRET * 2), "HS256"  # type: ignore[assignment]
    assert come_in(site, provider).status_code == 403
    provider.key, provider.name = provider.published, "RS256"
    assert come_in(site, provider).status_code == 303


def test_new_keys_of_the_provider_are_asked_for(site: Site, provider: Provider) -> None:
    assert come_in(site, provider).status_code == 303
    provider.published = jwk.RSAKey.generate_key(2048, {"kid": "two"})
    provider.reset()
    assert come_in(site, provider).status_code == 303


def test_the_login_may_stand_in_the_userinfo(site: Site, provider: Provider) -> None:
    del provider.claims["preferred_username"]
    provider.extra = {"sub": "another", "preferred_username": "root"}
    assert come_in(site, provider).status_code == 403
    provider.extra = {"sub": "4711", "preferred_username": "li"}
    assert come_in(site, provider).status_code == 303
    assert site.services.people is not None
    assert site.services.people.by_login("li") is not None


def test_accounts_of_another_kind_and_strangers_stay_out(
    provider: Provider, settings: IndexSettings, log: Kept
) -> None:
    web = {
        "login": "oidc",
        "oidc_issuer": provider.issuer,
        "oidc_client": CLIENT,
        "oidc_secret": SECRET,
    }
    with serving(settings, log, **web) as site:
        answer = come_in(site, provider)
        assert (answer.status_code, "还没有账号" in answer.text) == (403, True)
        people = site.services.people
        assert people is not None
        account = people.add("zhang", source="local")
        assert "不是统一登录的账号" in come_in(site, provider).text
        people.remove(account.id)
        account = people.add("zhang", source="oidc", roles=["起草"])
        assert come_in(site, provider).status_code == 303
        people.disable(account.id)
        assert "已停用" in come_in(site, provider).text
        with site.client() as client:
            assert (
                client.post("/login", data={"login": "zhang", "password": "x"}).status_code == 404
            )
    assert log.deeds().count(("failed log in", "refused")) == 3


def test_a_provider_that_is_gone_is_said_so(settings: IndexSettings) -> None:
    with (
        serving(
            settings, login="oidc", oidc_issuer="http://127.0.0.1:9", oidc_client=CLIENT
        ) as site,
        site.client() as client,
    ):
        answer = client.get("/login/oidc")
        assert (answer.status_code, "没有成功" in answer.text) == (503, True)
        assert client.get("/login").status_code == 200
