"""The words before a figure: year, place, indicator, verb and how firm."""

from dataclasses import dataclass

from ingest.facts.places import EACH, Home, Place, places_at_start
from ingest.facts.years import Calendar, Years, without, years_in
from vectorstore.language.aims import CHANGE, MONTH_SAID, TO_A_LEVEL
from vectorstore.language.pattern import Pattern

_LEAD = Pattern(
    r"^(?:[\s、，；：:,”\"．.—\-]++|“(?![^“”]{1,30}”)|其中|以及|和(?!谐)|与|及(?!时|其|格)|并(?!购)|同时|此外|另外|且|或|即(?!时)|也|则|还(?![款田林草迁贷])|使(?!用)|以来|到时|届时|"
    r"其(?!中|他)|含(?!量)|在(?=全[省市县区]|各)|目前|当前|截至目前|而|将|把|例如|如|据悉|一是|二是|三是|四是|五是|确保|力争|争取|预计|计划|努力|推动(?=.{2,20}达到)|实现|完成(?!率)|共有|现有|共(?=[建培新投完争实资])|(?:\d{1,2}|[两三五十])年内|年末(?=.)|"
    r"累计(?=[建培新投完争实发])|初步核算|经.{2,8}核算|按.{2,10}计算|据.{2,12}(?:显示|统计|调查)|末|底|前|年(?=末|底)|再(?!生|制造|就业|利用|贷款|保险|担保|融资))",
    yes=(("其中乡村教师", "其中"), ("、充电桩", "、"), ("实现产值", "实现"), ("和农村居民", "和")),
    no=("新建公路", "和谐社区", "完成率", "再生水利用率", "使用率", "及时率", "还田面积"),
    why="words before an indicator that are no part of it",
)
NUMBERING = Pattern(
    r"^\s*(?:第[一二三四五六七八九十百零\d]{1,6}条\s|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、](?!\d)|[①-⑳]|\d{1,3}\s?[｜|])\s*",
    yes=(
        ("（三）县级", "（三）"),
        ("第七条 总量", "第七条 "),
        ("4．智能计量", "4．"),
        ("二、任务", "二、"),
    ),
    no=("三项任务",),
)
_OF_WHAT = Pattern(
    r"(?:应当?|须|要|调整为|调整到|为|年度|达到)?(?P<bind>不得?(?:低于|少于|超过|高于|大于|小于)|控制在|至少达到|达到|超过)"
    r"(?P<of>[\u4e00-\u9fff（）]{2,16})$",
    yes=(
        ("教育支出应不低于财政支出", "应不低于财政支出"),
        ("抽查数量不少于登记企业", "不少于登记企业"),
    ),
    no=("教育支出占财政支出", "覆盖率不低于"),
    why="in front of 的4%: a bound, and what it is a share of",
)
_OF_ITSELF = Pattern(
    r"(?:率|占比|比重|比例|覆盖面)$",
    yes=(("活动覆盖面", "覆盖面"),),
    no=("支出",),
    why="an indicator that is a share by its name",
)
_FOR_YEARS = Pattern(
    r"(?:已?连续|连)(?:\d{1,2}|[两三四五六七八九十]{1,3})(?:年|个月|天|周)",
    yes=(("粮食产量连续6年", "连续6年"), "连续三年"),
    no=("6年",),
    why="how long it has been so, no part of an indicator",
)
_SAME_PERIOD = Pattern(
    r"同比|环比|各|约|可比",
    yes=(("同比增长", "同比"),),
    no=("年均增长",),
    why="a change says it anyway",
)
_PERSONS = (
    "老年人|残疾人|儿童青少年|儿童少年|青少年|未成年人|残疾儿童|留守儿童|适龄儿童|儿童|妇女|孕产妇|新生儿|婴幼儿|中小学生|大学生|学生|"
    "教师|农民工|农民|城镇居民|农村居民|城乡居民|居民|职工|劳动者|劳动力|毕业生|脱贫人口|监测对象|低保对象|特困人员|"
    "公民|女孩|男孩|患者|员工|领导干部|公务员|退役军人|随迁子女|困难群众|人员"
)
GROUP = Pattern(
    rf"^(?!共|已|该|其|累计|报告|帮助|组织|派出|开展|举办|为(?!民)|有(?!需求|劳动))(?P<group>[\u4e00-\u9fff0-9（）、“”]{{0,20}}?(?:{_PERSONS}))(?P<rest>(?!消费价格|储蓄|存款|收入比|数|口|总数|的?人数|比重|人次)[^、]{{2,}})$",
    yes=("65岁以上老年人健康管理率", "城镇居民人均可支配收入", "脱贫人口大病救治率"),
    no=("普及率", "已帮助农民工返岗", "老年人数", "居民消费价格"),
    why="whom an indicator counts, named in front of it",
)


_SHARES = frozenset(["比例", "比重", "占比", "数量", "规模"])
_WHOLE = Pattern(
    r"^[省市县区州](?=公民|居民|城镇|农村)",
    yes=(("市公民", "市"),),
    no=("市级专家", "公民"),
    why="the place in one word, before those who live there",
)
_VERB, _CHANGE = 12, 40  # characters before a figure in which its verb stands


@dataclass(frozen=True, slots=True)
class Head:
    """`body` is the indicator, '' where it is left unsaid; `firm` the words between it and the
    figure; `change` the verb (增长) where the figure says by how much something changed."""

    body: str
    firm: str
    change: str
    years: Years
    places: tuple[Place, ...] = ()
    each: str = ""
    is_part: bool = False  # 其中

    @property
    def is_shared_out(self) -> bool:
        return "分别" in self.firm or "各" in self.firm or "分别" in self.change


def read_head(text: str, home: Home, calendar: Calendar, year: int | None) -> Head:
    years = years_in(text, calendar, year)
    body = _FOR_YEARS.remove_from(MONTH_SAID.remove_from(without(text, years.spans)))
    body, places, each = _placed(body, home)
    body, firm = _bare(body)
    if firm.startswith("的") and (of := _OF_WHAT.search(body)):
        body, firm = _share_of(body[: of.start()], of["of"]), of["bind"] + firm
    change = ""
    if match := CHANGE.search(body, max(0, len(body) - _CHANGE)):
        change = match[0]
        body, more = _bare(body[: match.start()])
        firm = more + firm
    part = "其中" in text[:4]
    return Head(
        body.strip(" 、，的"), firm, _SAME_PERIOD.remove_from(change), years, places, each, part
    )


def _share_of(what: str, whole: str) -> str:
    """教育支出, 财政支出 → 教育支出占财政支出; a rate says it by its own name."""
    return what if _OF_ITSELF.search(what) else f"{what}占{whole}" if what else whole


def _placed(body: str, home: Home) -> tuple[str, tuple[Place, ...], str]:
    """The indicator without connecting words and without the places before it."""
    body = clean_start(body)
    places, end = places_at_start(body, home)
    if body[end : end + 1] == "级":
        places, end = (), 0  # 国家级企业
    body = clean_start(body[end:]) if end else body
    each = EACH.match(body)
    if each:
        body = body[each.end() :]
    return body, places, each[0] if each else ""


def clean_start(body: str) -> str:
    body = NUMBERING.remove_from(body)
    while match := _LEAD.match(body):
        body = body[match.end() :]
    return body


def _bare(body: str) -> tuple[str, str]:
    """An indicator without the verb behind it, and that verb."""
    firm = ""
    body = body.rstrip()
    while body and (match := TO_A_LEVEL.search(body, max(0, len(body) - _VERB))):
        firm = body[match.start() :] + firm
        body = body[: match.start()].rstrip(" ，、：:")
    return body, firm


def split_group(subject: str) -> tuple[str, str]:
    """(whom, what): 65岁以上老年人 | 健康管理率. One of them may be ''."""
    match = GROUP.match(subject)
    if not match:
        return "", subject
    rest = match["rest"].removeprefix("的")
    if rest in _SHARES:
        return "", subject  # 具备资格的教师的比例: the share of those
    return _WHOLE.remove_from(match["group"].removeprefix("对")), rest
