"""Where a server of vectors may be, and how it is named in the setting.

A Chroma server has no login, and whoever reaches it can read, change and delete everything: it is
spoken to on this machine or inside the office's own network only. Across a public network there
must be a proxy with a certificate and a key in front of it.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from vectorstore.errors import PolicyError

_SCHEMES = {
    "chroma": ("chroma", "http", 8000),
    "chroma+https": ("chroma", "https", 443),
    "milvus": ("milvus", "http", 19530),
    "milvus+https": ("milvus", "https", 443),
}
_FORMS = "chroma://主机:端口、chroma+https://主机、milvus://主机:端口、milvus+https://主机"


@dataclass(frozen=True, slots=True)
class Address:
    kind: str  # chroma | milvus
    url: str  # for the client
    place: str  # for people, and in the catalogue


def address_of(setting: str, key: str) -> Address:
    """Raises PolicyError with a sentence that says what the setting may be."""
    try:
        parts = urlsplit(setting)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _wrong(setting) from None
    known = _SCHEMES.get(parts.scheme)
    if known is None or not _is_plain(parts):
        raise _wrong(setting)
    kind, scheme, usual = known
    if not host:  # a file: Milvus' small form for one process
        if scheme != "http" or kind != "milvus" or not parts.path.endswith(".db"):
            raise _wrong(setting)
        return Address(kind, parts.path, setting)
    if not (scheme == "https" and key) and not _is_private(host):
        raise PolicyError(
            f"设置 POLICY_VECTORS_URL 指向公网地址 {host}：向量服务没有登录，公网上必须用 https"
            "（chroma+https:// 或 milvus+https://）并设置 POLICY_VECTORS_KEY，或改用内网地址",
            "A server of vectors at a public address needs https and a key",
        )
    shown = f"[{host}]" if ":" in host else host
    place = f"{parts.scheme}://{shown}:{port or usual}"
    return Address(kind, f"{scheme}://{shown}:{port or usual}", place)


def _is_plain(parts: SplitResult) -> bool:
    """Nothing but a place: a key has a setting of its own, which is not shown."""
    named = bool(parts.hostname)
    return not (parts.username or parts.password or parts.query or parts.fragment) and (
        not named or parts.path in ("", "/")
    )


def _wrong(setting: str) -> PolicyError:
    shown = setting.split("@")[-1]
    return PolicyError(
        f"设置 POLICY_VECTORS_URL 的值 {shown!r} 无效：应为 {_FORMS}；见 docs/settings.md"
    )


def _is_private(host: str) -> bool:
    """Whether every address of the host is this machine's or a private network's; one that has
    no address is none: a name that cannot be looked up now may be anybody's later."""
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return False
    addresses = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
    return bool(addresses) and all(a.is_private or a.is_loopback for a in addresses)
