"""What an answer to a question must hold or do: a figure, an order, who leads, what is in force.

One table: a demand, and how it is worded. The model of questions (learned.py) says how likely each
is; where it is in two minds, or is not there, the wording decides.
"""

from collections.abc import Mapping
from enum import StrEnum

from vectorstore.language.names import HAN, ORGAN_END
from vectorstore.language.pattern import Pattern
from vectorstore.language.sanctions import PUNISHED


class Demand(StrEnum):
    """What is asked of the matter. The names are those of the labelled questions."""

    FIGURE = "figure"
    RANK = "rank"  # 比高低、排序、相差
    EVERYWHERE = "everywhere"  # over all places or documents
    TARGETS = "targets"  # all that a document aims at
    DUTIES = "duties"  # what a named organ has to do
    ORGAN = "organ"  # who leads, who is in charge
    BASIS = "basis"
    SUMMARY = "summary"
    VALIDITY = "validity"
    ENDING = "ending"  # which documents end soon
    LIBRARY = "library"  # which documents there are
    FIELD = "field"  # number, date, issuer of a document
    PENALTY = "penalty"
    ALLOWANCE = "allowance"
    CONDITION = "condition"
    PROHIBITION = "prohibition"
    MATERIALS = "materials"
    PROCEDURE = "procedure"
    DEADLINE = "deadline"
    CONTACT = "contact"
    DEFINITION = "definition"
    CONFIRM = "confirm"  # a statement to be confirmed, or presumed
    ITEMS = "items"
    REASON = "reason"
    ORIGIN = "origin"  # where quoted words stand
    TABLE = "table"
    CHAT = "chat"
    COMMAND = "command"
    OFF = "off"  # nothing to do with policy


DOUBTED = 0.1  # of the level from which a demand is taken: below, its wording is not believed

_TASKS = r"(?:(?:哪|什么|几)[一两二三四五几]?[项件个些]?(?:工作|任务|事)|的(?:都|主要)?有哪些)"
_IN_CHARGE = r"(?:牵头|负责|责任(?:单位|部门)?|配合|参与)"
CONFIRMS = r"(?:吗|吧|对不对|对吗|没错吧|是不是|是否)"
WORDINGS: dict[Demand, Pattern] = {
    Demand.FIGURE: Pattern(
        r"多少|(?<!哪)几[个名人家项所座处场次]|比例|占比|数量|数值|百分|标准|金额|几成",
        yes=(("每年培养多少人", "多少"), ("占比", "占比"), ("建几个站", "几个")),
        no=("哪几个部门", "由谁牵头"),
        why="asks for a quantity",
    ),
    Demand.RANK: Pattern(
        r"最[高低多少大小]|更[高低多少大小]|[高低多少]多少|差(?:多少|几|了|距)|相差|排(?:名|序|一下|个序)|从[高低大小]到"
        r"|哪[个家里份]?[^，。？?]{0,10}[高低多少大小早晚](?=[，。？?]|$)",
        yes=("哪个地方最高", ("两地相差多少", "相差"), ("从高到低", "从高到")),
        no=("最近的文件", "差旅费"),
        why="asks for an order or a difference",
    ),
    Demand.EVERYWHERE: Pattern(
        r"各(?:个)?(?:地方?|省|市|县|区|份文件)|哪[一]?[个家](?:地方|省|市|县|区|地区|文件)|哪家|(?:所有|全部)(?:地方|文件|省份?|城市)|[三四五六七八九十]个?(?:地方?|省|市|区)",
        yes=(("各地目标", "各地"), ("哪个市补得最多", "哪个市")),
        no=("哪个部门", "本市"),
        why="asks over all documents, whichever place it names beside",
    ),
    Demand.DUTIES: Pattern(
        # X局牵头哪些, X公安在…方面承担了什么
        rf"{HAN}{{2,14}}(?:{ORGAN_END}|公安|财政)(?:要|需要?|应当?|具体|主要)?(?:在.{{2,30}}?(?:里|中|上|方面)?)?"
        r"(?:承担|负责|参与|配合|牵头)了?(?:哪|什么|几|多少)"
        # X局牵头的是哪一项工作, X局作为责任单位要抓哪件事
        rf"|(?:{ORGAN_END}|[)）])[^，。？?]{{0,16}}?{_IN_CHARGE}[^。？?]{{0,12}}?{_TASKS}"
        # X联是哪几项任务的责任部门
        rf"|(?:{ORGAN_END}|[)）])[是为在][^，。？?]{{0,14}}?{_TASKS}[^，。？?]{{0,4}}{_IN_CHARGE}",
        yes=(
            ("市科协负责哪些工作", "市科协负责哪"),
            ("市残联牵头的是哪一项工作？", "残联牵头的是哪一项工作"),
            ("县水务局是哪几项任务的责任部门", "局是哪几项任务的责任部门"),
            ("市交通局牵头的有哪些", "局牵头的有哪些"),
        ),
        no=("河道清淤由谁牵头", "市科协在哪里办公", "哪个部门负责"),
        why="asks what a named organ has to do, not which organ does it",
    ),
    Demand.ORGAN: Pattern(
        r"牵头|(?:责任|主管|配合|承办|协办|负责|参与)(?:的)?(?:单位|部门|机构|方)|由谁(?:负责|来)|谁(?:来)?(?:负责|主管|牵头|承担)|"
        r"哪[个些几](?:家)?(?:单位|部门|机构|局|委办局)|归(?:谁|哪).{0,4}管|谁(?:来|在)?管(?!理)|分工"
        r"|[Ww]ho (?:is|are|will be)? ?(?:responsible|in charge|leads?)|[Ww](?:hich|hat) (?:departments?|agenc(?:y|ies)|bureaus?|organi[sz]ations?) (?:leads?|(?:is|are) (?:responsible|in charge|leading))",
        yes=(
            ("由谁负责", "由谁负责"),
            ("责任单位有哪些", "责任单位"),
            ("哪个部门管", "哪个部门"),
            ("Who is responsible for X", "Who is responsible"),
        ),
        no=("谁管理的公园", "目标是多少", "Who wrote it"),
        why="asks which organ leads or is in charge",
    ),
    Demand.SUMMARY: Pattern(
        r"(?:帮我|请|给我)?(?:总结|概括|归纳|梳理|简述|概述|综述|汇总|小结)(?:一下|下)?|摘要|(?:主要|大概|核心|基本)(?:内容|精神|意思|讲了?什么|说了?什么)"
        r"|(?:讲|说|写)的?了?(?:些)?(?:什么|啥)(?=[？?。]|$)|要点|都?有(?:什么|哪些)安排",
        yes=(("总结一下这份方案", "总结一下"), ("主要内容是什么", "主要内容"), "要点"),
        no=("主要任务由谁牵头",),
        why="asks for the gist of a document or of a theme",
    ),
    Demand.VALIDITY: Pattern(
        r"(?:还|是否|现在|目前|仍然?|现行|今天|如今|是不是).{0,12}(?:有效|适用|生效|管用|能用|不能用|执行|施行|作数|算数)|(?:能不能|能否|可以|可不可以|还能|不能|能).{0,8}(?:引用|作为?.{0,4}依据|当.{0,4}依据|拿来用)"
        r"|有效(?:期|吗|没|不)|有没有?(?:过期|失效|废止|效)|过期|失效|废止|停止执行|规划期|到期|届满|时效|(?:被|由)(?:什么|哪|谁)[^，。？?]{0,8}(?:替代|取代|代替|修改|修订)|什么状态|啥状态|(?:管|覆盖|涵盖)(?:的)?(?:是)?(?:哪几年|多少年|哪[一]?年到哪[一]?年)"
        r"|执行到(?:哪|什么|几|多)|(?:施行|实施|生效|执行)(?:了)?(?:没|吗|多久)|(?:修改|修订|停止执行)了?[^，。？?]{0,24}哪",
        yes=(
            ("这个办法现在还能用吗", "现在还能用"),
            ("写材料时能不能引用", "能不能引用"),
            ("已被什么替代", "被什么替代"),
            ("执行到哪天", "执行到哪"),
        ),
        no=("有效措施有哪些", "补助标准是多少"),
        why="asks whether something holds, until when, or what ended or changed it",
    ),
    Demand.LIBRARY: Pattern(
        r"(?:库里|库中|库内|资料库|文件库|系统里)|(?:收录|收了|入库)了?(?:多少|几|哪)|(?:多少|几)(?:份|件|部|篇|个)?(?:文件|法规|规章|条例|办法|方案|规划|通知|资料)"
        r"|(?:文件|法规|规章|条例|通知|方案|规划|资料)[^，。？?]{0,6}(?:多少|几)(?:份|件|部|篇|个)|(?:有|都?是)(?:哪些|哪几[份件个部])(?:文件|法规|规章|条例|通知)"
        r"|(?:发布|印发|出台|公布)的?(?:有哪些|哪些|都?有什么)?(?:文件|通知)(?:有哪些)?|(?:文件|法规|规章|条例)(?:都)?(?:有哪些|有什么|叫什么)"
        r"|哪些(?:文件|法规|规章|条例|办法|方案|规划|通知)[^，。？?]{0,6}(?:有效|失效|废止|到期|届满|过期|生效)",
        yes=(
            ("库里一共多少份", "库里"),
            ("云岭的地方性法规有几件", "法规有几件"),
            ("有几份文件", "几份文件"),
            ("哪些办法已经到期", "哪些办法已经到期"),
        ),
        no=("提到几个部门", "文件要求几天办结"),
        why="asks what the library holds, not what its documents say",
    ),
    Demand.ORIGIN: Pattern(
        r"(?:这|以下|上面)?(?:段|句)?(?:话|文字|内容|表述|说法)?(?:出自|来自|来源于|摘自|引自|在|是)(?:哪|什么)|出处",
        yes=(("这段话出自哪里", "这段话出自哪"), ("这句话是哪个文件的", "这句话是哪"), "出处"),
        no=("这笔钱由谁出",),
        why="asks where words that it quotes stand",
    ),
    Demand.DEFINITION: Pattern(
        r"(?:指的是|是指|指|说的是)(?:什么|哪|啥)|什么(?:叫|是)|(?:是|有)(?:什么|啥)(?:意思|含义)|(?:定义|含义|意思)(?:是|为|$)|何谓|(?:怎么|如何|怎样)理解|[”\"」](?:都|分别|具体|到底)?(?:是|包括|包含)(?:哪(?![几两三四五六七八九十])|什么|谁)",
        yes=(
            ("再生水是指什么", "是指什么"),
            ("什么是再生水", "什么是"),
            ("再生水怎么理解", "怎么理解"),
        ),
        no=("目标是多少", "牵头的是哪一家", "“三大行动”是哪三个"),
        why="asks for the meaning of a term",
    ),
    Demand.ITEMS: Pattern(
        r"哪(?:些|几|[两三四五六七八九十]{1,2})[个项条类种大点方面]?|(?:包括|包含|含)(?:哪|什么)|有(?:什么|啥)(?:措施|举措|动作|安排|要求|任务|条件|办法|规定|做法|内容|政策|支持)|"
        r"分别是(?:什么|哪)|列(?:出|举)|(?:几|[两三四五六七八九十])(?:大|项|个方面|条|类)(?:.{0,10})(?:是|有)(?:什么|哪)",
        yes=(
            ("有哪些措施", "哪些"),
            ("重点任务包括哪五项", "包括哪"),
            ("三大行动是什么", "三大行动是什么"),
        ),
        no=("目标是多少",),
        why="asks for several things",
    ),
    Demand.CONFIRM: Pattern(
        CONFIRMS,
        yes=(("目标是30%吗", "吗"), ("是不是市水务局", "是不是")),
        no=("目标是多少",),
        why="asks to confirm what it says",
    ),
    Demand.ALLOWANCE: Pattern(
        r"(?:补贴|补助|奖励|奖补|资助|收费|津贴)(?:标准|金额|额度)?[^，。？?]{0,8}(?:哪些|多少|几档|分别|是什么|有什么|列)",
        yes=(("补贴标准有哪些", "补贴标准有哪些"),),
        no=("补贴由谁发",),
    ),
    Demand.PENALTY: PUNISHED,
    Demand.CONTACT: Pattern(
        r"(?<!打)电话|联系方式|热线|手机号|邮箱|电子邮件|e-?mail|联系谁|打给谁|往哪打",
        yes=(("咨询电话是多少", "电话"), ("有问题联系谁", "联系谁")),
        no=("多少分钟内要打电话上报",),
        why="asks how somebody is reached",
    ),
}


def demands_of(text: str, likely: Mapping[str, float]) -> frozenset[Demand]:
    """What a question asks for, `likely` being how many times its level each demand reaches;
    without them the wording alone says it."""
    return frozenset(demand for demand in Demand if _is_asked(demand, text, likely))


def _is_asked(demand: Demand, text: str, likely: Mapping[str, float]) -> bool:
    reached = likely.get(demand)
    if reached is not None and not DOUBTED <= reached < 1:
        return reached >= 1
    wording = WORDINGS.get(demand)
    return bool(wording and wording.search(text))
