"""`workload`: how much work falls on places and on workers, and how evenly."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.look.places import Places
from gridmap.errors import Fault, InputError
from gridmap.insight import counts, ranking, workload
from gridmap.insight.areas import Areas
from gridmap.insight.mask import Mask
from gridmap.insight.selection import Selection
from gridmap.insight.workload import By, Imbalance, Load
from gridmap.model import Level


class Workload:
    """Load of the reports of a selection; hours are the effort of their categories.

    Workers are those responsible on the last day of the period; a grid's hours are shared
    evenly among its own.
    """

    def __init__(self, desk: Desk, places: Places) -> None:
        self._desk = desk
        self._places = places

    def table(
        self, selection: Selection, level: Level, *, lang: Lang = "zh"
    ) -> pd.DataFrame:
        """One row a place of `level`, in order of code.

        code, name, reports, load (hours), workers, households, area_km2, per_worker,
        per_100_households, per_km2 (hours each; NaN where there is nobody or nothing to
        share it), open (at the period's end), gini and max_over_mean of the grids inside
        (NaN for grids), and the shrunken hours per 100 households: rate, its 95 % interval
        low to high, rank from 1 for the highest, tied: can't be told from the next lower.
        """
        data = self._desk.data
        key = ("workload", selection, level, lang)
        return self._desk.remember(
            data, key, lambda: self._table(data, selection, level, lang)
        )

    def ranked(
        self, selection: Selection, level: Level, column: str, *, lang: Lang = "zh"
    ) -> pd.DataFrame:
        """The places by falling `column` of `table`: code, name, value, low, high; places
        without a value are left out.

        `low` and `high` bound what the figure could be by chance alone, in the same
        proportion as the interval of the shrunken rate; the figure itself stays what was
        counted.
        """
        table = self.table(selection, level, lang=lang)
        value = table[column].astype(np.float64)
        rate = table["rate"].where(table["rate"] > 0)
        found = pd.DataFrame(
            {
                "code": table["code"],
                "name": table["name"],
                "value": value,
                "low": (value * table["low"] / rate).fillna(value),
                "high": (value * table["high"] / rate).fillna(value),
            }
        )
        found = found[np.isfinite(value)]
        return found.sort_values(
            ["value", "code"], ascending=[False, True], ignore_index=True
        )

    def workers(self, selection: Selection, *, lang: Lang = "zh") -> pd.DataFrame:
        """One row a grid worker with a grid in the area, most loaded first.

        worker, name, grids (in the whole city), reports, load, open (their parts of the
        area's), first_grid (code), first_grid_name.
        """
        data = self._desk.data
        return self._desk.remember(
            data, ("workers", selection, lang), lambda: self._workers(data, selection, lang)
        )

    def imbalance(self, selection: Selection, *, by: By = "worker") -> Imbalance:
        """How unevenly the hours fall on the area's grid workers, or on its grids."""
        if by not in {"worker", "grid"}:
            raise InputError(
                Fault(
                    rule="unknown kind of imbalance",
                    field="by",
                    value=by,
                    cure="Use worker, grid.",
                )
            )
        data = self._desk.data

        def make() -> Imbalance:
            hours = self._load(data, selection).hours
            place = self._desk.place(data, selection.area)
            if by == "grid":
                return workload.imbalance(hours[place.first : place.end], by=by)
            return workload.imbalance(
                workload.of_workers(hours, self._desk.staff(data, selection.end), place),
                by=by,
            )

        return self._desk.remember(data, ("imbalance", selection, by), make)

    def median(
        self, selection: Selection, level: Level, column: str = "per_worker"
    ) -> float:
        """The median of a column of `table` over the places of the area; NaN when none has
        a value.
        """
        table = self.table(selection, level)
        if column not in table.columns[2:]:
            cure = f"Use {', '.join(table.columns[2:])}."
            raise InputError(
                Fault(
                    rule="not a column of the workload",
                    field="column",
                    value=column,
                    cure=cure,
                )
            )
        known = table[column].dropna()
        return float(known.median()) if len(known) else float("nan")

    def _load(self, data: Data, selection: Selection) -> Load:
        return self._desk.remember(
            data,
            ("load", selection),
            lambda: workload.load(
                data.facts, self._desk.mask(data, selection), data.categories
            ),
        )

    def _table(
        self, data: Data, selection: Selection, level: Level, lang: Lang
    ) -> pd.DataFrame:
        load = self._load(data, selection)
        places = self._desk.places(data, selection.area, level)
        hours = places.sums(load.hours)
        workers = self._desk.staff(data, selection.end).per_area(places)
        nan = np.full(len(places), np.nan)
        gini, peak = (
            (nan, nan)
            if level is Level.GRID
            else workload.gini_per_area(load.hours, places)
        )
        ranked = self._ranked(data, self._desk.mask(data, selection), places, hours)
        return pd.DataFrame(
            {
                "code": places.codes,
                "name": self._places.names(places.codes, lang),
                "reports": places.total(load.reports),
                "load": hours,
                "workers": workers,
                "households": places.total(data.grids.households),
                "area_km2": places.sums(data.grids.area_km2),
                "per_worker": workload.per(hours, workers),
                "per_100_households": workload.per_100_households(
                    hours, data.grids, places
                ),
                "per_km2": workload.per_km2(hours, data.grids, places),
                "open": places.total(load.open),
                "gini": gini,
                "max_over_mean": peak,
                "rate": ranked.rate,
                "low": ranked.low,
                "high": ranked.high,
                "rank": ranked.rank,
                "tied": ranked.tied,
            }
        )

    def _ranked(
        self, data: Data, mask: Mask, places: Areas, hours: np.ndarray
    ) -> ranking.Ranking:
        """Hours per 100 households, ranked.

        Hours of n matters of different effort vary like a Poisson number of equal pieces of
        Σe²/Σe hours each, which is what they are counted in.
        """
        number = counts.by_category(data.facts, mask)
        effort = data.categories.effort
        piece = (
            float((number * effort**2).sum() / max(float((number * effort).sum()), 1e-9))
            or 1.0
        )
        ranked = ranking.rates(hours / piece, places.sums(data.grids.households) / 100.0)
        return ranking.Ranking(
            ranked.rate * piece,
            ranked.low * piece,
            ranked.high * piece,
            ranked.rank,
            ranked.tied,
        )

    def _workers(self, data: Data, selection: Selection, lang: Lang) -> pd.DataFrame:
        load = self._load(data, selection)
        place = self._desk.place(data, selection.area)
        staff = self._desk.staff(data, selection.end)
        inside = (staff.grid >= place.first) & (staff.grid < place.end)
        here, first = np.unique(staff.worker[inside], return_index=True)
        workers, held = staff.grids_of_workers()
        rows = np.searchsorted(workers, here)
        codes = data.grids.codes[staff.grid[inside][first]]
        table = pd.DataFrame(
            {
                "worker": here,
                "name": data.workers.set_index("id")["name"].reindex(here).to_numpy(),
                "grids": held[rows],
                "reports": staff.shared(load.reports)[1][rows],
                "load": staff.shared(load.hours)[1][rows],
                "open": staff.shared(load.open)[1][rows],
                "first_grid": codes,
                "first_grid_name": self._places.names(codes, lang),
            }
        )
        return table.sort_values(
            ["load", "worker"], ascending=[False, True], ignore_index=True
        )
