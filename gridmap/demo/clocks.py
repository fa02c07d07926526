"""The limits of categories and steps for many matters at once:
`gridmap.cases.deadlines.Deadlines` on arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.cases.deadlines import Deadlines, Limit
from gridmap.demo.limits import WorkingCalendar
from gridmap.demo.mix import Mix
from gridmap.model import LimitUnit

Ints = npt.NDArray[np.int64]

CALENDAR = (date(2021, 1, 1), date(2025, 12, 31))


@dataclass(frozen=True)
class Limits:
    """One limit a category: `amount` float64[c] and `unit` (row of LimitUnit) int64[c], −1
    for none.
    """

    amount: npt.NDArray[np.float64]
    unit: Ints


class Clocks:
    """When limits run out, for categories given as rows of `mix`; `deadlines` tells the
    same one by one.
    """

    def __init__(self, mix: Mix, steps: pd.DataFrame) -> None:
        codes = [str(code) for code in mix.codes]
        self._calendar = WorkingCalendar.between(*CALENDAR)
        own = zip(codes, mix.amount.tolist(), mix.unit.tolist(), strict=True)
        named = zip(
            steps["step"],
            steps["category"],
            steps["amount"].tolist(),
            steps["unit"],
            strict=True,
        )
        self.deadlines = Deadlines(
            categories={code: Limit(amount, LimitUnit(unit)) for code, amount, unit in own},
            steps={
                (step, code): Limit(amount, LimitUnit(unit))
                for step, code, amount, unit in named
            },
        )
        self._whole = _limits([self.deadlines.categories.get(code) for code in codes])
        self._steps: Mapping[str, Limits] = {
            step: _limits([self.deadlines.step_limit(step, code) for code in codes])
            for step in set(steps["step"])
        }

    def whole(self, category: Ints, start: Ints) -> Ints:
        """When the limits of `category`, begun at `start`, run out (Unix seconds), 0 where
        there is none.
        """
        return self._due(self._whole, category, start)

    def step(self, step: str, category: Ints, start: Ints) -> Ints:
        """When the limit of `step`, begun at `start`, runs out."""
        return self._due(self._steps[step], category, start)

    def working_days_later(self, start: Ints, days: int) -> Ints:
        """The end of office hours `days` working days after `start`."""
        return self._calendar.due(
            start, np.full(len(start), float(days)), LimitUnit.WORKING_DAYS
        )

    def _due(self, limits: Limits, category: Ints, start: Ints) -> Ints:
        due = np.zeros(len(category), dtype=np.int64)
        unit = limits.unit[category]
        for number, kind in enumerate(LimitUnit):
            own = unit == number
            if own.any():
                due[own] = self._calendar.due(
                    start[own], limits.amount[category[own]], kind
                )
        return due


def _limits(found: list[Limit | None]) -> Limits:
    kinds = list(LimitUnit)
    return Limits(
        np.array([limit.amount if limit else 0.0 for limit in found]),
        np.array(
            [kinds.index(limit.unit) if limit else -1 for limit in found], dtype=np.int64
        ),
    )
