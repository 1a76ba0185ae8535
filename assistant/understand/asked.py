"""What an answer from rows is asked for: a figure, an order, targets; and of what."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.understand.question import Question
from vectorstore.facts import FactKind
from vectorstore.language.dates import YEAR
from vectorstore.language.names import DOCUMENT_NUMBER, TITLE
from vectorstore.language.pattern import Pattern
from vectorstore.models import StateName

FIGURE = Pattern(
    r"多少|(?<!哪)几[个名人家项所座处场次]|比例|占比|数量|数值|百分|标准|金额|几成",
    yes=(("每年培养多少人", "多少"), ("占比", "占比"), ("建几个站", "几个")),
    no=("哪几个部门", "由谁牵头"),
    why="asks for a quantity",
)
AMOUNT = Pattern(
    r"多少(?:个(?!月)|名|人|家|所|座|处|户|亩|公里|张|台|辆|万|亿|元|%|百分)",
    yes=(("要建多少个站", "多少个"), ("补多少元", "多少元")),
    no=("有多少项措施", "多少个月"),
    why="asks for a quantity that the answer must hold in figures",
)
RANK = Pattern(
    r"最[高低多少大小]|更[高低多少大小]|[高低多少]多少|差(?:多少|几|了|距)|相差|排(?:名|序|一下|个序)|从[高低大小]到"
    r"|哪[个家里]?[^，。？?]{0,10}[高低多少大小](?=[，。？?]|$)",
    yes=("哪个地方最高", ("两地相差多少", "相差"), ("从高到低", "从高到")),
    no=("最近的文件", "差旅费"),
    why="asks for an order or a difference",
)
EVERYWHERE = Pattern(
    r"各(?:个)?(?:地方?|省|市|县|区|份文件)|哪[一]?[个家](?:地方|省|市|县|区|地区|文件)|哪家|(?:所有|全部)(?:地方|文件|省份?|城市)|[三四五六七八九十]个?(?:地方?|省|市|区)",
    yes=(("各地目标", "各地"), ("哪个市补得最多", "哪个市")),
    no=("哪个部门", "本市"),
    why="asks over all documents, whichever place it names beside",
)
DUTY = Pattern(
    r"(?:负责|承担|牵头|配合|参与|涉及|主管|协助)(?:了|的|要|到)*[^，。？?]{0,8}(?:哪|什么|几)|(?:哪|什么|几)[项件些个条][^，。？?]{0,6}(?:任务|工作|职责|事)|任务(?:有|是)?(?:哪|什么)"
    r"|(?:负责|牵头|配合|承担|参与)的?(?:任务|工作|事项)[^，。？?]{0,6}(?:多少|几|哪)",
    yes=(("市水利局要参与哪些任务", "参与哪"), ("农业局涉及哪些条", "涉及哪")),
    no=("由谁负责", "条件有哪些"),
    why="asks what an organ has to do",
)
BASIS = Pattern(
    r"(?:依据|根据|上位|遵循)(?:的|了|是|有)*(?:什么|哪)|(?:制定|出台)(?:的)?(?:依据|根据)|(?:依据|根据)[^，。？?]{0,4}(?:什么|哪)[^，。？?]{0,6}(?:制定|出台|文件)",
    yes=(("依据是哪些上级文件", "依据是哪"), ("根据什么制定", "根据什么")),
    no=("依据第三条处罚", "根据实际情况"),
    why="asks what a document rests on",
)
TARGET = Pattern(
    r"目标|指标|任务数|量化",
    yes=(("有哪些量化目标", "量化"), ("主要指标", "指标")),
    no=("申请条件",),
    why="asks for what a document aims at",
)
SUMMARY = Pattern(
    r"(?:帮我|请|给我)?(?:总结|概括|归纳|梳理|简述|概述|综述|汇总|小结)(?:一下|下)?|摘要|(?:主要|大概|核心|基本)(?:内容|精神|意思|讲了?什么|说了?什么)"
    r"|(?:讲|说|写)的?了?(?:些)?(?:什么|啥)(?=[？?。]|$)|要点|都?有(?:什么|哪些)安排",
    yes=(("总结一下这份方案", "总结一下"), ("主要内容是什么", "主要内容"), "要点"),
    no=("主要任务由谁牵头",),
    why="asks for the gist of a document or of a theme",
)
_SHORT = Pattern(
    r"一句话|简短|简要|简单(?:说|讲|概括|总结)|几句话", yes=("简要", "一句话"), no=("简政",)
)
_LONG = Pattern(r"详细|全面|展开|具体(?:说|讲)", yes=("详细",), no=("具体条件",))
_HOW_LONG = Pattern(
    rf"用?(?:{_SHORT.source}|{_LONG.source})地?(?= |$)",
    yes=(("详细 节水方案", "详细"), ("用一句话", "用一句话"), "简要地"),
    no=("简要说明书", "全面深化改革"),
    why="how long a summary should be, beside the word for it",
)
_AROUND = Pattern(
    r"各(?:个)?(?:地方?|省|市|县|区|份文件|文件)|[两三四五六七八九十]个?(?:地方?|省|市|区|份文件)|(?:所有|全部|每)(?:一?个|份)?(?:地方|文件|省份?|城市)?"
    r"|哪[一]?[个家些](?:地方|文件|省份?|城市|市|县|区|地区)?|(?:列|做|整理|汇总)(?:出|成)?(?:一?个|一?张)?(?:对比|比较)?(?:表格?|清单)|对比|比较|相比"
    r"|(?:分别|一共|总共|共|都|方案|规划|文件|里面?|中|定了?|设定?了?|提出了?){1,6}(?=是|有|定|的|$)|量化|目标值?|指标|(?:主要|具体|明确)的?"
    r"|最[高低多少大小]|更[高低多少大小]|[高低多少]多少|差(?:多少|几|了|距)(?:个百分点)?|相差|排(?:名|序)|从[高低大小]到[高低大小]"
    r"|(?:到|在)?(?:19|20)\d\d年?(?:底|末|前)?|多少|数量|是不是|情况"
    r"|方面?的?(?:都|各)?(?:有|做|作)?了?(?:哪些)?(?:安排|措施|做法|内容|部署|规定|要求)$|(?:这|那|该)?(?:份|个)?(?:方案|文件|通知|办法|规划|意见)的?(?=$|主要|重点|量化|目标|指标)|^(?:[省市县区]|地方|地区)的"
    r"|帮我|麻烦你?|给我|(?:要|应|需|计划|打算)(?:建成?|创建|新建|培育|培养|新增|完成|达到)?了?$",
    yes=(
        ("示范站要建", "要建"),
        ("各地公路里程", "各地"),
        ("量化目标", "量化"),
        ("到2027年底", "到2027年底"),
        ("市的公路里程", "市的"),
    ),
    no=("公路里程",),
    why="what stands around the indicator in a question that compares or lists",
)
VALIDITY = Pattern(
    r"(?:还|是否|现在|目前|仍然?|现行|今天|如今|是不是).{0,12}(?:有效|适用|生效|管用|能用|不能用|执行|施行|作数|算数)|(?:能不能|能否|可以|可不可以|还能|不能|能).{0,8}(?:引用|作为?.{0,4}依据|当.{0,4}依据|拿来用)"
    r"|有效(?:期|吗|没|不)|有没有?(?:过期|失效|废止|效)|过期|失效|废止|停止执行|规划期|到期|届满|时效|(?:被|由)(?:什么|哪|谁)[^，。？?]{0,8}(?:替代|取代|代替|修改|修订)|什么状态|啥状态"
    r"|执行到(?:哪|什么|几|多)|(?:施行|实施|生效|执行)(?:了)?(?:没|吗|多久)|(?:修改|修订|停止执行)了?[^，。？?]{0,24}哪",
    yes=(
        ("这个办法现在还能用吗", "现在还能用"),
        ("写材料时能不能引用", "能不能引用"),
        ("已被什么替代", "被什么替代"),
        ("执行到哪天", "执行到哪"),
    ),
    no=("有效措施有哪些", "补助标准是多少"),
    why="asks whether something holds, until when, or what ended or changed it",
)
ENDING = Pattern(
    r"(?:快|即将|将要?|马上|今年|年内|年底前?|半年内?|最近|近期)[^，。？?]{0,10}(?:到期|届满|过期|失效)|(?:哪些|几份|多少份?)[^，。？?]{0,16}(?<!已)(?<!已经)(?:到期|届满)"
    r"|(?:19|20)\d\d年[^，。？?]{0,6}(?:到期|届满)的[^，。？?]{0,8}(?:哪些|几|多少)",
    yes=(
        ("今年到期的有哪些", "今年到期"),
        ("哪些文件2026年到期", "哪些文件2026年到期"),
        ("2026年到期的文件有几份", "2026年到期的文件有几"),
        "即将届满",
    ),
    no=("这份文件到期了吗", "有效期多长", "哪些文件已经到期"),
    why="asks which documents end, not whether one has ended",
)
ORIGIN = Pattern(
    r"(?:这|以下|上面)?(?:段|句)?(?:话|文字|内容|表述|说法)?(?:出自|来自|来源于|摘自|引自|在|是)(?:哪|什么)|出处",
    yes=(("这段话出自哪里", "这段话出自哪"), ("这句话是哪个文件的", "这句话是哪"), "出处"),
    no=("这笔钱由谁出",),
    why="asks where words that it quotes stand",
)
LIBRARY = Pattern(
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
)
_STATES: tuple[tuple[Pattern, tuple[StateName, ...]], ...] = (
    (
        Pattern(
            r"(?:失效|废止|过期|届满|到期|无效|不能用)", yes=(("已经失效", "失效"),), no=("有效",)
        ),
        ("已届满", "已废止"),
    ),
    (
        Pattern(r"有效|现行|能用|管用|在用", yes=(("还有效的", "有效"),), no=("已经过期",)),
        ("现行有效", "部分失效", "已修订"),
    ),
    (Pattern(r"未生效|没生效|尚未施行|还没施行", yes=("还没施行",), no=("已施行",)), ("未生效",)),
)
_LIBRARY_KINDS = (
    "地方性法规",
    "法规",
    "规章",
    "条例",
    "办法",
    "细则",
    "方案",
    "规划",
    "意见",
    "通知",
    "公告",
    "计划",
    "措施",
)
_THEME = Pattern(
    r"(?P<words>[\u4e00-\u9fff]{2,8}?)(?:方面|领域|类|相关|有关|这块)的?",
    yes=(("养老方面的文件", "养老方面的"),),
    no=("有哪些文件",),
    why="the theme of documents that are asked for",
)
_OF_THEME = Pattern(
    r"(?:关于|有关|涉及)(?P<words>[\u4e00-\u9fff]{2,10}?)(?:的|方面)",
    yes=(("关于养老的文件", "关于养老的"),),
    no=("关于",),
)
_TOLD_KIND = {"法规": "地方性法规"}
ROWS: tuple[tuple[Pattern, FactKind, str], ...] = (
    (
        Pattern(
            r"(?:怎么|如何|咋)(?:处)?罚|罚(?:款|多少|几|则)|处罚|(?:法律)?责任.{0,4}哪",
            yes=(("违规了怎么罚", "怎么罚"), "罚款"),
            no=("责任单位",),
        ),
        "amount",
        "项",
    ),
    (
        Pattern(
            r"(?:补贴|补助|奖励|奖补|资助|收费|津贴)(?:标准|金额|额度)?[^，。？?]{0,8}(?:哪些|多少|几档|分别|是什么|有什么|列)",
            yes=(("补贴标准有哪些", "补贴标准有哪些"),),
            no=("补贴由谁发",),
        ),
        "amount",
        "项标准",
    ),
    (
        Pattern(
            r"(?:条件|资格|门槛)[^，。？?]{0,6}(?:哪些|什么|几)|(?:满足|符合|具备|需要|提交|准备|带)(?:什么|哪些)|(?:哪些|什么|几样)(?:条件|资格|材料|手续|证件)|材料",
            yes=(
                ("申请条件有哪些", "条件有哪些"),
                ("要带哪些材料", "带哪些"),
                ("满足什么条件", "满足什么"),
            ),
            no=("工作任务有哪些",),
        ),
        "condition",
        "项条件",
    ),
    (
        Pattern(
            r"(?:禁止|不得|不准|不许|不能)[^，。？?]{0,8}(?:哪些|什么|哪几)|(?:哪些|哪几[种类个])[^，。？?]{0,8}行为|行为(?:都)?(?:有|包括)?哪些",
            yes=(("禁止哪些行为", "禁止哪些"), ("都属于哪些行为", "哪些行为")),
            no=("行为规范由谁制定",),
        ),
        "condition",
        "项",
    ),
)
_AT_DAY = Pattern(
    r"(?P<y>(?:19|20)\d\d)\s*年(?:\s*(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*[日号])?)?",
    yes=("2017年3月", "2020年", "2021年5月1日"),
    no=("17年", "二〇二〇年"),
    why="a day that a question puts itself on",
)
_QUOTATION = Pattern(
    r"[“\"「『](?P<words>[^”\"」』]{12,400})[”\"」』]",
    yes=("“深入推行某某制度，选派某某五十人”",),
    no=("“某某”",),
)
_EDGE = "，,、：:的是为和与在对 ？?"


def asks(question: Question, what: Pattern) -> bool:
    return bool(what.search(question.standalone))


def day_asked(question: Question) -> date | None:
    """The day for which a question asks what is in force: 2017年3月的时候, 2020年底. Of a month
    the last day, of a year its last."""
    text = TITLE.remove_from(DOCUMENT_NUMBER.remove_from(question.standalone))
    match = _AT_DAY.search(text)
    if not match:
        return None
    year, month = int(match["y"]), int(match["m"] or 12)
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(int(match["d"] or last), last) or last)


def quoted_at_length(question: Question) -> str:
    """The words that a question quotes to ask where they stand; '' in any other question."""
    found = _QUOTATION.search(question.standalone)
    if not found or not ORIGIN.search(question.standalone[found.end() :]):
        return ""
    return str(found["words"])


def to_sum_up(question: Question) -> str:
    """What a summary is to be of, without how long it should be."""
    topic = SUMMARY.remove_from(Asked.of(question).topic, " ")
    return _HOW_LONG.remove_from(topic, " ").strip(" 的，,")


def length_of(question: Question) -> Literal["short", "normal", "long"]:
    """How long a summary is wished for."""
    if _SHORT.search(question.standalone):
        return "short"
    return "long" if _LONG.search(question.standalone) else "normal"


@dataclass(frozen=True, slots=True)
class Asked:
    """The matter of a question that compares or lists, without what is asked of it."""

    topic: str

    @classmethod
    def of(cls, question: Question) -> "Asked":
        text = question.topic
        for place in question.places:
            text = text.replace(place.text, " ", 1)
        words = YEAR.remove_from(_AROUND.remove_from(text, " "), " ")
        return cls(re.sub(r"\s+", " ", words).strip(_EDGE))


_POINTING = Pattern(
    r"[那这该]一?(?:个|份|部|项)?|现在|目前|今天|里面?|中|吗|呢|吧|还|能|都|讲了?|说了?|什么|啥|一下|下$|(?:一共|总共)?定?了?(?:哪些|哪几)",
    yes=("那个", "现在", "里"),
    no=("措施",),
    why="what stands around a document's name in a question",
)


def name_in(question: Question) -> str:
    """What a question may call the document by: its topic without what is asked of it."""
    words = Asked.of(question).topic
    for what in (VALIDITY, SUMMARY, TARGET, DUTY):
        words = what.remove_from(words)
    return _POINTING.remove_from(words).replace(" ", "").strip(_EDGE)


@dataclass(frozen=True, slots=True)
class LibraryAsked:
    """Which documents of the library a question asks for; places and years stand in the
    question itself."""

    states: tuple[StateName, ...] = ()
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: Question) -> "LibraryAsked":
        text = question.standalone
        for place in question.places:
            text = text.replace(place.text, " ", 1)
        states = next((names for what, names in _STATES if what.search(text)), ())
        kind = next((kind for kind in _LIBRARY_KINDS if kind in text), "")
        kinds = (_TOLD_KIND.get(kind, kind),) if kind else ()
        theme = _OF_THEME.search(text) or _THEME.search(text)
        words = (_THEME_FRAME.remove_from(theme["words"]),) if theme else ()
        return cls(states, kinds, tuple(filter(None, words)))

    @property
    def described(self) -> str:
        """As a sentence says it: 现行有效、养老."""
        return "、".join((*self.states[:1], *self.words, *self.kinds)) or "符合条件"


_THEME_FRAME = Pattern(
    r"^(?:库里|库中|资料库里?|现在|目前|还|有|哪些|都|的)+",
    yes=(("库里养老", "库里"),),
    no=("养老",),
)
