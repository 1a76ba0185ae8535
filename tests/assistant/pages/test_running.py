"""Many at once over the real site, through Gradio's own protocol, without a browser."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable

import pytest

from tests.apart import run_apart
from tests.load.client import API, QUESTIONS, Browser, burst
from tests.load.serving import Served, served
from vectorstore.index import PolicyIndex

# Gradio says so of every app with several pages, whatever it is told.
pytestmark = pytest.mark.filterwarnings("ignore:SSR mode is not supported")
QUESTION = QUESTIONS[0]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


def test_thirty_questions_at_once_are_all_answered_and_pages_load_meanwhile(
    filled: PolicyIndex,
) -> None:
    async def scenario(address: str) -> None:
        asked = asyncio.create_task(burst(address, browsers=10, each=3))
        loads = 0
        while not asked.done():
            async with Browser(address) as visitor:
                await visitor.open("/library")  # raises when it is refused
            loads += 1
        report = await asked
        assert report.count("answered") == 30, [a for a in report.asked if a.outcome != "answered"]
        assert sum(bool(a.places) for a in report.asked) >= 10
        assert loads

    # Lines of tests before this one may still be winding down; they are not counted.
    before = set(threading.enumerate())
    with served(filled, seconds=0.05, concurrency=2) as site:
        run_apart(scenario(site.address))
        assert site.reader.most <= 2
        new = set(threading.enumerate()) - before
        assert sum(t.name.startswith("work") for t in new) <= 2


def test_a_full_line_says_so_and_keeps_the_question(filled: PolicyIndex) -> None:
    async def scenario(site: Served) -> None:
        site.reader.let.clear()
        async with Browser(site.address) as visitor, asyncio.TaskGroup() as group:
            for working, waiting in ((1, 0), (1, 1), (1, 2)):
                group.create_task(_answered(site.address))
                await until(
                    lambda w=(working, waiting): (site.line.working, site.line.waiting) == w
                )
            refused = await visitor.ask(QUESTION, await visitor.arrive())
            site.reader.let.set()
        assert refused.outcome == "refused"
        assert "现在排队的人太多（2 个），请稍后再试；问题已保留" in refused.said
        assert QUESTION in refused.said

    with served(filled, concurrency=1, waiting=2) as site:
        run_apart(scenario(site))


async def _answered(address: str) -> None:
    async with Browser(address) as browser:
        assert (await browser.ask(QUESTION, await browser.arrive())).outcome == "answered"


def test_one_question_is_answered_before_the_many_of_another(filled: PolicyIndex) -> None:
    async def scenario(site: Served) -> None:
        site.reader.let.clear()
        async with Browser(site.address) as many, Browser(site.address) as one:
            tabs = [await many.arrive() for _ in range(6)]
            tasks = [asyncio.create_task(many.ask(QUESTION, tab)) for tab in tabs]
            await until(lambda: site.line.waiting == 5)
            asked = asyncio.create_task(one.ask(QUESTION, await one.arrive()))
            await until(lambda: site.line.waiting == 6)
            site.reader.let.set()
            answer = await asked
            ended = answer.began + answer.seconds
            others = await asyncio.gather(*tasks)
            assert sum(other.began + other.seconds < ended for other in others) <= 2
            assert answer.places == (0,)

    with served(filled, seconds=0.3, concurrency=1) as site:
        run_apart(scenario(site))


def test_a_second_question_of_a_tab_waits_behind_the_first(filled: PolicyIndex) -> None:
    async def scenario(site: Served) -> None:
        site.reader.let.clear()
        async with Browser(site.address) as browser:
            tab, event = await browser.arrive(), browser.event("question", "submit")
            for question in (QUESTION, "每餐补贴多少？"):
                await browser.join(event, tab, question=question)
            await until(lambda: (site.line.working, site.line.waiting) == (1, 1))
            listening = asyncio.create_task(_listen(browser, tab))
            await asyncio.sleep(0.5)
            site.reader.let.set()
            text = await listening
            assert "等上一个做完" in text
            assert "120个" in text
            assert "2元" in text  # the second, understood by the first

    with served(filled, concurrency=4) as site:
        run_apart(scenario(site))


async def _listen(browser: Browser, tab: str) -> str:
    """All that is said to a tab, until all that it asked is answered."""
    url = f"{API}/queue/data"
    async with browser.http.stream("GET", url, params={"session_hash": tab}) as messages:
        return "".join([line async for line in messages.aiter_lines()])


async def _heartbeat(browser: Browser, tab: str) -> None:
    async with browser.http.stream("GET", f"{API}/heartbeat/{tab}") as beats:
        async for _ in beats.aiter_lines():
            pass


@pytest.mark.parametrize("connection", [_heartbeat, _listen])
def test_a_page_that_is_left_gives_its_place_up(
    filled: PolicyIndex, connection: Callable[[Browser, str], Awaitable[object]]
) -> None:
    """A browser that is closed ends its heartbeat and its stream; other clients the stream."""

    async def scenario(site: Served) -> None:
        site.reader.let.clear()
        async with Browser(site.address) as away, asyncio.TaskGroup() as group:
            group.create_task(_answered(site.address))
            await until(lambda: site.line.working == 1)
            tab = await away.arrive()
            await away.join(away.event("question", "submit"), tab, question=QUESTION)
            kept = asyncio.ensure_future(connection(away, tab))
            await until(lambda: site.line.waiting == 1)
            await asyncio.sleep(0.5)
            kept.cancel()
            await until(lambda: site.line.waiting == 0)
            await asyncio.gather(kept, return_exceptions=True)
            site.reader.let.set()

    with served(filled, concurrency=1) as site:
        run_apart(scenario(site))


def test_stop_ends_what_waits_and_a_crash_loses_no_place(filled: PolicyIndex) -> None:
    async def scenario(site: Served) -> None:
        site.reader.let.clear()
        site.reader.broken = True
        async with Browser(site.address) as first, Browser(site.address) as second:
            busy = asyncio.create_task(first.ask(QUESTION, await first.arrive()))
            await until(lambda: site.line.working == 1)
            tab = await second.arrive()
            waiting = asyncio.create_task(second.ask(QUESTION, tab))
            await until(lambda: site.line.waiting == 1)
            await second.call(second.event("stop", "click"), tab)
            assert "已停止。问题已保留" in (await waiting).said
            site.reader.let.set()
            assert re.search(r"日志编号 [0-9a-f]{8}", (await busy).said)
            site.reader.broken = False
            await _answered(site.address)

    with served(filled, concurrency=1) as site:
        run_apart(scenario(site))


def test_an_audit_waits_in_the_same_line_and_says_so(filled: PolicyIndex) -> None:
    async def scenario(site: Served) -> None:
        site.reader.let.clear()
        async with Browser(site.address) as reader, asyncio.TaskGroup() as group:
            group.create_task(_answered(site.address))
            await until(lambda: site.line.working == 1)
            tab, shown = await reader.open("/audit"), list[str]()
            event = reader.event("audit", "click")
            at = event.outputs.index("result")
            text = "青禾市到2025年底建成助餐点210个。"
            async for values in reader.stream(event, tab, paste=text):
                shown.append(str(values[at]))
                if "排队中" in shown[-1]:
                    site.reader.let.set()
            assert any("排队中：下一个就是" in said for said in shown)
            assert "120个" in shown[-1]

    with served(filled, concurrency=1) as site:
        run_apart(scenario(site))


def test_sections_are_written_one_turn_each(filled: PolicyIndex) -> None:
    async def scenario(site: Served) -> None:
        async with Browser(site.address) as author:
            tab = await author.open("/draft")
            begin, write = author.event("begin", "click"), author.event("write", "click")
            wish = "起草《××县社区养老服务实施方案》，参考现有文件并注明出处。"
            said = [str(v) async for v in author.stream(begin, tab, request=wish)]
            assert "提纲已列出" in said[-1]
            said = [str(v) async for v in author.stream(write, tab)]
            assert "已写完" in said[-1]
            assert any(re.search(r"已写 [1-9] / ", shown) for shown in said)

    with served(filled, concurrency=1) as site:
        run_apart(scenario(site))
