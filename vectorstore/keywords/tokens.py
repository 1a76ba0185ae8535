"""Keyword search for Chinese: the tokens that FTS5 indexes, and the query made of them.

Tokens are pairs of neighbouring characters. On 312 real policy questions they beat the words
of a segmenter (answer in the first passage .64 against .57, alone; .68 against .61, fused with
dense search): policy terms are longer than a dictionary's words, and a segmenter that cuts
question and document differently loses the match. See docs/benchmarks.md.
"""

import re
from collections.abc import Sequence

from vectorstore.language.text import fold, search_copy

_RUN = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[a-z0-9]+(?:[.%‰][a-z0-9]*)*", re.IGNORECASE
)
# Tokens are made here; FTS5 only parts them at spaces.
TOKENIZER = "unicode61 remove_diacritics 0 tokenchars '.%‰'"

# What asks, as against what is asked about.
_QUESTION_WORDS = re.compile(
    r"请问|请告诉我|我想知道|有没有|有哪些|是哪些|哪些|是什么|什么|多少个?|怎么样?|如何|怎样|是否|"
    r"哪几[家个项条]?|哪[个里儿家年]?|几个|为什么|为何|一下|具体|主要|分别|吗|呢|[？?]"
)


def tokens(text: str) -> list[str]:
    """The tokens of `text` in order.

    >>> tokens("国发(2021)9号，达到15.5%")
    ['国发', '2021', '9', '号', '达到', '15.5%']
    """
    found: list[str] = []
    for match in _RUN.finditer(search_copy(text).lower()):
        run = match[0]
        if run[0].isascii() or len(run) == 1:
            found.append(run.strip("."))
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return found


def index_text(text: str) -> str:
    """Tokens joined by spaces: what an FTS5 column holds."""
    return " ".join(tokens(text))


def query_tokens(question: str) -> list[str]:
    """Tokens of a question that are worth searching, each once, in order."""
    parts = _QUESTION_WORDS.split(question)
    found = dict.fromkeys(token for part in parts for token in tokens(part))
    return list(found) or list(dict.fromkeys(tokens(question)))


def fts_query(words: Sequence[str]) -> str:
    """An FTS5 MATCH expression: any of the tokens. Every one is quoted, so that nothing in a
    question is read as query syntax."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)


def fts_literal(text: str) -> str:
    """An FTS5 expression that texts match which hold `text` (but for its punctuation), also where
    more letters follow at its end; empty for a text without a token.

    A single character at its beginning is left out: what stands before it in a text would make
    another pair of it.

    >>> fts_literal("节水器，第5条")
    '"节水 水器 第 5 条" *'
    >>> fts_literal("第5条")
    '"5 条" *'
    """
    found = tokens(text)
    if len(found) > 1 and len(found[0]) == 1 and not found[0].isascii():
        found = found[1:]
    return f'"{" ".join(found)}" *' if found else ""


# Two neighbours of these are one token wherever they stand together in a text, also across
# white space: `search_copy` inserts and removes only beside figures. Latin and figures are not
# so: 5G may be a part of 15G, or written "5 G". (The end: letters that FTS5 knows as such.)
_SURE = re.compile(r"[\u4e00-\u9fcb]{2,}")
_RUNS, _PAIRS = 8, 24  # as many say enough


def fts_phrases(text: str) -> str:
    """An FTS5 expression that every text matches which holds `text` when both are folded;
    empty when no such is known.

    >>> fts_phrases("推广 节水器，5G")
    '"推广 广节 节水 水器"'
    """
    runs = _SURE.findall(fold(text))[:_RUNS]
    pairs = ([run[i : i + 2] for i in range(len(run) - 1)][:_PAIRS] for run in runs)
    return " AND ".join(f'"{" ".join(run)}"' for run in pairs)
