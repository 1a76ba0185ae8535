"""Logging in with the office's own account: OpenID Connect, the code flow with PKCE.

What a browser carries between going and coming back (state, nonce, verifier) is one value, which
lies in a cookie of its own: nothing is kept here, and nobody's return fits another's departure.
"""

import base64
import binascii
import json
import logging
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from assistant.people.door import Outside
from vectorstore.errors import PolicyError

log = logging.getLogger(__name__)

# Signatures that only the provider can make: never "none", never one by a shared secret.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]  # fmt: skip
_FRESH = 3600  # seconds that the provider's own description is good for
_LEEWAY = 60  # seconds that clocks may differ by
_PATIENCE = 10  # seconds for each of the provider's answers


class NotLetIn(PolicyError):
    """The provider's answer is missing or does not hold; a sentence for who waits."""


@dataclass(frozen=True, slots=True)
class Departure:
    """What a browser has to bring back."""

    state: str
    nonce: str
    verifier: str
    next: str

    def packed(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode().rstrip("=")

    @classmethod
    def unpacked(cls, value: str) -> "Departure":
        """Raises NotLetIn for what is none."""
        try:
            found = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
            departure = cls(**{name: str(found[name]) for name in cls.__slots__})
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise NotLetIn(
                "这次登录已过期或不是从这个浏览器开始的，请重新登录",
                "This login has expired or began in another browser; please log in again",
            ) from error
        return departure


class Provider:
    """Where people log in. `claim` is what of the provider's answer is the login."""

    def __init__(self, issuer: str, client: str, secret: str, claim: str):
        self._issuer, self._client, self._secret, self._claim = issuer, client, secret, claim
        self._known: dict[str, Any] = {}
        self._until = 0.0
        self._lock = Lock()

    def depart(self, back: str, next: str) -> tuple[str, Departure]:
        """The address to send a browser to, and what it has to bring back to `back`."""
        departure = Departure(
            secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), next
        )
        with _sentences():
            described = self._described()
            with self._session(back) as session:
                address, _ = session.create_authorization_url(
                    described["authorization_endpoint"],
                    state=departure.state,
                    nonce=departure.nonce,
                    code_verifier=departure.verifier,
                )
        return str(address), departure

    def returned(self, back: str, given: Mapping[str, str], departure: Departure) -> Outside:
        """Who came back. Raises NotLetIn when the answer is not to this departure, or not one of
        this provider for this program."""
        if not secrets.compare_digest(given.get("state", "").encode(), departure.state.encode()):
            raise NotLetIn(
                "这次登录已过期或不是从这个浏览器开始的，请重新登录",
                "This login has expired or began in another browser; please log in again",
            )
        if "code" not in given:
            log.info("the provider declined: %r", given.get("error", "")[:200])
            raise NotLetIn(
                "统一登录没有同意这次登录，请重新登录",
                "Your office's login declined; please log in again",
            )
        with _sentences(), self._session(back) as session:
            described = self._described()
            answer = session.fetch_token(
                described["token_endpoint"],
                code=given["code"],
                code_verifier=departure.verifier,
                grant_type="authorization_code",
            )
            claims = self._claims(session, answer, departure.nonce)
            if not claims.get(self._claim) and "userinfo_endpoint" in described:
                more = session.get(described["userinfo_endpoint"]).raise_for_status().json()
                if more.get("sub") == claims["sub"]:
                    claims = {**more, **claims}
        login = claims.get(self._claim)
        if not isinstance(login, str) or not login:
            raise NotLetIn(
                f"统一登录没有给出登录名（{self._claim}），请告诉管理员",
                f"Your office's login gave no name ({self._claim}); please tell your administrator",
            )
        name, department = claims.get("name"), claims.get("department")
        return Outside(
            login,
            name if isinstance(name, str) else "",
            department if isinstance(department, str) else "",
        )

    def _claims(self, session: Any, answer: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """What the signed token says, once everything about it holds."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwk, jws, jwt
        from joserfc.errors import InvalidKeyIdError

        registry = jws.JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)

        def decoded() -> jwt.Token:
            keys = jwk.KeySet.import_key_set(self._keys(session))
            return jwt.decode(answer["id_token"], keys, registry=registry)

        try:
            token = decoded()
        except InvalidKeyIdError:  # the provider has new keys
            self._known.pop("keys", None)
            token = decoded()
        options = {
            "iss": {"essential": True, "value": self._described()["issuer"]},
            "aud": {"essential": True, "value": self._client},
        }
        expected = {
            "nonce": nonce, "client_id": self._client, "access_token": answer.get("access_token"),
        }  # fmt: skip
        claims = CodeIDToken(token.claims, token.header, options, expected)
        claims.validate(leeway=_LEEWAY)
        return dict(claims)

    def _described(self) -> dict[str, Any]:
        """The provider's own description of itself."""
        with self._lock:
            if time.monotonic() > self._until:
                with self._session() as session:
                    address = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
                    found = (
                        session.request("GET", address, withhold_token=True)
                        .raise_for_status()
                        .json()
                    )
                if str(found["issuer"]).rstrip("/") != self._issuer.rstrip("/"):
                    raise ValueError(f"the provider calls itself {found['issuer']!r}")
                self._known, self._until = found, time.monotonic() + _FRESH
            return self._known

    def _keys(self, session: Any) -> Any:
        known = self._described()
        if "keys" not in known:
            found = session.request("GET", known["jwks_uri"], withhold_token=True)
            known["keys"] = found.raise_for_status().json()
        return known["keys"]

    def _session(self, back: str = "") -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            self._client,
            self._secret or None,
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            scope="openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=_PATIENCE,
        )


@contextmanager
def _sentences() -> Iterator[None]:
    """Whatever fails with the provider becomes one sentence; the log has the rest."""
    try:
        yield
    except PolicyError:
        raise
    except Exception as error:  # the edge: of the network, of Authlib, of what the provider says
        log.warning("login with the provider failed", exc_info=error)
        raise NotLetIn(
            "统一登录没有成功，请重新登录；一再失败请告诉管理员",
            "Logging in did not succeed; try again, and tell your administrator if it keeps failing",
        ) from error
