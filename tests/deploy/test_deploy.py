"""What an office installs and runs the site with: units, proxy, containers, bundle, backups."""

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.conftest import ROOT
from tests.test_docs import setting_rows
from tests.waiting import until

DEPLOY = ROOT / "deploy"
# Of the scripts themselves, not of the program.
OF_SCRIPTS = {"POLICY_HOME", "POLICY_BACKUPS", "POLICY_PORTS", "POLICY_NAME", "POLICY_UPSTREAMS"}
needs_nginx = pytest.mark.skipif(not shutil.which("nginx"), reason="nginx 没有装")


def run(*command: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True,
        env={**os.environ, **environment}, check=False, timeout=300,
    )  # fmt: skip


def test_every_setting_that_is_named_exists() -> None:
    known = set(re.findall(r"POLICY_[A-Z_]+", "\n".join(setting_rows()))) | OF_SCRIPTS
    for path in [p for p in DEPLOY.rglob("*") if p.is_file()]:
        named = set(re.findall(r"POLICY_[A-Z_]+\b", path.read_text(encoding="utf-8")))
        assert named <= known, path.name


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze 没有装")
def test_the_units_are_sound(tmp_path: Path) -> None:
    home = tmp_path / "current"
    for name in (".venv/bin/python", "deploy/backup.sh"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("#!/bin/sh\n")
        (home / name).chmod(0o755)
    units = []
    for path in (DEPLOY / "systemd").iterdir():
        unit = tmp_path / path.name.replace("@", "@7861")
        text = path.read_text(encoding="utf-8")
        unit.write_text(text.replace("/opt/policy-assistant/current", str(home)))
        units.append(unit)
    done = run("systemd-analyze", "verify", "--man=no", *units)
    said = done.stdout + done.stderr
    assert [line for line in said.splitlines() if "policy-assistant" in line] == []


def composed(*names: str) -> dict[str, Any]:
    """What Compose makes of several files: services, networks and volumes by name."""
    found: dict[str, Any] = {"services": {}, "networks": {}, "volumes": {}}
    for name in names:
        read = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))
        for service, more in read["services"].items():
            known = found["services"].setdefault(service, {})
            known |= {k: {**known.get(k, {}), **v} if isinstance(v, dict) else v for k, v in more.items()}  # fmt: skip
        for part in ("networks", "volumes"):
            found[part] |= read.get(part, {})
    return found


@pytest.mark.parametrize("names", [("compose.yaml",), ("compose.yaml", "compose.province.yaml")])
def test_the_containers_fit_together(names: tuple[str, ...]) -> None:
    compose = composed(*names)
    for name, service in compose["services"].items():
        assert "image" in service or "build" in service, name
        assert set(service["networks"]) <= compose["networks"].keys()
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            is_there = (DEPLOY / source).exists() or source == "./tls"  # the office's own
            assert is_there if source.startswith("./") else source in compose["volumes"], source
        assert service.get("depends_on", {}).keys() <= compose["services"].keys()
    published = [n for n, service in compose["services"].items() if service.get("ports")]
    assert published == ["proxy"]
    inner = [n for n, s in compose["services"].items() if s["networks"] == ["inner"]]
    assert {*inner} == compose["services"].keys() - {"proxy"}
    assert compose["networks"]["inner"]["internal"]


def test_the_image_holds_the_program() -> None:
    copied = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert all((ROOT / name).exists() for name in copied)
    parts = {"app.py", "assistant", "ingest", "prompts", "vectorstore", "requirements.txt"}
    assert parts <= {*copied}


# --- the proxy --------------------------------------------------------------------------------


@contextmanager
def upstream(name: str, seen: list[dict[str, str]]) -> Iterator[str]:
    """A process of the site that says its name and keeps the headers it was sent."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(dict(self.headers.items()))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(name.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def proxy(folder: Path, *upstreams: str) -> Iterator[str]:
    """nginx with the configuration that ships, made for these upstreams as the container's is."""
    made, port = folder / "site.conf", free_port()
    done = run(DEPLOY / "nginx" / "compose.sh", DEPLOY / "nginx" / "policy-assistant.conf", made,
               POLICY_UPSTREAMS=" ".join(upstreams), POLICY_NAME="localhost")  # fmt: skip
    assert done.returncode == 0, done.stderr
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
        "-days", "2", "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem")  # fmt: skip
    site = made.read_text().replace("/etc/ssl/policy-assistant", str(folder))
    site = site.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    made.write_text(site.replace("listen 443", f"listen 127.0.0.1:{port}"))
    conf = folder / "nginx.conf"
    temps = " ".join(f"{k}_temp_path {folder}/{k};" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
    user = "user root;" if os.geteuid() == 0 else ""
    conf.write_text(f"{user} daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; "
                    f"events {{}} http {{ access_log off; {temps} include {made}; }}")  # fmt: skip
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(["nginx", "-p", folder, "-c", conf], stdout=said, stderr=said)
        try:
            address = f"https://localhost:{port}"
            until(lambda: _answers(address) or process.poll() is not None)
            assert process.poll() is None, (folder / "said").read_text()
            yield address
        finally:
            process.terminate()
            process.wait(30)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/metrics", verify=False).status_code == 404
    except httpx.TransportError:
        return False


@needs_nginx
def test_a_browser_stays_with_one_process_and_brings_no_name_of_its_own(tmp_path: Path) -> None:
    seen: list[dict[str, str]] = []
    with (
        upstream("a", seen) as a,
        upstream("b", seen) as b,
        proxy(tmp_path, a, b) as address,
        httpx.Client(base_url=address, verify=False) as client,
    ):
        claims = {"X-Remote-User": "admin", "X-Forwarded-For": "10.0.0.1"}
        told = {
            n: {
                client.get("/", headers={"Cookie": f"policy_user={n}", **claims}).text
                for _ in range(4)
            }
            for n in range(12)
        }
        assert all(len(processes) == 1 for processes in told.values())
        assert set().union(*told.values()) == {"a", "b"}
        assert all(headers["X-Forwarded-For"] == "127.0.0.1" for headers in seen)
        assert all(headers["X-Forwarded-Proto"] == "https" for headers in seen)
        assert not any("X-Remote-User" in headers for headers in seen)
        assert client.get("/metrics").status_code == client.get("/readyz").status_code == 404


@needs_nginx
def test_a_process_that_is_gone_is_left_out(tmp_path: Path) -> None:
    with upstream("a", []) as a, proxy(tmp_path, a, f"127.0.0.1:{free_port()}") as address:
        told = [
            httpx.get(address, headers={"Cookie": f"policy_user={n}"}, verify=False).text
            for n in range(12)
        ]
    assert told == ["a"] * 12


# --- offline bundle and backups -----------------------------------------------------------------


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of a program that needs nothing."""
    folder = tmp_path / "policy-assistant-9.9"
    (folder / "wheels").mkdir(parents=True)
    program = tmp_path / "program"
    program.mkdir()
    (program / "requirements.txt").write_text("# nothing\n")
    with tarfile.open(folder / "program.tar.gz", "w:gz") as tar:
        tar.add(program, arcname=".")
    for name in ("install.sh", "debian.txt"):
        shutil.copy(DEPLOY / "offline" / name, folder)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(folder)}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    (folder / "SHA256SUMS").write_text("".join(lines))
    return folder


def install(bundle: Path, into: Path) -> "subprocess.CompletedProcess[str]":
    """Without systemd: nothing outside `into` is touched."""
    tools = into.parent / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "id").write_text("#!/bin/sh\necho 1000\n")
    (tools / "id").chmod(0o755)
    return run("bash", bundle / "install.sh", into, PYTHON=sys.executable,
               PATH=f"{tools}:{os.environ['PATH']}", PIP_NO_INDEX="1")  # fmt: skip


def test_a_bundle_installs_by_itself_and_not_over_another(bundle: Path, tmp_path: Path) -> None:
    done = install(bundle, tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "home" / "9.9" / ".venv" / "bin" / "python").exists()
    assert (tmp_path / "home" / "current").resolve() == tmp_path / "home" / "9.9"
    again = install(bundle, tmp_path / "home")
    assert again.returncode == 2
    assert "已经有了" in again.stderr


@pytest.mark.parametrize("harm", ["changed", "more", "less"])
def test_a_bundle_that_was_changed_is_refused(harm: str, bundle: Path, tmp_path: Path) -> None:
    if harm == "changed":
        (bundle / "debian.txt").write_text("evil\n")
    elif harm == "more":
        (bundle / "wheels" / "more.whl").write_bytes(b"")
    else:
        (bundle / "debian.txt").unlink()
    done = install(bundle, tmp_path / "home")
    assert done.returncode == 1
    assert not (tmp_path / "home" / "9.9").exists()


def test_the_newest_backups_stay(sample_index: Path, tmp_path: Path) -> None:
    home, into = tmp_path / "home", tmp_path / "backups"
    (home / "deploy").mkdir(parents=True)
    (home / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(DEPLOY / "backup.sh", home / "deploy")
    python = home / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    shutil.copytree(sample_index / "data", tmp_path / "data")
    into.mkdir()
    for day in (1, 2, 3):
        (into / f"policy-backup-2020010{day}-000000").mkdir()
    done = run(home / "deploy" / "backup.sh", into, KEEP="2", POLICY_DATA_DIR=str(tmp_path / "data"))  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, second = sorted(path.name for path in into.iterdir())
    assert first == "policy-backup-20200103-000000"
    assert not second.startswith("policy-backup-2020")
