"""The Chinese working calendar and the city's clock.

Instants are Unix seconds (int64, UTC) wherever they are stored or computed with; days are counted in
Asia/Shanghai, which has had no summer time since 1991, so that a day number is one integer division.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
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


@lru_cache(maxsize=16384)
def is_working_day(day: date) -> bool:
    """Whether offices work on `day`; public holidays and make-up weekends count as published.

    Beyond the last published year: Monday to Friday (see `is_provisional`).
    """
    if is_provisional(day):
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def is_provisional(day: date) -> bool:
    """Whether the holidays of the year of `day` are not published yet (or too old to be listed)."""
    years = {known.year for known in chinese_calendar.holidays}
    return not min(years) <= day.year <= max(years)


def working_days(start: date) -> Iterator[date]:
    """The working days from `start` on, itself included when it is one."""
    day = start
    while True:
        if is_working_day(day):
            yield day
        day += timedelta(days=1)


def due(start: datetime, amount: float, unit: LimitUnit) -> datetime:
    """When a limit of `amount` `unit` that begins at `start` runs out.

    Working days count from the next working day and end when offices close; working hours run only inside
    office hours; calendar days and minutes run through.
    """
    local = (start if start.tzinfo else start.replace(tzinfo=TIME_ZONE)).astimezone(TIME_ZONE)
    if unit is LimitUnit.MINUTES:
        return local + timedelta(minutes=amount)
    if unit is LimitUnit.CALENDAR_DAYS:
        return local + timedelta(days=amount)
    if unit is LimitUnit.WORKING_DAYS:
        return _after_working_days(local, int(amount))
    return _after_working_hours(local, amount)


def _at(day: date, hour: float) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=TIME_ZONE) + timedelta(hours=hour)


def _after_working_days(start: datetime, amount: int) -> datetime:
    days = working_days(start.date() + timedelta(days=1))
    last = start.date()
    for _ in range(amount):
        last = next(days)
    return _at(last, WORK_HOURS[-1][1])


def _after_working_hours(start: datetime, amount: float) -> datetime:
    left = timedelta(hours=amount)
    for day in working_days(start.date()):
        for opens, closes in WORK_HOURS:
            begin = max(start, _at(day, opens))
            room = _at(day, closes) - begin
            if room <= timedelta(0):
                continue
            if left <= room:
                return begin + left
            left -= room
    raise AssertionError("working days never end")  # pragma: no cover
