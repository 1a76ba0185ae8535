"""Words that ask, whatever is asked about: how many, when, who, a comparison; words in quotation
marks. What several readings of a question go by stands here once."""

from vectorstore.language.names import HAN
from vectorstore.language.numerals import COUNT
from vectorstore.language.pattern import Pattern

HOW_MUCH = Pattern(
    r"多少|多久|多长|多[大高宽远重深](?!的?程度)|(?<![哪好])几(?=[个名人家项次座所处场天年成倍])",
    yes=("多少", "多久", ("建几座站", "几"), ("面积多大", "多大")),
    no=("哪几个", "好几年", "多大程度"),
    why="asks for a quantity or a length of time",
)
HOW_LARGE = (
    "多大面积", "多大的面积", "面积多大", "面积有多大", "面积要多大", "面积是多大", "面积是多少", "面积多少", "面积有多少",
    "多少平方米", "多少平米", "多大的建筑面积", "多大建筑面积",
)  # fmt: skip
WHEN = Pattern(
    r"什么时候|何时|何日|哪[一]?[年天月]|几月|几号|到哪(?=[？?。]|$)",
    yes=("什么时候", ("哪一年出台", "哪一年"), ("执行到几号", "几号")),
    no=("时间", "哪些"),
    why="asks for a point in time, or how long",
)
COMPARING = Pattern(
    r"(?:有(?:什么|何|哪些)?|分别)?(?:不同|不一样|差异|差别|区别|异同)"
    r"|(?:相?差|高出?|低|多|少)(?:出|了)?(?:多少|几)(?:个?百分点|[倍人名个万])?|差[了距]|相差|几倍"
    r"|比较|对比|相比|分别|(?:哪[个家]|谁)(?:更|最)?[高低多少大小早晚]|各地"
    r"|哪[一]?[份个][^，。？?]{0,8}[早晚先高低多少大小]|各(?:自)?(?:是|为|有|达)?(?:多少|几|什么|谁|哪)",
    yes=(
        ("两地有什么不同", "有什么不同"),
        ("相差多少个百分点", "相差多少个百分点"),
        ("哪份印发得早", "哪份印发得早"),
        ("各是多少", "各是多少"),
    ),
    no=("目标是多少",),
    why="sets one thing against another",
)
QUOTED = Pattern(
    r"[“\"「『](?P<words>[^”\"」』]{1,400})[”\"」』]",
    yes=("“五老”", "「三大行动」"),
    no=("“”", "五老"),
    why="what a question puts in quotation marks",
)
COUNTED = Pattern(
    rf"(?P<which>哪)?(?P<n>{COUNT})(?P<unit>个方面|{HAN})(?=(?P<noun>{HAN}{{2}})?)",
    yes=("哪十项", ("实施三大行动", "三大"), ("分哪五级", "哪五级")),
    no=("哪些措施",),
    why="how many there are of something, told or asked for",
)


LATIN_WORD = Pattern(
    r"[A-Za-z][A-Za-z'-]*", yes=("policy", "Hong"), no=("政策", "2025"), why="a word of English"
)


def asks_when(text: str) -> bool:
    """Whether a text asks for a point in time, or how long."""
    return "多久" in text or "多长时间" in text or bool(WHEN.search(text))


def asks_by_itself(clause: str) -> bool:
    """Whether a clause asks how many, when, who or which, so that a message with several such
    clauses holds several questions.

    >>> asks_by_itself("要建多少个站"), asks_by_itself("我们想申报"), asks_by_itself("由谁牵头")
    (True, False, True)
    """
    return bool(HOW_MUCH.search(clause) or WHEN.search(clause)) or any(
        word in clause for word in _WHO_OR_WHICH
    )


_WHO_OR_WHICH = ("谁", "哪些", "哪个", "哪几", "哪家", "哪里", "什么", "怎么", "如何", "几号")
