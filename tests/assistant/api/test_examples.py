"""The examples of docs/api.md, each as it stands there, run by a shell with curl."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.client import PolicyClient
from tests.assistant.api.conftest import Served

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
# Of ```\ncall $API/ask\n``` the lines between; of ```python blocks those too.
_BLOCK = re.compile(r"^```(python)?\n(.*?)^```$", re.M | re.S)
_CONTINUED = "\\\n"


def blocks(language: str) -> list[str]:
    return [text for found, text in _BLOCK.findall(PAGE) if found == language]


def commands() -> Iterator[str]:
    """Every line that calls; deletions last, since the others want what they delete."""
    lines = [line for text in blocks("") for line in text.replace(_CONTINUED, " ").splitlines()]
    calls = [line for line in lines if line.startswith(("call ", "curl "))]
    yield from sorted(calls, key=lambda line: "DELETE" in line)


@dataclass
class Shell:
    """Runs lines of the page; what one answers, the next ones name: 编号, job-…, cursor=…"""

    office: Served
    folder: Path
    known: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("通知.docx", "附件.pdf"):
            (self.folder / name).write_bytes(b"x")
        (self.folder / ".curlrc").write_text('write-out = "\\n%{http_code}"\n')
        alias = next(
            line for text in blocks("") for line in text.splitlines() if line.startswith("alias ")
        )
        api = f"API={self.office.site.address}/api/v1"
        self.before = f"shopt -s expand_aliases\nKEY={self.office.key}\n{alias}\n{api}\n"
        one, two = (d["document_id"] for d in self.office.get("/documents", limit=2)["documents"])
        self.known = {"old=编号": f"old={one}", "new=编号": f"new={two}", "documents/编号": f"documents/{two}"}  # fmt: skip

    def run(self, line: str) -> tuple[int, str]:
        """Status and body."""
        for said, meant in self.known.items():
            line = line.replace(said, meant)
        done = subprocess.run(
            ["bash", "-c", self.before + line], cwd=self.folder, capture_output=True, text=True,
            timeout=120, check=True, env={"PATH": "/usr/bin:/bin", "CURL_HOME": str(self.folder)},
        )  # fmt: skip
        body, _, status = done.stdout.rpartition("\n")
        self._learn(line, body)
        return int(status), body

    def _learn(self, line: str, body: str) -> None:
        told = json.loads(body) if body.startswith("{") else {}
        if "job" in told:
            self.known["jobs/job-…"] = f"jobs/{told['job']}"
        if "/drafts -H" in line:
            self.known["drafts/编号"] = f"drafts/{told['id']}"
        if "cursor" in told:
            self.known["cursor=…"] = f"cursor={told['cursor']}"


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
def test_every_command_of_the_page_does_what_it_says(office: Served, tmp_path: Path) -> None:
    shell, lines = Shell(office, tmp_path), list(commands())
    assert len(lines) > 20
    for line in lines:
        status, body = shell.run(line)
        until = time.monotonic() + 120
        while status == 409 and time.monotonic() < until:  # what was sent is still taken in
            time.sleep(0.5)
            status, body = shell.run(line)
        assert status in (200, 201, 202), f"{line}\n{body[:500]}"
    saved = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert "节水行动方案" in saved["original"].decode()  # curl reads no filename* of the header
    assert saved["review.docx"][:2] == b"PK"


def test_the_python_of_the_page_runs(office: Served) -> None:
    """With the address, the key and a question of this server in place of the example's."""
    (code,) = blocks("python")
    code = code.replace("http://127.0.0.1:7860", office.site.address)
    code = code.replace("pca_xxxx", office.key)
    code = re.sub('(?<=ask\\(")[^"]+', "蓝鹭县再生水利用量达到多少？", code)
    said: list[str] = []
    names = {"print": lambda *parts: said.extend(parts), "PolicyClient": PolicyClient}
    exec(compile(code, "docs/api.md", "exec"), names)
    assert len(said) == 2
    assert all(said)
