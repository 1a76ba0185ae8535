"""Guards for formats that are zip files of XML (.docx, .ofd, .xlsx)."""

import io
import zipfile

from lxml import etree

from vectorstore.errors import FileRejected

MAX_UNPACKED = 400 * 2**20
MAX_RATIO = 200  # text compresses 10 to 20 times; a bomb thousands of times
MAX_MEMBERS = 5000


def open_zip(content: bytes) -> zipfile.ZipFile:
    """The archive, after its directory has been checked.

    Raises FileRejected for a damaged or encrypted archive and for a zip bomb.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise FileRejected("压缩结构已损坏，打不开") from error
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise FileRejected(f"压缩包里有 {len(infos)} 个文件，超过上限 {MAX_MEMBERS}")
    if any(info.flag_bits & 1 for info in infos):
        raise FileRejected("文件加了密码；请去掉密码后再导入")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(content), 1) + 2**20:
        raise FileRejected("压缩比异常（疑似压缩炸弹），已拒绝")
    return archive


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """One member; never more than the directory said."""
    try:
        with archive.open(name) as stream:
            size = archive.getinfo(name).file_size
            data = stream.read(size + 1)
    except (KeyError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileRejected(f"压缩包中的 {name[:60]} 读不出来（已损坏）") from error
    if len(data) > size:
        raise FileRejected("压缩包的目录与内容不符，已拒绝")
    return data


def parse_xml(data: bytes) -> etree._Element:
    """XML without external entities, network or huge expansions."""
    if b"<!DOCTYPE" in data[:2048] or b"<!ENTITY" in data[:4096]:
        raise FileRejected("XML 里有实体声明，已拒绝")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise FileRejected("XML 结构已损坏") from error
