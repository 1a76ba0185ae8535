"""Which of the two languages a request asks for."""

from typing import Any

# Set by the switch in the bar of each page, and read before Gradio's pages are drawn
# (pages/assets/common.js).
COOKIE = "policy_language"


def is_english(request: Any) -> bool:
    """Whether English is asked for before Chinese (a Starlette or a Gradio request): as somebody
    chose on a page, else as their browser says."""
    inner = getattr(request, "request", None) or request  # Gradio wraps Starlette's
    chosen = getattr(inner, "cookies", {}).get(COOKIE, "")
    if chosen in ("zh", "en"):
        return bool(chosen == "en")
    return prefers_english(inner.headers.get("accept-language", ""))


def prefers_english(accepted: str) -> bool:
    """Whether the header Accept-Language names English before Chinese."""
    for part in accepted[:200].split(","):
        language = part.split(";")[0].strip().lower()
        if language.startswith(("zh", "en")):
            return language.startswith("en")
    return False
