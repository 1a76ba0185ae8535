"""Understands a question without a model: its scope, its kind, and what it leaves unsaid.

A question is read as a scope (places, documents, years), a topic, and what is asked of it. A
follow-up takes what it lacks from the turns before it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.understand.corpus import Corpus, Path, label
from assistant.understand.kinds import ASKS_ORGAN, Kind, kind_of
from assistant.understand.learned import UNSURE, Classifier
from assistant.understand.lexicon import added_terms
from assistant.understand.slips import Slip, put_right
from vectorstore.language.dates import YEAR
from vectorstore.language.names import (
    CHINESE,
    DOCUMENT_NUMBER,
    TITLE,
    likely_number,
    number_endings,
    written_number,
)
from vectorstore.language.pattern import Pattern
from vectorstore.language.regions import Mention, abbreviation_regions, find_regions, short_name
from vectorstore.language.text import search_copy
from vectorstore.models import Query, SearchFilter


@dataclass(frozen=True, slots=True)
class Place:
    """A region that a question names, as it names it."""

    text: str
    path: Path


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be answered alone.

    `topic` is the text without places and question words; `named` are documents that the
    question points at (by number, title, issuer or site), `unknown` the titles and numbers
    that no document of the corpus bears. `is_pointed` is False where an organ is only named,
    not as a source: what it did may stand in another's document. `demands` are what the answer
    must hold (money, organ, deadline …), as the classifier says.
    """

    asked: str
    standalone: str
    kind: Kind
    topic: str
    places: tuple[Place, ...] = ()
    named: tuple[str, ...] = ()
    is_pointed: bool = False
    unknown: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    where: SearchFilter = SearchFilter()
    slips: tuple[Slip, ...] = ()
    demands: tuple[str, ...] = ()

    @property
    def added(self) -> tuple[str, ...]:
        """The official terms that are looked for as well."""
        return added_terms(self.standalone)

    def query(self, where: SearchFilter) -> Query:
        """As it is searched for in `where`: by meaning without the places that the filter stands
        for and without what is said around the matter."""
        names = [place.text for place in self.places] if where.document_ids is not None else []
        meaning = without_frame(_without(self.standalone, names)).strip("，,、的在 ")
        return Query(self.standalone, meaning or self.standalone, self.added)

    @property
    def is_english(self) -> bool:
        """Whether it holds no Chinese at all."""
        return not CHINESE.search(self.standalone)

    @property
    def is_completed(self) -> bool:
        return self.asked != self.standalone

    @property
    def scope(self) -> tuple[tuple[str, str], ...]:
        """What the question itself restricts the search to: (name, the words that say so)."""
        found = [("/".join(place.path), place.text) for place in self.places]
        if self.years:
            first, last = self.years
            found.append((f"{first}年" if first == last else f"{first}—{last}年", ""))
        return tuple(found)


def understand(
    turns: Sequence[str], corpus: Corpus, home: Path = (), classifier: Classifier | None = None
) -> Question:
    """The last of `turns` (what the user said so far, oldest first), made self-contained.
    Without a classifier the patterns alone say what kind of answer it asks for."""
    before: list[Question] = []
    for turn in map(str.strip, turns):
        typed, slips = put_right(turn, corpus.proper_names)
        standalone = complete(typed, before, corpus, home)
        question = _read(turn, standalone, corpus, home, classifier, before)
        before.append(replace(question, slips=slips))
    return before[-1]


def _read(
    asked: str,
    standalone: str,
    corpus: Corpus,
    home: Path,
    classifier: Classifier | None,
    before: Sequence[Question],
) -> Question:
    text = search_copy(standalone)
    places = tuple(find_places(text, corpus, home))
    named, unknown = _documents(text, corpus)
    sense = classifier(asked, before[-1].asked if before else "") if classifier else UNSURE
    kind = kind_of(text, len(places) + len(named), sense.kind)
    pointed = bool(DOCUMENT_NUMBER.search(text) or TITLE.search(text)) or _names_a_source(
        text, corpus
    )
    question = Question(
        asked, standalone, kind, topic_of(text), places, named, pointed, unknown, _issue_years(text)
    )
    return replace(question, where=_filter(question, corpus), demands=sense.demands)


def parts_of(
    question: Question, corpus: Corpus, home: Path = (), classifier: Classifier | None = None
) -> list[Question]:
    """A message may ask several questions (…是什么?网上是哪天发布的?): one part for each.

    A later part takes what it lacks from the part before it. All share the places of the
    whole message, except that 哪些文件… looks at the whole corpus.
    """
    pieces = [p.strip() for p in re.split(r"(?<=[？?])", question.standalone) if p.strip("？? ")]
    pieces = [p for p in pieces if len(p.strip("？? ")) >= 4]
    if len(pieces) < 2:
        return [question]
    parts: list[Question] = []
    for piece in pieces[:4]:
        standalone = complete(piece, parts, corpus, home)
        part = _read(piece, standalone, corpus, home, classifier, parts)
        if (
            parts
            and part.kind.plain is Kind.FACT
            and parts[-1].kind.plain in _TOLD
            and len(piece) <= 16
        ):
            # 收购指的是什么？自己吃算不算？: the second is about the first's topic
            told = _join(_statement(parts[-1]), piece)
            part = _read(piece, told, corpus, home, classifier, parts)
        if part.kind is not Kind.AGGREGATION and not part.named:
            places = part.places or question.places
            part = replace(part, places=places, named=question.named, unknown=question.unknown)
            part = replace(part, where=_filter(part, corpus))
        if not (parts and _SAYS_ONLY.search(piece)):
            parts.append(part)
    return parts


_TOLD = (Kind.FACT, Kind.LIST, Kind.DEFINITION)
_SAYS_ONLY = re.compile(r"^.{0,12}(?:怎么[说规定]+的?|有(?:没有)?规定|如何规定的?|什么说法)[？?]?$")


# --- scope ------------------------------------------------------------------------------------

_LATIN_WORDS = re.compile(
    r"\b(?:Inner Mongolia|Hong Kong|[A-Z][a-z]{1,6} County|[A-Z][a-z]{2,14})\b"
)
_HOME = re.compile(r"(?:我|本|咱|咱们|我们)(?:省|市|县|区|州|旗|自治区|地|单位)")
_ITS_DOCUMENT = re.compile(  # what follows an organ that is named as a source
    r"的?(?:官网|门户|网站|网页|网上|公众号|[那这]份|挂[着的出]|(?:发布|印发|公布|制定|出台)的)"
)


def find_places(text: str, corpus: Corpus, home: Path) -> list[Place]:
    """Regions that a question names, each once, in order; titles in 《》 and numbers do not
    count: 扬政发〔2021〕1号 is no place."""
    plain = TITLE.compiled.sub(lambda m: "　" * len(m[0]), text)
    plain = DOCUMENT_NUMBER.compiled.sub(_without_number, plain)
    mentions = find_regions(plain, corpus.regions) + abbreviation_regions(plain)
    found: dict[Path, Place] = {}
    for mention in sorted(mentions, key=lambda m: m.start):
        path = _best_path(mention, corpus)
        inside = any(path == other[: len(path)] for other in found)
        if not inside:
            found[path] = Place(plain[mention.start : mention.end], path)
            for outer in [p for p in found if p != path and p == path[: len(p)]]:
                del found[outer]  # 重庆市黔江区 is one place
    for path in sorted(corpus.unlisted_regions, key=lambda p: (-len(p), p)):
        name = next(
            (n for n in (path[-1], short_name(path[-1])) if len(n) > 1 and n in plain), None
        )
        if name and not any(path == other[: len(path)] for other in found):
            found[path] = Place(name, path)
    for name in _LATIN_WORDS.findall(plain):
        latin = name.lower().replace(" ", "")
        regions = corpus.latin_regions
        path = regions.get(latin) or regions.get(latin.removesuffix("county"), ())
        if path and not any(path == other[: len(path)] for other in found):
            found[path] = Place(name, path)
    if home and not found and (own := _HOME.search(plain)):
        found[home] = Place(own[0], home)
    return sorted(found.values(), key=lambda place: plain.find(place.text))


def _without_number(match: re.Match[str]) -> str:
    """What was caught in front of a number, and a gap for the number itself."""
    lead = len(written_number(match)) - len(likely_number(match))
    return match[0][:lead] + "　" * (len(match[0]) - lead)


def _best_path(mention: Mention, corpus: Corpus) -> Path:
    """Of several regions of one name, the one that the corpus knows."""
    for region in mention.candidates:
        if any(known[: len(region.path)] == region.path for known in corpus.regions):
            return region.path
    return mention.candidates[0].path


def _documents(text: str, corpus: Corpus) -> tuple[tuple[str, ...], tuple[str, ...]]:
    named: dict[str, None] = {}
    unknown: list[str] = []
    for match in DOCUMENT_NUMBER.finditer(text):
        found = next(filter(None, map(corpus.with_number, number_endings(match))), [])
        named.update(dict.fromkeys(found))
        if not found:
            unknown.append(likely_number(match))
    for match in TITLE.finditer(text):
        found = corpus.titled(match[1])
        named.update(dict.fromkeys(found))
        if not found:
            unknown.append(f"《{match[1]}》")
    for name, ids in corpus.names.items():
        if name in text:
            named.update(dict.fromkeys(ids))
    return tuple(named), tuple(unknown)


def _names_a_source(text: str, corpus: Corpus) -> bool:
    """Whether an organ is named for its document: 银川市水务局网站上那份, 市政府印发的."""
    return any(
        name in text and _ITS_DOCUMENT.match(text, text.index(name) + len(name))
        for name in corpus.names
    )


# 2021年以来出台的文件, but not 2030年起每亩补多少
_SINCE = re.compile(
    r"(20\d\d)年?(?:以来|之后|以后|起)(?=[^。？?]{0,10}(?:发布|印发|出台|公布|制定|成文|发文|文件|方案|规划|政策))"
)
_UNTIL = re.compile(r"(20\d\d)年?(?:以前|之前)(?=.{0,6}(?:发布|印发|出台|制定|的文件))")
_IN_YEAR = re.compile(r"(20\d\d)年(?:度)?(?:\d{1,2}月)?(?:发布|印发|出台|公布|制定|发文)(?:的|了)")


def _issue_years(text: str) -> tuple[int, int] | None:
    """Years of issue that a question restricts itself to: 2021年以来出台的, 2022年印发的."""
    if match := _SINCE.search(text):
        return int(match[1]), 9999
    if match := _UNTIL.search(text):
        return 0, int(match[1]) - 1
    if match := _IN_YEAR.search(text):
        return int(match[1]), int(match[1])
    return None


def _filter(question: Question, corpus: Corpus) -> SearchFilter:
    """What the search is restricted to. Documents of unknown region are never shut out by a
    place: a news page about a city seldom says whose it is."""
    ids: set[str] | None = None
    if question.named and question.is_pointed and question.kind is not Kind.AGGREGATION:
        ids = set(question.named)
        for place in question.places:  # a named document and another place: both are meant
            ids |= set(corpus.in_region(place.path))
    elif question.places:
        outside = corpus.outside(place.path for place in question.places)
        ids = set(corpus.by_id) - outside if outside else None
    return SearchFilter(
        document_ids=frozenset(ids) if ids is not None else None,
        years=(question.years,) if question.years else (),
    )


# --- topic and follow-ups ---------------------------------------------------------------------

_ASKING = re.compile(
    r"请问|请告诉我|我想知道|想问一下|有没有|有哪些|是哪些|是哪个|哪些|哪几[家个项条]?|哪[一]?[个家天年项里些]|是什么|什么样的?|"
    r"什么时候|什么|多少[个名家项]?|几[个项家名年]?|怎么[样说]?|如何|怎样|是否|为什么|为何|由谁|谁来?|吗|呢|呀|啊|[？?！!。]"
)
_FRAME = Pattern(
    r"是?(?:在)?哪[个份]?(?:地方|文件|条款?|一条)(?:里|中)?(?:写进(?:了)?文件|写着|规定|说|提到)?的?(?=[？?。]|$)"
    r"|有(?:没有|无)(?:什么|相关|明确)?(?:的)?(?:规定|说法|政策|要求)(?=[？?。]|$)|(?:文件|政策|规定)(?:里|中|上)?是?(?:怎么|咋|如何)[说写讲规定]+的?"
    r"|管不管(?=[？?。]|$)|请问一?下?|我想(?:问|知道|了解)一?下?|麻烦问一?下?|帮我查一?下?|打听一?下?|^(?:您好|你好)[，,！!]?|谢谢[！!。]?$",
    yes=(
        ("这是哪个地方写进文件的？", "是哪个地方写进文件的"),
        ("有没有规定？", "有没有规定"),
        ("请问退休年龄", "请问"),
        "文件里是怎么说的",
    ),
    no=("有没有规定罚款数额", "哪个地方最冷", "管不管孩子"),
    why="what a question says around its matter; the vector is of the matter alone",
)


def without_frame(text: str) -> str:
    """A question without what is said around its matter: 有没有规定, 请问.

    >>> without_frame("请问老人坐车免不免票，有没有规定？")
    '老人坐车免不免票，？'
    """
    return _FRAME.remove_from(text)


_DIFFERENCE = re.compile(
    r"(?:相?差|高出?|低|多|少)(?:了)?(?:多少|几)(?:个?百分点|倍|人|名|个|万)?|"
    r"(?:有(?:何|什么|哪些))?(?:不同|差异|区别|异同)|哪个更?[高低多少]|对比|相比|比较|分别"
)
_POINTER = re.compile(
    r"(?:这|那|该|此|上述|前述)(?:份|个|些|项|部)?(?:文件|方案|规划|通知|办法|意见|政策|条例|规定)|"
    r"(?:^|(?<=[，,。 ]))(?:它|其|该文|该地|那里|那边|这里|当地)(?:们)?(?:的)?"
)
_PAIR = re.compile(
    r"(?:两|二|三|四)(?:者|地|份|个|家|省|市|区)(?:之间)?(?:的)?|它们(?:之间)?(?:的)?"
)
_THEN = re.compile(r"^(?:那么?|还有|另外|再问|请问)[，, ]*")
_BARE_ASK = re.compile(
    r"^(?:又|都|具体)?(?:是)?(?:由?(?:谁|哪[个些几家]{1,2}(?:单位|部门)?)(?:来)?(?:牵头|负责|主管|配合|承担)|"
    r"(?:牵头|责任|配合|负责)(?:单位|部门)(?:是|有|呢)?.{0,4}|(?:什么时候|何时|哪年|哪天)(?:完成|开始|实施|达到)?|"
    r"(?:目标|标准|数量|比例|期限)?(?:是)?(?:多少|几[个年项])|为什么|怎么(?:做|办|考核)|有(?:哪些|什么)(?:措施|要求|任务|保障)|"
    r"(?:具体|主要)(?:是|要|有|都)*(?:搞|做|干|抓|办|开展|采取|包括)?[些了]?(?:什么|啥|哪些)(?:内容|措施|举措|工作|活动|事情?)?)[？?。呢呀 ]*$"
)


def topic_of(text: str) -> str:
    """The text without question words; places are kept, they belong to what is asked."""
    spaced = re.sub(r"\s+", " ", _ASKING.sub(" ", text))
    return re.sub(r"(?<![A-Za-z,.]) | (?![A-Za-z])", "", spaced).strip("，,、：: 的")


def complete(turn: str, before: Sequence[Question], corpus: Corpus, home: Path) -> str:
    """A follow-up with what it leaves unsaid filled in from earlier turns."""
    if not before:
        return turn
    last = before[-1]
    text = search_copy(turn)
    body = _THEN.sub("", text)
    if (year := _ONLY_A_YEAR.match(body)) and (told := YEAR.findall(last.standalone)):
        return last.standalone.replace(told[-1], year["year"])
    body = _SAME_YEAR.sub("", body)
    if _SAME_TASK.search(body):
        names = [place.text for place in last.places]
        task = re.sub(_ROLE_AT_END, "", _trim(_without(_statement(last), names)))
        return _SAME_TASK.sub(lambda _: task, body, count=1)
    places = find_places(body, corpus, home)
    named, unknown = _documents(body, corpus)
    if _PAIR.search(body) and not places:
        return _both(body, before)
    rest = _ASKING.sub("", body).strip("，,、的 ")
    if (
        places
        and not named
        and not _without(rest, [p.text for p in places]).strip("和与、及，,的市省区县是为有")
    ):
        return _swap_places(last, places)
    if places or named or unknown:
        return turn
    scope = _scope_text(last, corpus)
    if _POINTER.search(body):
        return _POINTER.sub(lambda _: scope, body, count=1) if scope else turn
    if _BARE_ASK.match(body):
        topic = _statement(last)
        if not ASKS_ORGAN.search(body):  # the task, no longer its organ
            topic = re.sub(_ROLE_AT_END, "", topic)
        return _join(topic, body)
    if scope and (match := _ELLIPSIS.match(body)) and not _FACET.search(match["thing"]):
        if counted := _COUNTED.match(search_copy(last.standalone)):
            return f"{counted['before']}{match['thing']}？"
        if asked := _asking_tail(last):
            return f"{scope}{match['thing']}{asked}"
    follows = bool(_THEN.match(text)) or body.rstrip("？?。").endswith("呢") or len(rest) <= 14
    if scope and follows:
        return (
            scope + re.sub(r"呢[？?]?$", "是什么？", body)
            if body.endswith(("呢", "呢?", "呢？"))
            else scope + body
        )
    return turn


_ELLIPSIS = re.compile(  # 产业工人的呢
    r"^(?P<thing>[^，,？?]{2,16}?)(?:的|那[项个条块部分]{1,2}|这[项个]|方面|部分)*呢[？?。]*$"
)
_FACET = Pattern(
    r"(?:[率额量]|次数|标准|目标|比例|金额|时间|日期|时限|期限|地点|单位|部门|机关|职责|要求|措施|条件|资格|范围|依据|原则"
    r"|对象|方式|方法|程序|流程|材料|费用|经费|资金)$",
    yes=(("培训次数", "次数"), ("报名时间", "时间"), ("补助金额", "金额"), ("覆盖率", "率")),
    no=("产业工人", "残疾人", "农村公路"),
    why="what a rule states about a subject: 补助标准呢 asks something else of the same subject, "
    "残疾人呢 asks the same of another",
)
_ONLY_A_YEAR = re.compile(r"^(?:到了?)?(?P<year>(?:19|20)\d\d)年?(?:的|底|末)*呢[？?。]*$")
_SAME_YEAR = re.compile(r"^(?:在)?(?:同一?年|同期|那一?年|当年)(?:的)?[，,]?")
_ROLE_AT_END = r"的?由?(?:牵头|责任|主管|负责|配合)(?:单位|部门|的)?$"
_SAME_TASK = re.compile(r"(?:同类|同样的?|同一项|相同的?)(?:工作|任务|事项|措施)")
_COUNTED = re.compile(  # 要创建几个示范县: what is counted stands behind the question word
    r"^(?P<before>.{4,}(?:多少|(?<!哪)几)[个名人家项座所次场处台]?)[\u4e00-\u9fff]{3,60}[？?。]*$"
)
_ROLE = re.compile(r"(?:牵头|责任|主管|负责|配合)(?:单位|部门|的)")


def _asking_tail(question: Question) -> str:
    """What was asked of the topic: 农民行动谁牵头？ → 谁牵头？; '' where it stands in front."""
    text = search_copy(question.standalone)
    asking = _ASKING.search(text)
    role = _ROLE.search(text) if question.kind is Kind.DEPARTMENT else None
    start = min((m.start() for m in (asking, role) if m), default=0)
    return text[start:] if start > 4 else ""


def _both(body: str, before: Sequence[Question]) -> str:
    """两者差几个百分点: the places of the last questions, and the topic that they share."""
    places: dict[Path, str] = {}
    for question in reversed(before):
        for place in question.places:
            places.setdefault(place.path, place.text)
        if len(places) >= 2:
            break
    if len(places) < 2:
        return body
    topic = _without(_statement(before[-1]), places.values())
    names = "、".join(reversed(places.values()))
    return f"{names}{_trim(topic)}{_PAIR.sub('', body)}"


def _swap_places(last: Question, places: Sequence[Place]) -> str:
    """那徐州呢: the last question, asked of another place."""
    names = "、".join(place.text for place in places)
    if not last.places:
        return f"{names}{last.standalone}"
    text = search_copy(last.standalone)
    first, *others = last.places
    for other in others:
        text = text.replace(other.text, "", 1)
    return text.replace(first.text, names, 1).lstrip("、和与及,，")


def _scope_text(last: Question, corpus: Corpus) -> str:
    if last.places:
        return "、".join(place.text for place in last.places)
    if len(last.named) == 1:
        return label(corpus.by_id[last.named[0]])
    return ""


def _statement(question: Question) -> str:
    """A question as a noun phrase: without question words and differences."""
    text = _DIFFERENCE.sub("", search_copy(question.standalone))
    first = text.replace("?", "？").partition("？")[0]
    return _trim("".join(_ASKING.sub("", first).split()))


def _without(text: str, names: Iterable[str]) -> str:
    for name in names:
        text = text.replace(name, "", 1)
    return text


def _trim(text: str) -> str:
    return text.lstrip("、和与及,，市省区县的").rstrip("，,、：:是的为有")


def _join(statement: str, ask: str) -> str:
    return f"{statement}{ask}" if statement else ask
