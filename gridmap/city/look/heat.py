"""`heat`: where reports come from, per area and as a density, and when, as frames, bars and
hours.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridmap.city.base.desk import Desk, Lang
from gridmap.city.look.places import Places
from gridmap.insight import counts, heat
from gridmap.insight.areas import Whole
from gridmap.insight.counts import Step
from gridmap.insight.heat import Frames, Rate, Surface, check_rate, check_step
from gridmap.insight.selection import Selection
from gridmap.model import Level

MARGIN = 0.02
"""Share of the extent added on each side of a density, so that it does not end on the border."""


class Heat:
    """Where and when reports come from."""

    def __init__(self, desk: Desk, places: Places) -> None:
        self._desk = desk
        self._places = places

    def per_area(
        self,
        selection: Selection,
        level: Level,
        *,
        rate: Rate = "per_100_households",
        lang: Lang = "zh",
    ) -> pd.DataFrame:
        """Reports per place of `level`: code, name, count, households, area_km2, value
        (NaN: no data).
        """
        check_rate(rate)
        data = self._desk.data

        def make() -> pd.DataFrame:
            places = self._desk.places(data, selection.area, level)
            counted = counts.by_area(data.facts, self._desk.mask(data, selection), places)
            return pd.DataFrame(
                {
                    "code": places.codes,
                    "name": self._places.names(places.codes, lang),
                    "count": counted,
                    "households": places.total(data.grids.households),
                    "area_km2": places.sums(data.grids.area_km2),
                    "value": heat.rate(counted, data.grids, places, rate),
                }
            )

        return self._desk.remember(data, ("per_area", selection, level, rate, lang), make)

    def kernel(
        self,
        selection: Selection,
        *,
        cell_m: float | None = None,
        bandwidth_m: float | None = None,
    ) -> Surface:
        """Kernel density of the selection's reports in reports per km²; see
        `insight.heat.kernel`.
        """
        data = self._desk.data
        west, south, east, north = self._places.bounds(selection.area)
        wide, high = MARGIN * (east - west), MARGIN * (north - south)
        bounds = (west - wide, south - high, east + wide, north + high)
        return self._desk.remember(
            data,
            ("kernel", selection, cell_m, bandwidth_m),
            lambda: heat.kernel(
                data.facts,
                self._desk.mask(data, selection),
                bounds,
                cell_m=cell_m,
                bandwidth_m=bandwidth_m,
            ),
        )

    def frames(
        self,
        selection: Selection,
        level: Level,
        *,
        step: Step = "week",
        rate: Rate = "count",
    ) -> Frames:
        """One picture per step of the period, all on one scale; see `insight.heat.frames`."""
        data = self._desk.data

        def make() -> Frames:
            places = self._desk.places(data, selection.area, level)
            return heat.frames(
                data.facts,
                self._desk.mask(data, selection),
                data.grids,
                places,
                step=step,
                how=rate,
            )

        return self._desk.remember(data, ("frames", selection, level, step, rate), make)

    def histogram(self, selection: Selection, *, step: Step = "day") -> pd.DataFrame:
        """Reports per day, week or month: start (date), count."""
        check_step(step, selection.days)
        data = self._desk.data

        def make() -> pd.DataFrame:
            starts, counted = counts.by_step(
                data.facts, self._desk.mask(data, selection), step
            )
            return pd.DataFrame({"start": pd.to_datetime(starts), "count": counted})

        return self._desk.remember(data, ("histogram", selection, step), make)

    def hours(self, selection: Selection) -> Whole:
        """Reports per weekday (Monday first) and hour, int64[7, 24]."""
        data = self._desk.data
        return self._desk.remember(
            data,
            ("hours", selection),
            lambda: counts.by_hour(data.facts, self._desk.mask(data, selection)),
        )

    def mix(self, selection: Selection, *, lang: Lang = "zh") -> pd.DataFrame:
        """Categories of the selection's reports, most frequent first: code, name, class,
        count, share (percent).
        """
        data = self._desk.data

        def make() -> pd.DataFrame:
            counted = counts.by_category(data.facts, self._desk.mask(data, selection))
            table = data.categories.frame
            number = counted[table["id"].to_numpy(dtype=np.int64)]
            mixed = pd.DataFrame(
                {
                    "code": table["code"],
                    "name": table[lang],
                    "class": table["class"],
                    "count": number,
                }
            )
            mixed["share"] = 100.0 * number / max(int(number.sum()), 1)
            mixed = mixed[mixed["count"] > 0]
            return mixed.sort_values(
                "count", ascending=False, kind="stable", ignore_index=True
            )

        return self._desk.remember(data, ("mix", selection, lang), make)
