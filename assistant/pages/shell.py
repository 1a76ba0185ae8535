"""What all pages share: the bar, the foot line, the look."""

from collections.abc import Sequence

from assistant.pages.markup import both, element, join, text
from vectorstore.models import DocumentSummary

VERSION = "0.1.0"
NAME = ("政策文件助手", "Policy Corpus Assistant")
PAGES = (("/", "问答", "Ask"), ("/library", "文件库", "Library"))


def bar(current: str) -> str:
    """The bar at the top: name, pages, light or dark."""
    links = join(
        element("a", both(zh, en), href=path, aria_current="page" if path == current else None)
        for path, zh, en in PAGES
    )
    theme = element("button", both("明暗", "Theme"), type="button", class_="plain", data_theme=True,
                    aria_label="切换明暗 / toggle theme")  # fmt: skip
    return element(
        "div",
        element("span", both(*NAME), class_="name")
        + element("nav", links, aria_label="页面")
        + theme,
        class_="bar",
    )


def foot(documents: Sequence[DocumentSummary], mode: tuple[str, str]) -> str:
    """The line at the foot: size of the corpus, last ingest, how answers are made, version."""
    latest = max((d.ingested_at for d in documents), default="")[:10]
    zh = f"{len(documents)} 份文件 · 最近入库 {latest or '—'} · {mode[0]} · 版本 {VERSION}"
    en = f"{len(documents)} documents · last ingest {latest or '—'} · {mode[1]} · version {VERSION}"
    return element("div", both(zh, en), class_="foot")


def problem(sentence: str) -> str:
    """What went wrong, in the place where the person looks."""
    return element("p", text(sentence), class_="problem", role="alert")
