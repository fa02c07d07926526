"""Memory for arrays in generations: the next one shares every page with the first until it
writes to it.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import tempfile
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]


class Pages:
    """Room for arrays of `rows` rows, one for each name and type of `types`.

    `first()` maps it for writing; each `copy()` maps it again, privately: it shows what
    `first()` was filled with, and costs memory only where it is written to. What `first()`
    gave must not be written to once a copy is there. The memory is given back when the last
    array of it is gone.
    """

    def __init__(self, types: Mapping[str, Any], rows: int) -> None:
        self.rows = rows
        self._types = {name: np.dtype(kind) for name, kind in types.items()}
        sizes = [
            -(-kind.itemsize * rows // mmap.PAGESIZE) * mmap.PAGESIZE
            for kind in self._types.values()
        ]
        self._starts = np.cumsum([0, *sizes]).tolist()
        self._size = max(self._starts[-1], mmap.PAGESIZE)
        self._file = _nameless_file()
        os.ftruncate(self._file, self._size)  # takes no memory until it is filled

    def first(self) -> Arrays:
        """The arrays themselves, to be filled; zero at first."""
        return self._map(mmap.MAP_SHARED)

    def copy(self) -> Arrays:
        """The arrays as they were filled, to be changed without changing the first ones."""
        return self._map(mmap.MAP_PRIVATE)

    def _map(self, flags: int) -> Arrays:
        memory = mmap.mmap(
            self._file, self._size, flags=flags, prot=mmap.PROT_READ | mmap.PROT_WRITE
        )
        return {
            name: np.frombuffer(memory, dtype=kind, count=self.rows, offset=start)
            for (name, kind), start in zip(self._types.items(), self._starts, strict=False)
        }

    def __del__(self) -> None:
        """Let go of the file; maps of it live on by themselves."""
        with contextlib.suppress(AttributeError, OSError):
            os.close(self._file)


def _nameless_file() -> int:
    """A file in memory without a name; where the system has none, one on disk that nobody
    else can open.
    """
    if hasattr(os, "memfd_create"):
        return os.memfd_create("gridmap", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
