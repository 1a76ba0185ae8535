"""What the routes below /drafts share: whose desk it is, the page around a body, the log."""

from contextlib import AbstractContextManager
from typing import Annotated, Any

from fastapi import Form, Request, Response

from assistant.drafting.access import WRITES
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft
from assistant.pages.draft_lists import SHARE, Directory, share_body
from assistant.pages.refusals import deny
from assistant.pages.shell import own_page
from assistant.people.languages import is_english
from assistant.people.log import Deed, recorded
from assistant.people.permissions import may
from assistant.people.viewer import entry_of, person_of
from assistant.services import Services
from vectorstore.errors import PolicyError

# A form that is sent without Origin counts as another website's (guard.py); under no-referrer
# browsers send none.
Field = Annotated[str, Form()]
_GONE = "没有这份稿子，可能已删除"


class NotHere(PolicyError):
    """There is no such thing for whoever asks."""


class DraftDesks:
    """What the routes share."""

    def __init__(self, services: Services, directory: Directory):
        self.services = services
        self.directory = directory

    def of(self, request: Request) -> DraftingDesk:
        """The desk of whoever asks. Raises NotHere for who may not draft."""
        person = person_of(request)
        if not may(person, "draft"):
            deny(request.scope)
            raise NotHere(_GONE)

        def around(draft: Draft) -> AbstractContextManager[None]:
            return self.deed(request, "write draft", draft.id, since=draft.version)

        return self.services.desk.seen_by(person, around=around)

    def opened(self, request: Request, draft_id: str) -> tuple[DraftingDesk, Draft]:
        """A draft as whoever asks may see it, and their desk. Raises NotHere."""
        desk, draft = self.whole(request, draft_id)
        return desk, desk.covered(draft)

    def whole(self, request: Request, draft_id: str) -> tuple[DraftingDesk, Draft]:
        """A draft as it is, to be changed. Raises NotHere."""
        desk = self.of(request)
        try:
            return desk, desk.open(draft_id)
        except PolicyError as error:
            raise NotHere(str(error)) from error

    def may_write(self, desk: DraftingDesk, draft: Draft) -> bool:
        return desk.store.permission(draft.id, desk.person) in WRITES

    def deed(
        self, request: Request, deed: Deed, on: str, **details: Any
    ) -> AbstractContextManager[None]:
        """Around a deed: it is in the log first."""
        return recorded(self.services.log, entry_of(request, deed, on, **details))

    def page(self, request: Request, title: tuple[str, str], body: str, status: int = 200) -> Response:  # fmt: skip
        return own_page(
            request,
            self.services.assistant,
            "/draft",
            title,
            body,
            looks="drafts.css",
            status=status,
        )

    def share_page(self, request: Request, draft_id: str, said: str = "", error: str = "") -> Response:  # fmt: skip
        desk = self.of(request)
        require_owner(desk, draft_id)
        draft, ownership = desk.open(draft_id), desk.store.ownership(draft_id, desk.person)
        body = share_body(draft, ownership, self.directory, said, error, is_english(request))
        return self.page(request, SHARE, body, 400 if error else 200)


def require_owner(desk: DraftingDesk, draft_id: str) -> None:
    if desk.store.permission(draft_id, desk.person) != "owner":
        raise NotHere(_GONE)
