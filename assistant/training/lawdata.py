"""Makes training questions from the text of laws, by rule.

Public extractive data sets ask encyclopedia questions with short answers. Officials ask who is
responsible, by when, how much, what counts as X, which items make up X, what 第N条 says; the
answers are clauses and lists. Laws are written so regularly that such questions can be read
off them: 「X，由Y负责」 answers 「X由谁负责」.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_ARTICLE = re.compile(r"^第[一二三四五六七八九十百千零〇]+条(?:之[一二三四五六七八九十]+)?[ 　]")
_HEADING = re.compile(r"^#{1,6}\s+(.*)$")
MAX_ARTICLE = 700  # characters
MAX_ANSWER = 400


@dataclass(frozen=True, slots=True)
class Article:
    """One 条 of a law: `text` with its number, paragraphs and items by line."""

    title: str
    path: tuple[str, ...]
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the span of `text` that answers it (end exclusive)."""

    question: str
    title: str
    path: tuple[str, ...]
    text: str
    start: int
    end: int
    kind: str


def read_articles(path: Path) -> Iterator[Article]:
    """The articles of one law in Markdown."""
    title, chapter, number = "", "", ""
    lines: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), "# 完"]:
        line = line.strip()
        heading = _HEADING.match(line)
        starts = _ARTICLE.match(line)
        if (heading or starts) and lines:
            text = "\n".join(lines)
            if 20 <= len(text) <= MAX_ARTICLE:
                yield Article(title, (chapter, number) if chapter else (number,), number, text)
            lines = []
        if heading and not title:
            title = re.sub(r"\s+", "", heading[1])
        elif heading:
            chapter = re.sub(r"\s+", " ", heading[1]).strip()
        elif starts:
            number = starts[0].strip()
            lines = [line]
        elif line and lines and not line.startswith("<!--"):
            lines.append(line)


# --- rules ------------------------------------------------------------------------------------
# A rule takes an article and yields (question, answer start, answer end, kind).
# Its patterns see at most MAX_ARTICLE characters: that is what keeps them harmless.

Found = tuple[str, int, int, str]
Rule = Callable[[Article, random.Random], Iterable[Found]]
_RULES: list[Rule] = []


def _rule(function: Rule) -> Rule:
    _RULES.append(function)
    return function


def _clean_topic(text: str) -> str:
    text = re.sub(r"^(?:第[^条]{1,8}条\s*)", "", text.strip())
    text = re.sub(r"^(?:但是|其中|因此|同时|并且|并)，?", "", text)
    return text.strip("，、；： 　")


def _sentence_at(text: str, position: int) -> tuple[int, int]:
    start = max(text.rfind(mark, 0, position) for mark in "。\n；") + 1
    ends = [i for mark in "。\n；" if (i := text.find(mark, position)) >= 0]
    end = min(ends) + 1 if ends else len(text)
    while start < end and text[start] in " 　\n":
        start += 1
    if number := _ARTICLE.match(text[start:end]):
        start += number.end()
    return start, end


@_rule
def _definition(article: Article, rng: random.Random) -> Iterator[Found]:
    pattern = r"(?:本[法条例办规细则定解释]{1,3}(?:中)?所称(?:的)?)?(?P<term>[^，。；：、\n]{2,24}?)，?是指(?P<body>[^\n。]{8,300}。?)"
    for match in re.finditer(pattern, article.text):
        term = _clean_topic(re.sub(r"^.*所称(?:的)?|^[（(][^)）]*[)）]", "", match["term"]))
        if len(term) < 2 or term.startswith(("前款", "本条", "其")):
            continue
        question = rng.choice(
            (
                "什么是{0}？",
                "{0}是指什么？",
                "{0}的定义是什么？",
                "{0}指的是什么？",
                "《{1}》所称的{0}是什么意思？",
                "怎样界定{0}？",
                "{0}包括哪些？",
                "哪些算{0}？",
            )
        )
        body = match.start("body")
        yield question.format(term, article.title), body, match.end("body"), "definition"


_ORGAN_END = r"(?:部门|机关|机构|人民政府|委员会|办公室|局|委|法院|检察院|单位|协会|主任|厅|(?<!法)(?<!检察)院)"
# A name goes on over no 部门和: a list of organs is read in one way only.
_ORGAN = rf"(?:(?:(?!{_ORGAN_END}(?:和|以及|会同))[^，。；：、\n]){{0,16}}{_ORGAN_END})"


@_rule
def _responsible(article: Article, rng: random.Random) -> Iterator[Found]:
    pattern = rf"(?P<who>{_ORGAN}(?:、{_ORGAN}|和{_ORGAN}|以及{_ORGAN}|会同{_ORGAN}){{0,15}})(?:具体|统一|依法)?负责(?P<what>[^。；\n]{{6,60}})(?=[。；])"
    for match in re.finditer(pattern, article.text):
        what = _clean_topic(match["what"])
        who = match["who"]
        shift = len(who) - len(_clean_topic(who))
        if not what or len(_clean_topic(who)) < 2:
            continue
        start = match.start("who") + shift
        if rng.random() < 0.6:
            question = rng.choice(
                (
                    "{0}由谁负责？",
                    "谁负责{0}？",
                    "{0}由哪个部门负责？",
                    "负责{0}的是哪个部门？",
                    "{0}的责任单位是哪家？",
                    "{0}归哪个部门管？",
                    "哪些部门负责{0}？",
                    "{0}由谁牵头？",
                )
            )
            yield question.format(what), start, match.end("who"), "department"
        else:
            question = rng.choice(
                ("{0}负责什么？", "{0}的职责是什么？", "{0}承担哪些工作？", "{0}管什么？")
            )
            yield question.format(_clean_topic(who)), match.start("what"), match.end("what"), "duty"


@_rule
def _by_whom(article: Article, rng: random.Random) -> Iterator[Found]:
    pattern = rf"(?P<what>[^，。；\n]{{6,50}})，由(?P<who>{_ORGAN}(?:、{_ORGAN}|和{_ORGAN}|会同{_ORGAN}){{0,15}})(?P<does>[^，。；\n]{{2,40}})"
    for match in re.finditer(pattern, article.text):
        what = _clean_topic(match["what"])
        if len(what) < 5:
            continue
        does = match["does"]
        question = rng.choice(
            (
                "{0}由谁{1}？",
                "{0}的，哪个部门{1}？",
                "{0}，应由谁来{1}？",
                "哪个单位对{0}{1}？",
            )
        )
        yield (
            question.format(what.rstrip("的"), does),
            match.start("who"),
            match.end("who"),
            "department",
        )


_AMOUNT = re.compile(
    r"(?P<low>[一二三四五六七八九十百千万两\d]+(?:\.\d+)?(?:分之[一二三四五六七八九十百]+)?)"
    r"(?P<unit>个工作日|工作日|个月|年|日|天|小时|万元|元|倍|人|名|平方米|米|公里|千克|吨|周岁|岁|次|份|%|个百分点|家|台|处)"
    r"(?P<more>以上|以下|以内|内)?"
)


@_rule
def _amount(article: Article, rng: random.Random) -> Iterator[Found]:
    matches = list(_AMOUNT.finditer(article.text))
    for match in rng.sample(matches, min(2, len(matches))):
        start, end = _sentence_at(article.text, match.start())
        left = max(article.text.rfind(mark, start, match.start()) for mark in "，：") + 1
        left = max(left, start)
        ends = [i for mark in "，。；：\n" if (i := article.text.find(mark, match.end())) >= 0]
        right = min([*ends, end])
        clause = article.text[left:right]
        if not 8 <= len(clause) <= 60 or len(list(_AMOUNT.finditer(clause))) > 2:
            continue
        unit = match["unit"]
        asks = (
            "几" + unit
            if unit in ("年", "个月", "次", "日", "天") and rng.random() < 0.3
            else "多少" + unit
        )
        if unit == "%":
            asks = rng.choice(("百分之多少", "多少"))
        topic = _clean_topic(
            article.text[left : match.start()]
            + asks
            + (match["more"] or "")
            + article.text[match.end() : right]
        )
        lead = _clean_topic(article.text[start:left])
        if lead and len(lead) <= 40 and rng.random() < 0.6:
            topic = f"{lead}，{topic}"
        if rng.random() < 0.3:
            topic = re.sub(r"应当|必须|可以", "要", topic)
        # The clause is the answer as often as the bare number: officials want it in context.
        if rng.random() < 0.5:
            yield topic + "？", match.start(), match.end(), "amount"
        else:
            yield topic + "？", left, right, "amount"


@_rule
def _time_limit(article: Article, rng: random.Random) -> Iterator[Found]:
    pattern = r"(?P<who>[^，。；\n]{2,24})应当(?P<when>(?:自|在|于)[^，。；\n]{4,30}?(?:内|前|以前))(?P<does>[^。；\n]{4,60})"
    for match in re.finditer(pattern, article.text):
        who, does = _clean_topic(match["who"]), match["does"].strip("，")
        question = rng.choice(
            (
                "{0}应当在多长时间内{1}？",
                "{0}要在什么时候之前{1}？",
                "{0}{1}的时限是多久？",
                "{0}什么时候{1}？",
            )
        )
        yield question.format(who, does), match.start("when"), match.end("when"), "time"


@_rule
def _obligation(article: Article, rng: random.Random) -> Iterator[Found]:
    for match in re.finditer(
        r"(?P<who>[^，。；：\n]{2,20})应当(?P<does>[^。；\n：]{12,200}[。；])", article.text
    ):
        who = _clean_topic(match["who"])
        does = match["does"]
        if len(who) < 2 or who[-1] in "都均也还" or ("，" not in does and rng.random() < 0.5):
            continue
        start, _end = _sentence_at(article.text, match.start())
        lead = _clean_topic(article.text[start : match.start("who")])
        asked = rng.choice(
            (
                "应当做什么",
                "应当怎么做",
                "有什么要求",
                "应当采取哪些措施",
                "有哪些义务",
                "要做哪些工作",
            )
        )
        subject = f"{lead}，{who}" if lead and len(lead) < 40 else who
        if len(who) >= 4 or lead:
            whole = rng.random() < 0.35
            yield (
                f"{subject}{asked}？",
                start if whole else match.start("does"),
                match.end("does"),
                "duty",
            )


@_rule
def _measures(article: Article, rng: random.Random) -> Iterator[Found]:
    """国家鼓励…, 人民政府应当加强…: 在…方面有哪些措施, answered by whole sentences."""
    text = article.text[len(article.number) :].strip()
    if "\n" in text or not 60 <= len(text) <= MAX_ANSWER:
        return
    topics = re.findall(
        r"(?:加强|推进|建立健全|完善|促进|支持|鼓励|保障|规范|组织开展|做好)([^，。；、\n]{4,18})",
        text,
    )
    if not topics:
        return
    topic = rng.choice(topics)
    question = rng.choice(
        (
            "在{0}方面有哪些规定？",
            "如何{1}{0}？",
            "{0}有哪些措施？",
            "怎样推动{0}？",
            "对{0}提出了哪些要求？",
            "{2}在{0}方面是怎么规定的？",
            "{2}提出了哪些{0}的举措？",
        )
    ).format(topic, rng.choice(("加强", "做好", "推进")), _short_title(article.title))
    start = article.text.index(text)
    yield question, start, start + len(text), "measures"


@_rule
def _conditions(article: Article, rng: random.Random) -> Iterator[Found]:
    """A head with a colon and its items: the whole list answers."""
    head = re.search(
        r"(?P<head>[^。\n]{6,80})[：:]\n(?P<items>(?:[（(][一二三四五六七八九十]+[)）][^\n]+\n?){2,})",
        article.text,
    )
    if not head or len(head["items"]) > MAX_ANSWER:
        return
    text = _clean_topic(head["head"])
    text = re.sub(r"(?:下列|以下|如下)", "哪些", text)
    if "哪些" not in text:
        text += "哪些"
    text = re.sub(r"有?哪些情形之一的?(.*)$", r"有哪些情形\1", text)
    if rng.random() < 0.3:
        items = re.findall(r"[（(][一二三四五六七八九十]+[)）]", head["items"])
        text = (
            text.replace("哪些", f"哪{'一二两三四五六七八九十'[min(len(items), 10)]}项", 1)
            if len(items) <= 10
            else text
        )
    yield (
        text + "？",
        head.start("items"),
        head.start("items") + len(head["items"].rstrip()),
        "list",
    )


@_rule
def _inline_list(article: Article, rng: random.Random) -> Iterator[Found]:
    for match in re.finditer(
        r"(?P<what>[^，。；：、\n]{2,20})(?:包括|包含|主要有|分为)(?P<items>[^。；\n]{6,160})",
        article.text,
    ):
        if match["items"].count("、") >= 2:
            what = _clean_topic(match["what"])
            question = rng.choice(
                ("{0}包括哪些？", "{0}有哪些？", "{0}包括什么内容？", "{0}具体是哪些？")
            )
            if len(what) >= 2:
                yield question.format(what), match.start("items"), match.end("items"), "list"


@_rule
def _penalty(article: Article, rng: random.Random) -> Iterator[Found]:
    pattern = r"(?:违反[^，\n]{2,30}规定，)?(?P<act>[^。；\n：，]{6,50})的，(?P<result>(?:由|处|责令|依法|给予|没收|予以)[^。\n]{8,200}[。；])"
    for match in re.finditer(pattern, article.text):
        act = _clean_topic(match["act"])
        question = rng.choice(
            (
                "{0}的怎么处罚？",
                "{0}会受到什么处罚？",
                "{0}要承担什么后果？",
                "{0}怎么处理？",
                "对{0}的行为如何处理？",
                "{0}，会怎样？",
            )
        )
        yield question.format(act), match.start("result"), match.end("result"), "penalty"


@_rule
def _condition(article: Article, rng: random.Random) -> Iterator[Found]:
    for match in re.finditer(
        r"(?P<case>[^。；\n：]{8,60})的，(?P<then>(?:可以|应当|不得|免征|减|给予|按照|享受|不予)[^。；\n]{6,200}[。；]?)",
        article.text,
    ):
        case = _clean_topic(match["case"])
        question = rng.choice(
            (
                "{0}的，怎么办？",
                "{0}的有什么规定？",
                "{0}的应如何处理？",
                "对{0}的有何政策？",
                "{0}的可以享受什么待遇？",
            )
        )
        yield question.format(case), match.start("then"), match.end("then"), "condition"


@_rule
def _may(article: Article, rng: random.Random) -> Iterator[Found]:
    """是否/能不能: the sentence that says it answers."""
    for match in re.finditer(
        r"(?P<who>[^，。；：\n]{2,24})(?P<may>不得|可以|有权|禁止)(?P<does>[^。；\n：]{6,60})[。；]",
        article.text,
    ):
        who, does = _clean_topic(match["who"]), match["does"]
        if len(who) < 2:
            continue
        start, end = _sentence_at(article.text, match.start())
        question = rng.choice(
            ("{0}可以{1}吗？", "{0}能不能{1}？", "{0}是否可以{1}？", "允许{0}{1}吗？")
        )
        yield question.format(who, does), start, end, "may"


@_rule
def _purpose(article: Article, rng: random.Random) -> Iterator[Found]:
    match = re.search(
        r"(?P<why>为了?[^。\n]{10,200}?)，(?:根据|依照|依据)(?P<basis>[^。\n]{4,160}?)，(?:结合[^，。]{2,20}，)?制定本",
        article.text,
    )
    if match:
        name = _short_title(article.title)
        if rng.random() < 0.5:
            question = rng.choice(
                ("制定《{0}》的目的是什么？", "为什么制定{0}？", "{0}的目的和意义是什么？")
            )
            yield question.format(name), match.start("why"), match.end("why"), "purpose"
        else:
            question = rng.choice(
                ("《{0}》的制定依据是什么？", "{0}依据哪些文件制定？", "{0}是根据什么制定的？")
            )
            yield question.format(name), match.start("basis"), match.end("basis"), "basis"


@_rule
def _effective(article: Article, rng: random.Random) -> Iterator[Found]:
    match = re.search(
        r"自(?P<when>[^，。\n]{4,14}(?:日|公布之日|发布之日))起(?:施行|实施|执行)", article.text
    )
    if match:
        question = rng.choice(
            (
                "{0}什么时候施行？",
                "{0}自何时起施行？",
                "{0}从哪天开始实施？",
                "{0}的施行日期是哪天？",
            )
        )
        yield (
            question.format(_short_title(article.title)),
            match.start("when"),
            match.end("when"),
            "time",
        )


@_rule
def _whole_article(article: Article, rng: random.Random) -> Iterator[Found]:
    body = article.text[len(article.number) :].lstrip()
    if len(body) > MAX_ANSWER:
        return
    start = len(article.text) - len(body)
    question = rng.choice(
        ("《{0}》{1}规定了什么？", "{0}{1}的内容是什么？", "{0}{1}怎么说？", "{1}有什么规定？")
    )
    yield (
        question.format(_short_title(article.title), article.number),
        start,
        len(article.text),
        "article",
    )


@_rule
def _who_has(article: Article, rng: random.Random) -> Iterator[Found]:
    for match in re.finditer(
        r"(?P<who>[^，。；：\n]{4,30})(?P<verb>享有|有权|承担|适用|不适用)(?P<what>[^，。；\n]{4,50})",
        article.text,
    ):
        who = _clean_topic(match["who"])
        if len(who) < 4:
            continue
        question = rng.choice(("谁{0}{1}？", "哪些人{0}{1}？", "{0}{1}的是谁？"))
        start = match.end("who") - len(who)
        yield question.format(match["verb"], match["what"]), start, match.end("who"), "who"


def _short_title(title: str) -> str:
    return re.sub(r"^中华人民共和国", "", re.sub(r"[（(].*$", "", title))


_PLACE = re.compile(r"^(?:中华人民共和国)?(?P<place>[^\W]{2,8}?(?:省|市|自治区|特区|自治州|县|区))")
_SHARES = {"article": 0.04, "amount": 0.5, "condition": 0.6, "who": 0.3, "may": 0.3, "duty": 0.45}


def _in_context(question: str, article: Article, rng: random.Random) -> str:
    """Half of the questions name the law or its place, as people do."""
    if article.title[:4] in question:
        return question
    place = _PLACE.match(article.title)
    dice = rng.random()
    if place and dice < 0.35:
        return f"{place['place']}{rng.choice(('', '，', '规定，', '对于'))}{question}"
    if dice < 0.5:
        form = rng.choice(
            ("根据《{0}》，{1}", "《{0}》规定，{1}", "{0}中，{1}", "按照{0}的规定，{1}")
        )
        return form.format(_short_title(article.title), question)
    return question


def make_examples(articles: Iterable[Article], seed: int) -> Iterator[Example]:
    """Questions for each article that a rule fits; some kinds are thinned out."""
    rng = random.Random(seed)
    for article in articles:
        for rule in _RULES:
            for question, start, end, kind in rule(article, rng):
                question = re.sub(r"\s+|(?<=[，：])[，：]", "", question)
                answer = article.text[start:end]
                fits = 1 <= len(answer.strip()) <= MAX_ANSWER and 6 <= len(question) <= 90
                fits = fits and not re.search(
                    r"[（(][一二三四五六七八九十]+[)）]|^.{0,3}条", question
                )
                if fits and rng.random() < _SHARES.get(kind, 1.0):
                    yield Example(
                        _in_context(question, article, rng), article.title, article.path,
                        article.text, start, end, kind,
                    )  # fmt: skip
