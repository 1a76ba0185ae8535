"""Items that are counted off inside a line."""

from vectorstore.language.numbering import ENUMERATORS
from vectorstore.language.numerals import FEW
from vectorstore.language.pattern import Pattern

COUNTED = Pattern(
    rf"{FEW}是|第{FEW}[，,、]|其{FEW}[，,]",
    yes=("一是", "第二，", "其三，"),
    no=("一项", "第二产业"),
    why="counts off items without brackets",
)
_MARKS = "|".join(
    str(ENUMERATORS[name]) for name in ("one", "bracketed", "arabic", "arabic_bracketed", "circled")
)
INLINE_ITEM = Pattern(
    rf"(?:[：:；;。]\s{{0,8}}|[\s\u3000]{{2,8}})(?=(?:{_MARKS}|{COUNTED})(?![\d]))",
    yes=(("条件：（一）有住所", "："), ("有住所；2.有资金", "；"), ("如下：一是扩面", "：")),
    no=("第（一）项规定", "到2.5万元", "市（一）中"),
    why="where the next item begins in a line that holds several",
)
