"""What one event of 问答 sends to the browser does not grow with the length of its conversation."""

import json
from dataclasses import dataclass, field

import pytest

from tests.apart import run_apart
from tests.load.client import API, QUESTIONS, Browser
from tests.load.serving import served
from vectorstore.index import PolicyIndex

# Gradio says so of every app with several pages, whatever it is told.
pytestmark = pytest.mark.filterwarnings("ignore:SSR mode is not supported")
TURNS = 30


@dataclass
class Sent:
    """Bytes of the messages of one question, and of the question's own request."""

    up: int = 0
    messages: list[int] = field(default_factory=list)


async def sent_for(browser: Browser, question: str, tab: str) -> Sent:
    event, sent = browser.event("question", "submit"), Sent()
    body = browser._body(event, tab, {"question": question})
    sent.up = len(json.dumps(body))
    mine = await browser.join(event, tab, question=question)
    params = {"session_hash": tab}
    async with browser.http.stream("GET", f"{API}/queue/data", params=params) as lines:
        async for line in lines.aiter_lines():
            message = json.loads(line[5:]) if line.startswith("data:") else {}
            if message.get("event_id") != mine:
                continue
            if message["msg"] in ("process_generating", "process_completed"):
                sent.messages.append(len(line.encode()))
            if message["msg"] == "process_completed":
                break
    await browser.then(event, tab)
    return sent


def test_bytes_of_an_event_stay_flat(filled: PolicyIndex) -> None:
    found: list[Sent] = []

    async def scenario(address: str) -> None:
        async with Browser(address) as browser:
            tab = await browser.arrive()
            for _ in range(TURNS):
                found.append(await sent_for(browser, QUESTIONS[0], tab))

    with served(filled) as site:
        run_apart(scenario(site.address))
    for turn in (1, 10, TURNS):
        sent = found[turn - 1]
        print(f"turn {turn}: {len(sent.messages)} events, {sum(sent.messages)} bytes, "
              f"largest {max(sent.messages)}, request {sent.up}")  # fmt: skip
    assert max(found[-1].messages) < 1.2 * max(found[0].messages)
    assert sum(found[-1].messages) < 1.2 * sum(found[0].messages)
    assert found[-1].up < 1.2 * found[0].up
