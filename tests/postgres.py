"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on a free port of 127.0.0.1."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from vectorstore.stores import Remote

MISSING = "PostgreSQL 没有安装：sudo apt-get install postgresql-15"
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


def programs() -> Path | None:
    """Where initdb and pg_ctl lie; Debian keeps them off the path."""
    found = [p for place in _PLACES for p in sorted(Path("/").glob(f"{place[1:]}/initdb"))]
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


class Cluster:
    """A server that listens on 127.0.0.1; nothing in it outlives the tests."""

    def __init__(self, folder: Path, bin_: Path):
        self.folder, self.bin = folder, bin_
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.password = secrets.token_hex(8)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://policy:{self.password}@127.0.0.1:{self.port}/postgres"

    def remote(self, folder: Path, name: str = "catalog") -> Remote:
        """A schema that nobody else uses."""
        return Remote(self.url, f"t{secrets.token_hex(5)}_{name}", folder)

    def database(self) -> str:
        """The address of a database that nobody else uses."""
        import psycopg

        name = f"d{secrets.token_hex(5)}"
        plain = self.url.replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}")
        return self.url.removesuffix("postgres") + name

    def make(self) -> None:
        word = self.folder / "word"
        word.write_text(self.password)
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            for path in (self.folder, word):
                shutil.chown(path, "postgres", "postgres")
        self._run(
            "initdb", "-D", f"{self.folder}/data", "-U", "policy", "-A", "scram-sha-256",
            f"--pwfile={word}", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        self.start()

    def start(self) -> None:
        options = (
            f"-h 127.0.0.1 -p {self.port} -k {self.folder} -c fsync=off -c max_connections=200 "
            "-c shared_buffers=32MB"
        )
        log = f"{self.folder}/log"
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-o", options, "-l", log, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        apart = (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            if os.getuid() == 0
            else []
        )
        command = [*apart, str(self.bin / program), *arguments]
        with (self.folder.parent / f"{self.folder.name}.out").open("ab") as out:
            subprocess.run(command, check=True, stdout=out, stderr=out, cwd="/")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Skips where there is no PostgreSQL."""
    bin_ = programs()
    if bin_ is None:
        pytest.skip(MISSING)
    with tempfile.TemporaryDirectory(prefix="policy-pg-", ignore_cleanup_errors=True) as folder:
        own = Path(folder, "pg")
        own.mkdir()
        Path(folder).chmod(0o755)
        made = Cluster(own, bin_)
        try:
            made.make()
            yield made
        finally:
            with suppress(subprocess.CalledProcessError):
                made.stop()
