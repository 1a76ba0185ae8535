"""三步上手: what a newcomer does first, with examples drawn from the documents that they see."""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from assistant.chat import Assistant
from assistant.pages.allowed import may_open
from assistant.pages.markup import both, element, join, text
from assistant.people.permissions import may
from assistant.people.person import Person
from vectorstore.library import View

TITLE = ("三步上手", "Three steps to begin")
_LONGEST = 40  # characters of a title that an example names
_INNER = re.compile(r"《([^《》]{4,80}+)》")


def steps() -> str:
    """The three steps in short, for the empty page of 问答. The style sheet shows them to whoever
    has no conversation yet, and only what is in their bar."""
    items = (
        ("/library", "文件库：看有哪些文件，或上传自己的", "Library: see the documents, add your own"),
        ("/", "提问：在下面的框里写，或点一个例题", "Ask: write below, or take an example"),
        ("/draft", "起草：说要写什么，稿子带着出处", "Draft: say what to write; it cites its sources"),
    )  # fmt: skip
    listed = join(
        element("li", element("a", both(zh, en), href=path) if path != "/" else both(zh, en), data_step=path)
        for path, zh, en in items
    )  # fmt: skip
    more = element("a", both(*TITLE), href="/start")
    return element("ol", listed, class_="steps") + element("p", more, class_="to-start")


def start_body(assistant: Assistant, view: View, person: Person) -> str:
    """The page: each step with what it is good for, and where to try it now."""
    documents = len(view.documents())
    asked = assistant.examples(person.viewer) if documents else []
    top = element("h1", both(*TITLE)) + element(
        "p",
        both(
            f"库里现有 {documents} 份文件。下面的例子都出自这些文件，点一下就填到框里，改不改由您。",
            f"The library holds {documents} documents. The examples come from them; a click lays "
            "one into the box, and sending it is up to you.",
        )
        if documents
        else both("文件库还是空的，从第一步开始。", "The library is empty; begin with step one."),
        class_="note",
    )
    parts = [_upload(person), _ask(asked)]
    if may_open(person, "/draft"):
        parts.append(_draft(draft_example([d.metadata.title for d in view.documents()])))
    more = element("a", both("看带图的说明", "Help with pictures"), class_="tool", href="/help")
    return top + element("ol", join(parts), class_="start") + element("p", more, class_="tools")


def draft_example(titles: Sequence[str]) -> str:
    """A request for a draft after the first document whose title can be said in one breath; ''
    where there is none."""
    for title in titles:
        inner = _INNER.findall(title)
        name = inner[-1] if inner else title.strip("《》")
        if 4 <= len(name) <= _LONGEST:
            return f"参照《{name}》，起草本单位的实施方案，写明目标、任务分工和保障措施"
    return ""


def _upload(person: Person) -> str:
    if may(person, "add documents"):
        words = both(
            "把 Word、WPS、PDF、网页、扫描件拖进“文件库”，自动读出标题、文号、机关、日期，"
            "分成段落入库；读不了的会说明原因。",
            "Drag Word, WPS, PDF, web pages or scans into the library. Titles, numbers, issuers and "
            "dates are read from them; what cannot be read says why.",
        )
        link = _try("/library#uploading", "去上传", "Upload")
    else:
        words = both(
            "文件由资料管理员上传。您可以在“文件库”里看有哪些文件、打开全文。",
            "Documents are added by the librarian. In the library you see and open them.",
        )
        link = _try("/library", "看文件库", "See the library")
    return _step("上传", "Upload", words, element("p", link, class_="tools"))


def _ask(examples: Sequence[str]) -> str:
    words = both(
        "用平常的话问。回答的每句话后面有编号，点编号看出处，再点“打开原文”看上下文；"
        "没有依据的，会说没有，不编。",
        "Ask in your own words. Each sentence of the answer has a number that opens its source; "
        "what the documents do not say is not made up.",
    )
    items = join(
        element("li", element("a", text(asked), href="/?" + urlencode({"ask": asked})))
        for asked in examples
    )
    return _step("提问", "Ask", words, element("ul", items, class_="examples") if items else "")


def _draft(example: str) -> str:
    words = both(
        "说明要写什么、参照哪份文件。先列提纲，确认后写全文；每段注明出处，"
        "缺的本地数据留成黄色的空，最后导出 Word。",
        "Say what to write and after which document. An outline comes first, then the text with "
        "its sources; what only you know stays a yellow gap. Export it to Word.",
    )
    address = "/draft?" + urlencode({"wish": example})
    items = element("li", element("a", text(example), href=address)) if example else ""
    return _step("起草", "Draft", words, element("ul", items, class_="examples") if items else "")


def _step(zh: str, en: str, words: str, below: str) -> str:
    return element("li", element("h2", both(zh, en)) + element("p", words) + below)


def _try(path: str, zh: str, en: str) -> str:
    return element("a", both(zh, en), class_="tool", href=path)
