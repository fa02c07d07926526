"""`overview`: five headline figures with what to compare them with, and the places that
need a look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from gridmap.city.base.desk import Desk, Lang
from gridmap.city.base.figure import Figure
from gridmap.city.look.attention import attention
from gridmap.city.look.figures import Figures, Total
from gridmap.city.look.measures import CLOSED, ON_TIME, OPEN, REPORTS
from gridmap.city.look.places import Places
from gridmap.city.look.silence import silence_on
from gridmap.city.look.unseen import SILENT
from gridmap.insight import trend
from gridmap.insight.areas import Real
from gridmap.insight.selection import Selection
from gridmap.insight.silent import Silence

NAN = float("nan")
HEADLINES = {
    "new": REPORTS,
    "closed": CLOSED,
    "open": OPEN,
    "on_time": ON_TIME,
    "silent": SILENT,
}
"""What stands first, by the key of its card."""
UNKNOWN_BEFORE = {"new": "first", "closed": "first", "open": "last", "silent": "first"}
"""Of which day of a period there must be reports, so that the figure says something."""


@dataclass(frozen=True, eq=False)
class Headline:
    """A figure of an area with its company.

    `value` (NaN: nothing to count), `numerator` and `denominator` (0: it has none) behind
    it, `previous` and `last_year` the same of the period before and of a year ago (NaN:
    before the first report), `series` float64[90] up to the period's end.
    """

    key: str
    figure: Figure
    value: float
    numerator: int
    denominator: int
    previous: float
    last_year: float
    series: Real


class Overview:
    """What headquarters see first."""

    def __init__(self, desk: Desk, places: Places, figures: Figures) -> None:
        self._desk = desk
        self._places = places
        self._figures = figures

    def headline(self, selection: Selection) -> list[Headline]:
        """New, closed, open, on-time closing, silent grids, in this order, of the selection.

        The filter of states counts for new reports only: it would make the other figures
        say nothing.
        """
        return [self._headline(key, selection) for key in HEADLINES]

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

    def _headline(self, key: str, selection: Selection) -> Headline:
        figure, figures = HEADLINES[key], self._figures
        first = selection.end - timedelta(days=trend.SPARK_DAYS - 1)
        now, previous, last_year = (
            self._total(key, chosen)
            for chosen in (selection, selection.previous(), selection.last_year())
        )
        return Headline(
            key,
            figure,
            now.value,
            int(now.numerator),
            int(np.nan_to_num(now.denominator)),
            previous.value,
            last_year.value,
            figures.course(figure.key, selection.between(first, selection.end)),
        )

    def _total(self, key: str, selection: Selection) -> Total:
        """A figure of a period; without a value where too little is known of it."""
        total = self._figures.total(HEADLINES[key].key, selection)
        facts, needed = self._desk.data.facts, UNKNOWN_BEFORE.get(key)
        day = selection.first_day if needed == "first" else selection.last_day
        if needed and not (len(facts) and day >= facts.first_day):
            return Total(0, total.denominator, NAN)
        return total
