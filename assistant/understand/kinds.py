"""Which kind of answer a question asks for, by its words.

The patterns describe how officials put their questions; none is there for one question.
"""

import re
from enum import StrEnum

from assistant.understand.asking import COMPARING, HOW_MUCH, WHEN
from assistant.understand.demands import CONFIRMS, WORDINGS, Demand
from vectorstore.language.names import ORGAN, TITLE
from vectorstore.language.pattern import Pattern
from vectorstore.language.roles import LED_BY


class Kind(StrEnum):
    """What kind of answer a question asks for."""

    FACT = "fact"
    DEPARTMENT = "department"
    DUTY = "duty"  # what a named department has to do
    LIST = "list"
    DEFINITION = "definition"
    COMPARISON = "comparison"
    AGGREGATION = "aggregation"
    TEMPORAL = "temporal"  # in force? expired?
    METADATA = "metadata"
    SUMMARY = "summary"
    TABLE = "table"
    PROCEDURE = "procedure"
    ELIGIBILITY = "eligibility"
    YES_NO = "yes_no"  # also a premise to be confirmed: 是不是30%
    REASON = "reason"
    CHAT = "chat"
    OFF_TOPIC = "off_topic"
    COMMAND = "command"

    @property
    def plain(self) -> "Kind":
        """The kind itself, or FACT where answering knows no difference from it."""
        return Kind.FACT if self in _LIKE_A_FACT else self


_LIKE_A_FACT = frozenset(
    {
        Kind.SUMMARY, Kind.TABLE, Kind.PROCEDURE, Kind.ELIGIBILITY, Kind.YES_NO, Kind.REASON,
        Kind.OFF_TOPIC, Kind.COMMAND,
    }
)  # fmt: skip

_OVER_DOCUMENTS = Pattern(
    r"(?:哪些|哪几[份个]|几[份个]|多少[份个]|有没有|有无|所有|全部)(?:的)?(?:文件|文本|方案|规划|政策文件|地方|地区|省份?(?![级直属内])|城市|市(?![级直属内]))"
    r"(?!.{0,4}(?:牵头|负责))|(?:库里|库中|资料库|文件库).{0,12}(?:哪|多少|几|最早|最晚|最新)|(?:最早|最晚|最新|最先|最后)(?:发布|印发|成文|出台)"
    r"|(?<!要求)(?<!指导)(?<!组织)(?<!督促)各地(?![\u4e00-\u9fff]{0,8}(?:部门|机关|机构|政府|企业))|(?:这|上述)?几份文件|各[份个](?:文件|地方|方案|规划)",
    yes=(
        ("哪些文件提到再生水", "哪些文件"),
        ("有没有地方要求", "有没有地方"),
        ("各地怎么定的", "各地"),
    ),
    no=("要求各地部门落实", "哪个部门负责", "要建几个省级基地"),
    why="asks over documents or places, none of which it names",
)
_OF_DOCUMENT = Pattern(
    r"发文字号|文号|成文(?:日期|时间)|(?:发布|印发|公布|发文|签发)(?:日期|时间|单位|机关|机构)|"
    r"(?:哪[一]?天|哪[一]?年|什么时候|何时|几号|几月).{0,6}(?:发布|印发|公布|发出|成文|发的|出台|挂)|"
    r"(?:发布|印发|公布|成文|出台|挂)(?:的)?(?:时间|日期|于|在)?.{0,4}(?:哪[一]?天|哪[一]?年|什么时候|何时|几号)|"
    r"(?:谁|哪[个几两三四五]?家?(?:机关|部门|单位|机构)?|哪里)(?:联合)?(?:印发|发布|颁发|发的|制定|出台)|由(?:谁|哪).{0,6}(?:印发|发布|颁发|制定|出台)|"
    r"适用(?:范围|地区|区域)|(?:施行|实施|生效)(?:的)?(?:日期|时间)|"
    r"(?:哪[一]?天|哪[一]?年|什么时候|何时|何日|几号|几月)起?(?:开始|正式)?(?:施行|生效)|(?:施行|生效)于?(?:哪[一]?天|什么时候|何时)|什么文种|抄送|号是(?:什么|哪[个份]?|一份什么)文件",
    yes=("发文字号", "什么时候印发的", ("哪三家联合颁发的", "哪三家联合颁发")),
    no=("目标是多少", "什么时候完成"),
    why="asks for what stands on a document: number, days, issuer",
)
# Where the model is not sure, or is not there: the first that is found.
_KINDS: tuple[tuple[Kind, Pattern], ...] = (
    (Kind.AGGREGATION, _OVER_DOCUMENTS),
    (Kind.TEMPORAL, WORDINGS[Demand.VALIDITY]),
    (Kind.METADATA, _OF_DOCUMENT),
    (Kind.DEPARTMENT, WORDINGS[Demand.ORGAN]),
    (Kind.DEFINITION, WORDINGS[Demand.DEFINITION]),
    (Kind.LIST, WORDINGS[Demand.ITEMS]),
)
_GREETINGS = frozenset(
    [
        "你好",
        "您好",
        "在吗",
        "谢谢",
        "多谢",
        "感谢",
        "再见",
        "早上好",
        "下午好",
        "嗨",
        "hi",
        "hello",
        "你是谁",
        "你叫什么",
        "你能做什么",
        "你会什么",
        "怎么用",
        "帮助",
    ]
)
_FILLERS = "!！?？。，,~啊呀你您了的 "


def is_chat(text: str) -> bool:
    """Whether a text is a greeting or thanks and nothing else."""
    plain = text.strip().casefold()
    return plain.rstrip(_FILLERS) in _GREETINGS or plain.strip("!！?？。，,~ ") in _GREETINGS


PREMISE = Pattern(
    rf"{LED_BY}(?P<mark>的(?!(?:都|主要)?(?:有|是)?(?:哪|几|什么|任务|工作|事项))|了|(?=[^，。？?]{{0,4}}{CONFIRMS}))",
    yes=(("由市应急局牵头的演练", "由市应急局牵头的"), ("是市科协牵头吗", "是市科协牵头")),
    no=("市科协牵头的有哪些", "由谁牵头"),
    why="takes for granted who leads; 由X牵头的工作 describes, X牵头的有哪些 asks",
)
_RESETS = Pattern(
    r"(?:改成|改为|改到|定为|定成|设为|调整为|调到|说成|写成)[^，。；]{0,10}[\d一二三四五六七八九十]",
    yes=(("把目标改成20%", "改成20"), ("定为三十家", "定为三十")),
    no=("改成什么样",),
    why="an order to set a value: what the document sets is the answer",
)
# Where an organ is asked for in so many words, that stands over these.
_NOT_OVER_ORGAN = frozenset({Kind.FACT, Kind.LIST, Kind.DUTY, Kind.AGGREGATION, Kind.PROCEDURE})


def kind_of(text: str, scopes: int, learned: Kind | None = None) -> Kind:
    """The kind; `scopes` is how many places and documents the question names.

    `learned` is what the classifier is sure of. It was right more often than the patterns but
    where the form is fixed: two scopes compared, a value to be reset, 哪些文件 and 各地, and an
    organ asked for by 谁牵头.
    """
    plain = PREMISE.compiled.sub(_undescribed, TITLE.remove_from(text, by="《》"))
    if resets(plain):
        return Kind.FACT
    asks_twice = len(HOW_MUCH.findall(plain)) + len(WHEN.findall(plain)) >= 2
    if scopes >= 2 and (asks_twice or COMPARING.search(plain)):
        return Kind.COMPARISON
    worded = _by_words(plain)
    stands = learned is None or worded is Kind.AGGREGATION or not _fits(learned, plain, scopes)
    if stands or (worded is Kind.DEPARTMENT and learned in _NOT_OVER_ORGAN):
        return worded
    return learned or worded


def resets(text: str) -> bool:
    """Whether a text asks to set a value."""
    return bool(_RESETS.search(text))


def _undescribed(match: re.Match[str]) -> str:
    """Without 由X牵头的, which only describes; 由X牵头吗 asks."""
    return "" if match["mark"].startswith("的") else match[0]


def describes(text: str) -> bool:
    """Whether a text names an organ's role only to say which task it means: 由X牵头的某项工作."""
    return any(match["mark"].startswith("的") for match in PREMISE.finditer(text))


def _fits(learned: Kind, plain: str, scopes: int) -> bool:
    """Whether a kind can be answered: duties are an organ's, a comparison has two sides or
    takes all there are, and what is counted in one place is that place's figure."""
    if learned is Kind.DUTY:
        return bool(ORGAN.search(plain))
    if learned is Kind.AGGREGATION:
        return scopes == 0
    return learned is not Kind.COMPARISON or scopes != 1


def _by_words(plain: str) -> Kind:
    if WORDINGS[Demand.DUTIES].search(plain):
        return Kind.DUTY
    if is_chat(plain):
        return Kind.CHAT
    return next((kind for kind, words in _KINDS if words.search(plain)), Kind.FACT)
