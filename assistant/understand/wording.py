"""What stands around the matter of a question: question words, politeness, frames."""

import re
from collections.abc import Iterable, Sequence

from assistant.understand.asking import HOW_MUCH
from assistant.understand.demands import WORDINGS, Demand
from vectorstore.language.dates import YEAR
from vectorstore.language.names import DOCUMENT_NUMBER
from vectorstore.language.pattern import Pattern

ASKING = re.compile(
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


def topic_of(text: str) -> str:
    """The text without question words; places are kept, they belong to what is asked."""
    spaced = re.sub(r"\s+", " ", ASKING.sub(" ", text))
    return re.sub(r"(?<![A-Za-z,.]) | (?![A-Za-z])", "", spaced).strip("，,、：: 的")


def without(text: str, names: Iterable[str]) -> str:
    for name in names:
        text = text.replace(name, "", 1)
    return text


_AROUND = Pattern(
    r"各(?:个)?(?:地方?|省|市|县|区|份文件|文件)|[两三四五六七八九十]个?(?:地方?|省|市|区|份文件)|(?:所有|全部|每)(?:一?个|份)?(?:地方|文件|省份?|城市)?"
    r"|哪[一]?[个家些](?:地方|文件|省份?|城市|市|县|区|地区)?|(?:列|做|整理|汇总)(?:出|成)?(?:一?个|一?张)?(?:对比|比较)?(?:表格?|清单)|对比|比较|相比"
    r"|(?:分别|一共|总共|共|都|方案|规划|文件|里面?|中|定了?|设定?了?|提出了?){1,6}(?=是|有|定|的|$)|量化|目标值?|指标|(?:主要|具体|明确)的?"
    r"|最[高低多少大小]|更[高低多少大小]|[高低多少]多少|差(?:多少|几|了|距)(?:个百分点)?|相差|排(?:名|序)|从[高低大小]到[高低大小]"
    r"|(?:到|在)?(?:19|20)\d\d年?(?:底|末|前)?|多少|数量|是不是|情况"
    r"|方面?的?(?:都|各)?(?:有|做|作)?了?(?:哪些)?(?:安排|措施|做法|内容|部署|规定|要求)$|(?:这|那|该)?(?:份|个)?(?:方案|文件|通知|办法|规划|意见)的?(?=$|主要|重点|量化|目标|指标)|^(?:[省市县区]|地方|地区)的"
    r"|(?:规定|设定|明确|列出|提出|写明)了|帮我|麻烦你?|给我|(?:要|应|需|计划|打算)(?:建成?|创建|新建|培育|培养|新增|完成|达到)?了?$",
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
_IN_YEAR = Pattern(
    r"(?:到|在)?(?:19|20)\d\d年?(?:[底末初时]|度)?前?|^年[底末初时]",
    yes=("2021年", "到2027年底", "2020年时", ("年时再生水利用率", "年时")),
    no=("3年", "年产量"),
    why="a year with what belongs to it",
)
EDGE = "，,、：:的是为和与在对 ？?"


def about(topic: str, places: Sequence[str]) -> str:
    """A topic without the places that it names and without what stands around the matter."""
    for place in places:
        topic = topic.replace(place, " ", 1)
    words = YEAR.remove_from(_AROUND.remove_from(topic, " "), " ")
    return re.sub(r"\s+", " ", words).strip(EDGE)


def matter_of(topic: str, places: Sequence[str], learned: Sequence[str]) -> str:
    """The words that name what is asked about: those that the model of questions marked, or
    else what patterns leave of the topic."""
    pieces = [_bare(without(_unasked(piece, topic), places)) for piece in learned]
    return " ".join(filter(None, pieces)) or about(topic, places)


def _unasked(piece: str, topic: str) -> str:
    """多大面积: the 大 of 大面积 belongs to what is asked, not to the matter."""
    return (
        piece[1:]
        if len(piece) > 1 and HOW_MUCH.match(f"多{piece}") and f"多{piece}" in topic
        else piece
    )


def _bare(piece: str) -> str:
    """Without years, numbers of documents, and words for all places."""
    words = _IN_YEAR.remove_from(DOCUMENT_NUMBER.remove_from(piece))
    return WORDINGS[Demand.EVERYWHERE].remove_from(words, " ").strip(EDGE)
