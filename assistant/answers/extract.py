"""Facts, definitions and lists: the clause, sentence or items that answer, quoted."""

import re
from collections.abc import Sequence

from assistant.answers.spans import enumeration, sentence, widen
from assistant.evidence import Evidence, topic_only
from assistant.question import Kind, Question
from assistant.quoting import Content, Quote, Statement
from assistant.reading import YEAR, Reading
from vectorstore.models import Passage
from vectorstore.text import fold

# A second passage is quoted only when it is nearly as good as the best.
_RIVAL = 0.93


def answer_extract(question: Question, evidence: Evidence) -> Content:
    """The best-supported place, or a refusal with the nearest passages."""
    readings = evidence.read(question.standalone, question.where)
    supported = evidence.supported(question.standalone, readings)
    if question.kind is Kind.DEFINITION or _WHICH.search(question.standalone):
        if found := _definitions(question, evidence, supported or readings):
            return Content(tuple(found))
    if not supported:
        return refuse(question, evidence, readings)
    if counted := _counted(question, evidence, supported):
        return Content((counted,))
    if question.kind is Kind.LIST and (items := _listed_headings(question, evidence, supported)):
        return Content(tuple(items), notes=_other_count(question, len(items)))
    return Content((best_statement(question, evidence, supported[0]),))


def _other_count(question: Question, count: int) -> tuple[str, ...]:
    """三大行动, where the document lists five."""
    said = re.search(r"(?P<n>[两三四五六七八九十])(?:大|项|个方面)", question.standalone)
    if not said or _number(said["n"]) == count:
        return ()
    return (f"提问中说的是“{said[0]}”，文件列出的是 {count} 项，以文件为准。",)


_ASKED = re.compile(r"多少|几[个名人家项年天]|什么时候|何时|由?谁|哪[个些一]")
_ANNOUNCING = re.compile(r"(?:下列|以下|如下)[^。；]{0,20}[：:]?\s*$|[：:]\s*$")


def best_statement(question: Question, evidence: Evidence, reading: Reading) -> Statement:
    """What one passage says to the question, quoted."""
    passage = reading.hit.passage
    if not reading.spans:
        start, end = 0, len(passage.text)
    else:
        span = reading.spans[0]
        start, end = widen(passage.text, span.start, span.end, question.kind)
        asks_twice = (
            len(_ASKED.findall(question.standalone)) > 1
        )  # the target, and what was reached
        if asks_twice or _tells_other_year(passage.text[start:end], question):
            start, end = sentence(passage.text, start, end)
        if _ANNOUNCING.search(passage.text[start : end + 1]):  # …按照下列标准收费：
            listed = enumeration(passage.text, end, end + 1)
            end = listed[1] if listed else end
    quote = evidence.quoter.quote(reading.hit.document, passage, start, end)
    return Statement(quote.text, (quote,))


_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _tells_other_year(clause: str, question: Question) -> bool:
    """2015年达到…: the year that was asked about may follow (，比2010年的…提高…)."""
    asked, told = set(YEAR.findall(question.standalone)), set(YEAR.findall(clause))
    return bool(asked and told) and not asked & told


def refuse(question: Question, evidence: Evidence, readings: Sequence[Reading]) -> Content:
    """Nothing answers: what was looked for, and what comes nearest."""
    near = []
    for reading in readings[:3]:
        passage = reading.hit.passage
        span = reading.spans[0] if reading.spans else None
        start, end = widen(passage.text, span.start, span.end, Kind.FACT) if span else (0, 60)
        near.append(evidence.quoter.quote(reading.hit.document, passage, start, end))
    where = question.where.document_ids
    count = len(where) if where is not None else len(evidence.corpus.documents)
    topic = topic_only(question)[:60]
    reason = f"没有找到：在 {count} 份文件中没有读到能回答“{topic}”的内容。"
    if not _CHINESE.search(question.standalone):
        reason += (
            "库内文件是中文的，请用中文再问一次。"
            "The documents are in Chinese; please ask in Chinese. The nearest passages are below."
        )
    return Content(refused=True, reason=reason, near=tuple(near))


# --- definitions ------------------------------------------------------------------------------

_QUOTED = re.compile(r"[“\"「]([^”\"」]{1,20})[”\"」]")
_WHICH = re.compile(
    r"[”\"」](?:都|分别|具体|到底)?(?:是|指|指的是|是指|包括|包含)(?:哪|什么|谁)"
)  # “五老”是哪些人


_SHORT_TITLE = re.compile(r"《([^《》]{2,8})》[”\"」]?(?:具体)?(?:是指|指的?是|指|是)")
_ACRONYM = re.compile(r"(?<![A-Za-z])[A-Za-z][A-Za-z0-9+\-]{1,9}(?![A-Za-z])")


def _definitions(
    question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> list[Statement]:
    """A gloss for each term: “X”（A、B、C）, A、B、C等“X”, X是指…, 所称X，是指…, 某某(X)."""
    text = question.standalone
    terms = (
        _QUOTED.findall(text)
        or _SHORT_TITLE.findall(text)
        or _ACRONYM.findall(text)
        or [topic_only(question)]
    )
    found = [_definition(term, question, evidence, readings) for term in dict.fromkeys(terms)]
    return [statement for statement in found if statement]


def _definition(
    term: str, question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> Statement | None:
    name, stop = re.escape(term), r"[^，。；：、,;:\n]"
    near = _by_occurrence(term, question, evidence, readings)
    for gloss in (
        rf"《[^《》]{{4,60}}》[^。；]{{0,40}}(?:以下)?简称[:：]?[“\"「《]{{0,2}}{name}[”\"」》]{{0,2}}",
        rf"[“\"「]?{name}[”\"」]?\s*[（(][^（()）]{{3,120}}[)）]",
        rf"[\u4e00-\u9fff]{{2,12}}[（(]{name}[)）]",
        rf"[^。；\n]*?{name}[”\"」]?，?(?:是指|指的是|即|，指)[^。\n]{{6,300}}[。]?",
        rf"(?:{stop}{{1,24}}、)+{stop}{{1,24}}[“\"「]{name}[”\"」]",
    ):
        for reading in near:
            passage = reading.hit.passage
            if match := re.search(gloss, passage.text):
                quote = evidence.quoter.quote(reading.hit.document, passage, *match.span())
                return Statement(quote.text, (quote,))
    return None


def _by_occurrence(
    term: str, question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> list[Reading]:
    """The readings, then further passages that hold the term itself."""
    seen = {reading.hit.passage.id for reading in readings}
    more = evidence.search(term, question.where)
    extra = [
        Reading(hit, 0.0, 0.0, ())
        for hit in more
        if hit.passage.id not in seen and fold(term) in fold(hit.passage.text)
    ]
    return [*readings, *extra]


# --- 哪五级 ------------------------------------------------------------------------------------

_WHICH_N = re.compile(r"哪(?P<n>[两三四五六七八九十])(?P<noun>[\u4e00-\u9fff])")


def _counted(
    question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> Statement | None:
    """A、B、C、D、E五级: exactly as many items as are asked for, in front of their number."""
    asked = _WHICH_N.search(question.standalone)
    if not asked or f"{asked['n']}{asked['noun']}" not in question.standalone.replace(
        asked[0], "", 1
    ):
        return None
    item = r"(?:[^，。；：、,;:\n（(）)]|[（(][^（()）]{0,12}[)）]){1,14}"
    pattern = re.compile(
        rf"(?:{item}、){{{_number(asked['n']) - 1}}}{item}?等?{asked['n']}{asked['noun']}"
    )
    for reading in readings:
        passage = reading.hit.passage
        if match := pattern.search(passage.text):
            quote = evidence.quoter.quote(reading.hit.document, passage, *match.span())
            return Statement(quote.text, (quote,))
    return None


# --- lists of headings ------------------------------------------------------------------------

_COUNT = re.compile(
    r"(?P<n>[一二两三四五六七八九十]{1,2}|\d{1,2})(?:大|项|个方面|个|条|类|种|方面|点)"
)
_NUMERAL = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


def asked_count(text: str) -> int | None:
    """How many items a question expects: 具体是哪十项 → 10."""
    counts = re.findall(r"哪(?P<n>[一二两三四五六七八九十]{1,2}|\d{1,2})", text)
    if not counts:
        return None
    return _number(counts[-1])


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_NUMERAL[tens] if tens else 1) * 10 + (_NUMERAL[ones] if ones else 0)
    return _NUMERAL[text]


def _listed_headings(
    question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> list[Statement]:
    """The headings below the section that is asked about, when they are what is listed.

    That is so when the question asks for nothing but the section's heading (有哪些基本原则),
    when their number is the one asked for, or when the section's own text only announces them
    (重点实施以下…).
    """
    wanted = asked_count(question.standalone)
    fitting: list[tuple[Reading, list[Item]]] = []
    if pointed := _pointed_section(question, evidence, readings):
        return pointed
    for reading in readings[:3]:
        passage = reading.hit.passage
        for depth in range(len(passage.heading_path), 0, -1):
            section = evidence.section(passage, depth)
            group = _asked_group(passage.heading_path[depth - 1], question)
            if group is not None:
                inside = [p for p in section if group in p.heading_path] if group else section
                if len(items := _children(inside, depth)) >= 2:
                    return _headings(reading, items, evidence)
            items = _children(section, depth)
            if len(items) < 2:
                continue
            fits = len(items) == wanted if wanted else _announces(passage.text, len(items))
            close = depth == len(passage.heading_path) or wanted == len(items)
            topical = evidence.coverage(
                topic_only(question), passage.text, " ".join(passage.heading_path[:depth]),
                reading.hit.document.metadata.title,
            )  # fmt: skip
            if fits and close and topical > 0.5:
                fitting.append((reading, items))
    return _headings(*fitting[0], evidence) if fitting else []


def _pointed_section(
    question: Question, evidence: Evidence, readings: Sequence[Reading]
) -> list[Statement]:
    """“强化责任”这一章: what stands below the heading that the question quotes."""
    for term in _QUOTED.findall(question.standalone):
        for reading in readings[:3]:
            for passage in evidence.index.passages_of(reading.hit.document.id):
                for depth, heading in enumerate(passage.heading_path, 1):
                    if _NUMERALS.sub("", heading).rstrip("：:。") == term:
                        items = _children(evidence.section(passage, depth), depth)
                        if len(items) >= 2:
                            return _headings(reading, items, evidence)
    return []


Item = tuple[Passage, str]  # a heading and the passage that it first stands in
_GENERAL = re.compile(
    r"文件|方案|规划|办法|意见|通知|政策|末尾|部分|方面|包[含括]|规定|提出|确定|明确|内容|要求|主要|具体|分别|列[出举]?|[定讲说写列有]了?"
    r"|里面?|中|的|了|都|共|要|实施|开展|推进|建立健全|[“”\"「」，,。：:]|[几两三四五六七八九十\d]+[个项条大点类种]*"
)
_NUMERALS = re.compile(
    r"^(?:——|[（(]?[\d一二三四五六七八九十]+[)）.．、]|第[一二三四五六七八九十]+[章节条])\s*"
)
_GROUPS = ("任务", "措施", "目标", "分工")


def _asked_group(heading: str, question: Question) -> str | None:
    """Whether a question asks for what stands under a heading: None if not; otherwise the group
    of it that is meant (措施), or '' for all of it."""
    name = re.sub(r"^(?:实施|开展|推进)", "", _NUMERALS.sub("", heading).rstrip("：:。"))
    name = re.sub(r"^[两三四五六七八九十]{1,2}(?:大|项|个)", "", name)
    topic = topic_only(question)
    if len(name) < 3 or name not in topic:
        return None
    rest = _GENERAL.sub("", topic.replace(name, "", 1))
    if rest in _GROUPS:
        return rest
    pointed = re.search(
        rf"[“\"「][两三四五六七八九十]*[大项个]?{re.escape(name)}[”\"」]|{re.escape(name)}(?:这|那)?一?(?:部分|节|章|条|里|中)",
        topic,
    )
    return "" if pointed or len(rest) <= 2 else None


def _headings(reading: Reading, children: Sequence[Item], evidence: Evidence) -> list[Statement]:
    return [
        Statement(quote.text, (quote,))
        for passage, heading in children
        if (quote := _heading_quote(evidence, reading, passage, heading))
    ]


def _announces(text: str, count: int) -> bool:
    if re.search(r"(?:以下|下列|如下)[^。]{0,30}[：:。]?\s*$", text):
        return True
    counts = sum(_number(m["n"]) for m in _COUNT.finditer(text[-80:]))
    return count >= 2 and counts == count


_ITEM_HEAD = re.compile(
    r"^(?:——|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[.．、](?!\d))[^。；：:\n]{2,40}",
    re.MULTILINE,
)
_RUN_IN = re.compile(r"^[\u4e00-\u9fff、]{4,18}(?=。)", re.MULTILINE)


def _children(passages: Sequence[Passage], depth: int) -> list[Item]:
    """The next level's headings with the passage that each first stands in; group lines
    (五大提升行动) are passed through, and short items that share a passage are told apart."""
    found: dict[tuple[str, ...], Item] = {}
    is_numbered = False
    for passage in passages:
        path = passage.heading_path[depth:]
        while path and not re.match(r"[（(\d一二三四五六七八九十第①-⑳]", path[0]) and len(path) > 1:
            path = path[1:]
        if path:
            key = passage.heading_path[: len(passage.heading_path) - len(path) + 1]
            found.setdefault(key, (passage, path[0]))
            is_numbered = is_numbered or bool(_NUMERALS.match(path[0]))
            continue
        for item in _ITEM_HEAD.findall(passage.text) or _RUN_IN.findall(passage.text):
            if item not in passage.heading_path:
                found.setdefault((*passage.heading_path[:depth], item), (passage, item))
    if is_numbered:  # first sentences are headings only among others without numbers
        return [i for i in found.values() if _NUMERALS.match(i[1])]
    return list(found.values())


def _heading_quote(
    evidence: Evidence, reading: Reading, passage: Passage, heading: str
) -> Quote | None:
    position = passage.text.find(heading)
    if position < 0:
        return None
    return evidence.quoter.quote(reading.hit.document, passage, position, position + len(heading))
