"""Marks of official writing: their width, what may not follow what, brackets of numbers."""

import re
from collections.abc import Iterator

from assistant.proofreading.rule import Found, Page, Rule
from vectorstore.language.text import nfkc, squeeze

_HAN = "\u4e00-\u9fff"
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_NUMBER = re.compile(
    rf"(?P<code>(?<![{_HAN}])[{_HAN}]{{2,12}}|[{_HAN}]{{0,6}}[发函字办令通告政规])\s?"
    r"(?P<open>[\[［【（(〔{｛])\s?(?P<year>(?:19|20)\d\d|\d\d)\s?年?\s?(?P<close>[\]］】）)〕}｝])\s?"
    r"(?P<th>第)?\s?(?P<serial>\d{1,5})\s?号"
)


def _numbers(page: Page) -> Iterator[Found]:
    """文号 whose brackets, year or serial number are not as they should be."""
    for match in _NUMBER.finditer(page.text):
        year = match["year"] if len(match["year"]) == 4 else f"20{match['year']}"
        right = f"〔{year}〕{int(match['serial'])}号"
        if squeeze(page.text[match.start("open") : match.end()]) == right:
            continue
        yield match.start("open"), match.end(), right


def _narrow(page: Page) -> Iterator[Found]:
    """Half-width marks between Chinese, and brackets around Chinese."""
    for match in _NARROW.finditer(page.text):
        yield *match.span(), _WIDE[match[0]]
    for match in _NARROW_BRACKETS.finditer(page.text):
        if match["a"] != "（" or match["b"] != "）":
            yield *match.span(), f"（{match['held']}）"


_NARROW = re.compile(
    rf"(?<=[{_HAN}”’》）)\]〕%％])[,;?!](?!\d{{3}}(?!\d))|(?<=[{_HAN}”’》）)〕])[:](?!//)"
    rf"|(?<=\d)[,;:](?=[{_HAN}“《（])|(?<=[A-Za-z])[,;](?=[{_HAN}“《])"
)
_NARROW_BRACKETS = re.compile(
    rf"(?P<a>[(（])(?P<held>(?=[^()（）\n]{{0,80}}[{_HAN}])[^()（）\n]{{1,80}})(?P<b>[)）])"
)
_PAIR = re.compile(r"》、《")
_QUOTED_PAIR = re.compile(r"”、“")
_DOUBLED = re.compile(r"[，。；、：！？,;][，。；、：,;]|[，；、：]!|。！|(?<=…)。")
_LISTED = re.compile(
    rf"(?<=[{_HAN}）”》])、(?P<joint>和(?![解平谐睦气约议田好美静政县])|以及|及(?!时|其|格)|等(?!级|候|待|效|式))"
)
_NESTED = re.compile(r"《(?P<a>[^《》\n]{0,80})《(?P<b>[^《》\n]{1,80})》(?P<c>[^《》\n]{0,40})》")
_DOTS = re.compile(r"(?<![.．\d])[.．]{3,6}(?![.．])|(?<!。)。{3,6}|(?<!…)…(?!…)|(?<!·)·{3,6}(?!·)")
_DASH = re.compile(rf"(?<=[{_HAN}”》）])(?:--|－－|——?-|―(?!―))(?=[{_HAN}“《（])")
_ASCII_QUOTES = re.compile(r'"(?P<held>[^"\n“”]{1,80})"')
_FULL_WIDTH = re.compile(r"[０-９Ａ-Ｚａ-ｚ％]+")
_GAP = re.compile(rf"(?<=[{_HAN}，、]) {{1,2}}(?=[{_HAN}])")
_ORDINALS = re.compile(r"(?P<n>(?<![一-龥])第[一二三四五六七八九十])、(?=[一-龥])")
_THAT_IS = re.compile(r"(?P<n>(?<=[。；：，\n])[一二三四五六七八九]是)[、,，](?=[一-龥])")
_AND_SO = re.compile(r"等(?:…{1,2}|等等)")


def _gaps(page: Page) -> Iterator[Found]:
    """A space within a sentence; titles and signatures are spaced out on purpose, and texts
    with many are laid out by them."""
    found = list(_between(page))
    if len(found) <= max(3, len(page.text) // 2000):
        yield from found


def _between(page: Page) -> Iterator[Found]:
    for line in page.lines[len(page.head) :]:
        if len(line.text) < 20 or not any(mark in line.text for mark in "，。；"):
            continue
        for match in _GAP.finditer(page.text, line.start, line.end):
            before = page.text[line.start : match.start()]
            if len(before) > 12 or "。" in before:
                yield *match.span(), ""


_OPEN_LINE = re.compile(
    rf"[^{_HAN}]$|\d\s?[年月日]$|印发$|[局厅委府办室会部院社网页号]$|附件[:：].{{0,80}}$"
)


def _unfinished(page: Page) -> Iterator[Found]:
    """A paragraph that ends without a mark. Where many do, the text lost its line ends."""
    body = [line for line in page.lines[len(page.head) :] if _is_prose(line.text)]
    open_ended = [line for line in body if not _OPEN_LINE.search(line.text)]
    if len(open_ended) > max(2, len(body) // 4):
        return
    for line in open_ended:
        yield line.end - 1, line.end, f"{line.text[-1]}。"
    for line in body:
        if line.text[-1] in "，、":
            yield line.end - 1, line.end, "。"


def _is_prose(text: str) -> bool:
    return len(text) >= 24 and "\t" not in text and any(mark in text for mark in "，。；")


RULES = (
    Rule(
        "文号",
        "发文字号用六角括号，年份写全，序号不加“第”、不编虚位",
        find=_numbers,
        yes=(
            ("根据国发[2021]9号文件", "根据国发〔2021〕9号文件"),
            ("（青政办发(2022)05号）", "（青政办发〔2022〕5号）"),
            ("青政发〔22〕第7号", "青政发〔2022〕7号"),
            ("青政发【2023】12号", "青政发〔2023〕12号"),
        ),
        no=("国发〔2021〕9号", "（2021年）9号楼", "GB/T 9704（2012）"),
    ),
    Rule(
        "全角标点",
        "汉字之间用全角标点",
        find=_narrow,
        yes=(
            ("加强领导,落实责任。", "加强领导，落实责任。"),
            ("通知如下:", "通知如下："),
            ("(此件公开发布)", "（此件公开发布）"),
            ("各部门(单位）", "各部门（单位）"),
        ),
        no=("1,200人", "https://www.gov.cn", "3:2", "（试行）", "f(x)", "15:30"),
    ),
    Rule(
        "书名号之间",
        "并列的书名号之间不用顿号",
        _PAIR,
        lambda m: "》《",
        yes=(("按照《规划》、《方案》要求", "按照《规划》《方案》要求"),),
        no=("《规划》（国发〔2021〕9号）、《方案》", "《规划》和《方案》"),
    ),
    Rule(
        "引号之间",
        "并列的引号之间不用顿号",
        _QUOTED_PAIR,
        lambda m: "”“",
        yes=(("推进“放管服”、“一网通办”改革", "推进“放管服”“一网通办”改革"),),
        no=("“放管服”改革、“一网通办”",),
    ),
    Rule(
        "标点重复",
        "一处只用一个标点",
        _DOUBLED,
        lambda m: next((c for c in m[0] if c in "。！？"), m[0][0]) if m[0] != "。" else "",
        yes=(
            ("加强领导，，落实责任", "加强领导，落实责任"),
            ("落实到位。。", "落实到位。"),
            ("落实到位，。", "落实到位。"),
        ),
        no=("是什么？！", "……", "落实到位。”"),
    ),
    Rule(
        "顿号",
        "“和”“及”“以及”“等”前不用顿号",
        _LISTED,
        lambda m: m["joint"],
        yes=(
            ("教育、科技、和人才", "教育、科技和人才"),
            ("教育、科技、等部门", "教育、科技等部门"),
            ("市教育局、市科技局、以及有关单位", "市教育局、市科技局以及有关单位"),
        ),
        no=("教育、科技和人才", "社会、等级", "整改、及时报送"),
    ),
    Rule(
        "书名号",
        "书名号里面再用书名号时，里面的用单书名号",
        _NESTED,
        lambda m: f"《{m['a']}〈{m['b']}〉{m['c']}》",
        yes=(("《关于印发《实施方案》的通知》", "《关于印发〈实施方案〉的通知》"),),
        no=("《关于印发〈实施方案〉的通知》", "《规划》《方案》"),
    ),
    Rule(
        "省略号",
        "省略号是六个连点",
        _DOTS,
        lambda m: "……",
        yes=(("教育、科技...", "教育、科技……"), ("教育…", "教育……")),
        no=("教育……", "3.5"),
    ),
    Rule(
        "“等”与省略号",
        "“等”之后不再用省略号或“等等”",
        _AND_SO,
        lambda m: "等",
        yes=(("教育、科技等……", "教育、科技等"),),
        no=("教育、科技等", "等等"),
    ),
    Rule(
        "破折号",
        "破折号占两字",
        _DASH,
        lambda m: "——",
        yes=(("一个目标--高质量发展", "一个目标——高质量发展"),),
        no=("一个目标——高质量发展", "2021—2025年"),
    ),
    Rule(
        "引号",
        "汉字文稿用弯引号",
        _ASCII_QUOTES,
        lambda m: f"“{m['held']}”",
        yes=(('推进"放管服"改革', "推进“放管服”改革"),),
        no=("推进“放管服”改革", '5"'),
    ),
    Rule(
        "半角数字",
        "数字和字母用半角",
        _FULL_WIDTH,
        lambda m: nfkc(m[0]),
        yes=(("到２０２５年", "到2025年"), ("达到95％", "达到95%")),
        no=("到2025年", "95%"),
    ),
    Rule(
        "空格",
        "句中不留空格",
        find=_gaps,
        yes=(
            (
                "各单位要切实提高政治站位，进一步 加强组织领导，把各项任务落到实处。",
                "各单位要切实提高政治站位，进一步加强组织领导，把各项任务落到实处。",
            ),
        ),
        no=(
            "通  知",
            "青禾市教育局 2026年3月4日",
            "第一条 为了加强管理，根据有关法律，制定本办法。",
        ),
    ),
    Rule(
        "序数词",
        "“第一”“一是”之后的标点",
        _ORDINALS,
        lambda m: f"{m['n']}，",
        yes=(("第一、加强领导。", "第一，加强领导。"),),
        no=("第一，加强领导。", "第一产业"),
    ),
    Rule(
        "序数词",
        "“一是”之后不用标点",
        _THAT_IS,
        lambda m: m["n"],
        yes=(("抓好两件事：一是、加强领导", "抓好两件事：一是加强领导"),),
        no=("抓好两件事：一是加强领导",),
    ),
    Rule(
        "句末标点",
        "一段完整的话以句号结束",
        find=_unfinished,
        yes=(
            (
                "各单位要切实提高政治站位，进一步加强组织领导，把各项任务落到实处",
                "各单位要切实提高政治站位，进一步加强组织领导，把各项任务落到实处。",
            ),
        ),
        no=("各单位要切实提高政治站位，进一步加强组织领导，把各项任务落到实处。", "一、总体要求"),
    ),
)
