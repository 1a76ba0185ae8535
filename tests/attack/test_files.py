"""Files by path: nobody reads or takes in a file that is not an upload of their own."""

import os
import re
from pathlib import Path

import pytest

from tests.attack.conftest import Site, call, file_value, upload

SECRET = "机密文件第7号"
TEXT = "某某县人民政府办公室关于印发某某方案的通知\n要建成12个站点。\n2024年5月6日\n".encode()
# How 核对 and 文件库 take a file: page, component, and how the value stands in the request.
TAKERS = [("/audit", "audit-file", False), ("/library", "upload", True)]


def documents(site: Site) -> int:
    return site.services.library.index.catalog.count_documents()


@pytest.mark.parametrize(("page", "elem_id", "is_list"), TAKERS)
@pytest.mark.parametrize("kind", ["outside", "link", "pipe", "address", "unknown", "foreign"])
def test_a_path_that_was_not_uploaded_here_is_refused(
    site: Site, tmp_path: Path, page: str, elem_id: str, is_list: bool, kind: str
) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text(SECRET, encoding="utf-8")
    inside = site.run / f"{kind}-{elem_id}"
    with site.client() as client, site.client() as other:
        path = str(outside)
        if kind == "link":
            inside.symlink_to(outside)
        elif kind == "pipe":
            os.mkfifo(inside)
        elif kind == "unknown":
            inside.write_text(SECRET, encoding="utf-8")
        elif kind == "address":
            path = f"{site.address}/healthz"
        elif kind == "foreign":
            other.get("/audit")
            path = upload(other, "secret.txt", SECRET.encode())
        if inside.exists() or inside.is_symlink():
            path = str(inside)
        before = documents(site)
        value = [file_value(path)] if is_list else file_value(path)
        status, answer = call(client, page, elem_id, value)
        inside.unlink(missing_ok=True)
    assert status == 403
    assert "不是从这个浏览器上传的" in answer
    assert SECRET not in answer
    assert documents(site) == before


@pytest.mark.parametrize("elem_id", ["paste", "audit-file"])
def test_file_values_hidden_in_any_field_are_looked_at(site: Site, elem_id: str) -> None:
    """Gradio fetches what a file value names in the input of whatever component."""
    hidden = {"a": [{"b": file_value("http://policy.example/x")}]}
    with site.client() as client:
        assert call(client, "/audit", elem_id, hidden)[0] == 403


def test_an_own_upload_is_read(site: Site) -> None:
    with site.client() as client:
        client.get("/audit")
        path = upload(client, "稿.txt", TEXT)
        status, answer = call(client, "/audit", "audit-file", file_value(path))
    assert status == 200
    assert "要建成" in answer


def test_an_upload_that_became_a_link_is_refused_with_a_sentence(
    site: Site, tmp_path: Path
) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text(SECRET, encoding="utf-8")
    with site.client() as client:
        client.get("/audit")
        path = Path(upload(client, "链.txt", TEXT + b"1"))
        path.unlink()
        path.symlink_to(outside)
        status, answer = call(client, "/audit", "audit-file", file_value(str(path)))
    assert status == 403
    assert "请重新上传" in answer


def test_uploads_and_reports_are_served_to_their_owner_only(site: Site) -> None:
    with site.client() as client, site.client() as other:
        client.get("/audit")
        other.get("/audit")
        path = upload(client, "稿.txt", TEXT)
        assert client.get(f"/gradio_api/file={path}").content == TEXT
        assert other.get(f"/gradio_api/file={path}").status_code == 404
        _, answer = call(client, "/audit", "audit-file", file_value(path))
        found = re.search(r'"path": ?"([^"]+报告\.docx)"', answer)
        assert found
        report = found[1]
        assert client.get(f"/gradio_api/file={report}").content.startswith(b"PK")
        assert other.get(f"/gradio_api/file={report}").status_code == 404


def test_drafts_of_the_command_line_are_not_everybodys(site: Site) -> None:
    draft = site.services.desk.begin("起草《××县社区养老服务实施方案》")
    with site.client() as client:
        assert client.get(f"/drafts/{draft.id}/review.md").status_code == 404


CLOSED = [
    "/openapi.json", "/docs", "/config", "/monitoring", "/monitoring/summary", "/manifest.json", "/login",
    "/gradio_api/info", "/gradio_api/info?all_endpoints=1", "/gradio_api/openapi.json",
    "/gradio_api/queue/status", "/gradio_api/token", "/gradio_api/user", "/gradio_api/dev/reload",
    "/gradio_api/deep_link?session_hash=x", "/gradio_api/proxy=http://policy.example/",
    "/gradio_api/file=/etc/passwd", "/gradio_api/file=http://policy.example/", "/gradio_api/file/etc/passwd",
    "/gradio_api/vibe-code", "/gradio_api/mcp/", "/gradio_api/runs", "/gradio_api/startup-events",
    "/gradio_api/custom_component/x/client/y/z", "/gradio_api/call/x/y", "/svelte/x",
]  # fmt: skip


@pytest.mark.parametrize("path", CLOSED)
def test_what_no_page_needs_is_closed(site: Site, path: str) -> None:
    with site.client() as client:
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["call/predict", "api/predict", "component_server", "stream/x", "vibe-edit",
                                  "process_recording", "call/v2/x", "run/other"])  # fmt: skip
def test_what_no_page_sends_is_closed(site: Site, path: str) -> None:
    with site.client() as client:
        assert client.post(f"/gradio_api/{path}", json={"data": []}).status_code == 404


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b'{"data": [{"path": "x", "meta": 1}]}'])
def test_a_call_that_cannot_be_read_is_refused(site: Site, body: bytes) -> None:
    with site.client() as client:
        answer = client.post("/gradio_api/queue/join", content=body)
    assert answer.status_code == 400
