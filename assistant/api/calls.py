"""What the calls share: who sees what, a place in the fair line, and stopping when nobody waits."""

import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import anyio
from fastapi import Request

from assistant.api.access import Access
from assistant.chat import Assistant
from assistant.events import Event, Progress, Stopped
from assistant.intake import Ingest
from assistant.people.person import Person
from assistant.people.viewer import owner_of, viewer_of
from assistant.queueing import Asker, Done, Place, WaitingLine
from assistant.services import Services
from vectorstore.library import View
from vectorstore.models import Audience, SearchFilter

T = TypeVar("T")
_LOOK = 0.5  # seconds between two looks whether the caller is still there


@dataclass(frozen=True)
class Calls:
    """`audience_of` says for whom somebody's uploads are; `scratch` gives a new folder of this run
    for files on their way in."""

    services: Services
    line: WaitingLine
    access: Access
    ingest: Ingest
    audience_of: Callable[[Person], Audience]
    scratch: Callable[[], Path]

    @property
    def assistant(self) -> Assistant:
        return self.services.assistant

    def view(
        self, request: Request, scope: SearchFilter = SearchFilter(), as_of: date | None = None
    ) -> View:
        """What the caller sees, today if no day is named."""
        return self.assistant.view(viewer_of(request), scope, self.day(as_of))

    def now(self) -> datetime:
        return datetime.now(UTC)

    def day(self, as_of: date | None) -> date:
        return as_of or date.today()

    async def events(
        self, request: Request, work: Callable[[Progress], T]
    ) -> AsyncGenerator[Place | Event | Done[T], None]:
        """Heavy work in its place of the line, as what the owner asks on a page is. Closing it
        stops the work. Raises what the work raises, and Crowded."""
        asker = Asker(owner_of(request), f"call-{secrets.token_hex(8)}")
        async with aclosing(self.line.run(asker, work)) as events:
            async for event in events:
                yield event

    async def in_line(self, request: Request, work: Callable[[Progress], T]) -> T:
        """The same, for what comes of it. Raises Stopped when the caller has gone meanwhile."""
        found: list[T] = []
        failed: list[Exception] = []

        async def do() -> None:
            try:
                async with aclosing(self.events(request, work)) as events:
                    async for event in events:
                        if isinstance(event, Done):
                            found.append(event.value)
            except Exception as error:  # out of the group as it is, not as a group of one
                failed.append(error)
            group.cancel_scope.cancel()

        async with anyio.create_task_group() as group:
            group.start_soon(do)
            while not await request.is_disconnected():
                await anyio.sleep(_LOOK)
            group.cancel_scope.cancel()
        if failed:
            raise failed[0]
        if not found:
            raise Stopped
        return found[0]
