"""Which figures are indicators, and whether they are aimed at or were reached."""

from typing import Literal

from ingest.facts.claim import Claim
from ingest.facts.ordered import is_asked, is_ordered
from ingest.facts.setting import Setting
from ingest.facts.years import Calendar
from vectorstore.language.aims import (
    BY_WHEN,
    COMPARED,
    FUTURE_SAID,
    HAS_ACT,
    INDICATOR_END,
    IS_PAID,
    RATE_END,
)
from vectorstore.language.numerals import NUMERALS
from vectorstore.language.pattern import Pattern

REACHED = Pattern(
    r"截至|截止|已(?!建(?:设|的|项|工))|目前|现有|调查显示|仅为|初步核算|现为|不及|去年|(?<!以)上年(?!.{0,9}(?:增长|提高|下降|降低|减少|增加|压减|再|水平))|未达到|超额完成",
    yes=(("截至2025年底", "截至"), ("已建成", "已"), "超额完成"),
    no=("到2027年达到", "比上年增长"),
    why="says for certain what has been reached",
)
_AIM = Pattern(
    r"目标|预期|力争|争取|确保|计划(?!生育)|任务|安排|要求",
    yes=(("主要预期目标是", "预期"), ("力争达到", "力争")),
    no=("完成", "达到"),
    why="says for certain what is aimed at",
)
_LIMITS = Pattern(
    r"不满|未满|期限|实施时长|有效期|时限|(?:之|以)?日起|期间|(?:满|逾)期|超期|距离|间距|使用年限|"
    r"征求意见|一式|每人每|每次|缴|申报|提交|审核|受理|公示|签订|注册资金|总分|加分|扣分|得分|计分|扣|考核.{0,6}分",
    yes=("有效期", ("自受理之日起", "受理"), "公示"),
    no=("普及率达到",),
    why="limits, time limits and points of procedures",
)
_RATES_OF_PAY = Pattern(
    r"按|给予|下调|上调|税|利率|费率|贴息|首付|份额|减按|减免|折|提取|保证金|征收|收益|佣金|股|额度|出资|承担|封顶",
    yes=(("按10%", "按"), ("给予50%", "给予")),
    no=("普及率",),
)
_PAY_RATE = Pattern(
    r"(?:费率|税率|利率|折扣率|征收率|返还|补贴|补助|奖励|缴纳|缴费)",
    yes=(("担保费率", "费率"), ("贷款利率", "利率")),
    no=("普及率",),
)
_DONE_RATE = Pattern(
    r"(?<![费税利扣收息])率$",
    yes=(("补贴资金发放率", "率"), ("奖励兑现率", "率")),
    no=("担保费率", "贷款利率", "征收率"),
    why="how much of it was done, no rate of pay",
)
_RATE = Pattern(
    r"(?:率|占比|比重|增长|下降|增速|覆盖面)$",
    yes=(("资金发放率", "率"), ("民生支出占比", "占比")),
    no=("总额",),
)
_LONG = frozenset(
    ["天", "日", "岁", "周岁", "年", "小时", "分钟", "工作日", "自然日", "秒", "个月"]
)
_TIME_INDICATOR = Pattern(
    r"(?<!公告)(?<!公示)(?:寿命|时间|天数|时长|年限|周期|时效|年龄|日数|时数|学时)(?:每[年月周日天])?$",
    yes=(("人均预期寿命", "寿命"), ("平均反应时间", "时间"), ("保障天数", "天数")),
    no=("公示", "期限为", "公告时间"),
)
_BAD_SUBJECT = Pattern(
    r"^[/／]|^(?:单[个场次项户家]|年度|时间|期限|时长|数量|金额|标准|限额|价格|其中|前)$|^(?:按照?|由)(?!时|期|揭)|身高|体重|视力|^(?:不|最|只|仅|如|按|应|由|于|在|对|向|以|每|从|有|是|且|含|人均|日均|原则上|距|共)*$|电话|邮编|邮箱|传真|编号|联系|序号|代码|账号|地址|"
    r"是否|酒精|每(?:新增|增加|招用|吸纳)$|^第(?![一二三](?:产业|[、和]))|国道|省道",
    yes=("", ("联系电话", "联系"), "第"),
    no=("普及率",),
)
_NO_AIM = Pattern(
    r"病例|确诊|体温|消毒|风险|浓度为",
    yes=(("疑似病例", "病例"),),
    no=("普及率",),
    why="what papers give figures of without aiming at any; news count them",
)
_AHEAD = Pattern(
    r"将(?!军)|力争|争取|确保|计划(?!生育)|拟|预计|要(?!求|素|点)|不低于|不少于|控制在|目标|用足用好|今后|未来|下一步|年底前",
    yes=(("将投入", "将"), ("力争达到", "力争")),
    no=("达到", "以上"),
    why="in news: what is meant to come",
)
_TO_BE_HAD = Pattern(
    r"给予|享受|补助|补贴|奖励|减免|减按|免收|最高|每人|每户|利率|费率|税率|罚款|返还|降价|可以?(?:按|由|进一步)|不超过",
    yes=(("给予10万元", "给予"), ("补助最高", "补助")),
    no=("发放贷款", "备案"),
    why="in news: sums to be had, which are amounts",
)
_DONE = Pattern(
    r"已|截至|发放了|获得了|到账|落实了|拨付了",
    yes=(("已拨付补助", "已"),),
    no=("给予补助",),
    why="in news: sums that were paid, no sums to be had",
)
_CONDITION = Pattern(
    r"以上的|以下的|的，|的$|处|罚|股|表决|税|(?<!经)费(?!收入)|缴|抽样|误差|应当(?:按|由)|不得|经.{1,10}同意",
    yes=(("超过30%的", "的"), ("处5%的罚款", "处")),
    no=("覆盖率不低于95%",),
    why="in an article: on what condition something follows",
)
_NEAR = 60  # characters before a requirement that may make it a condition
_MUST = Pattern(
    r"不得?(?:低于|少于|超过|高于|大于|小于)|至少|不能(?:低于|少于|超过)|控制在",
    yes=(("抽查比例不低于5%", "不低于"), ("每年至少演练2次", "至少")),
    no=("5%以上", "超过"),
    why="binds",
)
_SHALL = Pattern(
    r"(?:应当?|须|必须)(?:达到|保持|控制)|率达到",
    yes=(("办结率应当达到100%", "应当达到"), ("核验率达到100%", "率达到")),
    no=("面积达到",),
    why="in an article: a rate that has to be reached",
)
_CHECKED = Pattern(
    r"抽查|抽检|抽取|核查|核验|检查|巡查",
    yes=(("按不低于5%的比例抽查", "抽查"),),
    no=("按5%给予",),
    why="a share that is looked at, nothing that is paid",
)
_COUNTED = Pattern(
    r"共(?!同)|现有|总计", yes=(("学校共", "共"),), no=("共同",), why="counts what there is"
)
_IF = Pattern(
    r"^[\s，]*(?:对于?)?(?:如果?(?![期下何])|若|凡)|(?:一次性|可)给予|持平或增长",
    yes=(("如年内举办", "如"), ("一次性给予补助", "一次性给予")),
    no=("如期完成", "办结率"),
    why="a condition, or what follows from it",
)
MUST_BE = Pattern(
    r"(?:主体|对象|单位|申请人|申报者|企业|机构|者|人员)[^，。；]{0,6}(?:须|应当?|必须)(?:同时)?(?:持有|具备|具有|符合|满足|取得|达到)",
    yes=(("创建主体须持有许可证", "主体须持有"), ("申报单位应当具备", "单位应当具备")),
    no=("抽检合格率应达到95%", "供水站应当公示"),
    why="in front of a bound: what somebody must be or have",
)
_KEPT = Pattern(
    rf"(?:保存|保管|留存|保留)(?:期限?|时间)?[\u4e00-\u9fff]{{0,4}}?(?:应当?|须|要|为|不得?(?:少于|低于)|至少|，){{0,3}}\s?[\d{NUMERALS}]",
    yes=(
        ("记录应当保存60日", "保存6"),
        ("留存时间不少于6个月", "留存时间不少于6"),
        ("保存记录至少三年", "保存记录至少三"),
    ),
    no=("保存记录",),
    why="how long something has to be kept",
)
_ASKED = Pattern(
    r"条件|资格|具备|申请|申报|属于|符合|的[，,]$",
    yes=(("申请人具有资格", "申请"), ("属于小微企业的，", "属于")),
    no=("抽查比例",),
    why="in front of a figure: it says who may have something",
)
_WANTED = Pattern(
    r"条件|资格|具备|具有|注册资|补贴|补助|测算|享受|限额|每户|报销|从业|学历|年龄|申请|申报|裁员|信用|"
    r"(?:场地|营业|经营|种植|用房|场所)面积|面积(?:达到?|在|\d)|经营期|罚|缴|价|未达到|低于.{1,20}的[，,]|属于|符合",
    yes=(("从业人员具有资格", "从业"), ("裁员率不超过5%", "裁员")),
    no=("抽查比例",),
    why="what one has to have: conditions",
)
_THINGS = frozenset("家个名人户所座处场期项批次株亩吨台套辆件部条起例宗笔") | {
    "公里",
    "人次",
    "场次",
    "平方米",
}
_NAMED = 4  # characters of what is counted that say enough of it
_OF_MONEY = Pattern(
    r"资金|经费|费用?(?!率)|基金|公益金|收益|收入|投资|金额|出资|自筹|配套|工资|保证金|股权|股份|价格?款?$",
    yes=(("维护资金占水费收入", "资金"), ("自筹比例", "自筹")),
    no=("抽查比例", "消费率"),
    why="shares of money",
)
Kind = Literal["target", "figure"]


def is_indicator(claim: Claim, setting: Setting) -> bool:
    """Precision first: in doubt it is none."""
    subject = claim.subject
    if len(subject) < 2 or len(subject) > 60 or _BAD_SUBJECT.search(subject):
        return False
    if "罚款" in claim.said:
        return False
    if setting.nature == "news":
        return not _is_limit(claim) and not (
            _TO_BE_HAD.search(claim.said) and not _DONE.search(claim.said)
        )
    if _NO_AIM.search(subject):
        return False
    if _IF.search(claim.said) or (claim.sign != "=" and MUST_BE.search(claim.lead + claim.said)):
        return False
    if ("由" in claim.head.firm or "从" in claim.head.firm) and not claim.head.years.years:
        return False  # 由45%提高到65%: what was, nobody knows when
    if _is_set_aside(claim) or is_asked(claim):
        return not setting.is_condition
    if _is_pay(claim) or _is_limit(claim):
        return False
    if is_ordered(claim, setting):
        return True
    strong = _says_level(claim) or bool(claim.head.change) or claim.is_shared
    rate = bool(RATE_END.search(subject)) and claim.quantity.unit in ("%", "‰", "个百分点", "/10万")
    if is_norm(claim, setting):
        return True
    if setting.is_article:
        bound = claim.sign != "=" or bool(claim.head.firm)
        aims = claim.year_said or "目标" in claim.lead[-40:] + claim.said
        named = rate or (claim.year_said and bool(HAS_ACT.search(subject) or claim.head.firm))
        aims = aims or (rate and bool(_SHALL.search(claim.said)))
        return (
            named
            and bound
            and bool(aims)
            and not setting.is_condition
            and not _CONDITION.search(claim.said)
        )
    if setting.mode or setting.nature in ("report", "statistics"):
        named = (
            setting.nature == "statistics"
            or bool(INDICATOR_END.search(subject))
            or bool(HAS_ACT.search(subject))
        )
        told = claim.quantity.unit in _THINGS or claim.quantity.unit.startswith(("元", "美元"))
        named = named or (told and len(subject) >= _NAMED)
        return strong or rate or named or bool(claim.behind) or claim.is_counted_behind
    firm = (
        setting.year is not None
        or claim.year_said
        or bool(FUTURE_SAID.search(claim.said))
        or bool(REACHED.search(claim.said))
        or calls_ahead(claim)
    )
    counted = bool(_COUNTED.search(claim.head.firm)) and claim.quantity.unit in _THINGS
    ahead = calls_ahead(claim) and bool(HAS_ACT.search(subject))
    return firm and (rate or counted or ahead or (strong and _is_named(claim)))


def calls_ahead(claim: Claim) -> bool:
    """到2027年, 6月底前: the sentence says by when, and nothing that was reached."""
    said = claim.lead + claim.said
    return bool(BY_WHEN.search(said)) and not REACHED.search(said)


def is_norm(claim: Claim, setting: Setting) -> bool:
    """A standing requirement (抽查比例不得低于5%), in whatever kind of text; no condition under
    which something is granted."""
    subject, unit = claim.subject, claim.quantity.unit
    rate = bool(RATE_END.search(subject)) or unit == "%"
    signed = claim.sign == ">=" or (claim.sign == "<=" and rate)
    binds = signed and bool(_MUST.search(claim.said))
    if setting.is_article and rate and _OF_MONEY.search(subject):
        return False  # how much of it is paid or set aside: an amount
    kept = _KEPT.search(claim.said)
    if setting.is_condition or _CONDITION.search(_MUST.remove_from(claim.said)):
        return False
    wanted = _WANTED.search(claim.said) or _ASKED.search(claim.lead[-_NEAR:])
    return bool(kept) or (binds and not wanted)


def _is_named(claim: Claim) -> bool:
    """By an indicator's word, or by an act and a bound (至少建成1处)."""
    binds = claim.sign in (">=", "<=") and bool(HAS_ACT.search(claim.subject))
    return binds or bool(INDICATOR_END.search(claim.subject))


def _says_level(claim: Claim) -> bool:
    return bool(claim.head.firm) or claim.sign != "=" or bool(claim.behind)


def _is_set_aside(claim: Claim) -> bool:
    """基金应当安排不低于10%的比例用于…: a share of public money, an aim in laws too."""
    used = "用于" in claim.subject and claim.quantity.unit == "%"
    return used and bool(_OF_MONEY.search(claim.subject.partition("用于")[0]))


def _is_pay(claim: Claim) -> bool:
    unit, said = claim.quantity.unit, claim.said
    words = claim.subject + said
    if unit == "%" and _CHECKED.search(said):
        return False
    if "新增" in claim.subject and not _TO_BE_HAD.search(said):
        return False
    if unit.startswith(("元", "美元")) and "累计" not in said and not _is_total(claim):
        priced = "价格" in claim.subject and claim.sign in ("<=", "<")
        return priced or bool(IS_PAID.search(words)) or "每年安排" in said
    if unit in ("%", "倍"):
        if _PAY_RATE.search(claim.subject) and not _DONE_RATE.search(claim.subject):
            return True
        pays = IS_PAID.search(words) or _RATES_OF_PAY.search(said)
        return bool(pays) and not _RATE.search(claim.subject)
    return False


def _is_total(claim: Claim) -> bool:
    """补助资金 over years, by a bound or 总: what a plan invests."""
    return claim.quantity.value >= 10**8 and (claim.sign != "=" or "总投" in claim.said)


def _is_limit(claim: Claim) -> bool:
    unit = claim.quantity.unit
    if _KEPT.search(claim.said):
        return False
    if unit in _LONG and not _TIME_INDICATOR.search(claim.subject) and not claim.head.change:
        return True
    if unit == "次" and claim.sign == "=" and "每" in claim.subject:
        return True
    if unit in ("分", "份"):
        return True
    if claim.year_said or RATE_END.search(claim.subject):
        return False
    return bool(_LIMITS.search(claim.said))


def kind_of(claim: Claim, setting: Setting, calendar: Calendar) -> Kind:
    said = claim.said
    if "目标" in claim.behind or "任务" in claim.behind:
        return "target"
    if (claim.behind and not _AIM.search(said)) or COMPARED.search(claim.subject):
        return "figure"
    rules = setting.is_article or (setting.mode != "past" and is_norm(claim, setting))
    if rules and not REACHED.search(said):
        return "target"
    lead = claim.lead + said
    past = calendar.is_past(claim.year) if claim.year is not None else None
    if not past and (is_ordered(claim, setting) or is_asked(claim)):
        return "target"
    if setting.nature == "news" and not past and not REACHED.search(said):
        return "target" if setting.mode == "future" or _AHEAD.search(said) else "figure"
    if past is True:
        return "target" if _AIM.search(claim.head.firm) and "未" not in said else "figure"
    if past is False:
        return "figure" if REACHED.search(said) else "target"
    if REACHED.search(said) and not _AIM.search(said):
        return "figure"
    if setting.mode == "past":
        clause = lead.split("；")[-1]
        return "target" if _AIM.search(clause) and claim.year_said else "figure"
    if (
        calls_ahead(claim)
        or setting.mode == "future"
        or _AIM.search(lead)
        or FUTURE_SAID.search(said)
    ):
        return "target"
    orders = setting.nature in ("plan", "report")
    orders = orders or (setting.nature == "other" and _says_level(claim))
    return "target" if orders and not _PAST_REPORT.search(lead) else "figure"


_PAST_REPORT = Pattern(
    r"预计|同比|比上年|较上年|上半年|季度|\d月(?![^，。；]{0,6}前)", yes=(("同比增长", "同比"),), no=("增长",),
    why="what a report of the running year says was reached",
)  # fmt: skip
