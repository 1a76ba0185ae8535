"""Requests as no browser of a user sends them: sizes, names, senders, half-sent ones."""

import itertools
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import httpx
import pytest

from assistant.settings import WebSettings
from tests.attack.conftest import Site, serving, upload
from vectorstore.settings import IndexSettings

VOTE = {"question": "问", "mode": "extractive", "vote": "up"}
MB = b" " * 2**20


def endless(most: int = 64) -> Iterator[bytes]:
    """A body in chunks, without Content-Length."""
    return itertools.repeat(MB, most)


@pytest.mark.parametrize("path", ["/feedback", "/gradio_api/queue/join", "/gradio_api/run/predict"])
def test_a_body_has_a_limit_with_and_without_its_length(site: Site, path: str) -> None:
    for body in (MB * 2, endless()):
        with site.client() as client:
            try:
                answer = client.post(
                    path, content=body, headers={"Content-Type": "application/json"}
                )
            except httpx.WriteError:
                continue  # hung up on while it was still sending
        assert answer.status_code == 413
        assert "超过上限（1 MB）" in answer.text


def test_an_upload_has_a_limit_of_its_own(site: Site) -> None:
    with site.client() as client:
        client.get("/library")
        assert upload(client, "大.txt", MB + b"1")
        one = client.post("/gradio_api/upload", files={"files": ("大.txt", MB * 2 + b"1")})
        assert one.status_code == 413
        several = [("files", (f"{n}.txt", MB)) for n in range(5)]
        with suppress(httpx.WriteError):
            assert client.post("/gradio_api/upload", files=several).status_code == 413
        head = {"Content-Type": "multipart/form-data; boundary=x"}
        start = b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\n'
        body = itertools.chain([start], endless())
        with suppress(httpx.WriteError):
            assert client.post("/gradio_api/upload", content=body, headers=head).status_code == 413


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "x@127.0.0.1",
                                  "localhost.evil.example", "", "127.0.0.2:{port}"])  # fmt: skip
def test_a_foreign_host_name_is_refused(site: Site, host: str) -> None:
    with site.client() as client:
        answer = client.get("/healthz", headers={"Host": host.format(port=site.port)})
    assert answer.status_code in (400, 421)
    assert "documents" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}", "LOCALHOST",
                                  "localhost:9000", "policy.lan", "policy.lan:8080"])  # fmt: skip
def test_own_names_are_served(site: Site, host: str) -> None:
    with site.client() as client:
        answer = client.get("/healthz", headers={"Host": host.format(port=site.port)})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("headers", "is_served"),
    [
        ({}, True),  # no browser
        ({"Origin": "{address}"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://127.0.0.1:1"}, False),  # another program of the same machine
        ({"Origin": "http://[::"}, False),
        ({"Origin": "https://policy.lan"}, True),  # a proxy that does not pass the host name on
        ({"Origin": "https://policy.lan:444"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "{address}"}, True),
        ({"Sec-Fetch-Site": "same-site", "Origin": "{address}"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
    ],
)
def test_what_another_site_sends_is_refused(
    site: Site, headers: dict[str, str], is_served: bool
) -> None:
    given = {name: value.format(address=site.address) for name, value in headers.items()}
    with site.client() as client:
        answer = client.post("/feedback", json={"question": "无票"}, headers=given)
        assert (answer.status_code == 422) is is_served  # served: the vote is missing
        assert answer.status_code in (403, 422)
        assert client.get("/", headers={**given, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}).status_code == 200  # fmt: skip


def test_nothing_of_this_site_is_for_other_sites_to_load(site: Site) -> None:
    with site.client() as client:
        for host in (f"127.0.0.1:{site.port}", "policy.lan"):
            for path in ("/gradio_api/app_id", "/", "/healthz", "/theme.css"):
                answer = client.get(path, headers={"Origin": "http://evil.example", "Host": host})
                assert not [name for name in answer.headers if name.startswith("access-control")]
                assert answer.headers["cross-origin-resource-policy"] == "same-origin"
            asked = client.options(
                "/gradio_api/queue/join",
                headers={
                    "Origin": "http://evil.example",
                    "Access-Control-Request-Method": "POST",
                    "Host": host,
                },
            )
            assert asked.status_code >= 400
            assert not [name for name in asked.headers if name.startswith("access-control")]
        for mode in ("cors", "no-cors", "navigate"):
            foreign = {
                "Sec-Fetch-Site": "cross-site",
                "Sec-Fetch-Mode": mode,
                "Sec-Fetch-Dest": "iframe",
            }
            assert (
                client.get("/gradio_api/queue/data?session_hash=x", headers=foreign).status_code
                == 403
            )


def test_the_cookie_is_for_this_site_and_not_for_scripts(site: Site) -> None:
    with site.client() as client:
        cookie = client.get("/").headers["set-cookie"]
        assert "set-cookie" not in client.get("/").headers
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    with site.client(headers={"X-Forwarded-Proto": "https"}) as client:
        assert client.get("/").headers["set-cookie"].endswith("; Secure")


def test_only_pages_of_gradio_may_evaluate_strings(site: Site) -> None:
    with site.client() as client:
        document = site.services.library.index.catalog.documents()[0].id
        for path in (f"/documents/{document}", "/healthz", "/look/page.js", "/no-such-page"):
            policy = client.get(path).headers["content-security-policy"]
            assert "unsafe" not in policy
        assert "connect-src 'self'" in client.get("/audit").headers["content-security-policy"]


def test_feedback_is_limited_for_each_browser_and_as_a_whole(settings: IndexSettings) -> None:
    with serving(settings, feedback_mb=1) as site, site.client() as client, site.client() as other:
        votes = site.services.office.votes
        codes = [client.post("/feedback", json=VOTE).status_code for _ in range(22)]
        assert codes == [204] * 20 + [429] * 2
        assert "太快" in client.post("/feedback", json=VOTE).text
        assert other.post("/feedback", json=VOTE).status_code == 204
        assert sum(votes.counts()) == 21
        held, votes.max_bytes = votes.bytes(), votes.bytes()
        answer = other.post("/feedback", json=VOTE)
        assert (answer.status_code, "已满" in answer.text) == (507, True)
        assert votes.bytes() == held


HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
BODY = b"POST /feedback HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"


def closed_after(connection: socket.socket, seconds: float, trickle: bytes = b"") -> float:
    """How long it took until the server hung up."""
    began = time.monotonic()
    connection.settimeout(0.25)
    while time.monotonic() - began < seconds:
        try:
            if trickle:
                connection.sendall(trickle)
            if not connection.recv(100):
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began


@pytest.mark.parametrize(("sent", "trickle"), [(b"", b""), (HEAD, b""), (HEAD, b"X: y\r\n"), (BODY, b""),
                                               (b"GET", b"")])  # fmt: skip
def test_a_request_that_is_never_finished_is_dropped(
    site: Site, sent: bytes, trickle: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(sent)
        assert closed_after(connection, 30, trickle) < 30  # its patience is 2 s


def test_a_second_request_that_is_never_finished_is_dropped(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(HEAD + b"\r\n" + HEAD)
        assert b"200 OK" in connection.recv(4096)
        assert closed_after(connection, 30, b"X: y\r\n") < 30


def test_a_slow_upload_that_goes_on_is_not_dropped(site: Site) -> None:
    head = BODY.replace(b"99", b"%d" % len(json.dumps(VOTE)))[:-1]
    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(head)
        text = json.dumps(VOTE).encode()
        for piece in (text[:20], text[20:40], text[40:50]):
            connection.sendall(piece)
            time.sleep(1)  # together longer than its patience of 2 s
        connection.sendall(text[50:])
        assert b"204" in connection.recv(4096)


def test_a_head_of_any_length_is_refused(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.settimeout(10)
        try:
            connection.sendall(HEAD + b"X: " + b"y" * 2**20)
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
        except ConnectionError:
            pass  # hung up on while it was still sending


@pytest.mark.parametrize("sent", [b"", HEAD, BODY])
def test_500_idle_or_half_sent_connections_keep_nobody_out(site: Site, sent: bytes) -> None:
    with ExitStack() as held, site.client() as client:
        for _ in range(500):
            held.enter_context(socket.create_connection(("127.0.0.1", site.port))).sendall(sent)
        for _ in range(5):
            assert client.get("/healthz").status_code == 200


def test_over_the_limit_the_longest_waiting_connection_goes(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.pages.connections.MOST", 20)
    with ExitStack() as held, site.client() as client:
        waiting = [
            held.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            for _ in range(40)
        ]
        assert client.get("/healthz").status_code == 200
        assert closed_after(waiting[0], 1.5) < 1.5
        waiting[-1].sendall(HEAD + b"\r\n")
        waiting[-1].settimeout(10)
        assert b"200 OK" in waiting[-1].recv(4096)


@pytest.mark.parametrize(
    ("value", "hosts"),
    [("a.cn, B.cn:80", ("a.cn", "b.cn:80")), ('["a.cn"]', ("a.cn",)), ("", ()), ("[::2]:80", None)],
)
def test_hosts_are_read_as_a_list(
    monkeypatch: pytest.MonkeyPatch, value: str, hosts: tuple[str, ...] | None
) -> None:
    monkeypatch.setenv("POLICY_WEB_HOSTS", value)
    if hosts is not None:
        assert WebSettings().hosts == hosts


@pytest.mark.parametrize("value", ["http://a.cn", "a.cn/", "*", "a b"])
def test_what_is_no_host_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("POLICY_WEB_HOSTS", value)
    with pytest.raises(ValueError, match="域名"):
        WebSettings()
