"""Reports as plain columns, on their way from the draw to a batch."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ReportColumns:
    """Reports, int64[n] each: `grid` and `category` are rows, times Unix seconds with 0 for
    none.
    """

    grid: Ints
    category: Ints
    reported_at: Ints
    accepted_at: Ints
    due_at: Ints
    closed_at: Ints
    status: Ints
    channel: Ints

    def __len__(self) -> int:
        """Number of reports."""
        return len(self.grid)

    def take(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Self:
        """The reports of `rows` (a mask or an order)."""
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))

    def by_time(self) -> Self:
        """The same reports, the earliest first."""
        return self.take(np.argsort(self.reported_at, kind="stable"))

    def and_also(self, other: ReportColumns) -> Self:
        """These reports and the `other` ones, by time."""
        columns = (
            np.concatenate([getattr(self, field.name), getattr(other, field.name)])
            for field in fields(self)
        )
        return type(self)(*columns).by_time()
