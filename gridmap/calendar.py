"""The Chinese working calendar and the city's clock.

Instants are Unix seconds (int64, UTC) wherever they are stored or computed with; days are
counted in Asia/Shanghai, which has had no summer time since 1991, so that a day number is
one integer division.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

import chinese_calendar
import numpy as np
import numpy.typing as npt

from gridmap.model import LimitUnit

TIME_ZONE = ZoneInfo("Asia/Shanghai")
UTC_OFFSET_S = 8 * 3600
DAY_S = 86_400
EPOCH = date(1970, 1, 1)
WORK_HOURS = ((8.5, 12.0), (14.0, 17.5))
"""Office hours of a working day, as hours after midnight; seven hours in all."""
OFFICE_HOURS_S = tuple(
    (round(opens * 3600), round(closes * 3600)) for opens, closes in WORK_HOURS
)
OFFICE_DAY_S = sum(closes - opens for opens, closes in OFFICE_HOURS_S)
LAST_DAY = date(2199, 12, 31)
"""As far as limits are counted."""
PUBLISHED_YEARS = frozenset(day.year for day in chinese_calendar.holidays)
FEWEST_DAYS_OFF = 11
"""Days off a year has by law at least: a year whose own table names so many is no longer
provisional.
"""


def to_epoch(moment: datetime) -> int:
    """Unix seconds of an aware `moment`; a naive one is read as Asia/Shanghai."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=TIME_ZONE)
    return int(aware.timestamp())


def from_epoch(seconds: int) -> datetime:
    """The aware Asia/Shanghai time of Unix `seconds`."""
    return datetime.fromtimestamp(int(seconds), tz=UTC).astimezone(TIME_ZONE)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_from_number(number: int) -> date:
    """The inverse of `day_number`."""
    return EPOCH + timedelta(days=int(number))


def day_numbers(seconds: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Local day numbers (int64[n]) of Unix `seconds` (int64[n])."""
    return (np.asarray(seconds, dtype=np.int64) + UTC_OFFSET_S) // DAY_S


@dataclass(frozen=True)
class WorkingDays:
    """Which days offices work, and the counting of limits on them.

    Published holidays and make-up weekends, with `overrides` (day → works or not) for what
    they lack; beyond the published years Monday to Friday, which is provisional until the
    overrides of a year name its days off.

    `due` and `elapsed` are inverses in every unit: `elapsed(start, due(start, amount,
    unit), unit) == amount`, and `due(start, elapsed(start, end, unit), unit)` is `end`, or,
    where `end` lies outside office hours and the unit counts only those, the moment offices
    had closed before it. Both run backwards too (negative amounts).
    """

    overrides: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on `day`; outside 1970 to 2199, which no limit reaches:
        Monday to Friday.
        """
        if EPOCH <= day <= LAST_DAY:
            return self._working[day_number(day)]
        return day.weekday() < 5

    def is_provisional(self, day: date) -> bool:
        """Whether the holidays of the year of `day` are not known yet (or too old to be listed)."""
        return day.year not in self._known_years

    def provisional_between(self, start: int, end: int) -> bool:
        """Whether a limit from `start` to `end` (Unix seconds) runs into a year whose
        holidays are not known yet.
        """
        first, last = sorted((from_epoch(start).year, from_epoch(end).year))
        return any(year not in self._known_years for year in range(first, last + 1))

    def due(self, start: int, amount: float, unit: LimitUnit) -> int:
        """When `amount` `unit` begun at `start` run out; Unix seconds.

        Working days count from the next working day and end when offices close; working
        hours run only inside office hours; calendar days and minutes run through.
        """
        if unit is LimitUnit.MINUTES:
            return start + round(amount * 60)
        if unit is LimitUnit.CALENDAR_DAYS:
            return start + round(amount * DAY_S)
        if unit is LimitUnit.WORKING_DAYS:
            return self._instant(self._evening(start) + round(amount * OFFICE_DAY_S))
        return self._instant(self._worked(start) + round(amount * 3600))

    def elapsed(self, start: int, end: int, unit: LimitUnit) -> float:
        """How much of a limit begun at `start` has run at `end` (Unix seconds), in `unit`;
        the inverse of `due`.

        In working days the day a limit begins on does not count, so that it is negative
        until that day is over.
        """
        if unit is LimitUnit.MINUTES:
            return (end - start) / 60
        if unit is LimitUnit.CALENDAR_DAYS:
            return (end - start) / DAY_S
        if unit is LimitUnit.WORKING_DAYS:
            return (self._worked(end) - self._evening(start)) / OFFICE_DAY_S
        return (self._worked(end) - self._worked(start)) / 3600

    @cached_property
    def _known_years(self) -> frozenset[int]:
        off = [day.year for day, works in self.overrides.items() if not works]
        return PUBLISHED_YEARS | {
            year for year in set(off) if off.count(year) >= FEWEST_DAYS_OFF
        }

    @cached_property
    def _working(self) -> list[bool]:
        """Whether offices work, by day number from 1970 on."""
        weekday = (np.arange(day_number(LAST_DAY) + 1) + EPOCH.weekday()) % 7
        works: list[bool] = (weekday < 5).tolist()
        published = (
            dict.fromkeys(chinese_calendar.holidays, False),
            dict.fromkeys(chinese_calendar.workdays, True),
        )
        for table in (*published, self.overrides):
            for day, value in table.items():
                works[day_number(day)] = value
        return works

    @cached_property
    def _before(self) -> list[int]:
        """How many working days lie before each day."""
        return [0, *np.cumsum(self._working).tolist()]

    @cached_property
    def _numbers(self) -> list[int]:
        """The day numbers of all working days."""
        return np.flatnonzero(self._working).tolist()

    def _worked(self, moment: int) -> int:
        """Office seconds from 1970 to `moment`."""
        day, second = divmod(moment + UTC_OFFSET_S, DAY_S)
        whole = self._before[day] * OFFICE_DAY_S
        if not self._working[day]:
            return whole
        return whole + sum(
            min(max(second - opens, 0), closes - opens) for opens, closes in OFFICE_HOURS_S
        )

    def _evening(self, moment: int) -> int:
        """Office seconds from 1970 to the end of the day of `moment`."""
        return self._before[(moment + UTC_OFFSET_S) // DAY_S + 1] * OFFICE_DAY_S

    def _instant(self, worked: int) -> int:
        """When `worked` office seconds are over: at an office's closing, not at its next
        opening.
        """
        whole, rest = divmod(worked - 1, OFFICE_DAY_S)
        if not 0 <= whole < len(self._numbers):
            raise OverflowError(f"Limits are counted from {EPOCH} to {LAST_DAY}.")
        rest += 1
        for opens, closes in OFFICE_HOURS_S:
            if rest <= closes - opens:
                return self._numbers[whole] * DAY_S + opens + rest - UTC_OFFSET_S
            rest -= closes - opens
        raise AssertionError(
            "a day's office seconds lie in its office hours"
        )  # pragma: no cover


PUBLISHED = WorkingDays()
"""The calendar as published, without a city's own table."""


def is_working_day(day: date) -> bool:
    """Whether offices work on `day` as published; beyond the last published year: Monday to
    Friday.
    """
    return PUBLISHED.is_working_day(day)


def is_provisional(day: date) -> bool:
    """Whether the holidays of the year of `day` are not published yet (or too old to be listed)."""
    return PUBLISHED.is_provisional(day)


def working_days(start: date) -> Iterator[date]:
    """The working days from `start` on, itself included when it is one."""
    numbers = PUBLISHED._numbers  # noqa: SLF001  (this module's own)
    return (
        day_from_number(number)
        for number in numbers[bisect_left(numbers, day_number(start)) :]
    )


def due(start: datetime, amount: float, unit: LimitUnit) -> datetime:
    """When a limit of `amount` `unit` that begins at `start` runs out, by the published
    calendar.
    """
    return from_epoch(PUBLISHED.due(to_epoch(start), amount, unit))


def elapsed(start: datetime, end: datetime, unit: LimitUnit) -> float:
    """How much of a limit begun at `start` has run at `end`, in `unit`, by the published
    calendar.
    """
    return PUBLISHED.elapsed(to_epoch(start), to_epoch(end), unit)


def with_overrides(days: Iterable[tuple[date, bool]]) -> WorkingDays:
    """The published calendar with a city's own table of (day, whether offices work)."""
    return WorkingDays(MappingProxyType(dict(days)))
