"""`Categories`: the tree of categories as tables that kernels can look things up in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.errors import Fault, InputError


@dataclass(frozen=True, eq=False)
class Categories:
    """The tree in frame form, and `effort` float64[m], the hours a matter of category id i takes.

    `frame` has columns id, code, parent, zh, en, class, effort and others; one row a category.
    """

    frame: pd.DataFrame
    effort: npt.NDArray[np.float64]
    _id: dict[str, int]
    _below: dict[str, list[str]]

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Self:
        """From the store's frame; a parent that is not in it makes a category a root."""
        frame = frame.sort_values("code", kind="stable").reset_index(drop=True)
        size = int(frame["id"].max()) + 1 if len(frame) else 0
        effort = np.zeros(size, dtype=np.float64)
        effort[frame["id"].to_numpy(dtype=np.int64)] = frame["effort"].to_numpy(
            dtype=np.float64
        )
        effort.flags.writeable = False
        below: dict[str, list[str]] = {}
        for code, parent in zip(frame["code"], frame["parent"], strict=True):
            if isinstance(parent, str) and parent:
                below.setdefault(parent, []).append(code)
        ids = {
            str(code): int(number)
            for code, number in zip(frame["code"], frame["id"], strict=True)
        }
        return cls(frame, effort, ids, below)

    @property
    def size(self) -> int:
        """One more than the largest id."""
        return len(self.effort)

    def under(self, codes: Iterable[str]) -> npt.NDArray[np.int64]:
        """Sorted ids of the categories `codes` and everything below them.

        Raises InputError that lists every unknown code.
        """
        codes = list(codes)
        unknown = [code for code in codes if code not in self._id]
        if unknown:
            cure = "Use a code of the category tree."
            raise InputError(
                Fault(rule="unknown category", field="categories", value=c, cure=cure)
                for c in unknown
            )
        found: set[int] = set()
        waiting = codes
        while waiting:
            code = waiting.pop()
            if self._id[code] not in found:
                found.add(self._id[code])
                waiting.extend(self._below.get(code, ()))
        return np.array(sorted(found), dtype=np.int64)

    def wanted(self, codes: Iterable[str]) -> npt.NDArray[np.float64]:
        """1.0 for every id under `codes`, 0.0 elsewhere, float64[size]; no codes: all are
        wanted.
        """
        codes = list(codes)
        if not codes:
            return np.ones(self.size, dtype=np.float64)
        table = np.zeros(self.size, dtype=np.float64)
        table[self.under(codes)] = 1.0
        return table
