"""/help, the keys that `?` shows, and /start: short, in both languages, with pictures."""

from typing import NamedTuple

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from assistant.chat import Assistant
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.pages.shell import OWN_HEADERS, own_page
from assistant.pages.start import TITLE as START
from assistant.pages.start import start_body
from assistant.people.languages import is_english
from assistant.people.viewer import person_of, viewer_of

TITLE = ("帮助", "Help")
KEYS = (
    ("在各页", "On every page", (
        ("?", "看快捷键", "show the keys"),
        ("/", "到提问框或搜索框", "go to the box for questions or for searching"),
        ("Tab / Shift+Tab", "到下一处、上一处", "go to the next or the previous place"),
        ("Esc", "关闭对话框、菜单", "close a dialog or a menu"),
    )),
    ("在问答", "When asking", (
        ("Enter", "发送", "send"),
        ("Shift+Enter", "换行", "break the line"),
        ("Esc", "停止回答", "stop the answer"),
        ("↑ / ↓", "框空着时：取回以前的问题", "in the empty box: earlier questions"),
    )),
)  # fmt: skip


class Part(NamedTuple):
    """One part of the help. `picture` is a file among the assets ('' for none) with its size and,
    in both languages, what is to be seen on it."""

    zh: str
    en: str
    said: tuple[tuple[str, str], ...]
    picture: str = ""
    size: tuple[int, int] = (0, 0)
    shows: tuple[str, str] = ("", "")


PARTS = (
    Part("提问", "Ask", (
        ("用平常的话写问题，可以接着问“由谁牵头”“那松湖县呢”。系统把怎样理解写在回答上面。",
         "Ask in your own words and ask on (“who leads it?”). How it was understood stands above the answer."),
        ("回答先说结论。句后的编号是出处：点编号看引文，点“打开原文”看它在文件里的位置。",
         "The answer begins with the point. The numbers are its sources: one click shows the quote, “Open document” its place."),
        ("回答下面一行说明几句有出处、几句存疑；存疑的句子划掉并说明原因。没有依据时会说没有，并给最接近的段落。",
         "A line below counts what is supported. What is not is struck through and says why. Without a source you are told so."),
    ), "help-ask.webp", (900, 563), ("一个问题、带编号的回答和右边的出处", "A question, its answer with numbers, and the sources beside it")),
    Part("限定范围", "Narrow it down", (
        ("展开“筛选”，按地区、机关、文种、年份、状态限定；正在用的筛选显示成小标签，点一下去掉。",
         "Unfold the filters: region, issuer, kind, year, state. Those in force are chips; a click removes one."),
    )),
    Part("文件库", "Library", (
        ("搜索标题、文号和正文，命中的段落列在标题下面；按地区、机关、文种、年份、状态筛选，点列名排序。",
         "Search titles, numbers and texts; what was found stands below the title. Filter by region, issuer, kind, year and state; a column's name sorts."),
        ("选中几份，可以一起放入资料夹、分类、删除或导出清单；提问时可以只在一个资料夹里找。“详情”里打开全文或下载原文件；信息读错了，在全文页改正并写明理由。",
         "Several that are chosen go together into a collection or a class, are deleted or exported; a question can keep to one collection. “More” opens a document; what was misread of it is corrected there, with a reason."),
        ("上传：把文件拖进来，可以一次多份。每份的结果写在下面：已入库、已在库中、失败和原因。删除前会先问。",
         "Upload by dragging, several at once. Each one's outcome stands below, failures with their reason. Deleting asks first."),
    ), "help-library.webp", (900, 563), ("文件库的列表和上传", "The list of documents and the place for uploads")),
    Part("指标与分工", "Figures and duties", (
        ("文件里写明的目标、数据、分工、时限逐条列出，可筛选、导出 Excel；一项指标可跨地区、跨年份对照，说法不一的会标出。",
         "What the documents state, row by row: filter it, export it to Excel, set one indicator side by side over places and years."),
    ), "help-facts.webp", (900, 563), ("逐条列出的指标与分工", "Figures and duties, row by row")),
    Part("起草", "Draft", (
        ("写明要起草什么、参照哪份文件，先列提纲，再写全文。黄色的是要补的本地数据；点“核对”逐句检查，最后导出 Word。",
         "Say what to draft and after which document: first the outline, then the text. Yellow gaps are yours to fill; check it, then export to Word."),
        ("稿子在“我的稿子”里，每次保存都留版本；可以共享给同事，两个人改同一份不会互相覆盖。",
         "Each save keeps a version. Drafts can be shared; two people never overwrite each other."),
    ), "help-draft.webp", (900, 563), ("提纲、正文和出处", "Outline, text and sources")),
    Part("核对和对照", "Audit and compare", (
        ("核对：贴上别人写的文稿，其中的文件名、文号、引文、数字逐一与原文比对。",
         "Audit: paste a text; each title, number, quotation and figure is held against the documents."),
        ("对照：选两份文件，逐条列出新增、删去、修改的内容，可下载 Word 对照表。",
         "Compare: two documents clause by clause, with a table for Word."),
    )),
    Part("出了问题", "When something fails", (
        ("页面上会说发生了什么、什么还在、下一步怎么做。带“日志编号”的，请把编号告诉管理员。",
         "The page says what happened, what was kept and what to do. Tell your administrator the number of the log."),
        ("没找到：换个说法，写全文件名或文号，或去掉筛选再问。库里没有的文件，请资料管理员上传。",
         "Nothing found: say it differently, name the document or its number, or remove a filter."),
    )),
)  # fmt: skip


def add_help_routes(site: FastAPI, assistant: Assistant) -> None:
    """The pages; `?lang=zh` and `?lang=en` show the help in a language other than the browser's."""

    @site.get("/help")
    def help_(request: Request, lang: str = "") -> HTMLResponse:
        english = lang == "en" if lang in ("zh", "en") else is_english(request)
        return own_page(
            request, assistant, "/help", TITLE, help_body(english), looks="help.css", english=english
        )  # fmt: skip

    @site.get("/help/keys")
    def keys() -> HTMLResponse:
        return HTMLResponse(keys_box(), headers=OWN_HEADERS)

    @site.get("/start")
    def start(request: Request) -> HTMLResponse:
        view = assistant.view(viewer_of(request))
        body = start_body(assistant, view, person_of(request))
        return own_page(request, assistant, "/help", START, body, looks="help.css")


def help_body(english: bool) -> str:
    """What each page is for, the keys, and the way to the other language."""
    other = ("zh", "中文") if english else ("en", "English")
    links = (
        element("a", both(*START), class_="tool", href="/start")
        + element("a", both("快捷键", "Keys"), class_="tool", href="#keys-list")
        + element("a", text(other[1]), class_="tool", href=f"/help?lang={other[0]}", lang=other[0])
    )
    parts = join(_part(part, english) for part in PARTS)
    keys = element("h2", both("快捷键", "Keys"), id="keys-list") + _key_lists("h3")
    return (
        element("h1", both(*TITLE)) + element("p", links, class_="tools") + parts
        + element("section", keys, class_="part")
    )  # fmt: skip


def _part(part: Part, english: bool) -> str:
    words = join(element("p", both(zh, en)) for zh, en in part.said)
    picture = ""
    if part.picture:
        width, height = part.size
        picture = element(
            "img", src=f"/look/help/{part.picture}", width=width, height=height, loading="lazy",
            alt=pick(english, *part.shows),
        )  # fmt: skip
    return element(
        "section", element("h2", both(part.zh, part.en)) + words + picture, class_="part"
    )


def keys_box() -> str:
    """What stands in the dialog of `?`."""
    links = (
        element("button", both("关闭", "Close"), type="button", class_="tool", data_close=True, autofocus=True)
        + element("a", both("帮助", "Help"), class_="tool", href="/help")
        + element("a", both(*START), class_="tool", href="/start")
    )  # fmt: skip
    return (
        element("h2", both("快捷键", "Keys"), id="keys-title")
        + _key_lists("h3")
        + element("p", links, class_="last")
    )


def _key_lists(heading: str) -> str:
    return join(
        element(heading, both(zh, en))
        + element("dl", join(_key(*key) for key in keys), class_="keys")
        for zh, en, keys in KEYS
    )


def _key(keys: str, zh: str, en: str) -> str:
    named = " / ".join(
        "+".join(element("kbd", text(key)) for key in choice.split("+"))
        for choice in keys.split(" / ")
    )
    return element("div", element("dt", named) + element("dd", both(zh, en)))
