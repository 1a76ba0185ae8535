"""Half characters: what is left of bytes that are no text, and of broken JSON.

A name like b"\\xff" reaches Python as a lone surrogate, which neither SQLite nor a terminal
takes.
"""

import re
import sys

_LONE = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """`text` with a mark (U+FFFD) for each half character; its length stays the same.

    >>> whole("a\\udcff")
    'a�'
    """
    return _LONE.sub("\ufffd", text)


def speak_any_name() -> None:
    """Lets this process print such names as escapes, instead of ending with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
