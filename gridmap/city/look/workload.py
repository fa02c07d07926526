"""`workload`: how much work falls on places and on workers, and how evenly."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.base.figure import Ask
from gridmap.city.look.figures import Figures
from gridmap.city.look.loads import ranked
from gridmap.city.look.places import Places
from gridmap.errors import Fault, InputError
from gridmap.insight import workload
from gridmap.insight.selection import Selection
from gridmap.insight.workload import By, Imbalance, Load
from gridmap.model import Level

COLUMNS = {
    "reports": "reports",
    "load": "load",
    "workers": "workers",
    "per_worker": "load_per_worker",
    "per_100_households": "load_per_100_households",
    "per_km2": "load_per_km2",
    "open": "open",
    "gini": "gini",
    "max_over_mean": "peak",
}
"""Columns of the table of places and the figures in them."""
TABLE = [
    "code",
    "name",
    "reports",
    "load",
    "workers",
    "households",
    "area_km2",
    "per_worker",
    "per_100_households",
    "per_km2",
    "open",
    "gini",
    "max_over_mean",
    "rate",
    "low",
    "high",
    "rank",
    "tied",
]


class Workload:
    """Load of the reports of a selection; hours are the effort of their categories.

    Workers are those responsible on the last day of the period; a grid's hours are shared
    evenly among its own.
    """

    def __init__(self, desk: Desk, places: Places, figures: Figures) -> None:
        self._desk = desk
        self._places = places
        self._figures = figures

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
        figures = self._figures
        columns = figures.table(COLUMNS.values(), selection, level, lang=lang)
        table = columns.rename(columns={key: name for name, key in COLUMNS.items()})
        data = self._desk.data
        places = self._desk.places(data, selection.area, level)
        rates = ranked(Ask(self._desk, data, selection, places))
        return table.assign(
            households=places.total(data.grids.households),
            area_km2=places.sums(data.grids.area_km2),
            rate=rates.rate,
            low=rates.low,
            high=rates.high,
            rank=rates.rank,
            tied=rates.tied,
        )[TABLE]

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

    def _load(self, data: Data, selection: Selection) -> Load:
        return self._desk.remember(
            data,
            ("load", selection),
            lambda: workload.load(
                data.facts, self._desk.mask(data, selection), data.categories
            ),
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
