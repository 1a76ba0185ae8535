"""Plain text and Markdown: decoding is all there is to do."""

import codecs
import re

from charset_normalizer import from_bytes

from ingest.parse.document import ParsedDocument, clean_text
from ingest.parse.limits import MAX_CHARACTERS, require_length
from vectorstore.errors import FileRejected

# gb2312 and gbk are subsets of gb18030, and pages that declare them use more.
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030"}
_DECLARED = re.compile(rb"""charset\s*+=\s*+["']?\s*+([A-Za-z0-9_\-]+)""", re.IGNORECASE)


def parse_text(content: bytes, kind: str) -> ParsedDocument:
    """Offsets refer to the decoded text as it is; line ends are kept."""
    return ParsedDocument(decode(content), kind)


def decode(content: bytes, declared: str | None = None) -> str:
    """UTF-8 if it is, else what the file declares, else GB18030, else the likeliest charset.

    NUL bytes become spaces and lone surrogates U+FFFD, so that offsets stay what they are.
    Raises FileRejected when no charset fits.
    """
    if len(content) > 4 * MAX_CHARACTERS:  # more characters than that, in any encoding
        require_length(len(content) // 4)
    text = _decode(content, declared)
    require_length(len(text))
    return clean_text(text.replace("\x00", " "))


def _decode(content: bytes, declared: str | None) -> str:
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(bom):
            return content.decode(name, errors="replace")
    named = declared or _declared(content)
    for encoding in filter(None, ("utf-8", named, "gb18030")):
        try:
            return content.decode(_ALIASES.get(encoding.lower(), encoding))
        except (UnicodeDecodeError, LookupError):
            continue
    damaged = content.decode("utf-8", errors="replace")
    if damaged.count("\ufffd") <= max(3, len(damaged) // 200):
        return damaged  # UTF-8 with a few broken bytes
    best = from_bytes(content).best()
    if best is None:
        raise FileRejected("认不出文字编码；请另存为 UTF-8 后再导入")
    return str(best)


def _declared(content: bytes) -> str | None:
    match = _DECLARED.search(content[:4096])
    return match[1].decode("ascii") if match else None
