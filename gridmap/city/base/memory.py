"""Small results kept for who asks next: bounded, safe between threads, each computed once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd

Result = TypeVar("Result")

MOST_BYTES = 64 * 2**20
LARGEST_BYTES = 8 * 2**20


class Memory:
    """Keeps results by key up to `MOST_BYTES`, dropping those asked for longest ago.

    Two threads that ask for the same thing at once compute it once. Frames are handed out
    as lazy copies, so that nobody changes what another one sees; arrays are read-only.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()
        self._bytes = 0
        self._most_bytes = most_bytes

    def get(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """The result under `key`, made when it is not there; an error of `make` is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                kept: Result = self._found(key)
                return kept
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    made: Result = self._found(key)
                    return made
            try:
                result = frozen(make())
                self._keep(key, result)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return _handed_out(result)

    def _found(self, key: Hashable) -> Any:
        return _handed_out(self._kept[key][0])

    def _keep(self, key: Hashable, result: object) -> None:
        size = size_of(result)
        if size > LARGEST_BYTES:
            return
        with self._lock:
            self._kept[key] = (result, size)
            self._bytes += size
            while self._bytes > self._most_bytes:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._bytes -= dropped

    def __len__(self) -> int:
        """Number of results kept."""
        return len(self._kept)


def _handed_out(result: Result) -> Result:
    # Copy-on-write makes this free until somebody writes.
    shared: Any = result
    if isinstance(shared, pd.DataFrame):
        shared = shared.copy(deep=False)
    elif isinstance(shared, list):
        shared = list(shared)
    handed: Result = shared
    return handed


def frozen(result: Result) -> Result:
    """`result` with its arrays made read-only, also those inside dataclasses and sequences."""
    for array in _arrays(result):
        array.flags.writeable = False
    return result


def size_of(result: Any) -> int:
    """About how many bytes `result` takes."""
    if isinstance(result, pd.DataFrame):
        return int(result.memory_usage(deep=True).sum()) + 1024
    return sum(array.nbytes for array in _arrays(result)) + 1024


def _arrays(result: Any) -> list[np.ndarray[Any, Any]]:
    if isinstance(result, np.ndarray):
        return [result]
    if isinstance(result, (list, tuple)):
        return [array for part in result for array in _arrays(part)]
    if isinstance(result, dict):
        return [array for part in result.values() for array in _arrays(part)]
    if is_dataclass(result) and not isinstance(result, type):
        return [
            array for one in fields(result) for array in _arrays(getattr(result, one.name))
        ]
    return []
