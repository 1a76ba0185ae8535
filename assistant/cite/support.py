"""Whether the words of a sentence stand in what it cites: the part of the check that figures,
numbers, quotations and organs do not reach.

A sentence that states nothing countable can still be an invention ("请把密码发到……"). Most of
its content words must stand close together in one passage, a link or address must stand there
literally, and so must an order to the reader. Words are compared as written: a synonym is no
evidence. Pure functions.
"""

import re
from collections.abc import Sequence

from vectorstore.language.figures import figures
from vectorstore.language.sentences import sentences
from vectorstore.language.text import fold, search_copy
from vectorstore.language.words import cut

# Share of content words that must stand within `_WINDOW` sentences of one passage. Chosen on the
# 72 sentences of an independent author in tests/data (0 of 36 right ones fail, 2 of 36 inventions
# pass); figures on sentences kept sealed: docs/security.md.
MIN_SHARE = 0.4
_WINDOW = 3

_HAN_WORD = re.compile(r"[\u3400-\u9fff]{2,}|[a-z][a-z0-9]{2,}")
# What answers say about documents, rather than what documents say.
_FRAME = frozenset((
    "文件", "方案", "通知", "意见", "规定", "办法", "条例", "明确", "提出", "要求", "指出", "写明", "载明", "说明", "根据",
    "按照", "依据", "依照", "包括", "以下", "如下", "分别", "其中", "此外", "同时", "综上", "综上所述", "因此", "所以", "另外",
    "以及", "并且", "而且", "可以", "应当", "需要", "必须", "进行", "有关", "相关", "关于", "对于", "这些", "这个", "该项",
    "上述", "主要", "方面", "内容", "共有", "共计", "一共", "合计", "总计", "相差", "高于", "低于", "多于", "少于", "百分点",
    "没有", "不是", "就是", "还有", "还要", "资料", "原文", "所述", "提到", "涉及", "目前", "已经", "达到", "两地", "各地", "较早", "较晚", "最早", "最晚", "较高", "较低", "最高", "最低", "相同", "不同", "一致", "未载明", "牵头",
    "负责", "配合", "责任",
))  # fmt: skip
_ADDRESS = re.compile(
    r"https?://[\w./?=&%#~:+-]+|www\.[\w./-]+|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}"
    r"|(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|cn|net|org|gov|info|top|xyz|io|cc|example)(?![\w-])(?:/[\w./?=&%#-]*)?",
    re.IGNORECASE | re.ASCII,
)
_ORDER = re.compile(
    r"(?:^|[，,；;：:。！!？?\s])(?:请|务必|赶快|赶紧|马上|点击|拨打|扫码|扫描|转发|转账|回复|添加|关注|登录|下载)"
    r"[\u3400-\u9fff]{1,2}"
)
_READER = re.compile(r"[你您]")


def unsupported_words(sentence: str, passages: Sequence[str], cards: str) -> list[str]:
    """Problems, as sentences for the user; none when the words hold.

    `sentence` has no marks; `passages` are the cited texts one by one; `cards` is what is known
    of their documents (titles, issuers, dates), which counts for every passage.
    """
    held = fold("\n".join((*passages, cards)))
    problems = [
        f"所引原文里没有网址或地址“{address[:60]}”"
        for address in dict.fromkeys(_ADDRESS.findall(sentence))
        if fold(address) not in held
    ]
    if _gives_orders(sentence, held):
        problems.append("这是对读者的指示，所引原文里没有")
    words = content_words(sentence)
    if words and best_share(words, passages, cards) < MIN_SHARE:
        missing = "、".join([word for word in words if not _holds(held, word)][:4])
        detail = f"（原文没有：{missing}）" if missing else ""
        problems.append(f"所引原文里找不到这句话的主要内容{detail}")
    return problems


def _gives_orders(sentence: str, held: str) -> bool:
    orders = [fold(match.lstrip("，,；;：:。！!？? \n\t")) for match in _ORDER.findall(sentence)]
    speaks_to_reader = bool(_READER.search(sentence)) and not _READER.search(held)
    return speaks_to_reader or any(order not in held for order in orders)


def content_words(sentence: str) -> list[str]:
    """Folded words of two Chinese characters or three letters and more, each once, without
    the words in which answers speak about documents.

    >>> content_words("方案明确，单个中心的面积不低于800平方米。")
    ['单个', '中心', '面积']
    """
    plain = search_copy(sentence)
    for figure in figures(plain):  # compared by the rule for figures
        plain = plain.replace(figure.text, " ", 1)
    words = (fold(word) for word in cut(plain, guess=False))
    return list(dict.fromkeys(w for w in words if _HAN_WORD.fullmatch(w) and w not in _FRAME))


def best_share(words: Sequence[str], passages: Sequence[str], cards: str) -> float:
    """The largest share of `words` that stands in neighbouring sentences of the passages,
    0 to 1. Where several passages are cited, their best places count together."""
    card = fold(cards)
    left = [word for word in words if not _holds(card, word)]
    for passage in passages:
        found = max(
            ({word for word in left if _holds(window, word)} for window in _windows(passage)),
            key=len,
            default=set(),
        )
        left = [word for word in left if word not in found]
    return 1 - len(left) / len(words)


def _holds(text: str, word: str) -> bool:
    """A long word may be parted in the text (考试合格: 考试成绩合格)."""
    halves = [word[i : i + 2] for i in range(0, len(word) - 1, 2)] if len(word) >= 4 else [word]
    return word in text or all(half in text for half in halves)


def _windows(passage: str) -> list[str]:
    spans = list(sentences(passage))
    if not spans:
        return []
    last = max(1, len(spans) - _WINDOW + 1)
    return [
        fold(passage[spans[i][0] : spans[min(i + _WINDOW, len(spans)) - 1][1]]) for i in range(last)
    ]
