"""Making the next items of a stream while the present one is used."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TypeVar

Item = TypeVar("Item")

POLL_S = 0.1


def ahead(items: Iterable[Item], *, depth: int = 2) -> Iterator[Item]:
    """`items`, of which up to `depth` wait ready, made in a thread of their own; its errors
    are raised here.
    """
    ready: queue.Queue[tuple[Item | None, BaseException | None]] = queue.Queue(depth)
    stopped = threading.Event()
    maker = threading.Thread(
        target=_make, args=(items, ready, stopped), name="gridmap-ahead", daemon=True
    )
    maker.start()
    try:
        while True:
            item, error = ready.get()
            if error is not None:
                raise error
            if item is None:
                return
            yield item
    finally:
        stopped.set()
        maker.join()


def _make(
    items: Iterable[Item],
    ready: queue.Queue[tuple[Item | None, BaseException | None]],
    stopped: threading.Event,
) -> None:
    def hand_over(item: Item | None, error: BaseException | None) -> None:
        while not stopped.is_set():
            with suppress(queue.Full):
                ready.put((item, error), timeout=POLL_S)
                return

    try:
        for item in items:
            hand_over(item, None)
            if stopped.is_set():
                return
    except BaseException as error:  # noqa: BLE001  (raised again where the items are used)
        hand_over(None, error)
    else:
        hand_over(None, None)
