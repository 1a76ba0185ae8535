"""What the pages of 管理 share: who may open which, the frame around each, and their forms."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse

from assistant.office.office import Office
from assistant.office.sight import Sight, sight_of
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.pages.refusals import deny
from assistant.pages.running import in_line
from assistant.pages.shell import own_page, problem
from assistant.people.languages import is_english
from assistant.people.log import Deed, recorded
from assistant.people.permissions import Action, may
from assistant.people.person import Person
from assistant.people.viewer import entry_of, person_of, viewer_of
from assistant.queueing import WaitingLine
from assistant.services import Services
from vectorstore.library import View
from vectorstore.models import EVERYTHING

T = TypeVar("T")

# (address, labels, who may open it: whoever may do one of these)
Section = tuple[str, str, str, tuple[Action, ...]]
SECTIONS: tuple[Section, ...] = (
    ("/admin/gaps", "待补问题", "Gaps", ("answer gaps",)),
    ("/admin/answers", "核定回答", "Approved answers", ("answer gaps",)),
    ("/admin/terms", "本单位用语", "Terms", ("answer gaps",)),
    ("/admin/people", "人员", "People", ("set up people", "grant rights")),
    ("/admin/departments", "部门", "Departments", ("set up people", "grant rights")),
    ("/admin/use", "使用情况", "Use", ("look after the system",)),
    ("/admin/state", "系统状态", "State", ("look after the system",)),
    ("/admin/backups", "备份", "Backups", ("look after the system",)),
)
_OF_PEOPLE = ("/admin/people", "/admin/departments")


@dataclass(frozen=True)
class Admin:
    """What the pages work with."""

    services: Services
    office: Office
    line: WaitingLine

    def view(self, request: Request) -> View:
        return self.services.assistant.view(viewer_of(request))

    def sight(self, request: Request) -> Sight:
        """Which questions and approved answers are for whoever asks."""
        return sight_of(self.view(request), self.services.assistant.view(EVERYTHING))

    def require(self, request: Request, *actions: Action) -> Person:
        """Who asks. Whoever may do none of these finds no such page, and it is noted."""
        person = person_of(request)
        if not any(may(person, action) for action in actions):
            deny(request.scope)
            raise HTTPException(404)
        return person

    def deed(
        self, request: Request, deed: Deed, on: str = "", **details: Any
    ) -> AbstractContextManager[None]:
        """Around a deed, in a thread: it is in the log first. Raises PolicyError where not."""
        return recorded(self.services.log, entry_of(request, deed, on, **details))

    def department_names(self) -> dict[str, str]:
        """By id, of all departments."""
        people = self.services.people
        return {d.id: d.name for d in people.departments()} if people else {}

    @property
    def sections(self) -> tuple[Section, ...]:
        """Those that there are here: without logging in there are no people to set up."""
        missing = _OF_PEOPLE if self.services.people is None else ()
        return tuple(s for s in SECTIONS if s[0] not in missing)

    async def in_line(self, request: Request, work: Callable[[], T]) -> T:
        """Heavy work in its place of the fair line. Raises what it raises, and Crowded."""
        return await in_line(self.line, request, "admin", work)

    def page(
        self,
        request: Request,
        section: str,
        body: str,
        *,
        said: str = "",
        error: str = "",
        status: int = 0,
    ) -> HTMLResponse:
        """One page of 管理; `said` is what was done, `error` why it was not."""
        person, english = person_of(request), is_english(request)
        open_ = [s for s in self.sections if any(may(person, action) for action in s[3])]
        labels = next(((zh, en) for path, zh, en, _ in SECTIONS if path == section), ("管理", ""))
        links = join(
            element("a", both(zh, en), href=path, aria_current="page" if path == section else None)
            for path, zh, en, _ in open_
        )
        told = element("p", text(said), class_="done", role="status") if said else ""
        told += problem(error) if error else ""
        sections = element(
            "nav", links, class_="sections", aria_label=pick(english, "管理", "Admin")
        )
        return own_page(
            request, self.services.assistant, "/admin", labels,
            element("h1", both(*labels)) + told + body,
            looks="admin.css keys.css", class_="admin-page", above=sections,
            status=status or (400 if error else 200),
        )  # fmt: skip


def first_section(person: Person) -> str | None:
    """The first page that somebody may open, None for whom there is no 管理."""
    return next((path for path, _, _, acts in SECTIONS if any(may(person, a) for a in acts)), None)


# --- forms ----------------------------------------------------------------------------------------


def form(action: str, content: str, **attributes: object) -> str:
    return element("form", content, method="post", action=action, **attributes)


def hidden(**values: object) -> str:
    return join(element("input", type="hidden", name=k, value=v) for k, v in values.items())


def field(
    labels: tuple[str, str], name: str, value: str = "", *, kind: str = "text", longest: int = 100,
    class_: str = "", **attributes: object,
) -> str:  # fmt: skip
    limit = longest if kind in ("text", "password", "search") else None
    box = element("input", type=kind, name=name, value=value, maxlength=limit, **attributes)
    return element("label", both(*labels) + box, class_=class_ or None)


def area(
    labels: tuple[str, str], name: str, value: str, *, rows: int, longest: int, **attributes: object
) -> str:
    box = element("textarea", text(value), name=name, rows=rows, maxlength=longest, **attributes)
    return element("label", both(*labels) + box, class_="wide")


def choice(
    labels: tuple[str, str], name: str, options: Iterable[tuple[str, str]], chosen: str = ""
) -> str:
    """A list of which one is chosen; options are (value, label)."""
    items = join(
        element("option", text(label), value=value, selected=value == chosen)
        for value, label in options
    )
    return element("label", both(*labels) + element("select", items, name=name))


def button(zh: str, en: str, *, main: bool = False, **attributes: object) -> str:
    return element(
        "button", both(zh, en), type="submit", class_="send" if main else "tool", **attributes
    )


def link(zh: str, en: str, path: str, **query: object) -> str:
    given = {key: value for key, value in query.items() if value not in ("", None)}
    address = f"{path}?{urlencode(given)}" if given else path
    return element("a", both(zh, en), class_="tool", href=address)


def folded(zh: str, en: str, content: str, *, is_open: bool = False) -> str:
    return element("details", element("summary", both(zh, en)) + content, open=is_open)


def sheet(header: Iterable[tuple[str, str]], rows: Iterable[Iterable[str]], caption: str) -> str:
    """A table; cells are markup already. On narrow screens each row is a card."""
    labels = tuple(header)
    head = join(element("th", both(*label), scope="col") for label in labels)
    body = join(
        element(
            "tr",
            join(
                element("td", cell, data_zh=zh, data_en=en)
                for cell, (zh, en) in zip(row, labels, strict=True)
            ),
        )
        for row in rows
    )
    table = element("table", element("thead", element("tr", head)) + element("tbody", body))
    return element(
        "div", table, class_="table-wrap as-cards", role="region", aria_label=caption, tabindex="0"
    )


def note(zh: str, en: str) -> str:
    return element("p", both(zh, en), class_="note")


def ids_of(said: str, most: int = 300) -> tuple[int, ...]:
    """Numbers apart by commas, as forms carry them; what is no number is left out."""
    parts = (part for part in said[:4000].split(",") if part.isascii() and part.isdigit())
    return tuple(dict.fromkeys(int(part) for part in parts if len(part) < 12))[:most]


def number_of(said: str) -> int:
    """An id from a form; 0 stands for none."""
    return next(iter(ids_of(said, 1)), 0)
