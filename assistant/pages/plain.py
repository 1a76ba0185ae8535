"""What the language of a page without Gradio is, and labels where markup cannot stand."""

from typing import Any


def is_english(request: Any) -> bool:
    """Whether the browser asks for English before Chinese."""
    return prefers_english(request.headers.get("accept-language", ""))


def prefers_english(accepted: str) -> bool:
    """The same of the header's text."""
    for part in accepted[:200].split(","):
        language = part.split(";")[0].strip().lower()
        if language.startswith(("zh", "en")):
            return language.startswith("en")
    return False


def pick(english: bool, zh: str, en: str) -> str:
    """A label where markup cannot stand: in options and attributes."""
    return en if english else zh
