"""axe-core, which finds what keeps people out of a page: from the npm registry into .cache, held
against its checksum. python -m tests.axe fetches it (`make test` does)."""

import base64
import hashlib
import io
import sys
import tarfile
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

VERSION = "4.14.1"
TARBALL = f"https://registry.npmjs.org/axe-core/-/axe-core-{VERSION}.tgz"
INTEGRITY = "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="  # fmt: skip
FILE = Path(__file__).parent.parent / ".cache" / f"axe-core-{VERSION}.js"
SEVERE = ("serious", "critical")


def findings(page: Page) -> list[str]:
    """What is seriously or critically wrong on a page as it stands: rule, place, and why."""
    if not FILE.exists():
        pytest.skip("没有 axe-core（make test 会取来），跳过")
    page.evaluate(FILE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {node['target']} {node['html'][:200]} — {node['failureSummary'][:300]}"
        for rule in result["violations"]
        if rule["impact"] in SEVERE
        for node in rule["nodes"]
    ]


def fetch() -> None:
    """Raises ValueError when what came is not what was pinned."""
    with urllib.request.urlopen(TARBALL, timeout=30) as answer:
        packed = answer.read()
    found = "sha512-" + base64.b64encode(hashlib.sha512(packed).digest()).decode()
    if found != INTEGRITY:
        raise ValueError(f"{TARBALL} is not what was pinned: {found}")
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        script = tar.extractfile("package/axe.min.js")
        if script is None:
            raise ValueError(f"{TARBALL} holds no axe.min.js")
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_bytes(script.read())


def main() -> int:
    try:
        fetch()
    except OSError as error:
        print(f"取不到 axe-core（{error}）：用到它的测试会跳过", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
