"""`overview`: five headline figures with what to compare them with, and the places that
need a look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.look.attention import attention
from gridmap.city.look.places import Places
from gridmap.city.look.silence import silence_on
from gridmap.insight import counts, outcomes, trend
from gridmap.insight.areas import Real
from gridmap.insight.indicators import due_until
from gridmap.insight.mask import Mask
from gridmap.insight.selection import Selection
from gridmap.insight.silent import Silence
from gridmap.model import OPEN_STATUSES, Status

NAN = float("nan")
SILENT_STEP_DAYS = 7


@dataclass(frozen=True, eq=False)
class Figure:
    """One number with its company.

    `value` in `unit` ("reports", "percent", "grids"; NaN: nothing to count), `numerator`
    and `denominator` (0: it is no share) behind it, `previous` and `last_year` the same of
    the period before and of a year ago (NaN: before the first report), `series` float64[90]
    up to the period's end, `worse` which way is bad ("high", "low", "").
    """

    key: str
    value: float
    unit: str
    numerator: int
    denominator: int
    previous: float
    last_year: float
    series: npt.NDArray[np.float64]
    worse: str


class Overview:
    """What headquarters see first."""

    def __init__(self, desk: Desk, places: Places) -> None:
        self._desk = desk
        self._places = places

    def headline(self, selection: Selection) -> list[Figure]:
        """New, closed, open, on-time closing, silent grids, in this order, of the selection.

        The filter of states counts for new reports only: it would make the other figures
        say nothing.
        """
        data, today = self._desk.data, self._desk.today_number
        return self._desk.remember(
            data,
            ("headline", selection, today),
            lambda: self._headline(data, selection, today),
        )

    def attention(
        self, n: int = 10, lang: Lang = "zh", selection: Selection | None = None
    ) -> pd.DataFrame:
        """The `n` places that need a look first: code, name, path, level, reason, params,
        value, score.

        `reason` is a key that the page words with `params`, a dict of plain numbers;
        `score` orders them. By default the last 30 whole days of the city; a `selection`
        gives period, area and categories.
        """
        data = self._desk.data
        chosen = selection or self._last_days(30)
        key = ("attention", chosen, self._desk.today_number)
        found = self._desk.remember(data, key, lambda: attention(self._desk, data, chosen))
        table = found.head(n).reset_index(drop=True)
        table.insert(1, "name", self._places.names(table["code"].tolist(), lang))
        table.insert(
            2, "path", [self._places.path(int(code), lang) for code in table["code"]]
        )
        return table

    def silence(self, last_day: int) -> Silence:
        """The judgement of every grid on `last_day`."""
        return silence_on(self._desk, self._desk.data, last_day)

    def _last_days(self, days: int) -> Selection:
        end = self._desk.today - timedelta(days=1)
        return Selection(end - timedelta(days=days - 1), end, self._desk.code)

    def _headline(self, data: Data, selection: Selection, today: int) -> list[Figure]:
        every = selection.any_status()
        periods = [every, every.previous(), every.last_year()]
        return [
            _new(
                data,
                [
                    self._desk.mask(data, one)
                    for one in (selection, selection.previous(), selection.last_year())
                ],
            ),
            *_flow(data, [self._desk.mask(data, one) for one in periods], today),
            self._silent(data, periods),
        ]

    def _silent(self, data: Data, periods: list[Selection]) -> Figure:
        place = self._desk.place(data, periods[0].area)

        def found(day: int) -> float:
            return float(
                place.total(silence_on(self._desk, data, day).silent.astype(np.int64))[0]
            )

        values = [
            found(one.last_day) if _known(data, one.first_day) else NAN for one in periods
        ]
        last = periods[0].last_day
        days = range(last - trend.SPARK_DAYS + 1, last + 1)
        points = [day for day in days if (last - day) % SILENT_STEP_DAYS == 0]
        known = [found(day) if _known(data, day) else NAN for day in points]
        series = np.interp(list(days), points, known)
        grids = int(place.sizes[0])
        return Figure(
            "silent",
            values[0],
            "grids",
            _whole(values[0]),
            grids,
            values[1],
            values[2],
            series,
            "high",
        )


def _known(data: Data, day: int) -> bool:
    return len(data.facts) > 0 and day >= data.facts.first_day


def _whole(value: float) -> int:
    return int(value) if np.isfinite(value) else 0


def _new(data: Data, masks: list[Mask]) -> Figure:
    values = [
        float(counts.by_grid(data.facts, mask).sum())
        if _known(data, mask.first_day)
        else NAN
        for mask in masks
    ]
    line = counts.by_day(data.facts, _spark(data, masks[0])).astype(np.float64)
    return Figure(
        "new", values[0], "reports", _whole(values[0]), 0, values[1], values[2], line, ""
    )


def _flow(data: Data, masks: list[Mask], today: int) -> list[Figure]:
    """Closed, open, on-time closing."""
    facts, spark = data.facts, _spark(data, masks[0])
    closed_line = outcomes.closed_by_day(facts, spark).astype(np.float64)
    closed = [
        float(outcomes.closed_by_day(facts, m).sum()) if _known(data, m.first_day) else NAN
        for m in masks
    ]
    still = [
        float(outcomes.open_by_grid(facts, m).sum()) if _known(data, m.last_day) else NAN
        for m in masks
    ]
    joined = counts.by_day(facts, spark.standing(OPEN_STATUSES | {Status.CLOSED}))
    open_line = trend.open_by_day(_whole(still[0]), joined, closed_line)
    due = [due_until(facts, m, today=today).sum(axis=0) for m in masks]
    rate = [100.0 * d[3] / d[2] if d[2] else NAN for d in due]
    return [
        Figure(
            "closed",
            closed[0],
            "reports",
            _whole(closed[0]),
            0,
            closed[1],
            closed[2],
            closed_line,
            "low",
        ),
        Figure(
            "open",
            still[0],
            "reports",
            _whole(still[0]),
            0,
            still[1],
            still[2],
            open_line,
            "high",
        ),
        Figure(
            "on_time",
            rate[0],
            "percent",
            int(due[0][3]),
            int(due[0][2]),
            rate[1],
            rate[2],
            _on_time_line(data, spark, today),
            "low",
        ),
    ]


def _spark(data: Data, mask: Mask) -> Mask:
    return mask.during(data.facts, mask.last_day - trend.SPARK_DAYS + 1, mask.last_day)


def _on_time_line(data: Data, spark: Mask, today: int) -> Real:
    due = outcomes.due_by_day(data.facts, spark)
    line = trend.rolling_share(due[1], due[0])
    line[max(0, today - spark.first_day) :] = NAN
    return line
