"""Which fields of a document are asked for: its number, dates, issuer; and what no field holds."""

from collections.abc import Iterator

from assistant.understand.asking import asks_when
from assistant.understand.question import Question
from vectorstore.language.text import says

# What a document's field is called, and what was done to it on its dates.
_NAMED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("document_number", ("文号", "字号")),
    ("publisher", ("来源", "转载", "哪个网站")),
    ("region", ("适用范围", "适用地区", "适用区域", "哪个省的", "哪个市的", "哪个地区的", "哪个地方的")),
    ("period", ("规划期", "到哪年", "到哪一年", "期限")),
    ("kind", ("文种", "哪类公文", "哪种公文", "哪类文件", "哪种文件")),
    ("title", ("全称", "标题", "题目", "叫什么", "是什么文件", "是哪个文件", "是哪份文件", "是一份什么文件")),
)  # fmt: skip
_DONE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("date_written", ("成文", "落款")),
    ("date_printed", ("印发",)),
    ("date_published", ("发布", "公布", "挂", "网上")),
    ("date_effective", ("施行", "生效", "实施")),
)
_ISSUED = ("发布", "印发", "制定", "颁发", "出台", "发文", "发的", "公布")
_WHO = ("谁", "家", "机关", "单位", "部门", "机构", "哪里")
_DATED = ("日期", "时间", "日子")
_ORDER = ("早", "晚", "先", "后")
# Contact details are asked together with numbers and dates; no field holds them.
_CONTACT = ("电话", "联系方式", "邮箱", "网址", "地址", "联系人")
_UPSTREAM = (
    "上位",
    "引用",
    *(f"{v}{of}" for v in ("依据", "根据", "转发") for of in ("的", "了", "哪")),
)


def fields_asked(question: Question) -> tuple[str, ...]:
    """Names of the fields (vectorstore.models.Metadata) that are asked for."""
    return tuple(dict.fromkeys(_fields_in(question.standalone)))


def _fields_in(text: str) -> Iterator[str]:
    yield from (name for name, words in _NAMED[:1] if says(text, words))
    if asks_when(text) or says(text, _DATED):
        dates = [name for name, words in _DONE if says(text, words)]
        yield from dates or (("date_written", "date_published") if "发" in text else ())
    if says(text, _WHO) and says(text, _ISSUED):
        yield "issuer"
    yield from (name for name, words in _NAMED[1:] if says(text, words))


def date_in(text: str) -> str:
    """The date of a document that a text speaks of: 印发; '' where it speaks of none."""
    return next((name for name, words in _DONE if says(text, words)), "")


def date_compared(question: Question) -> str:
    """The date by which a question puts documents in an order; '' where it does not."""
    text = question.standalone
    ordered = asks_when(text) or says(text, (*_DATED, *_ORDER))
    return date_in(text) if ordered else ""


def asks_number(question: Question) -> bool:
    """Whether the number of a document is asked for."""
    return "document_number" in fields_asked(question)


def without_number(text: str) -> str:
    """A topic without the words for a document's number."""
    for word in ("发文字号", "发文号", "文号", "字号"):
        text = text.replace(word, "")
    return text


def asks_upstream(question: Question) -> bool:
    """Whether the document that another one rests on is asked about."""
    return says(question.standalone, _UPSTREAM)


def contacts_asked(question: Question) -> tuple[str, ...]:
    """How somebody is reached: no field of a document says it."""
    return tuple(word for word in _CONTACT if word in question.standalone)
