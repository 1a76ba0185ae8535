"""The thread that keeps a copy up."""

import threading
from contextlib import closing

from vectorstore.replica.keeping import Keeper


def test_what_fails_is_tried_again_at_the_next_change() -> None:
    done, tries = threading.Event(), []

    def work() -> None:
        tries.append(1)
        done.set()
        if len(tries) == 1:
            raise KeyError

    with closing(Keeper(work)) as keeper:
        for count in (1, 2):
            done.clear()
            keeper.wake()
            assert done.wait(60)
            assert len(tries) == count
    keeper.wake()  # closed: nothing more is done, and nothing fails
    assert len(tries) == 2
