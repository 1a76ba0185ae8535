"""Which pages somebody may open. What they may do there is asked where it is done."""

from typing import NamedTuple

from assistant.people.permissions import Action, may
from assistant.people.person import Person


class Page(NamedTuple):
    """A page of the bar; whoever may do one of `actions` may open it."""

    path: str
    zh: str
    en: str
    actions: tuple[Action, ...]


PAGES = (
    Page("/", "问答", "Ask", ("ask",)),
    Page("/library", "文件库", "Library", ("ask",)),
    Page("/facts", "指标与分工", "Figures", ("ask",)),
    Page("/draft", "起草", "Draft", ("draft",)),
    Page("/audit", "核对", "Audit", ("draft",)),
    Page("/compare", "对照", "Compare", ("ask",)),
    Page(
        "/admin",
        "管理",
        "Admin",
        ("answer gaps", "set up people", "grant rights", "look after the system"),
    ),
    Page("/log", "日志", "Log", ("read the log",)),
)
# Addresses that belong to a page: their own name, or what stands below it.
_BELOW: dict[str, tuple[Action, ...]] = {
    **{page.path.strip("/"): page.actions for page in PAGES},
    "facts.xlsx": ("ask",),
    "documents": ("ask",),
    "originals": ("ask",),
    "proposals": ("ask",),
    "metadata": ("ask",),
    "followed": ("change documents",),
    "imports": ("add documents", "change documents"),
    "feedback": ("ask",),
    "conversations": ("ask",),
    "saved": ("ask",),
    "shared": ("ask",),
    "drafts": ("draft",),
    "log.csv": ("read the log",),
    "log.jsonl": ("read the log",),
}
_SENT: dict[str, tuple[Action, ...]] = {
    "proposals": ("judge documents",),
    "metadata": ("change documents",),
}


def may_open(person: Person, path: str, method: str = "GET") -> bool:
    """Whether the page that an address belongs to is for somebody. Addresses of no page, such as
    those of Gradio and of one's own account, decide for themselves."""
    first = path.strip("/").split("/", 1)[0]
    actions = _BELOW.get(first)
    if method not in ("GET", "HEAD"):
        actions = _SENT.get(first, actions)
    return actions is None or any(may(person, action) for action in actions)


def pages_of(person: Person) -> list[Page]:
    """Those of the bar that are for somebody. Where nobody logs in there is no log as a rule, and
    whoever wants one knows its address."""
    return [
        page
        for page in PAGES
        if may_open(person, page.path) and not (person.is_alone and page.path == "/log")
    ]


def first_page(person: Person) -> str:
    """Where somebody arrives who has logged in."""
    return next((page.path for page in pages_of(person)), "/account")
