"""One fair waiting line for heavy work: questions, sections of drafts, audits.

Who waits costs no thread: the line lives on the event loop, and only the work itself runs in
threads, a fixed number of them. Whoever has least at work comes next, and among equals they
take turns (round-robin per person), so that twenty questions of one person delay one question
of another by no more than one answer.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from assistant.events import Event, Progress, Stopped
from vectorstore.errors import PolicyError

T = TypeVar("T")

# Seconds between two looks at one's place: often near the front, seldom far behind, where a
# line of hundreds that moves would otherwise redraw hundreds of pages for each answer.
_NEAR, _PER_PLACE, _FAR = 0.4, 0.1, 8.0


class Crowded(PolicyError):
    """The line is full, or one person has too much in it; nothing was begun."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose work it is; `tab` is one of the person's pages, which does one thing at a time."""

    owner: str
    tab: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands: how many will begin before, and whether something of the same page
    is still at work or before it in the line."""

    ahead: int
    behind_own: bool = False


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What came of the work."""

    value: T


@dataclass(eq=False)
class _Ticket:
    """One piece of work, from joining the line until its thread has ended."""

    person: Asker
    stopped: threading.Event = field(default_factory=threading.Event)
    called: asyncio.Event = field(default_factory=asyncio.Event)  # its turn, or stopped
    events: "asyncio.Queue[Event | None]" = field(default_factory=asyncio.Queue)
    future: "asyncio.Future[Any] | None" = None


class WaitingLine:
    """At most `at_once` pieces of work run; at most `longest` wait, `each` of one person.

    A page does one thing at a time. Whoever has something at work never takes the last free
    thread, so that a newcomer begins at once; else the person with least at work comes next.
    All methods must be called on the event loop.
    """

    def __init__(self, at_once: int, longest: int, each: int):
        self.at_once = at_once
        self.longest = longest
        self.each = each
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="work")
        self._waiting: dict[str, list[_Ticket]] = {}  # per owner, in the order of their turns
        self._working: list[_Ticket] = []
        self._present: list[_Ticket] = []  # whose `run` has not ended, work done or not
        self._places: dict[_Ticket, Place] = {}  # emptied by every change

    @property
    def waiting(self) -> int:
        return sum(map(len, self._waiting.values()))

    @property
    def working(self) -> int:
        """Threads that are taken, by stopped work too that has not noticed yet."""
        return len(self._working)

    async def run(
        self,
        person: Asker,
        work: Callable[[Progress], T],
        *,
        goes_on: bool = False,
        to_the_end: bool = False,
    ) -> AsyncGenerator[Place | Event | Done[T], None]:
        """The place while it waits, what `work` reports, and what came of it.

        Raises what `work` raises; Crowded when there is no room, except for work that `goes_on`
        from work done before, so that no draft is left half written because others came; and
        Stopped when it was stopped: at once, or, with `to_the_end`, when the thread has noticed,
        and after what came of it if it finished all the same. Closing the iterator leaves the
        line, or stops the work.
        """
        ticket = self._join(person, goes_on)
        try:
            async with aclosing(self._places_of(ticket)) as places:
                async for place in places:
                    yield place
            future = self._start(ticket, work)
            while (event := await ticket.events.get()) is not None:
                yield event
            if ticket.stopped.is_set() and not to_the_end:
                raise Stopped
            yield Done(await asyncio.shield(future))  # a cancelled wait is not the work's end
            if ticket.stopped.is_set():
                raise Stopped
        finally:
            self._present.remove(ticket)
            self._leave(ticket)

    def stop(self, person: Asker) -> None:
        """Ends all that one page waits for or has at work."""
        for ticket in [t for t in self._present if t.person == person]:
            self._leave(ticket)

    # --- coming and going -----------------------------------------------------------------

    def _join(self, person: Asker, goes_on: bool) -> _Ticket:
        own = len(self._waiting.get(person.owner, []))
        if not goes_on and self.waiting >= self.longest:
            raise Crowded(
                f"现在排队的人太多（{self.waiting} 个），请稍后再试",
                f"Too many are waiting ({self.waiting}); please try again later",
            )
        if not goes_on and own >= self.each:
            raise Crowded(
                f"您已有 {own} 个请求在排队，请等它们完成后再试",
                f"{own} requests of yours are waiting; try again when they are done",
            )
        ticket = _Ticket(person)
        self._present.append(ticket)
        self._waiting.setdefault(person.owner, []).append(ticket)
        self._admit()
        return ticket

    def _leave(self, ticket: _Ticket) -> None:
        """Gives up a place at once. Work that has begun is asked to end: its thread is another's
        when it has, for only then is the bound on work at once kept."""
        ticket.stopped.set()
        ticket.called.set()
        ticket.events.put_nowait(None)
        if ticket.future is None:
            self._forget(ticket)

    def _forget(self, ticket: _Ticket) -> None:
        own = self._waiting.get(ticket.person.owner, [])
        for tickets in (own, self._working):
            if ticket in tickets:
                tickets.remove(ticket)
        if not own:
            self._waiting.pop(ticket.person.owner, None)
        self._admit()

    async def _places_of(self, ticket: _Ticket) -> AsyncGenerator[Place, None]:
        """Whenever it has changed, and now and then: a page that is gone is noticed by that."""
        shown, at = None, 0.0
        while not ticket.called.is_set():
            place = self._place(ticket)
            if place != shown or time.monotonic() - at > _FAR:
                shown, at = place, time.monotonic()
                yield place
            try:
                async with asyncio.timeout(min(_FAR, _NEAR + _PER_PLACE * place.ahead)):
                    await ticket.called.wait()
            except TimeoutError:
                continue
        if ticket.stopped.is_set():
            raise Stopped

    # --- whose turn it is -----------------------------------------------------------------

    def _admit(self) -> None:
        self._places.clear()
        while ticket := self._next():
            owner = ticket.person.owner
            self._waiting[owner].remove(ticket)
            self._working.append(ticket)
            self._had_its_turn(owner)
            ticket.called.set()

    def _had_its_turn(self, owner: str) -> None:
        """Behind all others, when work begins and, should more have been asked, when it ends."""
        if tickets := self._waiting.pop(owner, None):
            self._waiting[owner] = tickets

    def _next(self) -> _Ticket | None:
        free = self.at_once - len(self._working)
        busy = {t.person for t in self._working}
        owners = {t.person.owner for t in self._working}
        for ticket in self._in_order() if free else ():
            last = free == 1 < self.at_once and ticket.person.owner in owners
            if ticket.person not in busy and not last:
                return ticket
        return None

    def _in_order(self) -> list[_Ticket]:
        """Who waits, in the order of beginning if all work were of one length."""
        working = Counter(t.person.owner for t in self._working)
        rounds = [
            (working[owner] + nth, turn, ticket)
            for turn, (owner, tickets) in enumerate(self._waiting.items())
            for nth, ticket in enumerate(tickets)
        ]
        return [ticket for *_, ticket in sorted(rounds, key=lambda found: found[:2])]

    def _place(self, ticket: _Ticket) -> Place:
        if ticket not in self._places:
            seen = {t.person for t in self._working}
            for ahead, waiting in enumerate(self._in_order()):
                self._places[waiting] = Place(ahead, waiting.person in seen)
                seen.add(waiting.person)
        return self._places[ticket]

    # --- work -----------------------------------------------------------------------------

    def _start(self, ticket: _Ticket, work: Callable[[Progress], T]) -> "asyncio.Future[T]":
        loop = asyncio.get_running_loop()

        def send(event: Event) -> None:
            try:
                loop.call_soon_threadsafe(ticket.events.put_nowait, event)
            except RuntimeError as error:  # the loop is closed: the program ends
                raise Stopped from error

        future = loop.run_in_executor(self._pool, work, Progress(send, ticket.stopped))
        ticket.future = future
        future.add_done_callback(lambda _: self._ended(ticket))
        return future

    def _ended(self, ticket: _Ticket) -> None:
        """However it ended, and whoever still waits for it, the thread is free."""
        if ticket.future and not ticket.future.cancelled():
            ticket.future.exception()  # looked at: no complaint that nobody did
        ticket.events.put_nowait(None)
        self._had_its_turn(ticket.person.owner)
        self._forget(ticket)
