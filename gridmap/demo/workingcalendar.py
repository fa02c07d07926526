"""When time limits run out, for millions of starts at once: `gridmap.calendar.due` on arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from gridmap.calendar import (
    DAY_S,
    OFFICE_DAY_S,
    OFFICE_HOURS_S,
    UTC_OFFSET_S,
    day_from_number,
    day_number,
    is_working_day,
)
from gridmap.model import LimitUnit

Ints = npt.NDArray[np.int64]

_OPENS, _CLOSES = np.array(OFFICE_HOURS_S, dtype=np.int64).T
_SPANS = _CLOSES - _OPENS


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days between two days, as arrays: `first` local day number, `working`
    bool per day.
    """

    first: int
    working: npt.NDArray[np.bool_]

    @classmethod
    def between(cls, start: date, end: date) -> WorkingCalendar:
        """The calendar from `start` to `end`, both included."""
        first, last = day_number(start), day_number(end)
        days = [day_from_number(day) for day in range(first, last + 1)]
        return cls(first, np.array([is_working_day(day) for day in days]))

    def due(self, starts: Ints, amounts: npt.NDArray[np.float64], unit: LimitUnit) -> Ints:
        """The instants (Unix seconds, int64[n]) at which limits of `amounts` `unit` begun
        at `starts` run out.
        """
        if unit is LimitUnit.MINUTES:
            return starts + np.round(amounts * 60).astype(np.int64)
        if unit is LimitUnit.CALENDAR_DAYS:
            return starts + np.round(amounts * DAY_S).astype(np.int64)
        local = starts + UTC_OFFSET_S
        day = local // DAY_S - self.first
        before = np.concatenate([[0], np.cumsum(self.working)])
        if unit is LimitUnit.WORKING_DAYS:
            limit_s = np.round(amounts * OFFICE_DAY_S).astype(np.int64)
            return self._instant(before[day + 1] * OFFICE_DAY_S + limit_s)
        second = local % DAY_S
        today = sum(
            np.clip(second - opens, 0, closes - opens)
            for opens, closes in zip(_OPENS, _CLOSES, strict=True)
        )
        worked = before[day] * OFFICE_DAY_S + np.where(self.working[day], today, 0)
        return self._instant(worked + np.round(amounts * 3600).astype(np.int64))

    @property
    def _days(self) -> Ints:
        return np.flatnonzero(self.working)

    def _instant(self, worked: Ints) -> Ints:
        """When `worked` office seconds since the first day are over (at an office's
        closing, not the next opening).
        """
        whole = np.maximum(worked - 1, 0) // OFFICE_DAY_S
        rest = worked - whole * OFFICE_DAY_S
        second = np.where(rest <= _SPANS[0], _OPENS[0] + rest, _OPENS[1] + rest - _SPANS[0])
        return np.asarray((self._days[whole] + self.first) * DAY_S + second - UTC_OFFSET_S)
