"""Pages that are plain HTML: forms that send themselves, addresses that can be passed on. They
work without a script; the one they have switches light and dark."""

from typing import Any

from assistant.pages.markup import element, text
from assistant.pages.shell import bar


def plain_page(title: str, body: str, *, current: str, english: bool, foot: str = "") -> str:
    """A complete page under the bar that all pages share. `body` and `foot` are markup."""
    return (
        f'<!doctype html><html lang="{"en" if english else "zh-CN"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)}</title>"
        '<link rel="stylesheet" href="/look/page.css"><link rel="stylesheet" href="/look/facts.css">'
        '<script src="/look/plain.js"></script></head>'
        f'<body class="plain-page">{bar(current)}{element("main", body)}{foot}</body></html>'
    )


def is_english(request: Any) -> bool:
    """Whether the browser asks for English before Chinese."""
    for part in request.headers.get("accept-language", "")[:200].split(","):
        language = part.split(";")[0].strip().lower()
        if language.startswith(("zh", "en")):
            return bool(language.startswith("en"))
    return False


def pick(english: bool, zh: str, en: str) -> str:
    """A label where markup cannot stand: in options and attributes."""
    return en if english else zh
