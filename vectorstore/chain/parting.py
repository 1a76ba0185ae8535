"""What of an entry stays in the chain for good, and what lies beside it and can be erased.

Whatever somebody typed, and every name, is personal unless this file says otherwise: the chain
takes details by name, and of these only ids, numbers, hashes, times and words of the program.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vectorstore.chain.record import Record

# Names of details that the chain may hold, if their values are of its forms.
CHAINED = frozenset({
    # ids of documents, people, departments, groups, drafts, gaps, sessions, keys
    "after", "before", "by", "citations", "department", "document", "documents", "gaps", "group",
    "groups", "ids", "key", "near", "new", "newer", "of", "old", "older", "owner", "parent", "sources",
    "to", "viewer",
    # numbers and what is true or not
    "answers", "characters", "count", "disabled", "doubts", "end", "entries", "every", "files",
    "days", "left_out", "may_download", "may_quote", "most", "ms", "page", "passages", "per_minute", "sentences",
    "since", "start", "turn", "up_to", "version",
    # hashes, fingerprints, days
    "as_of", "generation", "hash", "head", "settings", "sha256",
    # words that the program chooses
    "action", "asked_mode", "cause", "error", "form", "kind", "method", "mode", "outcome",
    "right", "role", "roles", "scopes", "sessions", "source", "step", "verdict", "vote", "what",
})  # fmt: skip
# Words that the program chooses: roles, whom documents are for, what one is to another, forms of a
# draft, what becomes of a gap and of terms.
WORDS = frozenset({
    "查阅", "起草", "资料管理", "系统管理", "安全管理", "审计", "公开", "部门", "群体", "个人",
    "替代", "修订", "废止", "无关", "送审版", "定稿版", "回答", "删去回答", "文件", "划去", "范围外", "放回", "用语", "drop term",
    "drop renamed", "restored from the bin", "",
})  # fmt: skip
# An id, a hash, a number, a time, one English word. No blanks, no slashes: a sentence, a path or
# an address of a page is none.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,127}")
_LONGEST_ON = 200
ON = "on"  # under this name lies what an entry is about, when that is no id


def parted(record: Record) -> Record:
    """The same entry with all that may be personal beside the chain. Twice is like once."""
    chained, personal = {}, dict(record.personal)
    for name, value in record.details.items():
        if name in CHAINED and _is_chained(value):
            chained[name] = value
        else:
            personal[name] = value
    on = record.on
    if not is_code(on):
        personal[ON], on = on[:_LONGEST_ON], ""
    return replace(record, on=on, details=chained, personal=personal)


def is_code(text: str) -> bool:
    """Whether a text has the form of an id, or is a word of the program."""
    return text in WORDS or is_id(text)


def is_id(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def _is_chained(value: Any) -> bool:
    if isinstance(value, str):
        return is_code(value)
    if isinstance(value, Mapping):
        return all(is_code(name) and _is_chained(part) for name, part in value.items())
    if isinstance(value, list | tuple):
        return all(map(_is_chained, value))
    return value is None or isinstance(value, bool | int | float)
