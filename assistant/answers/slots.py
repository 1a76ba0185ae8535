"""Of what an indicator is named: 纺织行业的复工率 is no 复工率 of 冶金行业."""

import re

from assistant.understand.lexicon import official_terms
from vectorstore.language.groups import groups_in
from vectorstore.language.pattern import Pattern
from vectorstore.language.words import is_word, tagged

_NO_NAME = Pattern(
    r"^[一二两三四五六七八九十百千万半几每各\d]|^(?:目标|情况|全年|年末|年底|期末|标准|数量|数值|金额|比例|计划|方案|规划|文件|通知|办法|政策|规定|要求|"
    r"实际|具体|最终|总体|主要|相关|目前|现在|工作|领域|类型|范围|方面|单位|部门|地方|时候|时间|总数|总额|总量|人数|人次|户数|次数|人员|同志|问题|内容|平均|以上|以下|全部|一共|总共)$",
    yes=("目标", "全年", ("一年", "一")),
    no=("产量", "纺织"),
    why="words of many questions that name no indicator",
)
_GAP = 2  # characters
_LONG = 3
_MARKS = re.compile(r"[\W_]+")
_NOUNS = "nfjlizb"  # how the tags of nouns and of what stands before them begin


def displaced(topic: str, clause: str, known: str, source: str) -> tuple[str, str] | None:
    """(what is asked, what stands in its place): a noun of the topic that `known` does not hold,
    where the clause has the noun that follows it, behind another one that the topic lacks; or
    behind anything, where the whole document (`source`) never has the noun.

    >>> said = "冶金行业复工率为47%"
    >>> displaced("纺织行业复工率", said, said, said)
    ('纺织行业', '冶金')
    """
    words = [(word, tag) for word, tag in tagged(topic) if word != "的"]
    for i, (word, tag) in enumerate(words):
        if not _is_name(word, tag) or _holds(known, word):
            continue
        if _is_compound(word) and word[2:] in clause and _lacks(source, word):
            return word, ""
        if sibling := _sibling(word, clause):
            return word, sibling
        head = next(((w, t) for w, t in words[i + 1 :] if _holds(known, w)), ("", "x"))
        if len(head[0]) < 2 or head[1][0] not in _NOUNS or head[0] not in clause:
            continue
        if _NO_NAME.search(head[0]):
            continue
        filler = _instead(head[0], clause, topic)
        if filler or _lacks(source, word):
            return word + head[0], filler
    return None


def _is_name(word: str, tag: str) -> bool:
    """Whether a word may name an indicator: a noun of the dictionary, and no everyday wording."""
    plain = len(word) >= 2 and tag[0] in _NOUNS and not _NO_NAME.search(word)
    return plain and is_word(word) and not official_terms(word) and not groups_in(word)


def _is_compound(word: str) -> bool:
    """单亲家庭: two words, of which the first says which."""
    return len(word) == 4 and is_word(word[:2]) and is_word(word[2:])


def _sibling(word: str, clause: str) -> str:
    """Another word of a clause that ends like a long one: 羽毛球场 for 网球场."""
    if len(word) < _LONG:
        return ""
    return next(
        (w for w, _ in tagged(clause) if len(w) >= _LONG and w[-2:] == word[-2:] and w != word), ""
    )


def _lacks(source: str, word: str) -> bool:
    return bool(source) and not _holds(source, word, shortest=2)


def _holds(text: str, word: str, shortest: int = _LONG) -> bool:
    """Whether a text has a word, or an official term for it, or the beginning of a long one; of
    `shortest` characters and more it may be drawn apart."""
    text = _MARKS.sub("", text)  # 市（州）级 holds 市州
    if word in text or (len(word) > 2 and word[:2] in text):
        return True
    if len(word) >= shortest and any(_goes_on(text, at, word) for at in _places(word[0], text)):
        return True  # 医疗保险 holds 医保
    return any(term in text for added in official_terms(word) for term in added.terms)


def _goes_on(text: str, at: int, word: str) -> bool:
    """Whether the characters of a word stand in order from `at` on, each near the one before."""
    for character in word[1:]:
        at = text.find(character, at + 1, at + 2 + _GAP)
        if at < 0:
            return False
    return True


def _places(word: str, text: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(word, at)]


def _says_which(word: str) -> bool:
    return is_word(word) and not _NO_NAME.search(word) and word[-1] not in "省市县区州"


def _instead(head: str, clause: str, topic: str) -> str:
    """The noun before each mention of the head that the topic lacks; '' where one has none."""
    found = ""
    for start in _places(head, clause):
        before = [(w, t) for w, t in tagged(clause[:start]) if w != "的"]
        if not before:
            return ""
        word, tag = before[-1]
        compound = tag[0] in "vd" and len(before) > 1 and before[-2][1] == "n"  # 设施更新资金
        named = tag[0] in _NOUNS or tag == "vn" or compound
        if len(word) < 2 or not named or word in topic or not _says_which(word):
            return ""
        found = word
    return found
