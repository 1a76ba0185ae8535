"""Asynchronous scenarios in a thread of their own.

Playwright keeps an event loop running in the thread that the tests run in, from the first browser
test on; `asyncio.run` would refuse to start another one there.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_apart(scenario: Coroutine[Any, Any, Any], seconds: float = 240) -> Any:
    """What the scenario returns or raises; TimeoutError when it takes longer."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asyncio.wait_for(scenario, seconds)).result()
