"""The log of an office: entries of deeds, kept in a chain in log.sqlite3."""

import hashlib
import math
import threading
from collections.abc import Mapping, Set
from contextlib import suppress
from dataclasses import asdict, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.people.floods import Floods
from assistant.people.log import QUESTIONS, Entry, Who
from vectorstore import stores
from vectorstore.chain.chain import Chain
from vectorstore.chain.commanding import COMMAND_LINE, user_name
from vectorstore.chain.parting import is_id, parted
from vectorstore.chain.record import Record
from vectorstore.errors import PolicyError
from vectorstore.files.surrogates import whole
from vectorstore.settings import LEAST_DAYS, LogSettings
from vectorstore.stores import Home, place

_LONGEST = 20_000  # characters of one text
_DEEPEST = 8  # levels of what is nested


class NotLogged(PolicyError):
    """An entry could not be kept, so that what it is about must not be done."""


class KeptLog:
    """Implements AuditLog. Safe for several threads, and beside other processes.

    Whoever erases a person says so here, and with that entry the names, addresses and texts of
    the entries by or about them go; what was done stays, under the id.
    What is older than the settings say is pruned once a day, with an entry or without.
    """

    def __init__(self, home: Home | Path, settings: LogSettings, floods: Floods | None = None):
        self.chain = Chain(place(home, stores.LOG))
        self.settings = settings
        self._floods = floods or Floods()
        self._pruned = ""  # the day on which this process last looked
        self._lock = threading.Lock()

    def record(self, entry: Entry) -> None:
        """Raises NotLogged with a sentence for whoever wanted to do it. What comes in a flood is
        counted (people/floods.py)."""
        is_kept, is_erasing = self._floods.admits(entry), entry.deed == "erase person"
        records = [record_of(over, self.settings) for over in self._floods.ended(is_erasing)]
        if is_kept and not is_erasing:
            records.append(record_of(entry, self.settings))
        try:
            if records:
                self.chain.append(*records)
            if is_erasing:  # last, so that nothing comes after it that names them
                self._erase(record_of(entry, self.settings))
            self.tidy()
        except PolicyError as error:
            raise NotLogged(f"审计日志没有记下，所以这一步没有做：{error}") from error

    def _erase(self, record: Record) -> None:
        if not is_id(record.on):
            raise PolicyError("人的编号不对，应是 user:… 或 browser:…")
        self.chain.erase(record.on, record)

    def prune(self) -> int:
        """Removes what is older than the settings say; gives the number of entries."""
        before = datetime.now(UTC) - timedelta(days=self.settings.days)
        return self.chain.prune(before, COMMAND_LINE)

    def close(self) -> None:
        """What was counted of floods is written down first."""
        if counted := list(self._floods.ended(True)):
            with suppress(PolicyError):
                self.chain.append(*(record_of(entry, self.settings) for entry in counted))
        self.chain.close()

    def tidy(self) -> None:
        """Prunes, once a day: each pruning is an entry of its own."""
        if self.chain.database.read_only:
            return
        day = datetime.now(UTC).date().isoformat()
        with self._lock:
            if self._pruned == day:
                return
            self._pruned = day
        self.prune()


def open_log(home: Home | Path, settings: LogSettings, *, has_login: bool) -> KeptLog | None:
    """The log, where the settings want one. Raises PolicyError when they would keep too little."""
    if has_login and settings.mode != "off" and settings.days < LEAST_DAYS:
        raise PolicyError(
            f"设置 POLICY_LOG_DAYS 的值 {settings.days} 太小：需要登录时，审计日志至少保留 {LEAST_DAYS} 天"
        )
    is_on = settings.mode == "on" or (settings.mode == "auto" and has_login)
    return KeptLog(home, settings) if is_on else None


def at_terminal() -> Who:
    """Whoever runs a command, as the operating system calls them."""
    return Who(COMMAND_LINE, user_name())


def record_of(entry: Entry, settings: LogSettings) -> Record:
    """What is kept of an entry: parts that are personal apart, questions as the settings say."""
    named = {
        "name": whole(_plain(entry.name)[:200]).replace("\0", "\ufffd"),
        "address": entry.address,
    }
    details = {_unlike(key, named): value for key, value in _plain(entry.details).items()}
    record = parted(
        Record(pseudonym(entry.who), entry.deed, pseudonym(entry.on), entry.result, details)
    )
    personal = record.personal
    if settings.questions != "full":
        personal = _without_words(personal, settings.questions == "hash")
    return replace(record, personal={**personal, **{k: v for k, v in named.items() if v}})


def _unlike(key: str, taken: Mapping[str, Any]) -> str:
    """Under `name` and `address` an entry says who did it, which nobody else's shall replace."""
    return f"target_{key}" if key in taken else key


def _without_words(personal: Mapping[str, Any], hashed: bool) -> dict[str, Any]:
    found = {name: value for name, value in personal.items() if name not in QUESTIONS}
    asked = personal.get("question", personal.get("request"))
    if hashed and isinstance(asked, str):
        found["sha256"] = hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()
    return found


def pseudonym(identifier: str) -> str:
    """A browser's cookie is a secret, and whoever reads the log shall not become its owner."""
    kind, _, value = identifier.partition(":")
    if kind != "browser" or len(value) != 32:
        return identifier
    return f"browser:{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _plain(value: Any, depth: int = 0) -> Any:
    """JSON values of anything; what is too long or too deep is cut."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):  # JSON knows no other
        return value
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…（共 {len(value)} 字）"
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {str(key): _plain(part, depth + 1) for key, part in value.items()}
    if depth < _DEEPEST and isinstance(value, list | tuple):
        return [_plain(part, depth + 1) for part in value]
    if depth < _DEEPEST and isinstance(value, Set):
        return sorted(map(str, value))
    return str(value)[:_LONGEST]
