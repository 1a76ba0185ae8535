"""What the program is at this moment: index, disk, models, settings in force. For 管理 and for
whoever looks after the machine."""

import platform
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from pydantic import SecretStr

from assistant.services import Services
from assistant.settings import (
    DraftSettings,
    LlmSettings,
    OfficeSettings,
    WebSettings,
)
from vectorstore import VERSION
from vectorstore.errors import PolicyError
from vectorstore.settings import Settings, WatchSettings, load_settings

_LIBRARIES = ("gradio", "fastapi", "torch", "sentence-transformers", "chromadb", "SQLAlchemy")


@dataclass(frozen=True, slots=True)
class IndexState:
    documents: int
    passages: int
    generation: int
    is_sound: bool  # the vectors fit the catalogue
    last_ingest: str


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes where the data folder lies."""

    folder: str
    own: int  # of the data folder itself
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class InForce:
    """One setting; `value` of a secret is never more than whether it is set."""

    name: str
    value: str
    is_default: bool
    what: str


def index_state(services: Services) -> IndexState:
    index = services.library.index
    latest = max((d.ingested_at for d in index.documents()), default="")
    sound = index.vectors.is_healthy() and index.vectors.is_current()
    catalog = index.catalog
    return IndexState(
        catalog.count_documents(), catalog.count_passages(), catalog.generation, sound, latest
    )


def held(services: Services) -> tuple[int, int]:
    """How many documents and passages the library holds."""
    catalog = services.library.index.catalog
    return catalog.count_documents(), catalog.count_passages()


def readiness(services: Services) -> list[str]:
    """What keeps questions from being answered at this moment; empty when nothing does. Damaged
    vectors do not: searching goes on without them until they have healed."""
    missing = []
    try:
        held(services)
    except PolicyError:
        missing.append("catalogue")
    if not getattr(services.embedder, "is_loaded", True):
        missing.append("models")
    return missing


def disk(services: Services) -> Disk:
    folder = services.library.settings.data_dir.resolve()
    usage = shutil.disk_usage(folder)
    own = 0
    for path in folder.rglob("*"):
        try:
            own += path.lstat().st_size if path.is_file() else 0
        except OSError:  # gone meanwhile
            continue
    return Disk(str(folder), own, usage.free, usage.total)


def models(services: Services) -> list[tuple[str, str]]:
    """What reads and writes here: name and what it is."""
    assistant = services.assistant
    embedder = services.embedder
    builtin = "随程序提供" if getattr(embedder, "is_builtin", False) else "由设置指定"
    model = assistant.model.settings if assistant.model else None
    return [
        ("向量模型", f"{embedder.name}（{builtin}）"),
        ("阅读模型", "已启用" if assistant.reader.name == "reader" else "没有启用，按词面匹配"),
        ("理解问题的模型", "已启用" if assistant.classifier else "没有启用，按句式判断"),
        (
            "语言模型",
            f"{model.model}（{_without_password(model.base_url)}）"
            if model
            else "没有设置，摘录作答",
        ),
    ]


def versions() -> list[tuple[str, str]]:
    found = [("本程序", VERSION), ("Python", platform.python_version())]
    for name in _LIBRARIES:
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return found


def settings_in_force(services: Services) -> Iterator[InForce]:
    """All settings as this process reads them."""
    own = [
        services.library.settings, services.assistant.settings, load_settings(LlmSettings),
        load_settings(DraftSettings), load_settings(OfficeSettings), load_settings(WebSettings),
        load_settings(WatchSettings),
    ]  # fmt: skip
    for settings in own:
        yield from _in_force(settings)


def _in_force(settings: Settings) -> Iterator[InForce]:
    prefix = str(settings.model_config.get("env_prefix", ""))
    for name, info in type(settings).model_fields.items():
        value = getattr(settings, name)
        default = info.get_default(call_default_factory=True)
        yield InForce(f"{prefix}{name.upper()}", _shown(name, value, value == default), value == default,
                      info.description or "")  # fmt: skip


# Names of settings whose value is not for a page, whatever type it has.
_USER = re.compile(r"(?<=://)[^/?#\s]*@")
_SECRET = ("key", "secret", "password", "token_value", "extra_body")


def _shown(name: str, value: object, is_default: bool) -> str:
    is_secret = isinstance(value, SecretStr) or any(name.endswith(word) for word in _SECRET)
    if is_secret:
        return "（没有设置）" if is_default else "••••（已设置）"
    return _without_password(str(value))[:300]


def _without_password(value: str) -> str:
    """Addresses may have user:password@ in them, which is for nobody's eyes."""
    return _USER.sub("••••@", value)
