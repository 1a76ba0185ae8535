"""People who ask one question after another, whatever happens to the servers meanwhile."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import httpx

from .client import Asked, Refused, Tab, is_sentence, text_of

PAUSE = (0.5, 2.0)  # seconds in which somebody reads
_SAID = 40  # characters of a sentence in the table
AGAIN = 1.0  # seconds before a page that did not open is tried again


@dataclass(frozen=True, slots=True)
class Told:
    """What one of them was told, and when by time.monotonic(). Without a question, the page did
    not open."""

    question: str
    began: float
    ended: float
    asked: Asked


@dataclass
class Crowd:
    """Each has a browser of their own, and asks each question in a new conversation, so that it
    is answered alike whatever came before."""

    address: str
    questions: Sequence[str]
    count: int
    seed: int
    told: list[Told] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        await asyncio.gather(*(self._person(number) for number in range(self.count)))

    async def _person(self, number: int) -> None:
        rng = random.Random(self.seed * 1000 + number)
        page = Tab(self.address, timeout=120)
        is_open = False
        while not self.over.is_set():
            if not is_open:
                is_open = await self._opens(page)
                continue
            question, began = rng.choice(self.questions), time.monotonic()
            asked = await page.ask(question)
            self.told.append(Told(question, began, time.monotonic(), asked))
            is_open = asked.outcome != "cut"
            await page.again()
            await asyncio.sleep(rng.uniform(*PAUSE))
        await page.close()

    async def _opens(self, page: Tab) -> bool:
        began = time.monotonic()
        try:
            await page.reload()
            return True
        except httpx.HTTPStatusError as error:
            outcome = "sentence" if is_sentence(error.response.text) else "nothing"
            asked = Asked(outcome, 0, 0, f"{error.response.status_code} 打开页面")
        except httpx.TimeoutException as error:
            asked = Asked("nothing", 0, 0, repr(error)[:200])
        except (httpx.TransportError, Refused) as error:
            asked = Asked("cut", 0, 0, repr(error)[:200])
        self.told.append(Told("", began, time.monotonic(), asked))
        await asyncio.sleep(AGAIN)
        return False


@dataclass(frozen=True, slots=True)
class Outage:
    """Something was away from `gone` until `back`, by time.monotonic(); `right` is what each
    question is answered with before and after, when nobody else asks. `cuts`: the app itself was
    away."""

    told: Sequence[Told]
    right: dict[str, set[str]]
    sent: float  # the first document
    gone: float
    back: float
    cuts: bool

    def of(self, outcome: str) -> list[Told]:
        return [t for t in self.told if t.asked.outcome == outcome]

    def is_right(self, told: Told) -> bool:
        return told.asked.text in self.right.get(told.question, ())

    @property
    def others(self) -> list[Told]:
        """Answers of neither quiet time: documents come in meanwhile, one after the other."""
        return [t for t in self.of("answered") if not self.is_right(t)]

    @property
    def first_right(self) -> float | None:
        """Seconds from its being back to the end of the first answer that is right."""
        ends = [t.ended for t in self.told if t.ended >= self.back and self.is_right(t)]
        return min(ends) - self.back if ends else None

    @property
    def last_failure(self) -> float:
        """Seconds from its being back to the last thing asked that got no answer."""
        began = [t.began for t in self.told if t.asked.outcome != "answered"]
        return max(0.0, max(began, default=0.0) - self.back)

    def faults(self, patience: float) -> list[str]:
        """What should not have been: silence, an error that nobody foresaw, a lost connection to an app that was there, another
        answer before anything came in, and failures `patience` seconds after all was back."""
        wrong = [f"没有说明：{t.asked.detail}" for t in self.of("nothing")]
        wrong += [
            f"连接断开：{t.asked.detail}" for t in self.of("cut")
            if not self.cuts or t.began > self.back + AGAIN
        ]  # fmt: skip
        wrong += [
            f"没有料到的错误：{t.asked.detail[-40:]}"
            for t in self.of("sentence")
            if "日志编号" in t.asked.detail
        ]
        wrong += [f"答得不同：{t.question}" for t in self.others if t.ended < self.sent]
        if self.first_right is None:
            wrong.append("恢复后没有一个对的回答")
        if self.last_failure > patience:
            wrong.append(f"恢复 {self.last_failure:.0f} 秒后仍有失败")
        return [f"{count} 次：{what}" for what, count in Counter(wrong).most_common()]

    def note(self) -> str:
        meanwhile = [t for t in self.of("answered") if self.gone <= t.ended < self.back]
        said = Counter(
            text_of(t.asked.detail).rpartition(">")[2][:_SAID] for t in self.of("sentence")
        )
        words = "；".join(f"“{sentence}”{n} 次" for sentence, n in said.most_common(3))
        first = "没有" if self.first_right is None else f"{self.first_right:.1f} 秒"
        return (
            f"回答 {len(self.of('answered'))}（中断中 {len(meanwhile)}），一句说明 "
            f"{len(self.of('sentence'))}{f'（{words}）' if words else ''}，断开 {len(self.of('cut'))}，没有说明 {len(self.of('nothing'))}，"
            f"入库途中答得与前后都不同 {len(self.others)}；"
            f"中断 {self.back - self.gone:.1f} 秒，恢复后第一个对的回答 {first}，"
            f"最后一次失败在恢复后 {self.last_failure:.1f} 秒"
        )


async def answers(address: str, questions: Sequence[str]) -> dict[str, str]:
    """What each question is answered with, one after the other."""
    page = await Tab(address, timeout=120).open()
    found = {}
    for question in questions:
        asked = await page.ask(question)
        found[question] = asked.text if asked.outcome == "answered" else f"{asked}"
        await page.again()
    with suppress(httpx.HTTPError):
        await page.close()
    return found
