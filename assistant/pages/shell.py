"""What all pages share: the bar, the foot line, the look."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from assistant.chat import Assistant
from assistant.pages.allowed import pages_of
from assistant.pages.guard import WITH_FORM
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.people.languages import is_english
from assistant.people.person import Person
from assistant.people.viewer import HOME, person_of, viewer_of
from vectorstore import VERSION as VERSION
from vectorstore.errors import PolicyError
from vectorstore.files.labels import without_folders
from vectorstore.models import Viewer

NAME = ("政策文件助手", "Policy Corpus Assistant")
# Of pages that Gradio has no part in. A form that is sent without Origin counts as another
# website's (guard.py); under no-referrer browsers send none. Nothing of them is kept by browsers
# or proxies.
OWN_HEADERS = WITH_FORM | {
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
    "Cache-Control": "no-store",
}
_GONE = ("这里没有这一页", "Nothing here")
_NOT_NOW = ("现在不能显示", "Not now")
_SAID_ABOVE = "The sentence above says what happened and what to do; it is not translated."


def bar(current: str, person: Person = HOME) -> str:
    """The bar at the top: name, the pages that are for somebody, who is logged in, light or dark.
    Where nobody logs in, nobody is named."""
    links = join(
        element("a", both(page.zh, page.en), href=page.path,
                aria_current="page" if page.path == current else None)
        for page in pages_of(person)
    )  # fmt: skip
    return element(
        "div",
        element("span", both(*NAME), class_="name")
        + (element("nav", links, aria_label="页面 / pages") if links else "")
        + _who(current, person)
        + _tools(current),
        class_="bar",
    )


def _tools(current: str) -> str:
    """What every page offers: help, the keys (shell.js), light or dark, the other language."""
    help_ = element("a", both("帮助", "Help"), href="/help",
                    aria_current="page" if current == "/help" else None)  # fmt: skip
    keys = element("button", "?" + element("span", both("快捷键", "Keys"), class_="unseen-label"),
                   type="button", class_="plain", data_keys=True, title="快捷键 / keys")  # fmt: skip
    theme = element("button", both("明暗", "Theme"), type="button", class_="plain", data_theme=True,
                    title="切换明暗 / toggle theme")  # fmt: skip
    return element("span", help_ + keys + theme + language_switch(), class_="tools-of-page")


def language_switch(class_: str = "plain") -> str:
    """To the other language, in its own words; shell.js remembers it."""
    other = element("span", "English", class_="zh", lang="en") + element(
        "span", "中文", class_="en", lang="zh"
    )
    return element("button", other, type="button", class_=class_, data_language=True,
                   title="English / 中文")  # fmt: skip


def _who(current: str, person: Person) -> str:
    if person.is_alone or not person.login:
        return ""
    account = element("a", text(person.name), href="/account", class_="who",
                      aria_current="page" if current == "/account" else None)  # fmt: skip
    out = element("button", both("退出", "Log out"), type="submit", class_="plain")
    return account + element("form", out, method="post", action="/logout", class_="out")


def way_of(assistant: Assistant) -> tuple[str, str]:
    """How answers are made, in Chinese and English."""
    read = assistant.reader.name == "reader"
    zh = "摘录" + ("（阅读模型）" if read else "（未启用阅读模型）")
    en = "extractive" + (" (reader)" if read else " (no reader)")
    if assistant.model is None:
        return f"{zh}，未设置语言模型", f"{en}, no language model"
    name = assistant.model.settings.model
    return f"生成（{name}）或{zh}", f"generated ({name}) or {en}"


def foot(assistant: Assistant, viewer: Viewer) -> str:
    """The line at the foot: size of the corpus, last ingest, how answers are made, version."""
    documents, mode = assistant.view(viewer).documents(), way_of(assistant)
    latest = max((d.ingested_at for d in documents), default="")[:10]
    zh = f"{len(documents)} 份文件 · 最近入库 {latest or '—'} · {mode[0]} · 版本 {VERSION}"
    en = f"{len(documents)} documents · last ingest {latest or '—'} · {mode[1]} · version {VERSION}"
    return element("div", both(zh, en), class_="foot")


def problem(said: str | PolicyError) -> str:
    """What went wrong, in the place where the person looks; in English too where the error has
    an English twin."""
    english = said.english if isinstance(said, PolicyError) else ""
    here, there = without_folders(str(said)), without_folders(english)
    words = both(here, there) if there else text(here)
    return element("p", words, class_="problem", role="alert")


def own_page(
    request: Request,
    assistant: Assistant,
    path: str,
    title: tuple[str, str],
    body: str,
    *,
    looks: str = "",
    script: str = "",
    class_: str = "",
    above: str = "",
    status: int = 200,
    english: bool | None = None,
) -> HTMLResponse:
    """A page that Gradio has no part in, for whoever asks: the bar with `path` marked, `above`,
    `body` as what is main, the foot. `title` is Chinese and English; `looks` are style sheets of
    its own, `script` scripts and `class_` classes of its own; `english` where the page knows better than the browser
    which language is wanted."""
    english = is_english(request) if english is None else english
    person = person_of(request)
    whole = bar(path, person) + above + element("main", body) + foot(assistant, viewer_of(request))
    shown = plain_page(
        pick(english, *title), whole, class_=f"plain-page {class_}".strip(),
        script=f"plain.js {script}".strip(),
        looks=f"page.css facts.css {looks}".strip(), english=english,
    )  # fmt: skip
    return HTMLResponse(shown, status, headers=OWN_HEADERS)


def gone(said: str | PolicyError, status: int = 404, *, english: str = "") -> HTMLResponse:
    """What is not there, or cannot be shown now: in a sentence, with ways on. Both languages are
    shown, because who asks is not always known here."""
    english = said.english or english if isinstance(said, PolicyError) else english
    zh, en = _GONE if status == 404 else _NOT_NOW
    said, english = without_folders(str(said)), without_folders(english)
    back = element("a", text("回到首页 · Start"), class_="tool", href="/")
    help_ = element("a", text("帮助 · Help"), class_="tool", href="/help")
    body = element(
        "main",
        element("h1", text(zh) + element("small", text(en), lang="en"))
        + element("p", text(said), role="alert")
        + element(
            "p",
            text(english or _SAID_ABOVE),
            lang="en",
            class_="note" if english else "note untranslated",
        )
        + element("p", back + " " + help_, class_="tools"),
        class_="gone",
    )
    page = plain_page(zh, body, class_="plain-page", looks="page.css facts.css", script="plain.js")
    return HTMLResponse(page, status)


def plain_page(
    title: str,
    body: str,
    *,
    class_: str,
    looks: str = "page.css",
    script: str,
    english: bool = False,
) -> str:
    """A complete page that Gradio has no part in. `looks` are style sheets and `script` scripts
    among the assets, apart by spaces, besides those of every page; `class_` is the body's."""
    sheets, programs = ("shell.css", *looks.split()), ("common.js", "shell.js", *script.split())
    styles = join(f'<link rel="stylesheet" href="/look/{name}">' for name in sheets)
    scripts = join(f'<script src="/look/{name}" defer></script>' for name in programs)
    return (
        f'<!doctype html><html lang="{"en" if english else "zh-CN"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)}</title>{styles}{scripts}</head>"
        f'<body class="{class_}">{body}</body></html>'
    )
