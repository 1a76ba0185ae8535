"""PDF through LibreOffice, and what is said where there is none."""

import io
import shutil
from pathlib import Path

import pypdfium2
import pytest

from assistant.export import pdf
from assistant.export.pdf import NoPdf, to_pdf
from assistant.export.word import to_docx
from assistant.settings import DraftSettings
from tests.assistant.export.drafts import DRAFT
from vectorstore.files import converting

WORD = to_docx(DRAFT, "定稿版", DraftSettings(), red_head=True)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="没有 LibreOffice，跳过")
def test_the_pages_hold_the_draft() -> None:
    with pypdfium2.PdfDocument(io.BytesIO(to_pdf(WORD, 300))) as made:
        text = "".join(page.get_textpage().get_text_range() for page in made)
    assert "松湖县民政局文件" in text
    assert "建设老年助餐点" in text


def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A LibreOffice of our own."""
    path = tmp_path / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setattr(pdf, "office_program", lambda: str(path))


def test_without_libreoffice_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "office_program", lambda: None)
    with pytest.raises(NoPdf, match="需要 LibreOffice") as caught:
        to_pdf(WORD, 10)
    assert converting.INSTALL in str(caught.value)
    assert not pdf.can_make_pdf()


def test_one_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, f"sleep 600 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(NoPdf, match="超过 1 秒"):
        to_pdf(WORD, 1)


def test_one_that_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, "exit 1")
    with pytest.raises(NoPdf, match="没有转换成功"):
        to_pdf(WORD, 30)


def test_each_call_has_a_profile_of_its_own_without_macros(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = f'for a in "$@"; do case "$a" in -env:*) cat "${{a#*file://}}/user/registrymodifications.xcu" >> {tmp_path}/seen; echo "$a" >> {tmp_path}/where;; esac; done'
    program(tmp_path, monkeypatch, seen)
    for _ in range(2):
        with pytest.raises(NoPdf):
            to_pdf(WORD, 30)
    assert "DisableMacrosExecution" in (tmp_path / "seen").read_text()
    assert len(set((tmp_path / "where").read_text().splitlines())) == 2
