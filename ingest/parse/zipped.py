"""Guards for formats that are zip files of XML (.docx, .ofd, .xlsx)."""

import io
import posixpath
import zipfile
import zlib
from urllib.parse import unquote

from lxml import etree

from vectorstore.errors import FileRejected

MAX_UNPACKED = 400 * 2**20
MAX_RATIO = 200  # text compresses 10 to 20 times; a bomb thousands of times
MAX_MEMBERS = 5000
MAX_XML = 64 * 2**20  # a tree takes several times as much memory as its text
_ENCRYPTED = "文件加了密码；请去掉密码后再导入"


def open_zip(content: bytes, *, some_encrypted: bool = False) -> zipfile.ZipFile:
    """The archive, after its directory has been checked.

    Raises FileRejected for a damaged archive, a zip bomb, and an encrypted one; where
    `some_encrypted`, only the encrypted members cannot be read.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise FileRejected("压缩结构已损坏，打不开") from error
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise FileRejected(f"压缩包里有 {len(infos)} 个文件，超过上限 {MAX_MEMBERS}")
    if not some_encrypted and any(info.flag_bits & 1 for info in infos):
        raise FileRejected(_ENCRYPTED)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(content), 1) + 2**20:
        raise FileRejected("压缩比异常（疑似压缩炸弹），已拒绝")
    return archive


def read_member(archive: zipfile.ZipFile, member: str | zipfile.ZipInfo) -> bytes:
    """One member; never more than the directory said."""
    name = member if isinstance(member, str) else member.filename
    try:
        info = archive.getinfo(member) if isinstance(member, str) else member
        if info.flag_bits & 1:
            raise FileRejected(_ENCRYPTED)
        with archive.open(info) as stream:
            data = stream.read(info.file_size + 1)
    except (
        KeyError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError,
        ValueError, zlib.error,
    ) as error:  # fmt: skip
        raise FileRejected(f"压缩包中的 {name[:60]} 读不出来（已损坏）") from error
    if len(data) > info.file_size:
        raise FileRejected("压缩包的目录与内容不符，已拒绝")
    return data


def parse_xml(data: bytes) -> etree._Element:
    """XML without external entities, network or huge expansions."""
    if len(data) > MAX_XML:
        raise FileRejected(
            f"里面的 XML 有 {len(data) // 2**20} MB，超过上限 {MAX_XML // 2**20} MB；请拆分后再导入"
        )
    if b"<!DOCTYPE" in data[:2048] or b"<!ENTITY" in data[:4096]:
        raise FileRejected(_ENTITIES)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise FileRejected("XML 结构已损坏") from error
    if root.getroottree().docinfo.internalDTD is not None:  # in another encoding, or further down
        raise FileRejected(_ENTITIES)
    return root


_ENTITIES = "XML 里有实体声明，已拒绝"


def member_names(content: bytes) -> set[str]:
    """Names in a zip file; empty for one that cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError):
        return set()


def without_dangling(archive: zipfile.ZipFile, content: bytes) -> bytes:
    """An office package without the relationships that lead nowhere; `content` when none does.

    Programs that convert or strip documents leave them behind (a picture that was taken out, a
    target named NULL). Word passes over them; python-docx refuses the whole file.
    """
    names = frozenset(archive.namelist())
    mended = {
        name: mended_part
        for name in names
        if name.endswith(".rels") and (mended_part := _mended(archive, name, names))
    }
    if not mended:
        return content
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in dict.fromkeys(archive.namelist()):
            target.writestr(name, mended.get(name) or read_member(archive, name))
    return copy.getvalue()


def _mended(archive: zipfile.ZipFile, name: str, names: frozenset[str]) -> bytes | None:
    """A relationship file without what leads nowhere, or None when nothing does."""
    root = parse_xml(read_member(archive, name))
    folder = posixpath.dirname(posixpath.dirname(name))
    dangling = [relation for relation in root if _leads_nowhere(relation, folder, names)]
    for relation in dangling:
        root.remove(relation)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") if dangling else None


def _leads_nowhere(relation: etree._Element, folder: str, names: frozenset[str]) -> bool:
    if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External":
        return False
    target = str(relation.get("Target") or "")
    path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    path = posixpath.normpath(path)
    return path not in names and unquote(path) not in names
