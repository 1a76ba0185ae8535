"""Which of the two languages a request asks for."""

from typing import Any


def is_english(request: Any) -> bool:
    """Whether English is asked for before Chinese."""
    return prefers_english(request.headers.get("accept-language", ""))


def prefers_english(accepted: str) -> bool:
    """The same of the header's text."""
    for part in accepted[:200].split(","):
        language = part.split(";")[0].strip().lower()
        if language.startswith(("zh", "en")):
            return language.startswith("en")
    return False
