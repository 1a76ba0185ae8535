"""How documents and organs are named: 《titles》, 文号, 文种, 发文机关."""

import re
from collections.abc import Iterator

from vectorstore.language.dates import A_YEAR
from vectorstore.language.numerals import NUMERALS
from vectorstore.language.pattern import Pattern

HAN = r"[\u4e00-\u9fff]"
CHINESE = Pattern(
    HAN, yes=(("政策", "政"), ("5G网络", "网")), no=("policy 2025", "？"), why="any Chinese at all"
)

# --- titles -----------------------------------------------------------------------------------

TITLE = Pattern(
    r"《((?:[^《》]++|《[^《》]*+》)++)》",
    yes=(
        "《全民科学素质行动规划纲要》",
        "《关于印发〈方案〉的通知》",
        "《市政府关于转发《省实施办法》的通知》",
        ("根据《纲要》和《规划》", "《纲要》"),
    ),
    no=("《没有完", "“五老”", "《》"),
    why="a title with its brackets; a title in it may bear brackets of its own",
)
# --- 文种 -------------------------------------------------------------------------------------

# The word that a title ends with.
KINDS = (
    "决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案", "函",
    "纪要", "实施方案", "工作方案", "行动方案", "方案", "行动计划", "工作计划", "计划", "规划纲要", "规划", "纲要",
    "办法", "规定", "细则", "条例", "规则", "规程", "规范", "标准", "指南", "指引", "要点", "措施", "清单", "预案",
    "章程", "制度", "意见书", "解释", "法", "目录", "大纲", "倡议书", "公约", "准则", "守则", "令", "总结", "讲话",
    "解读", "答复", "说明", "导则", "政策", "若干措施", "问答", "答记者问", "通令",
)  # fmt: skip
_KIND = "|".join(sorted(KINDS, key=len, reverse=True))

# --- document numbers -------------------------------------------------------------------------

YEAR_AND_SERIAL = Pattern(
    rf"[〔\[［【（(]\s*+(?P<year>{A_YEAR})\s*+[〕\]］】）)]\s*+第?\s*+(?P<serial>\d{{1,5}})\s*+号",
    yes=("〔2021〕9号", "(2021)138号", "［2006］第 7 号", ("国发【2021】9 号", "【2021】9 号")),
    no=("〔2021〕", "（2021年）9号", "2021年9号楼"),
    why="what every 文号 ends with, in whatever brackets",
)
DOCUMENT_NUMBER = Pattern(
    rf"(?P<code>{HAN}[\u4e00-\u9fffA-Za-z]{{0,14}}?)\s*+{YEAR_AND_SERIAL.source}",
    yes=("国发〔2021〕9号", "渝府办发(2021)138号", "科协发普字〔2021〕第9号", "国办发 [2006] 7 号"),
    no=("2021年9号楼", "〔2021〕9号", "国发20219号"),
    why="发文字号: an organ's code, the year, a serial number",
)
ORDER_NUMBER = Pattern(
    rf"(?P<organ>{HAN}{{2,30}}?)(?P<kind>令|公告)\s*+(?:第|〔\d{{4}}〕|\d{{4}}年第)?\s*+第?\s*+"
    rf"(?P<serial>[\d{NUMERALS}]++)\s*+号",
    yes=("交通部令第8号", "国务院令第五百二十号", "某省人民代表大会常务委员会公告〔2021〕第3号"),
    no=("命令", "国发〔2021〕9号"),
    why="orders and announcements are counted without a code",
)
ORDER_HEAD = Pattern(
    rf"^(?P<organ>{HAN}{{2,40}}(?<!命))(?P<kind>令|公告)\s{{0,4}}+"
    rf"(?P<number>[（(]?\s{{0,4}}+(?:{A_YEAR}\s?年\s?|〔{A_YEAR}〕)?第\s?[\d{NUMERALS}]{{1,8}}\s?号"
    r"\s{0,4}+[)）]?)?$",
    yes=("青禾市人民政府令", "青禾市人民政府令（第12号）", "云岭省财政厅公告 2026年第3号"),
    no=("命令", "关于调整税率的公告第3号起", "国发〔2021〕9号"),
    why="a line that is the head of an order or an announcement, with its number or without",
)
ORDER_SERIAL = Pattern(
    rf"^[（(]?\s{{0,4}}+(?P<year>{A_YEAR}\s?年\s?|[〔\[（(]{A_YEAR}[〕\]）)])?第\s?"
    rf"(?P<serial>[\d{NUMERALS}]{{1,8}})\s?号\s{{0,4}}+[)）]?$",
    yes=("第12号", "（第十二号）", "2026年第3号", "〔2026〕第3号"),
    no=("12号", "第12号楼", "国发〔2021〕9号"),
    why="the number of an order or an announcement on a line of its own below its head",
)
STANDARD_NUMBER = Pattern(
    r"(?<![A-Za-z])(?:GB|DB|[A-Z]{2}|T/[A-Z]{2,8}|Q/[A-Z]{2,8})\d{0,6}(?:/[TZ])?[ /]{0,3}"
    r"\d{1,6}(?:\.\d{1,3})?\s?[-—–－]{1,2}\s?(?:19|20)\d\d(?!\d)",
    yes=("GB/T 12345—2020", "DB97/ 1123—2017", "DB97/T 88-2021", "T/QHX 001—2026", "HJ 2.2-2018"),
    no=("2021-2025", "5G/2020", "A4-2020"),
    why="the number of a standard, which ends with its year",
)
_LEADS_UP = Pattern(
    rf"^.*(?:依据|根据|按照|依照|参照|遵照|执行|落实|印发|转发|对照|[文字]号"
    rf"|{'|'.join(kind for kind in KINDS if len(kind) > 1)}|[是和与为查找看的])(?=.)",
    yes=(("根据国发", "根据"), ("的通知国卫办医函", "的通知"), ("文号是国办发", "文号是")),
    no=("国发", "渝府办发", "发改规划", "苏政办"),
    why="words before a number in running text, which are caught with its code",
)
CITED_TITLE = Pattern(
    rf"{TITLE.source}(?:\s{{0,9}}+[（(\[〔][^（()）]{{3,24}}号[)）\]])?",
    yes=("《规划纲要》", "《规划纲要》（国发〔2021〕6号）", "《办法》(市政府令第8号)"),
    no=("（国发〔2021〕6号）",),
    why="a title with the number behind it, where there is one",
)
NAMED_DOCUMENT = Pattern(
    rf"{TITLE.source}|{YEAR_AND_SERIAL.source}",
    yes=("《规划纲要》", ("国发〔2021〕6号", "〔2021〕6号")),
    no=("上级文件",),
    why="names another document: its figures are no figures of the sentence",
)
TITLE_THEN_NUMBER = Pattern(
    rf"\s{{0,20}}+[(（]\s{{0,20}}+{DOCUMENT_NUMBER.source}",
    yes=("（国发〔2021〕6号", " ( 国发〔2021〕6号"),
    no=("国发〔2021〕6号",),
    why="what follows a title: the number that goes with it",
)


def written_number(match: re.Match[str]) -> str:
    """A number that DOCUMENT_NUMBER found, in the form that catalogues keep: 国发〔2021〕9号."""
    return f"{match['code']}〔{match['year']}〕{int(match['serial'])}号"


def number_endings(match: re.Match[str]) -> Iterator[str]:
    """A number found in running text, the words before its code dropped one by one: which of
    the endings is a number, only a catalogue can tell."""
    code, written = match["code"], written_number(match)
    for start in range(len(code)):
        yield written[start:]


def likely_number(match: re.Match[str]) -> str:
    """A number found in running text without the words that lead up to it."""
    code, written = match["code"], written_number(match)
    lead = _LEADS_UP.match(code)
    return written[lead.end() :] if lead else written


KIND_AT_END = Pattern(
    rf"(?P<kind>{_KIND})[》>”]?\s*(?:[（(〔\[][^（()）〔〕]{{1,30}}[)）〕\]])?[》>”]?$",
    yes=(
        ("关于印发规划的通知", "通知"),
        ("科学素质行动规划（2021—2025年）", "规划（2021—2025年）"),
        ("管理办法(试行)", "办法(试行)"),
        ("关于印发《实施方案》", "实施方案》"),
    ),
    no=("工作目标", "方案要求各地落实"),
    why="a title ends with its 文种; (试行), (2021—2025年) or 》 may follow",
)
EXPLAINS = Pattern(
    r"^(?:[\u4e00-\u9fff]{0,4})(?:解读|问答)\s{0,4}[｜|丨:：]",
    yes=("部门解读｜", "一图解读：", "政策问答丨"),
    no=("解读宪法", "关于政策的解读"),
    why="the title of a page that explains a document, in front of its title",
)
TELLS = Pattern(
    r"^(?![^《]{0,40}关于)[^《]{2,40}(?:印发|发布|出台|公布|下发)《[^》]{1,200}》$",
    yes=("商务局印发《关于加强保供的通知》", "青禾市出台《实施方案》"),
    no=("关于印发《实施方案》", "青禾市教育局印发《方案》的通知"),
    why="a headline that tells of a document",
)
# --- organs -----------------------------------------------------------------------------------

# Endings that stand in no other word: wherever one is found, an organ is named.
_SURE = "人民政府|委员会|办公厅|办公室|宣传部|组织部|统战部|联合会|总工会|管理局|监管局|科协|妇联|残联|侨联|文联|社科联|工商联|团委"
# Endings that also stand in other words (全部, 社会, 主办): only where an organ is due.
_SHORT = "政府|局|委|办|厅|部|院|会|联|协"
ORGAN_END = Pattern(
    f"{_SURE}|{_SHORT}",
    yes=(("教育局", "局"), ("市科协", "科协"), ("县残联", "残联"), ("区人民政府", "人民政府")),
    no=("公司", "农民"),
    why="how the names of organs end, where an organ is due",
)
ORGAN = Pattern(
    rf"{HAN}{{0,16}}?(?:{_SURE}|(?<={HAN}{HAN})(?:{_SHORT}))(?![会局委室厅门议同员]|办公)",
    yes=(
        "市教育局",
        "省人民政府办公厅",
        "县委宣传部",
        "科协",
        ("由区市场监管局牵头", "由区市场监管局"),
        ("市科协负责什么", "市科协"),
    ),
    no=("全部", "主要部门", "局长"),
    why="an organ, with what stands before its name where nothing separates them",
)
SURE_ORGAN = Pattern(
    rf"{HAN}{{1,14}}?(?:{_SURE}|科技局|教育局|财政局|厅|局|委(?=[、，。；（）牵负配和及]|$))",
    yes=(
        "市教育局",
        "省财政厅",
        "市残联",
        ("市卫健委牵头", "市卫健委"),
        ("县文联、县侨联", "县文联"),
    ),
    no=("委托第三方", "全部社会力量", "主办", "工商业联合"),
    why="an organ for certain: what a sentence names must stand in what it cites",
)
ORGAN_TAIL = (
    r"(?:人民政府办公厅|人民政府办公室|政府办公厅|政府办公室|委员会办公室|"
    rf"{_SURE}|{_SHORT}|管委会|领导小组|指挥部|联席会议|法院|检察院|总局|总署|署|行|党委|中央|国务院|集团|公司|中心)"
)
ORGAN_LINE = Pattern(
    rf"[\u4e00-\u9fff（）()、·\s]{{2,60}}{ORGAN_TAIL}(?:[（(][^）)]*[)）])?$",
    yes=(
        "保山市人民政府",
        "中共某市委 某市人民政府",
        "市科学技术协会",
        "县残联",
        "领导小组办公室（代章）",
    ),
    no=("主要任务", "2022年3月14日", "一、工作目标"),
    why="a line that is an organ's name: signature, red head, first line of a title",
)
RED_HEAD = Pattern(
    r"[\u4e00-\u9fff（）()、\s]{2,40}(?:文\s*件|公\s*报|函|通\s*知)$",
    yes=("某市人民政府文件", "某省人民政府公报", "某市教育局 文 件"),
    no=("某市人民政府", "文件要求"),
    why="红头: the organ and what it issues, above the number",
)
PLACE_OF_ORGAN = Pattern(
    rf"({HAN}{{2,5}}?省)?({HAN}{{2,5}}?[市州盟])?({HAN}{{1,5}}?[县区旗])?"
    rf"(?=人民政府|政府|委$|行政公署|人民法院|人民检察院|第.{{1,3}}届|"
    rf"(?:{HAN}{{2,24}}(?:局|委员会|办公室|厅|指挥部|领导小组|中心|院|会|部)))",
    yes=(
        ("云岭省青禾市人民政府", "云岭省青禾市"),
        ("某某开发区管理委员会", "某某开发区"),
        ("青禾市城市管理局", "青禾市"),
        ("青禾县委", "青禾县"),
    ),
    no=("小组",),
    why="省 市 县 in front of an organ, for places that no list of divisions knows",
)
SIGNED = Pattern(
    rf"(?:{ORGAN_TAIL})\s{{0,20}}+{A_YEAR}\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日",
    yes=(("青禾市教育局 2026年3月4日", "局 2026年3月4日"),),
    no=("青禾市教育局", "发布时间：2026年3月4日"),
    why="an organ and the day: a signature, whatever a page prints beside it",
)
PLACE_OF_STANDARD = Pattern(
    rf"^(?P<place>{HAN}{{2,12}}[省市州盟区县旗])(?:地方|推荐性地方|强制性地方)标准$",
    yes=("云岭省地方标准", "青禾市地方标准"),
    no=("国家标准", "团体标准"),
    why="the head of a standard's cover",
)
_LEVEL = Pattern(
    r"^(?:自治区|全?省|全?市|全?区|全?县|州|旗|国家)",
    yes=(("区交通局", "区"), ("自治区教育厅", "自治区"), ("全市各部门", "全市")),
    no=("交通局",),
)
_BEFORE_ORGAN = Pattern(
    rf"(?:^|[^\u4e00-\u9fff]|[省市区县州旗]|{ORGAN_END})$",
    yes=("市", ("县教育局", "局"), "、"),
    no=("城市交",),
    why="what a name of an organ may follow in a list that may have lost its separators",
)


def organ_name(text: str) -> str:
    """An organ without the level in front: 区交通局 → 交通局."""
    return _LEVEL.remove_from(text)


def names_organ(organs: str, wanted: str) -> bool:
    """Whether a list of organs holds one, whatever level stands in front of it.

    The list may have lost its separators, so the name is looked for as a part of it.
    """
    base = organ_name(wanted)
    position = organs.find(base)
    while position >= 0:
        if _BEFORE_ORGAN.search(organs[:position]):
            return True
        position = organs.find(base, position + 1)
    return False
