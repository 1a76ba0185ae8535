"""What all pages share: the bar, the foot line, the look."""

from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from assistant.chat import Assistant
from assistant.pages.allowed import pages_of
from assistant.pages.guard import WITH_FORM
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import is_english, pick
from assistant.people.person import Person
from assistant.people.viewer import HOME, person_of, viewer_of
from vectorstore import VERSION as VERSION
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


def bar(current: str, person: Person = HOME) -> str:
    """The bar at the top: name, the pages that are for somebody, who is logged in, light or dark.
    Where nobody logs in, nobody is named."""
    links = join(
        element("a", both(page.zh, page.en), href=page.path,
                aria_current="page" if page.path == current else None)
        for page in pages_of(person)
    )  # fmt: skip
    theme = element("button", both("明暗", "Theme"), type="button", class_="plain", data_theme=True,
                    aria_label="切换明暗 / toggle theme")  # fmt: skip
    return element(
        "div",
        element("span", both(*NAME), class_="name")
        + (element("nav", links, aria_label="页面") if links else "")
        + _who(current, person)
        + theme,
        class_="bar",
    )


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


def problem(sentence: str) -> str:
    """What went wrong, in the place where the person looks."""
    return element("p", text(sentence), class_="problem", role="alert")


def as_download(content: bytes, name: str, kind: str) -> Response:
    """A file that the browser saves under its `name`; `kind` is its media type."""
    saved = quote(name.replace("/", "／"))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{saved}"}
    return Response(content, media_type=kind, headers=headers | {"Cache-Control": "no-store"})


def own_page(
    request: Request,
    assistant: Assistant,
    path: str,
    title: tuple[str, str],
    body: str,
    *,
    looks: str = "",
    class_: str = "",
    above: str = "",
    status: int = 200,
) -> HTMLResponse:
    """A page that Gradio has no part in, for whoever asks: the bar with `path` marked, `above`,
    `body` as what is main, the foot. `title` is Chinese and English; `looks` are style sheets of
    its own, `class_` classes of its own."""
    english, person = is_english(request), person_of(request)
    whole = bar(path, person) + above + element("main", body) + foot(assistant, viewer_of(request))
    shown = plain_page(
        pick(english, *title), whole, class_=f"plain-page {class_}".strip(), script="plain.js",
        looks=f"page.css facts.css {looks}".strip(), english=english,
    )  # fmt: skip
    return HTMLResponse(shown, status, headers=OWN_HEADERS)


def gone(sentence: str, status: int = 404) -> HTMLResponse:
    """What is not there, or cannot be shown now, in a sentence."""
    page = f'<!doctype html><meta charset="utf-8">{element("p", text(sentence))}'
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
    among the assets, apart by spaces; `class_` is the body's."""
    styles = join(f'<link rel="stylesheet" href="/look/{name}">' for name in looks.split())
    scripts = join(f'<script src="/look/{name}" defer></script>' for name in script.split())
    return (
        f'<!doctype html><html lang="{"en" if english else "zh-CN"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)}</title>{styles}{scripts}</head>"
        f'<body class="{class_}">{body}</body></html>'
    )
