"""Names of uploads: hostile ones become labels, and a label stays what it is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.files.labels import LABEL_BYTES, label_of, shown_name, shown_path, without_folders


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("通知.txt", "通知.txt"),
        ("C:\\公文\\通知.txt", "通知.txt"),
        ("../../etc/passwd", "passwd"),
        ("通知\u202etxt.exe", "通知txt.exe"),
        ("通\x00知\n\t一\x1b.txt", "通知  一.txt"),
        (".txt", "文件.txt"),
        ("..", "文件"),
        ("", "文件"),
        ("　 .txt", "文件.txt"),
        (".隐藏.txt", "隐藏.txt"),
        ("~$通知.docx", "通知.docx"),
        ("通知.txt. .", "通知.txt"),
        ("cafe\u0301.txt", "caf\u00e9.txt"),
        ("通知\udcff.txt", "通知?.txt"),
        ("紧急!.txt", "紧急!.txt"),
    ],
)
def test_a_name_becomes_a_label(name: str, label: str) -> None:
    assert label_of(name) == label


@given(st.text(st.characters(exclude_categories=()), max_size=400))
def test_a_label_is_always_one_short_printable_component(name: str) -> None:
    label = label_of(name)
    assert label
    assert label.isprintable()
    assert len(label.encode("utf-8")) <= LABEL_BYTES
    assert Path(label).name == label
    assert not label.startswith((".", "~$"))
    assert label_of(label) == label


def test_a_stored_upload_is_shown_by_its_label() -> None:
    assert shown_path(f"/srv/data/files/{'a1' * 32}/附件.zip!一/通知.txt") == "附件.zip!一/通知.txt"
    for path in ("/srv/corpus/通知.txt", "/srv/data/files/通知.txt"):
        assert shown_path(path) == path


def test_where_things_lie_on_the_server_is_left_out() -> None:
    assert shown_name("/srv/公文/附件.zip!一/通知.txt") == "通知.txt"
    assert shown_name("C:\\公文\\通知.txt") == "通知.txt"
    said = without_folders("打不开资料库 /srv/data/catalog.sqlite3；请检查“/srv/公文 柜/甲.txt”")
    assert "/srv" not in said
    assert "catalog.sqlite3；请检查" in said
    for kept in ("请看 /help", "https://example.org/a/b/c", "1/2/3", "青海省/西宁市"):
        assert without_folders(kept) == kept
