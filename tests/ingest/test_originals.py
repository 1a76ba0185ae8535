"""Printed pages as pictures: what stands where, and what a hostile file may cost."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ingest.originals import draw_original, place_of
from ingest.parse.limits import Limits
from ingest.parse.pictures import draw
from tests.conftest import ROOT
from vectorstore.errors import FileRejected
from vectorstore.files.pages import Asked, Drawn, Sought

SAMPLE = ROOT / "corpus" / "松湖县节约用水管理办法.pdf"


def pdf(*pages: list[str], size: tuple[float, float] = (400, 600), turned: int = 0) -> bytes:
    """Pages of lines, the first 50 points from the top, 20 points apart."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1)
    for lines in pages:
        if turned:
            canvas.setPageRotation(turned)
        for number, line in enumerate(lines):
            canvas.drawString(50, size[1] - 50 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def asked(content: bytes, **more: object) -> Asked:
    return Asked(hashlib.sha256(content).hexdigest(), **more)  # type: ignore[arg-type]


def drawn(content: bytes, *sought: Sought, page: int = 0, width: int = 400) -> Drawn:
    return draw("a.pdf", content, asked(content, page=page, width=width, sought=sought))


def test_words_are_found_line_by_line_on_their_page() -> None:
    content = pdf(["alpha beta", "gamma", "beta gamma"], ["alpha"])
    found = drawn(content, Sought(1, "beta gam\nma", mark=3), Sought(2, "alpha", mark=4))
    assert found.sizes == ((4000, 6000), (4000, 6000))
    first, second, third = found.boxes
    assert (first.mark, first.page, third.mark, third.page) == (3, 1, 4, 2)
    assert first.left > 500
    assert second.left == pytest.approx(500, abs=20)
    assert 300 < first.top < 500 < second.top < 700
    assert third.top == pytest.approx(first.top, abs=40)


def test_the_right_one_of_several_is_found() -> None:
    content = pdf(["same words", "other", "same words"])
    tops = [drawn(content, Sought(1, "same words", nth)).boxes[0].top for nth in (0, 1, 7)]
    assert tops[1] - tops[0] == pytest.approx(400, abs=5)
    assert tops[2] == tops[1]  # there are no more: the last one


def test_pieces_are_found_where_the_whole_is_not_there() -> None:
    content = pdf(["first cell", "running head", "second cell"])
    found = drawn(content, Sought(1, "first cell\tsecond cell"))
    assert len(found.boxes) == 2
    assert drawn(content, Sought(1, "first\tnothing of this stands there")).boxes == ()
    assert drawn(content, Sought(9, "first"), Sought(1, " \n")).boxes == ()


def test_boxes_follow_a_page_that_is_turned() -> None:
    content = pdf(["alpha"], size=(600, 400), turned=90)
    found = drawn(content, Sought(1, "alpha"))
    assert found.sizes == ((6000, 4000),)
    box = found.boxes[0]
    assert box.height > box.width  # the words run downwards
    assert box.left + box.width <= 6000
    assert box.top + box.height <= 4000


def test_the_words_of_a_sample_are_where_the_picture_has_ink() -> None:
    content = SAMPLE.read_bytes()
    found = drawn(content, Sought(1, "松湖县节约用水管理办法"), page=1, width=800)
    picture = Image.open(io.BytesIO(found.picture)).convert("L")
    assert picture.width == 800
    box, scale = found.boxes[0], 800 / found.sizes[0][0]
    inside = picture.crop(
        (int(box.left * scale), int(box.top * scale),
         int((box.left + box.width) * scale), int((box.top + box.height) * scale))
    )  # fmt: skip
    assert inside.getextrema()[0] < 60
    assert len(inside.getcolors() or ()) > 2


def test_a_huge_page_becomes_a_small_picture() -> None:
    found = drawn(pdf(["x"], size=(20_000_000, 10)), page=1, width=1600)
    picture = Image.open(io.BytesIO(found.picture))
    assert picture.width * picture.height <= 6_100_000
    assert found.sizes == ((200_000, 100),)


def test_another_content_another_page_and_no_pdf_are_refused(tmp_path: Path) -> None:
    content = pdf(["x"])
    with pytest.raises(FileRejected, match="改动过"):
        draw("a.pdf", content, Asked("0" * 64, page=1, width=10))
    with pytest.raises(FileRejected, match="只有 1 页"):
        drawn(content, page=2)
    with pytest.raises(FileRejected, match="没有这份 PDF"):
        draw("a.txt", b"text", asked(b"text", page=1, width=10))
    with pytest.raises(FileRejected, match="已损坏"):
        draw("a.pdf", b"%PDF-1.7 nothing", asked(b"%PDF-1.7 nothing", page=1, width=10))
    with pytest.raises(FileRejected, match="不在原来的位置"):
        place_of(str(tmp_path / "absent.pdf"))


def test_another_process_draws_also_from_a_container(tmp_path: Path) -> None:
    content = pdf(["alpha"])
    path = tmp_path / "一!二.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("件/甲!乙.pdf", content)
    assert place_of(f"{path}!件/甲!乙.pdf") == (path, "件/甲!乙.pdf")
    wanted = asked(content, page=1, width=300, sought=(Sought(1, "alpha"),))
    found = draw_original(f"{path}!件/甲!乙.pdf", wanted, 10**7, Limits())
    assert found.picture.startswith(b"\x89PNG")
    assert len(found.boxes) == 1
    with pytest.raises(FileRejected, match="上限"):
        draw_original(f"{path}!件/甲!乙.pdf", wanted, 10, Limits())


def test_a_page_that_takes_too_long_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million strokes over the whole page, in a file of some bytes more than nothing."""
    monkeypatch.setattr("ingest.workers.DRAW_SECONDS", 1)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800), pageCompression=1)
    canvas._code.append("0 0 m 600 800 l 0 800 l 600 0 l h B\n" * 1_000_000)
    canvas.showPage()
    canvas.save()
    path = tmp_path / "slow.pdf"
    path.write_bytes(out.getvalue())
    wanted = asked(path.read_bytes(), page=1, width=1600)
    with pytest.raises(FileRejected, match=r"已停止|崩溃"):
        draw_original(str(path), wanted, 10**8, Limits())
    again = pdf(["x"])
    path.write_bytes(again)
    assert draw_original(str(path), asked(again, page=1, width=50), 10**8, Limits()).picture
