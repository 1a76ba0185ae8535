"""The waiting line: the bound, the turns, the places, and that no place is ever lost."""

import asyncio
import random
import threading
import time
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest

from assistant.events import Progress, Stopped
from assistant.queueing import Asker, Crowded, Done, Place, WaitingLine
from tests.apart import run_apart

Work = Callable[[Progress], Any]


class Gate:
    """Work that goes on until it is let go, and tells how much of it was at work at once."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.begun: list[str] = []
        self.at_work = self.most = 0
        self._lock = threading.Lock()

    def work(self, name: str, *, heeds_stop: bool = True) -> Work:
        def run(progress: Progress) -> str:
            with self._lock:
                self.begun.append(name)
                self.at_work += 1
                self.most = max(self.most, self.at_work)
            try:
                progress.stage("阅读")
                while not self.open.wait(0.01):
                    if heeds_stop and progress.stopped.is_set():
                        raise Stopped
                return name
            finally:
                with self._lock:
                    self.at_work -= 1

        return run


async def whole(line: WaitingLine, person: Asker, work: Work, **options: bool) -> list[Any]:
    return [event async for event in line.run(person, work, **options)]


def start(line: WaitingLine, owner: str, tab: str, work: Work) -> "asyncio.Task[list[Any]]":
    return asyncio.create_task(whole(line, Asker(owner, tab), work))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


def test_no_more_run_at_once_than_allowed_and_nobody_is_forgotten() -> None:
    async def scenario() -> None:
        line, gate = WaitingLine(3, 100, 10), Gate()
        tasks = [start(line, f"p{n}", "t", gate.work(str(n))) for n in range(20)]
        await until(lambda: gate.at_work == 3)
        assert (line.working, line.waiting) == (3, 17)
        gate.open.set()
        found = await asyncio.gather(*tasks)
        assert [events[-1] for events in found] == [Done(str(n)) for n in range(20)]
        assert gate.most == 3

    run_apart(scenario())


def test_people_take_turns() -> None:
    async def scenario() -> None:
        line, gate = WaitingLine(1, 100, 10), Gate()
        gate.open.set()
        tasks = [start(line, "many", f"t{n}", gate.work(f"many {n}")) for n in range(5)]
        tasks += [start(line, "two", f"t{n}", gate.work(f"two {n}")) for n in range(2)]
        tasks += [start(line, "one", "t", gate.work("one"))]
        await asyncio.gather(*tasks)
        assert gate.begun[:6] == ["many 0", "two 0", "one", "many 1", "two 1", "many 2"]

    run_apart(scenario())


def test_a_newcomer_begins_at_once_though_one_person_has_filled_the_line() -> None:
    async def scenario() -> None:
        line, gate = WaitingLine(4, 100, 20), Gate()
        many = [start(line, "many", f"t{n}", gate.work("many")) for n in range(20)]
        await until(lambda: gate.at_work == 3)
        one = start(line, "one", "t", gate.work("one"))
        await until(lambda: "one" in gate.begun)
        gate.open.set()
        assert not any(isinstance(event, Place) for event in await one)
        await asyncio.gather(*many)

    run_apart(scenario())


def test_a_page_does_one_thing_at_a_time() -> None:
    async def scenario() -> None:
        line, gate = WaitingLine(4, 100, 10), Gate()
        tasks = [start(line, "one", "same", gate.work(str(n))) for n in range(2)]
        await until(lambda: line.waiting == 1 and gate.at_work == 1)
        gate.open.set()
        first, second = await asyncio.gather(*tasks)
        assert gate.most == 1
        assert Place(0, behind_own=True) in second
        assert not any(isinstance(event, Place) for event in first)

    run_apart(scenario())


def test_the_place_is_told_as_it_changes() -> None:
    async def scenario() -> None:
        line, done = WaitingLine(1, 100, 10), threading.Semaphore(0)
        work = lambda _: done.acquire(timeout=20)  # noqa: E731
        tasks = [start(line, f"p{n}", "t", work) for n in range(5)]
        places: list[int] = []

        async def last() -> None:
            async for event in line.run(Asker("last", "t"), work):
                if isinstance(event, Place):
                    places.append(event.ahead)
                    done.release()

        await asyncio.gather(last(), *tasks, _release_all(done, lambda: 0 in places))
        assert places == [4, 3, 2, 1, 0]

    run_apart(scenario())


async def _release_all(done: threading.Semaphore, when: Callable[[], bool]) -> None:
    await until(when)
    done.release(10)


def test_too_many_are_refused_with_a_sentence_and_the_others_are_not() -> None:
    async def scenario() -> None:
        line, gate = WaitingLine(1, 4, 2), Gate()
        tasks = [start(line, "a", f"t{n}", gate.work("a")) for n in range(3)]
        await until(lambda: (line.working, line.waiting) == (1, 2))
        with pytest.raises(Crowded, match="已有 2 个请求在排队"):
            await whole(line, Asker("a", "another"), gate.work("a"))
        tasks += [start(line, name, "t", gate.work(name)) for name in "bc"]
        await until(lambda: line.waiting == 4)
        with pytest.raises(Crowded, match="排队的人太多（4 个）"):
            await whole(line, Asker("d", "t"), gate.work("d"))
        goes_on = asyncio.create_task(whole(line, Asker("d", "t"), gate.work("d"), goes_on=True))
        await until(lambda: line.waiting == 5)
        gate.open.set()
        await asyncio.gather(*tasks, goes_on)
        assert gate.begun.count("a") == 3

    run_apart(scenario())


@pytest.mark.parametrize("way", ["stop", "close", "cancel"])
def test_who_leaves_gives_the_place_up_at_once(way: str) -> None:
    async def scenario() -> None:
        line, gate = WaitingLine(1, 100, 10), Gate()
        first = start(line, "a", "t", gate.work("a"))
        await until(lambda: gate.at_work == 1)
        person = Asker("b", "t")
        if way == "close":
            events = line.run(person, gate.work("b"))
            await anext(events)
            await events.aclose()
        else:
            waits = asyncio.create_task(whole(line, person, gate.work("b")))
            await until(lambda: line.waiting == 1)
            line.stop(person) if way == "stop" else waits.cancel()
            with pytest.raises(Stopped if way == "stop" else asyncio.CancelledError):
                await waits
        assert line.waiting == 0
        gate.open.set()
        await first
        assert gate.begun == ["a"]

    run_apart(scenario())


@pytest.mark.parametrize("way", ["stop", "close", "cancel"])
def test_a_thread_is_free_once_its_work_has_ended_and_not_before(way: str) -> None:
    async def scenario() -> None:
        line, gate = WaitingLine(1, 100, 10), Gate()
        person = Asker("a", "t")
        if way == "close":
            events = line.run(person, gate.work("a", heeds_stop=False))
            await anext(events)
            await events.aclose()
        else:
            works = asyncio.create_task(whole(line, person, gate.work("a", heeds_stop=False)))
            await until(lambda: gate.at_work == 1)
            line.stop(person) if way == "stop" else works.cancel()
            with pytest.raises(Stopped if way == "stop" else asyncio.CancelledError):
                await works  # at once, though the thread goes on
        next_one = start(line, "b", "t", gate.work("b"))
        await asyncio.sleep(0.05)
        assert (gate.begun, line.working, line.waiting) == (["a"], 1, 1)
        gate.open.set()
        assert (await next_one)[-1] == Done("b")
        assert (gate.most, line.working) == (1, 0)

    run_apart(scenario())


def test_what_was_finished_all_the_same_is_told_before_the_stop() -> None:
    async def scenario() -> None:
        line, gate, seen = WaitingLine(1, 100, 10), Gate(), list[Any]()
        person = Asker("a", "t")

        async def write() -> None:
            work = gate.work("section", heeds_stop=False)
            async with aclosing(line.run(person, work, to_the_end=True)) as events:
                async for event in events:
                    seen.append(event)

        writing = asyncio.create_task(write())
        await until(lambda: gate.at_work == 1)
        line.stop(person)
        gate.open.set()
        with pytest.raises(Stopped):
            await writing
        assert seen[-1] == Done("section")

    run_apart(scenario())


def test_hundreds_wait_without_a_thread_each() -> None:
    async def scenario() -> None:
        before = threading.active_count()
        line, gate = WaitingLine(4, 500, 10), Gate()
        tasks = [start(line, f"p{n % 50}", f"t{n}", gate.work("w")) for n in range(400)]
        await until(lambda: line.waiting == 396)
        assert threading.active_count() - before <= 4
        gate.open.set()
        found = await asyncio.gather(*tasks)
        assert all(events[-1] == Done("w") for events in found)

    run_apart(scenario())


def test_no_thread_is_lost_whatever_becomes_of_the_work() -> None:
    chance = random.Random(7)

    def work(progress: Progress) -> int:
        for _ in range(3):
            progress.stage("阅读")
            time.sleep(0.001)
        return 1 // chance.randrange(3)  # a third of it crashes

    async def one(line: WaitingLine, number: int) -> None:
        person = Asker(f"p{number % 7}", f"t{number % 31}")
        task = asyncio.create_task(whole(line, person, work))
        await asyncio.sleep(chance.random() * 0.1)
        if (fate := number % 3) == 1:
            line.stop(person)
        elif fate == 2:
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def scenario() -> None:
        line, gate = WaitingLine(3, 60, 20), Gate()
        await asyncio.gather(*(one(line, n) for n in range(200)))
        await until(lambda: line.working == 0)
        assert line.waiting == 0
        tasks = [start(line, f"p{n}", "t", gate.work("after")) for n in range(3)]
        await until(lambda: gate.at_work == 3)
        gate.open.set()
        await asyncio.gather(*tasks)

    run_apart(scenario())
