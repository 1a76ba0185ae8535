"""Uploads in a real browser: waiting, killed with the program, namesakes, deleting."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Page, expect

from tests.assistant.pages.conftest import OpenPage, _address, running_app
from tests.conftest import MODELS, ROOT

pytestmark = [pytest.mark.browser, pytest.mark.model]

TEXT = "{0}人民政府关于加强水库管理的通知\n各镇：\n要加强水库管理，每日巡查2次，确保安全度汛。\n{0}人民政府\n2024年5月6日\n"


@contextmanager
def killed_app(folder: Path) -> Iterator[str]:
    """The app, ended by kill -9 at the end."""
    settings = {
        "POLICY_DATA_DIR": str(folder / "data"), "POLICY_MODEL_DIR": str(MODELS),
        "POLICY_WEB_PORT": "0", "POLICY_WEB_SAMPLES": str(folder / "none"),
    }  # fmt: skip
    log = folder / "killed.log"
    with (
        log.open("wb") as stream,
        subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env={**os.environ, **settings},
                         stdout=subprocess.PIPE, stderr=stream) as process,
    ):  # fmt: skip
        try:
            yield _address(process, log)
        finally:
            process.kill()


def upload(page: Page, *paths: Path) -> None:
    page.set_input_files("#upload input[type=file]", [str(path) for path in paths])


def written(folder: Path, place: str, name: str = "通知.txt") -> Path:
    path = folder / place / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEXT.format(place), encoding="utf-8")
    return path


def wait_for_documents(address: str, count: int) -> None:
    """What a crash cut off is taken in while the site is up already."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with urllib.request.urlopen(f"{address}/healthz", timeout=60) as answer:
            health = json.load(answer)
        if health == {"status": "ok", "documents": count}:
            return
        time.sleep(0.5)
    pytest.fail(f"{count} documents did not come: {health}")


def test_uploads_wait_survive_a_kill_and_keep_their_namesakes(
    tmp_path: Path, open_page: OpenPage
) -> None:
    first = written(tmp_path, "甲县")
    (tmp_path / "data").mkdir()
    with FileLock(tmp_path / "data" / "writer.lock") as writing, killed_app(tmp_path) as address:
        page = open_page(f"{address}/library")
        upload(page, first)
        expect(page.locator("#report")).to_contain_text("正在等另一项导入完成；文件已保存")
        page.close()
        assert writing.is_locked
    with running_app(tmp_path, POLICY_WEB_SAMPLES=str(tmp_path / "none")) as address:
        wait_for_documents(address, 1)
        page = open_page(f"{address}/library")
        expect(page.locator("body")).to_contain_text("上次中断的 1 份上传已补入库")
        expect(page.locator("#documents")).to_contain_text("甲县人民政府")
        report = page.locator("#report")
        upload(page, written(tmp_path, "乙县"))
        expect(report).to_contain_text("库中另有同名文件《甲县人民政府关于加强水库管理的通知》")
        expect(report).to_contain_text("两份都保留")
        upload(page, written(tmp_path, "甲县", "副本.txt"))
        expect(report).to_contain_text("已在库中")
        expect(report).to_contain_text("《甲县人民政府关于加强水库管理的通知》相同，未重复入库")
        page.locator("#documents tr", has_text="甲县").locator("[data-more]").click()
        expect(page.locator("tr.detail")).to_contain_text("副本.txt；通知.txt")
        page.click("tr.detail [data-shelf=delete]")
        expect(page.locator("#shelf-dialog")).to_contain_text("《甲县人民政府")
        page.click("#shelf-dialog [type=submit]")
        expect(page.locator("#shelf-said")).to_contain_text("已删除 1 份文件")
        expect(page.locator("#documents")).not_to_contain_text("甲县人民政府")
        expect(page.locator("#documents")).to_contain_text("乙县人民政府")
        page.close()
    left = [p for p in (tmp_path / "data" / "files").rglob("*.txt") if ".pending" not in p.parts]
    assert ["乙县" in path.read_text(encoding="utf-8") for path in left] == [True]
