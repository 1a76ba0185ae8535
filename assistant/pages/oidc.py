"""/login/oidc and /login/callback: to the office's own login, and back."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from assistant.pages.login import came_in, login_page, own_path
from assistant.people.door import Door
from assistant.people.oidc import Departure, NotLetIn, Provider
from assistant.people.units import Refused
from assistant.people.viewer import address_of
from assistant.settings import WebSettings

_COOKIE = "policy_departure"
_TEN_MINUTES = 600  # seconds to log in elsewhere


def add_oidc_routes(site: FastAPI, door: Door, web: WebSettings) -> None:
    """The login at another place."""
    provider = Provider(
        web.oidc_issuer, web.oidc_client, web.oidc_secret.get_secret_value(), web.oidc_claim
    )

    @site.get("/login/oidc")
    def depart(request: Request, next: str = "") -> Response:
        try:
            address, departure = provider.depart(_back(request), own_path(next))
        except NotLetIn as error:
            return login_page(request, web, next, error=error, status=503)
        answer = RedirectResponse(address, 303)
        answer.headers.append("set-cookie", _cookie(request, departure.packed(), _TEN_MINUTES))
        return answer

    @site.get("/login/callback")
    def back(request: Request) -> Response:
        where = address_of(request)
        try:
            departure = Departure.unpacked(request.cookies.get(_name(request), ""))
            outside = provider.returned(_back(request), dict(request.query_params), departure)
            account = door.known(outside, "oidc", where, may_add=web.new_people)
            token = door.admit(account, where, request.headers.get("user-agent", ""))
        except (NotLetIn, Refused) as error:
            answer: Response = login_page(request, web, error=error, status=403)
        else:
            answer = came_in(request, door, token, departure.next)
        answer.headers.append("set-cookie", _cookie(request, "", 0))
        return answer


def _back(request: Request) -> str:
    """Where the provider sends people back to; the guard has looked at the host's name."""
    return str(request.url_for("back"))


def _name(request: Request) -> str:
    return f"__Host-{_COOKIE}" if request.url.scheme == "https" else _COOKIE


def _cookie(request: Request, value: str, age: int) -> str:
    parts = [f"{_name(request)}={value}", "Path=/", f"Max-Age={age}", "HttpOnly", "SameSite=Lax"]
    return "; ".join([*parts, "Secure"] if request.url.scheme == "https" else parts)
