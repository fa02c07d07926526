"""`Watched`: a part of the truth held in memory, read again when its count of changes has moved."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Connection, select

from gridmap.store import Store
from gridmap.store.base.store import part_key
from gridmap.store.tables import meta

LOOK_EVERY_S = 0.25
"""How late a change made by another process is seen; this process's own are seen at once
(`forget`).
"""

Value = TypeVar("Value")


class Watched(Generic[Value]):
    """The value of `read` for the present count of changes of `part`; safe between threads."""

    def __init__(
        self, store: Store, part: str, read: Callable[[Connection], Value]
    ) -> None:
        self._store = store
        self._key = part_key(part)
        self._read = read
        self._reading = threading.Lock()
        self._held: tuple[str, Value] | None = None
        self._look_at = 0.0

    def get(self) -> Value:
        """The value; while one thread reads a newer one, the others go on with the one before."""
        held = self._held
        if held is not None and time.monotonic() < self._look_at:
            return held[1]
        if self._reading.acquire(blocking=held is None or not self._look_at):
            try:
                return self._look()
            finally:
                self._reading.release()
        return held[1] if held else self.get()

    def forget(self) -> None:
        """Look again at the next question: this process has just changed it."""
        self._look_at = 0.0

    def _look(self) -> Value:
        if self._held is not None and time.monotonic() < self._look_at:
            return self._held[1]
        looked = time.monotonic()
        with self._store.read() as connection:
            # Both in one snapshot: a value is never held under a count it does not belong to.
            present = (
                connection.scalar(select(meta.c.value).where(meta.c.key == self._key))
                or "0"
            )
            if self._held is None or self._held[0] != present:
                self._held = (present, self._read(connection))
        self._look_at = looked + LOOK_EVERY_S
        return self._held[1]
