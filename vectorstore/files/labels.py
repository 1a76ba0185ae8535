"""Names of uploaded files: labels that people recognise, never paths that the program trusts."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

UNNAMED = "文件"
# File systems take 255 bytes; some that encrypt names take fewer.
LABEL_BYTES = 200
_SUFFIX_BYTES = 24
_LONGEST = 4000  # characters that are looked at: no name of a file comes near
_FOLDERS = re.compile(r"(?<![\w/:.<])/(?:[^\s/“”《》（）：；，。、]++/)++")
_STORED = re.compile(r"/files/[0-9a-f]{64}/")


def label_of(name: str) -> str:
    """The name under which an upload is kept and shown: one printable path component.

    >>> label_of("..\\\\公文/../通知\\u202e.txt")
    '通知.txt'
    """
    name = name.encode("utf-8", "replace").decode("utf-8")
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1][-_LONGEST:])
    name = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in name).strip()
    bare = name.lstrip(".~$ ")  # hidden files and Office's lock files are passed over by ingest
    if name.startswith(".") and "." not in bare:
        bare = f"{UNNAMED}.{bare}" if bare else ""  # only an extension is left
    stem, dot, suffix = bare.rstrip(". ").rpartition(".")
    if not dot or len(suffix.encode()) > _SUFFIX_BYTES:
        return _cut(bare.rstrip(". "), LABEL_BYTES) or UNNAMED
    return _cut(stem, LABEL_BYTES - len(suffix.encode()) - 1) + "." + suffix


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore").rstrip()


def same_label(name: str) -> str:
    """A key under which names count as the same: without regard to case and normal form."""
    return unicodedata.normalize("NFC", name.casefold())


def without_these(said: str, folders: Iterable[Path]) -> str:
    """A sentence that names files of `folders` without where these lie.

    >>> without_these("磁盘已满，写不进 /srv/data/log.sqlite3；", [Path("/srv/data")])
    '磁盘已满，写不进 log.sqlite3；'
    """
    forms = {str(form) for folder in folders for form in (folder, folder.resolve())}
    for form in sorted(forms, key=len, reverse=True):
        if len(Path(form).parts) > 1 and Path(form).is_absolute():
            said = said.replace(f"{form}/", "").replace(form, Path(form).name)
    return said


def shown_path(source_path: str) -> str:
    """A source path as people know it: for a stored upload its label alone.

    >>> shown_path("/srv/data/files/" + "a1" * 32 + "/附件.zip!一/通知.txt")
    '附件.zip!一/通知.txt'
    """
    return _STORED.split(source_path, maxsplit=1)[-1]


def shown_name(source_path: str) -> str:
    """The name of a file alone: where it lies is the server's own business.

    >>> shown_name("/srv/公文/附件.zip!一/通知.txt")
    '通知.txt'
    """
    return shown_path(source_path.replace("\\", "/")).rpartition("/")[2]


def without_folders(sentence: str) -> str:
    """A sentence for people who need not know where things lie on the server.

    >>> without_folders("打不开资料库 /srv/data/catalog.sqlite3；请看 /help")
    '打不开资料库 catalog.sqlite3；请看 /help'
    """
    return _FOLDERS.sub("", sentence)
