"""When things are reported: the weight of every day of the three years, of the hours, and
of the months.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from gridmap.calendar import day_from_number, day_number, is_working_day

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FIRST_DAY, LAST_DAY = date(2021, 5, 21), date(2024, 5, 20)
RHYTHMS = ("morning", "day", "evening", "night")

_GROWTH = (0.62, 1.32)
_WEEKDAY = np.array([1.12, 1.06, 1.04, 1.03, 1.05, 0.86, 0.78])
_HOLIDAY, _MAKE_UP = 0.66, 1.0
_SEASON = 0.10
_PEAKS = {
    "morning": ((8.2, 1.3, 1.0), (15.5, 2.0, 0.5)),
    "day": ((9.8, 1.7, 1.0), (15.8, 1.9, 0.85)),
    "evening": ((19.4, 1.7, 1.0), (11.0, 2.0, 0.5)),
    "night": ((22.0, 1.5, 1.0), (19.5, 2.5, 0.4)),
}
_QUIET = 0.03


def day_weights(rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Local day numbers of the demonstration's three years and the relative number of
    reports of each.
    """
    days = np.arange(day_number(FIRST_DAY), day_number(LAST_DAY) + 1)
    dates = [day_from_number(int(day)) for day in days]
    growth = np.linspace(*_GROWTH, len(days))
    week = np.array([_WEEKDAY[day.weekday()] for day in dates])
    week = np.array([_of_day(day, weight) for day, weight in zip(dates, week, strict=True)])
    year = np.array([day.timetuple().tm_yday for day in dates])
    season = 1 + _SEASON * np.sin(2 * np.pi * (year - 110) / 365.25)
    return days, growth * week * season * rng.lognormal(sigma=0.07, size=len(days))


def _of_day(day: date, weight: float) -> float:
    """`weight` of the weekday, less on a public holiday, a working day's on a make-up weekend."""
    working = is_working_day(day)
    if day.weekday() < 5:
        return weight if working else _HOLIDAY
    if working:
        return _MAKE_UP
    festive = not is_working_day(day - timedelta(days=3)) or not is_working_day(
        day + timedelta(days=3)
    )
    return weight * (0.9 if festive else 1.0)


def hour_odds() -> Floats:
    """Running odds of the 24 hours for each of `RHYTHMS`, float64[4, 24], the last of each 1."""
    hours = np.arange(24) + 0.5
    odds = np.full((len(RHYTHMS), 24), _QUIET)
    for row, rhythm in enumerate(RHYTHMS):
        for middle, width, height in _PEAKS[rhythm]:
            away = np.minimum(np.abs(hours - middle), 24 - np.abs(hours - middle))
            odds[row] += height * np.exp(-0.5 * (away / width) ** 2)
    running = np.cumsum(odds, axis=1)
    return np.asarray(running / running[:, -1:])


def seconds(rhythm: Ints, rng: np.random.Generator) -> Ints:
    """A second of the day for each of `rhythm` (rows of `RHYTHMS`)."""
    odds = hour_odds()
    flat = (odds + np.arange(len(odds))[:, None]).ravel()
    hour = (
        np.searchsorted(flat, rhythm + rng.uniform(size=len(rhythm)), side="right")
        - rhythm * 24
    )
    return np.asarray(np.minimum(hour, 23) * 3600 + rng.integers(0, 3600, size=len(rhythm)))


def month_factor(peak: Ints, month: int) -> Floats:
    """How much more (or less) each category is reported in `month` (1–12); `peak` 0 means
    all the same.
    """
    away = np.abs(peak - month)
    away = np.minimum(away, 12 - away)
    return np.where(peak == 0, 1.0, 0.55 + 0.95 * np.exp(-0.5 * (away / 2.0) ** 2))
