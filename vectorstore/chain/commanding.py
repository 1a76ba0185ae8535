"""What commands write to the log: who runs one, and whether a log is kept."""

import getpass
from pathlib import Path
from typing import Any

from vectorstore import stores
from vectorstore.chain.chain import Chain
from vectorstore.chain.record import Record
from vectorstore.database.opening import exists
from vectorstore.settings import LogSettings, load_settings
from vectorstore.stores import Home, place

COMMAND_LINE = "command line"  # who works with commands


def user_name() -> str:
    """Whoever runs a command, as the operating system calls them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return ""


def by_command(deed: str, on: str = "", result: str = "done", **details: Any) -> Record:
    return Record(COMMAND_LINE, deed, on, result, details, {"name": user_name()})


def kept_chain(home: Home | Path) -> Chain | None:
    """The log of a data folder for commands that do not know how people log in: with `auto` it
    is kept once the app has begun it."""
    mode, where = load_settings(LogSettings).mode, place(home, stores.LOG)
    is_kept = mode == "on" or (mode == "auto" and exists(where))
    return Chain(where) if is_kept else None
