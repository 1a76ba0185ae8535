"""Hostile and broken files: each is refused or read with a clear line, nothing else is harmed."""

import contextlib
import io
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from ingest import workers
from ingest.parse import parse_bytes
from ingest.pipeline import ingest
from ingest.prepare import Recipe, prepare_file
from tests.conftest import count_characters
from tests.ingest.parse.bombs import BOMBS, GOOD, zipped
from tests.ingest.parse.test_formats import PARAGRAPHS, TITLE, pdf_file, word_file
from vectorstore.errors import FileRejected
from vectorstore.index import PolicyIndex


def rejected(name: str, content: bytes) -> str:
    with pytest.raises(FileRejected) as caught:
        list(parse_bytes(name, content))
    return str(caught.value)


def test_zip_bomb() -> None:
    assert "炸弹" in rejected("a.zip", zipped({"a.txt": b"0" * 300_000_000}))


def test_bomb_dressed_as_word() -> None:
    bomb = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b" " * 300_000_000})
    assert "炸弹" in rejected("a.docx", bomb)


def test_list_definitions_declared_as_something_else() -> None:
    """The text is read without the numbers; python-docx gives a part without an element."""
    with zipfile.ZipFile(io.BytesIO(word_file())) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    types = "[Content_Types].xml"
    assert b"numbering+xml" in members[types]
    members[types] = members[types].replace(b"numbering+xml", b"numbers+xml")
    (part,) = parse_bytes("a.docx", zipped(members))
    assert TITLE in part.document.text


@pytest.mark.parametrize("target", ["NULL", "media/gone.png", "../gone/styles.xml", "/word/a%20b"])
def test_relationships_that_lead_nowhere_are_passed_over(target: str) -> None:
    with zipfile.ZipFile(io.BytesIO(word_file())) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    rels = "word/_rels/document.xml.rels"
    image = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    added = b'<Relationship Id="rId99" Type="%s" Target="%s"/>' % (image, target.encode())
    members[rels] = members[rels].replace(b"</Relationships>", added + b"</Relationships>")
    (part,) = parse_bytes("a.docx", zipped(members))
    assert TITLE in part.document.text
    assert "一、落实责任" in part.document.text


def test_nested_zips_end() -> None:
    inner = zipped({"a.txt": GOOD.encode()})
    for _ in range(5):
        inner = zipped({"x.zip": inner})
    assert "层" in rejected("a.zip", inner)


def test_names_never_lead_out_of_a_zip() -> None:
    (part,) = parse_bytes("a.zip", zipped({"../../../etc/cron.d/坏.txt": GOOD.encode()}))
    assert part.name == "etc/cron.d/坏.txt"


def test_entity_bomb_in_word() -> None:
    entities = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    )
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word_file())) as source,
        zipfile.ZipFile(content, "w") as target,
    ):
        for name in source.namelist():
            target.writestr(name, entities if name == "word/document.xml" else source.read(name))
    assert "实体" in rejected("a.docx", content.getvalue())


def test_external_entity_in_ofd() -> None:
    steal = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><OFD>&f;</OFD>'
    )
    assert "实体" in rejected("a.ofd", zipped({"OFD.xml": steal}))


def test_pdf_of_ten_thousand_pages() -> None:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument.new()
    for _ in range(10_000):
        document.new_page(100, 100)
    buffer = io.BytesIO()
    document.save(buffer)
    assert "10000 页" in rejected("a.pdf", buffer.getvalue())


def test_pdf_with_password(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    file = tmp_path / "a.pdf"
    canvas = Canvas(str(file), encrypt=StandardEncryption("secret"))
    canvas.drawString(100, 700, "x")
    canvas.save()
    assert "密码" in rejected("a.pdf", file.read_bytes())


def test_truncated_pdf_is_refused_or_read() -> None:
    content = pdf_file([TITLE, *PARAGRAPHS])
    with contextlib.suppress(FileRejected):
        (part,) = parse_bytes("a.pdf", content[: len(content) // 2])
        assert part.document.text.strip()


@pytest.mark.ocr
def test_pdf_whose_font_maps_to_nonsense_is_read_as_an_image() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    font = subprocess.run(
        ["fc-match", "-f", "%{file}", "DejaVu Sans"], capture_output=True, text=True, check=False
    ).stdout
    if not font.endswith(".ttf"):
        pytest.skip("没有 TrueType 字体，跳过")
    pdfmetrics.registerFont(TTFont("Mangled", font))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("Mangled", 40)
    for row in range(10):
        canvas.drawString(60, 700 - 60 * row, "POLICY 2024 NOTICE")
    canvas.save()
    content = buffer.getvalue()
    (part,) = parse_bytes("a.pdf", content)
    assert "POLICY" in part.document.text


def test_scripts_in_web_pages_are_dropped() -> None:
    page = f"<html><body><p>{PARAGRAPHS[1]}</p><script>steal()</script><img src=x onerror=steal()><svg onload=steal()></svg></body></html>"
    (part,) = parse_bytes("a.html", page.encode())
    assert "steal" not in part.document.text


def test_deeply_nested_page() -> None:
    page = "<html><body>" + "<div>" * 30_000 + f"<p>{PARAGRAPHS[1]}</p>"
    (part,) = parse_bytes("a.html", page.encode())
    assert PARAGRAPHS[1] in part.document.text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"", "空的"),
        ("a.txt", b" \n\xef\xbb\xbf\n", "空的"),
        ("a.docx", zipped({"x.txt": b"x"}), "普通的 zip"),
        ("a.docx", b"not a zip at all", "不是 docx"),
        ("a.pdf", b"hello world", "不是 pdf"),
        ("a.png", b"hello world", "不是图片"),
        ("a.txt", b"\x7fELF\x02\x01\x01\x00" + bytes(200), "二进制"),
        ("a.zip", b"PK\x03\x04broken", "打不开"),
        ("a.html", b"<html><body><script>x</script></body></html>", "没有读到文字"),
    ],
)
def test_what_cannot_be_read_says_so(name: str, content: bytes, words: str) -> None:
    assert words in rejected(name, content)


def test_nul_bytes_and_surrogates_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(GOOD.encode("utf-8") + b"\x00\x00" + b"\xed\xa0\x80" + "尾部。".encode())
    prepared = prepare_file(file, Recipe(count_characters, 320, 2**20))
    assert not prepared.error
    prepared.documents[0].document.text.encode("utf-8")


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "大.txt"
    with file.open("wb") as stream:
        stream.truncate(200 * 2**20)
    prepared = prepare_file(file, Recipe(count_characters, 320, 100 * 2**20))
    assert "200 MB" in prepared.error
    assert "POLICY_MAX_FILE_MB" in prepared.error


def test_one_bad_file_stops_nothing(index: PolicyIndex, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "好.txt").write_text(GOOD, encoding="utf-8")
    (folder / "空.txt").write_bytes(b"")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04broken")
    (folder / "名\x07字\x1b.txt").write_text(GOOD.replace("水库", "河道"), encoding="utf-8")
    results = {Path(r.path).name: r for r in ingest(index, [folder])}
    assert results["好.txt"].action == "added"
    assert results["空.txt"].reason == "文件是空的"
    assert results["坏.docx"].action == "failed"
    shown = [d.source_paths[0] for d in index.documents()]
    assert all(c.isprintable() for path in shown for c in path)
    assert len(shown) == 2


# --- bombs, by the way that uploads take ------------------------------------------------------------

MEGABYTES = 1536
OUTCOMES = {
    "furniture-26": "",  # read, or ended by the limit on processor time while its pattern is slow
    "furniture-2000": "",
    "one-line-text": "",
    "csv-one-line": "万字",
    "word-grid-span": "",
    "word-merged-down": "万字",
    "word-nested-tables": "没有读到文字",
    "word-390-mb": "MB",
    "word-more-than-unpacked": "炸弹",
    "word-laughs": "实体",
    "word-laughs-utf16": "XML",
    "pdf-giant-page": "没有读到文字",
    "ofd-2000-pages": "",
    "ofd-entity": "实体",
    "html-nested": "嵌套太深",
    "html-spans": "万字",
    "html-nested-tables": "",
    "zip-60-mb": "万字",
    "zip-of-zips": "超过 500 份",
    "zip-in-zip": "层",
    "sheet-all-cells": "",
    "picture-30000": "像素",
    "mail-10000-parts": "部分太多",
    "mail-nested": "嵌套太深",
}


@dataclass
class Cost:
    """Processor time of a reader and the most memory it held."""

    seconds: float = 0.0
    megabytes: float = 0.0


@contextlib.contextmanager
def cost_of_reading() -> Iterator[Cost]:
    """Watches the reader that the next file is given to."""
    reader = workers._READERS.take()
    workers._READERS.give_back(reader)
    process = psutil.Process(reader.process.pid)
    before = process.cpu_times()
    cost, over = Cost(), threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            with contextlib.suppress(psutil.Error):
                times, memory = process.cpu_times(), process.memory_info()
                cost.seconds = times.user + times.system - before.user - before.system
                cost.megabytes = max(cost.megabytes, memory.rss / 2**20)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield cost
    finally:
        over.set()
        watcher.join()


def test_every_bomb_has_an_outcome() -> None:
    assert set(OUTCOMES) == set(BOMBS)


@pytest.mark.parametrize("name", [*OUTCOMES])
def test_bombs_end_soon_with_a_sentence(name: str, tmp_path: Path) -> None:
    file_name, build = BOMBS[name]
    path = tmp_path / file_name
    path.write_bytes(build())
    with cost_of_reading() as cost:
        prepared = workers.prepare_apart(path, Recipe(count_characters, 320, 100 * 2**20))
    assert cost.seconds < 20
    assert cost.megabytes < MEGABYTES
    said = prepared.error + prepared.warning
    assert OUTCOMES[name] in said
    assert "日志编号" not in said
    assert "崩溃" not in said
    assert prepared.documents or said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", f"<p>{GOOD}&#xD800;&#55357;</p><title>&#xDFFF;</title>".encode()),
        ("a.csv", f"任务,单位\n{GOOD}".encode() + b"\xed\xa0\x80,x\n"),
        ("a.eml", b"Subject: \xed\xa0\x80\xff\n\n" + GOOD.encode() + b"\xed\xb0\x80"),
        ("a.zip", zipped({"\udcb9\udcfe.txt".encode("utf-8", "surrogateescape").decode("latin-1"): GOOD.encode()})),
    ],
)  # fmt: skip
def test_lone_surrogates_end_as_text(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    prepared = prepare_file(path, Recipe(count_characters, 320, 2**24))
    assert not prepared.error
    for item in prepared.documents:
        item.document.text.encode("utf-8")
        item.document.source_paths[0].encode("utf-8")
        repr(item.document.metadata).encode("utf-8")
