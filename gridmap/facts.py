"""`Facts`: every report of the city as plain columns, the form in which figures are counted."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

NO_RESPONSE = 65_535
"""`response_min` of a report that was never accepted."""


@dataclass(frozen=True, eq=False)
class Facts:
    """Columns of n reports, sorted by `day`; 28 bytes a report, read-only.

    | column | type | meaning |
    |---|---|---|
    | `grid` | uint16 or uint32 | position in `grid_codes`; the largest value of the type:
    in no grid of the plan |
    | `category` | int16 | id of the category |
    | `day`, `closed_day`, `due_day` | uint16 | local day numbers (`gridmap.calendar`); 0:
    not closed, no limit |
    | `hour` | uint8 | local hour of the report |
    | `status` | uint8 | `gridmap.model.Status` |
    | `in_time` | bool | closed, and not after it was due |
    | `accepted` | bool | became a case |
    | `response_min` | uint16 | minutes from report to acceptance, at most 65,534;
    `NO_RESPONSE`: not accepted |
    | `worker` | int32 | id of who reported or handles it; 0: nobody |
    | `lon`, `lat` | float32 | degrees, EPSG:4490 |

    `grid_codes` (int64, sorted) are the grids of the plan in force; `first_day` and
    `last_day` bound `day` (both 0 when there is no report); `as_of` is the latest instant
    known, Unix seconds.
    """

    grid_codes: npt.NDArray[np.int64]
    grid: npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
    category: npt.NDArray[np.int16]
    day: npt.NDArray[np.uint16]
    hour: npt.NDArray[np.uint8]
    status: npt.NDArray[np.uint8]
    closed_day: npt.NDArray[np.uint16]
    due_day: npt.NDArray[np.uint16]
    in_time: npt.NDArray[np.bool_]
    accepted: npt.NDArray[np.bool_]
    response_min: npt.NDArray[np.uint16]
    worker: npt.NDArray[np.int32]
    lon: npt.NDArray[np.float32]
    lat: npt.NDArray[np.float32]
    first_day: int
    last_day: int
    as_of: int

    def __len__(self) -> int:
        """Number of reports."""
        return len(self.day)

    @property
    def nowhere(self) -> int:
        """The value of `grid` that means: in none of `grid_codes`."""
        return int(np.iinfo(self.grid.dtype).max)

    @property
    def nbytes(self) -> int:
        """Memory of the arrays, in bytes."""
        columns = (getattr(self, column.name) for column in fields(self))
        return sum(values.nbytes for values in columns if isinstance(values, np.ndarray))

    def rows(self, first: int, last: int) -> tuple[int, int]:
        """The half-open range of rows reported from day number `first` to `last`, both included."""
        top = np.iinfo(self.day.dtype).max
        low, high = (
            np.asarray(min(max(day, 0), top), dtype=self.day.dtype) for day in (first, last)
        )
        start = int(np.searchsorted(self.day, low, side="left"))
        end = int(np.searchsorted(self.day, high, side="right"))
        return (start, end) if last >= first else (start, start)
