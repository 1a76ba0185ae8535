"""By when, from when, how long: the days in which something must or may be done."""

from vectorstore.language.dates import A_YEAR
from vectorstore.language.numerals import NUMERALS
from vectorstore.language.pattern import Pattern

_MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_DAY = r"[0-3]?\d|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]"
POINT = Pattern(
    rf"(?:(?P<y>{A_YEAR})\s?年度?\s?|(?P<w>今年|本年度?|当年|明年|次年|翌年|每年)(?:的)?\s?)?"
    rf"(?:(?P<m>{_MONTH})\s?月(?:份)?(?:\s?(?P<d>{_DAY})\s?日|(?P<e>底|末|初|中旬|上旬|下旬))?"
    r"|(?<![\d一二三四五六七八九十百半数几多两])(?P<part>年?底|年?末|年内|上半年|下半年|第?[一二三四1-4]季度)|(?<=年)|(?<=年\s))",
    yes=("2027年12月底", "6月30日", "今年9月1日", "2028年上半年", "年底", "每年三月一日", "2027年"),
    no=("三天", "十五五", "第一章"),
    why="a day, a month, a part of a year, with the year or without",
)
TO = Pattern(
    r"^(?:[（(][^（()）\n]{1,8}[)）])?(?:上午|下午|零时|\d{1,2}[:：时点](?:\d{2})?分?)?\s?起?\s?"
    rf"(?:至|到|—|－|–|-|~|～){{1,2}}\s?(?:(?P<d>{_DAY})\s?日(?!内))?",
    yes=("至", "起至", "（周一）—", "—20日", "9:00至"),
    no=("前", "，至"),
    why="joins the first day to the last one, or gives the last day of the same month itself",
)
BEFORE = Pattern(
    r"^(?:[（(][^（()）\n]{1,8}[)）])?(?:上午|中午|下午|晚上?)?\s?(?:\d{1,2}[:：时点](?:\d{2})?分?|下班)?(?:之|以)?前(?!期|后|款|条|述|三|两|五|十|提|些|年)",
    yes=("前", "之前", "（含）前", "17:00前"),
    no=("前期", "前三季度", "，前"),
    why="by that day",
)
BEFORE_DAY = Pattern(
    r"[月日底末]\s?(?:之|以)?前",
    yes=(("月底前", "底前"), ("3月5日前", "日前")),
    no=("目前", "三年前"),
    why="a part of a sentence that gives a last day",
)
CLOSES = Pattern(
    r"(?:截止(?:时间|日期|期限|日)?(?:为|是|[:：])?(?:到|至)?|(?:不得|不|最)?(?:晚|迟)(?:于|至)|"
    r"(?:延长|延迟|延期|顺延|推迟|延后|展期|宽限|放宽|暂定|延)(?:至|到)|(?:有效期|期限|缓缴期?|执行|实施|优惠期)(?:截?至|到|为))\s?$",
    yes=("截止时间为", "延长至", "不得晚于", "有效期至"),
    no=("截至", "延长"),
    why="in front of the last day; 截至 gives the day of a figure",
)
OPENS = Pattern(
    r"(?:自|从)\s?$",
    yes=("自", ("，从", "从")),
    no=("自己", "来自该"),
    why="in front of the first day",
)
ONWARDS = Pattern(
    r"^(?:[（(][^（()）\n]{1,8}[)）])?(?:之日|零时|0时)?(?:起|开始)",
    yes=("起", "之日起"),
    no=("，起", "至"),
    why="behind it",
)
_N = rf"(?:\d{{1,4}}|[{NUMERALS}]{{1,5}})"
_UNIT = r"(?:个\s?)?(?:半)?(?:工作日|自然日|日|天|周|星期|月|年|小时|分钟|学期)"
WITHIN = Pattern(
    rf"(?:不超过|最迟|最长)?{_N}\s?{_UNIT}(?:以|之)?(?:内|前)(?!容|地|部|期|后|款|外|蒙|沿)",
    yes=("20个工作日内", "十五日内", "2小时内", "30日前", "三个月以内"),
    no=("20个工作日", "五年", "三日内容"),
    why="a number of days in which something is due; what they count from stands in front",
)
AHEAD = Pattern(
    rf"提前(?:至少|不少于)?{_N}\s?{_UNIT}",
    yes=("提前15日", "提前至少三个工作日"),
    no=("提前完成", "15日前"),
)
COUNTS_FROM = Pattern(
    r"(?:自|从|于)(?![己愿行动主然觉费由身我律营学治救])[^，,。；;：:自]{1,60}(?:[，,]\s?)?$",
    yes=("自受理之日起", "自正式开工"),
    no=("自愿，申请", "在变更后"),
    why="the same, with the word that opens it",
)
COUNTED_FROM = Pattern(
    r"(?:自|从|于|在|应当?在|应当?于|须在|须于)?[^，,。；;：:\n]{1,60}?(?:之日|之时|当日|次日|之后|以后|后|(?:届|期)?满前?|之?前|起)(?:起)?(?:的|满)?[，,]?\s?$",
    yes=("自受理之日起", "应当在变更后", "有效期届满", "发生变化之日起，"),
    no=("应当", "，在"),
    why="what days are counted from, up to the number",
)
UNTIL_EVENT = Pattern(
    r"(?:自|从)?(?:[\u4e00-\u9fff]{2,10}(?<![自从])(?:日|月|起|时))?(?:起)?至[^，。；：]{2,20}?(?:结束(?:之?[日月]|后)?|解除(?:之日)?|届满(?:之日)?|为止)(?:止)?",
    yes=("自即日起至汛期结束", "春灌当月至旱情结束月", "至检修完成为止"),
    no=("至县水务局", "自受理之日起"),
    why="from one event to another, no day named",
)
FROM_EVENT = Pattern(
    r"(?:自|从)(?![己愿行动主然觉费由身我律营学治救公发颁印])[^，。；：自从]{2,30}(?:之日|次日|当月|次月)起(?=[，,])",
    yes=(("自停水之日起，用户", "自停水之日起"),),
    no=("自公布之日起，", "自停水之日起三日内"),
    why="from an event onwards",
)
OPENING_HOURS = Pattern(
    r"(?:办理|受理|办公|服务|开放|咨询|接待|营业|接听)时间(?:为|是|[：:])\s?(?P<text>[^。；\n]{0,20}\d{1,2}[：:时点][^。；\n]{0,60})",
    yes=("办理时间：工作日上午9:00-12:00", "开放时间为每天9时至17时"),
    no=("办理时间：30个工作日",),
    why="at which hours somebody can be reached",
)
EVERY_YEAR = Pattern(
    r"每年(?:的)?(?P<text>[^，。；]{2,24})为[^，。；]{2,16}(?:周|日|月|节|期)(?=$|[，。；])",
    yes=("每年6月第一周为本县节水宣传周", "每年三月为古树保护月"),
    no=("每年为用户检修",),
    why="a day or week of every year that has a name",
)
LASTS = Pattern(
    rf"(?<!保存)(?<!间隔)(?:有效期限?|期限|公示期|公示时间|公示|公告期|缓缴期)(?:限|时间)?(?:最长|一般|原则上)?"
    rf"(?:不得?超过|不得?少于|不得?低于|为|[:：])?\s?{_N}\s?{_UNIT}(?![内前以之])",
    yes=("有效期为5年", "公示期不少于5个工作日", "期限不超过6个月", "有效期3年"),
    no=("有效期内", "期限届满", "公示期5个工作日内"),
    why="how long something lasts",
)
COUNTS_NOTHING = Pattern(
    r"(?:近|过去|连续|累计|每|满|上|上一|截至|截止|来|在前|(?:出行|出发|返岗|返校|入境|到达|抵达|动身|行)前|原|可以?|缩短[至到为]|压缩[至到为]|控制在|降[至到]|\d|[月年至到—-])\s?$",
    yes=("近", "截至", "出发前", ("晋升可以", "可以")),
    no=("应当", "自受理之日起"),
    why="in front of days in which nothing is due",
)
OF_THE_DOCUMENT = Pattern(
    r"本(?:法|办法|条例|规定|细则|通知|方案|意见|规则|决定|要点|措施|公告|通告|解释|指南|政策|规划|实施细则|实施办法|标准|计划)[^，。；]{0,30}(?:施行|实施|执行|生效|有效)|自(?:发布|公布|印发|下发|颁布|签发)之日",
    yes=("本办法自2026年7月1日起施行", "本要点有效", "自印发之日"),
    no=("供水单位自2026年7月1日起供水", "自受理之日"),
    why="says how long the document itself holds: that is its validity",
)
REGULAR = Pattern(
    r"(?:每(?:个)?(?:月|季度?|学期|半年|周)|次月|当月|下月|翌月|次季度?)(?:的)?(?:\s?\d{1,2}\s?日|底|末|初|结束)?(?:之|以)?前",
    yes=("每月5日前", "次月10日前", "每季度末前"),
    no=("每月5日", "每年"),
    why="a day of every month or of the next one",
)
REACHED = Pattern(
    r"(?:达到?|提高到|下降到|降到|控制在|增长|超过|突破|不低于|不少于|以上)[^，。；]{0,12}\d|[%％]",
    yes=(("普及率达到95%", "达到95"), ("突破560亿元", "突破560")),
    no=("全部达到标准化建设要求", "完成划定"),
    why="a figure to be reached by then: the day belongs to a target",
)
TIME = Pattern(
    r"^\s?(?:上午|下午)?\s?\d{1,2}(?:[:：]\d{2}|时|点)",
    yes=("17:00", "下午5时"),
    no=("日17:00", "17人"),
    why="the hour behind a day",
)
ON = Pattern(
    r"(?:将于|定于|拟于|(?:时间|日期)(?:为|是|[:：]|定于))\s?$",
    yes=("将于", ("考试时间为", "时间为")),
    no=("已于", "成立于"),
    why="in front of the one day on which something will be done",
)
DONE_BY = Pattern(
    r"^(?:出生|已|注册|参加工作|取得)",
    yes=("出生",),
    no=("完成",),
    why="what somebody must have done by a day: a condition",
)
IN_FORCE = Pattern(
    r"起(?:正式)?(?:施行|生效)|起(?:实施|执行)[，,。；]|同时(?:废止|停止执行)|有效期(?:为|至|到)?[^，。；]{0,16}$|施行前|之日起(?:施行|实施|执行|生效)",
    yes=(
        "起施行",
        ("自2027年1月1日起实施。", "起实施。"),
        "同时废止",
        ("自发布之日起执行", "之日起执行"),
    ),
    no=("自受理之日起", "起实施差别水价"),
    why="says from when a text holds, whichever text",
)
PUNISHES = Pattern(
    r"^(?:[^，。；]{0,4}(?:未|没有|仍不|拒不)[^，。；]{1,40}的[，,]|[^，。；]{0,8}(?:不(?:再|予)?受理|不得(?:再次?|重新)?(?:申请|从事|担任|报考|参加|参与|申报|享受|晋[升级]|评|聘))|"
    r"[^，。；]{0,2}(?:不准|禁止|取消|限制|停业|停产|暂停)|(?:以上|以下|以内)?[^，。；]{0,8}(?:拘留|徒刑|拘役|管制))",
    yes=(
        ("不得申请取水许可", "不得申请"),
        "内未缴费的，",
        "以上十日以下拘留",
        ("内不受理其申请", "内不受理"),
    ),
    no=("内提出申请", "内作出不予许可的决定"),
    why="behind the days for which somebody is punished, or in which he did not do what he must",
)
PUNISHED = Pattern(
    r"(?:处(?![理置所长室分])|并处|暂扣|责令停[业产止]|停业整顿|停产整顿)[^，。；应在自于内]{0,16}$",
    yes=("暂扣取水许可证", "处", ("可以处", "处")),
    no=("自受理之日起", "应当在", "停止供水应当", "处理投诉"),
    why="in front of such days",
)
TOLD = Pattern(
    r"已(?!满|取得|经批准的)|(?<!为)了(?!解)|累计|共计|同比|环比|增长|下降|投放|收到|接到|实现|曾|发生(?!之)|出现|日均|查处(?!的)|(?:发放|支持|贷款|完成|惠及|投入|筹集|审批)[^，。；]{0,20}\d[\d.]*[万亿]?[元人户家笔件台]|[超达近为约]\d[\d.]*[万亿]?(?:人次|笔|件|例|辆次|趟)",
    yes=("累计", ("发放水费补贴6万元", "发放水费补贴6万元"), "投放"),
    no=("开展评审", "为了安全"),
    why="tells what was done in a stretch of days",
)
