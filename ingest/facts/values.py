"""Which quantities of a stretch say what something comes to, and what they count."""

from collections.abc import Iterator

from ingest.facts.heads import clean_start
from vectorstore.language.aims import ACT, ACTS, AIM_BEHIND, TO_A_LEVEL
from vectorstore.language.names import CHINESE
from vectorstore.language.numerals import NUMERALS
from vectorstore.language.pattern import Pattern
from vectorstore.language.quantities import Quantity
from vectorstore.language.sums import CHOSEN, SET_ASIDE

_STOP = Pattern(
    r"[，；。：！？,;:!?\n]|\s(?=“)", yes=("，", "：", ";", (" “据介绍", " ")), no=("、", ".", "“")
)
_JOIN = Pattern(r"\s?(?:[、和与及或]|以及)", yes=("、", "和"), no=("，",), why="between figures")
_JOINED = Pattern(r"(?:[、和与及]|以及)$", yes=(("医院和", "和"),), no=("医院",))
_CUT = Pattern(
    r"[、和与及]", yes=("、",), no=("，",), why="where what is counted ends and the next begins"
)
TIMES = frozenset(
    ["年", "天", "日", "岁", "周岁", "个月", "小时", "分钟", "工作日", "自然日", "秒"]
)
_BARE = Pattern(
    r"指数|系数|恩格尔|基尼|收入比",
    yes=(("景气指数为", "指数"),),
    no=("达到",),
    why="figures without a unit",
)
_CONSEQUENCE = Pattern(
    r"的[，,]?(?:予以|给予|处|应|不得|不予|进行|由|可|视为|扣|取消|责令|按|须|不能|列入|实行|一律)",
    yes=("的予以", "的，应"),
    no=("的社区", "的县"),
    why="behind a figure: it is a condition, and this is what follows",
)  # fmt: skip
_STARTS_NEXT = Pattern(
    r"(?:增加|增长|提高|提升|上升|下降|降低|减少|扩大|缩短|压减|增|降|升|减)[到至了]?\s?(?=约?\d|[到至])|左右|以内|以上",
    yes=(("提高到2030年的", "提高到"), ("降至", "降"), ("提高了2.1个百分点", "提高了")),
    no=("提高能力",),
    why="goes on to the next figure: from one to the other",
)
_NEXT_VERB = Pattern(
    rf"(?:[中里])?(?:已经?|共|仍|还|就|累计|合计|均|分别)?"
    rf"(?:有|获得?|收到|募集|拨付|投放|调集|派出|派遣|组成|运抵|报告|占|达到?|涉及|合计|共计|共|收取|采购|捐赠|捐款|"
    rf"金额|总额|{ACT})(?:了|近|约|超过?|逾)?$",
    yes=(("上市企业中已有", "中已有"), ("合作银行发放", "发放"), ("企业获得", "获得"), ("医院合计", "合计")),
    no=("社区卫生机构",),
    why="behind what is counted: the verb of the next figure",
)  # fmt: skip
_UP_TO = Pattern(
    r"\s?\d[\d.]{0,8}[百千万亿]{0,2}[\u4e00-\u9fff%]{1,4}(?:以下|以内)",
    yes=(("20万元以下的", "20万元以下"), "30人以下"),
    no=("的企业", "20万元"),
    why="behind a bound: the other end of a range",
)
_SIZED = Pattern(
    r"的?(?:工业|农业|商贸|服务业|重大)?(?:企业|项目|园区|产业|集群|品牌|单位|乡镇|村|农户|家庭|基地)",
    yes=(("企业由1家", "企业"), "的项目"),
    no=("以上", "建设资金"),
    why="behind a size: what has it",
)
_OVER = ("超", "超过", "过", "突破", "不足", "低于")
_SIZES = frozenset(["元", "美元", "亩", "吨", "公顷", "平方米"])
_MANNERS = ("方面", "环节", "步骤", "阶段", "要点", "部分", "月内", "字")  # 4个方面
_WITH_JOIN = ("参与", "涉及", "普及", "给与")
_OF_THEM = 4  # characters: 其中, 已有
_SHARE = Pattern(
    r"[\u4e00-\u9fff]{2,20}(?:超过|高于|低于|达到|不足|突破)\d",
    yes=("企业开工率超过5",),
    no=("的企业", "企业，开工率5"),
    why="behind a share: those of which something holds, a figure in it",
)
_VERB_INSIDE = Pattern(
    r"(?<=[\u4e00-\u9fff])(?:发放|投放|提供|拨付|捐赠|派出|调集|办理|收治|减免|推送|开展)(?=[^、和与及]{1,12}$)",
    yes=(("县发放抗旱贷款", "发放"),),
    no=("发放贷款", "抗旱贷款"),
    why="behind what is counted: the verb of the next figure and what that counts",
)
_AT_LEAST = Pattern(
    r"(?:至少|不得?少于)[\u4e00-\u9fff]{0,4}$",
    yes=(("每年至少进行", "至少进行"), ("巡查不少于", "不少于")),
    no=("进行",),
    why="in front of a count in words, which counts what stands behind it",
)
_SIZE = Pattern(
    r"[^，。；]{0,10}的",
    yes=("企业的", ("的小微企业", "的")),
    no=("社区",),
    why="behind 以上, 以下: a size by which things are told apart, no figure of them",
)


def stretches(text: str, found: list[Quantity], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The text between commas, semicolons and colons that stand in no number."""
    at = start
    for match in _STOP.finditer(text, start, end):
        if not any(q.start <= match.start() < q.end for q in found):
            yield at, match.start()
            at = match.end()
    if at < end:
        yield at, end


def values(text: str, found: list[Quantity], a: int, b: int, counts: bool) -> list[Quantity]:
    """Those that say what something comes to, not those within a name (60岁以上老年人).

    `counts`: every number of things counts them (81家企业中已有75家复工), as in reports of news.
    """
    result: list[Quantity] = []
    for quantity in found:
        before = result[-1] if result else None
        head = text[before.end if before else a : quantity.start]
        after = text[quantity.end : b]
        if _is_value(quantity, head, after, before is not None) or (
            counts and _is_counted(quantity, head, after)
        ):
            result.append(quantity)
    if len(result) > 1 and _is_share(result[0], text[a : result[0].start], text[result[0].end : b]):
        return result[:1]
    return result


def _is_share(quantity: Quantity, head: str, after: str) -> bool:
    return quantity.unit == "%" and len(head) <= _OF_THEM and bool(_SHARE.match(after))


def _is_counted(quantity: Quantity, head: str, after: str) -> bool:
    if (
        not quantity.unit
        or quantity.unit in TIMES
        or head.endswith(("每", "“", "各", "近期", "第"))
    ):
        return False
    if after.startswith(_MANNERS):
        return False
    if head.endswith("在") and "中" in after:
        return False
    return not (quantity.bound and quantity.unit != "%" and _SIZE.match(after))


def _is_value(quantity: Quantity, head: str, after: str, follows: bool) -> bool:
    if head.endswith("“") and after.startswith("”"):
        return False  # a name: “12条”
    if after.rstrip() == "的":
        return False  # 成活率低于85%的，
    if quantity.bound and _UP_TO.match(after):
        return False  # 2万元以上20万元以下的
    if head.endswith(_OVER) and quantity.unit in _SIZES and _SIZED.match(after):
        return False  # 产值超10亿元企业
    if not quantity.unit:
        return bool(_BARE.search(head)) and not CHINESE.match(after)
    if not CHINESE.match(after) and not after.startswith(("“", "《")):
        return True
    if _JOIN.match(after) or AIM_BEHIND.match(after) or _STARTS_NEXT.match(after):
        return True
    if quantity.unit in ("%", "‰"):
        if _CONSEQUENCE.match(after):
            return False
        if after.startswith("的") or SET_ASIDE.match(after) or CHOSEN.match(after):
            return True
        return bool(ACTS.search(head)) or quantity.bound == "~"
    if quantity.text[0] in NUMERALS and _AT_LEAST.search(head) and not after.startswith("的"):
        return True
    if quantity.unit in TIMES or (
        quantity.bound and after.startswith("的") and not ACTS.search(head)
    ):
        return False
    if follows and _JOINED.search(head):
        return True
    binds = ACTS.search(head) or (TO_A_LEVEL.search(head) and not after.startswith("的"))
    if quantity.bound and not ACTS.search(head) and not head.endswith(("有", "设")):
        return False
    return bool(binds) or (head.endswith("的") and not clean_start(head).startswith("的"))


def behind(text: str, quantity: Quantity, until: int) -> tuple[str, int]:
    """What is counted, where it stands behind the number, and where that ends."""
    after = text[quantity.end : until]
    if not (CHINESE.match(after) or after.startswith(("“", "《"))) or _JOIN.match(after):
        return "", quantity.end
    if TO_A_LEVEL.fullmatch(after.rstrip("的、和 ")) or _STARTS_NEXT.match(text, quantity.end):
        return "", quantity.end
    cut = len(after)
    if text[until : until + 1].isdigit():  # another figure follows
        joins = [match.start() for match in _CUT.finditer(after)]
        verb = _NEXT_VERB.search(after) or _VERB_INSIDE.search(after)
        cut = verb.start() if verb else joins[-1] if joins else _before_verb(after)
        cut = after.find("及", 1, cut) if verb and after.find("及", 1, cut) > 1 else cut
    noun = _DOES.remove_from(after[:cut])
    return noun if noun.endswith(_WITH_JOIN) else noun.rstrip("、和与及"), quantity.end + cut


_DOES = Pattern(
    r"(?<=[\u4e00-\u9fff]{2})(?:进行|负责|即可|予以)[^，。；]{0,30}$|^(?:之间|的?(?:范围|区间)内)?(?:自主|自行)(?:确定|选择|申请|调整)",
    yes=(("联络员负责报送材料", "负责报送材料"), ("自主确定缴存比例", "自主确定")),
    no=("负责人",),
    why="behind a count: what those do that it counts, or how a share is set",
)


def _before_verb(after: str) -> int:
    """Where the verb of the next figure begins: 子企业开工率|已经超过."""
    end = len(after)
    while end and (match := TO_A_LEVEL.search(after, max(0, end - 8), end)):
        end = match.start()
    return end or len(after)
