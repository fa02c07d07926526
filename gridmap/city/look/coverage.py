"""`coverage`: the gaps of the city, how many, which, and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.look.places import Places
from gridmap.city.look.silence import silence_on
from gridmap.codes import level_of, parents
from gridmap.insight import coverage
from gridmap.insight.areas import Areas
from gridmap.insight.coverage import GAPS, Gap, Seen
from gridmap.model import CHIEF_LEVELS, STAFF_ROLES, Level, Role
from gridmap.store.people import people as store_people

UNITS: dict[Gap, str] = {
    "without_worker": "grids",
    "shared_worker": "workers",
    "police_officer": "villages",
    "legal_adviser": "villages",
    "mediator": "villages",
    "household_representative": "villages",
    "chief": "places",
    "unseen": "grids",
    "silent": "grids",
}


class Coverage:
    """Gaps in coverage as they stand today; kinds are `insight.coverage.GAPS`."""

    def __init__(self, desk: Desk, places: Places) -> None:
        self._desk = desk
        self._places = places

    def summary(self, area: int) -> pd.DataFrame:
        """How many of each kind `area` has: kind, count, of, unit (grids, workers or villages)."""
        data = self._desk.data

        def make() -> pd.DataFrame:
            place = self._desk.place(data, area)
            rows = []
            for kind in GAPS:
                if kind == "shared_worker":
                    count, of = self._shared_workers(data, place)
                elif kind == "chief":
                    count, of = (
                        int(values[0]) for values in self._chiefs(data, area, place.level)
                    )
                else:
                    found, base = self._flags(data, kind)
                    count, of = (
                        int(place.total(values.astype(np.int64))[0])
                        for values in (found, base)
                    )
                rows.append({"kind": kind, "count": count, "of": of, "unit": UNITS[kind]})
            return pd.DataFrame(rows)

        return self._desk.remember(data, ("gaps", area, self._desk.today), make)

    def per_area(
        self, kind: str, area: int, level: Level, *, lang: Lang = "zh"
    ) -> pd.DataFrame:
        """Gaps of a kind per place of `level`: code, name, count, of, share (percent; NaN:
        nothing to lack).

        Shared workers are counted by the grids that have no worker of their own; chiefs of
        the place itself and of the places in it, not of those it lies in.
        """
        gap, data = coverage.check(kind), self._desk.data

        def make() -> pd.DataFrame:
            places = self._desk.places(data, area, level)
            if gap == "chief":
                count, of = self._chiefs(data, area, level)
            else:
                found, base = self._flags(data, gap)
                count, of = (
                    np.asarray(places.total(values.astype(np.int64)))
                    for values in (found, base)
                )
            return pd.DataFrame(
                {
                    "code": places.codes,
                    "name": self._places.names(places.codes, lang),
                    "count": count,
                    "of": of,
                    "share": 100.0 * count / np.where(of > 0, of, np.nan),
                }
            )

        return self._desk.remember(
            data, ("gaps per area", gap, area, level, self._desk.today, lang), make
        )

    def gaps(
        self, kind: str, area: int, *, lang: Lang = "zh", limit: int | None = None
    ) -> pd.DataFrame:
        """The gaps of a kind in `area`, worst first, with columns by kind beside code, name
        and path.

        without_worker: households, days_unseen; shared_worker: worker, worker_name, grids
        (code is the first grid); police_officer, legal_adviser, mediator,
        household_representative: grids, households (code is the village); chief: level (a
        number of `Level`), grids, households (code is the place), largest first; unseen:
        days_unseen, last_report, last_visit (dates or NaT); silent: observed, expected,
        ratio, probability, visited, window_days.
        """
        gap, data = coverage.check(kind), self._desk.data
        lists: dict[str, Callable[[Data, Areas], pd.DataFrame]] = {
            "without_worker": self._without_worker,
            "shared_worker": self._sharing,
            "unseen": self._unseen,
            "silent": self._silent,
        }

        def make() -> pd.DataFrame:
            grids = self._desk.places(data, area, Level.GRID)
            if gap == "chief":
                return self._without_chief(data, area)
            if gap in lists:
                return lists[gap](data, grids)
            return self._lacking(data, self._desk.places(data, area, Level.VILLAGE), gap)

        table = self._desk.remember(data, ("gap list", gap, area, self._desk.today), make)
        table = table.head(limit) if limit is not None else table
        codes = table["code"].tolist()
        table.insert(1, "name", self._places.names(codes, lang))
        table.insert(2, "path", [self._places.path(code, lang) for code in codes])
        return table

    def seen(self) -> Seen:
        """When each grid was last reported from and visited."""
        data, day = self._desk.data, self._desk.today_number
        return self._desk.remember(
            data, ("seen", day), lambda: coverage.seen(data.facts, data.visits, day=day)
        )

    def grids_with(self, kind: str) -> npt.NDArray[np.bool_]:
        """Which grids of the city have a gap of this kind, or lie in a village that has it,
        bool[n].
        """
        gap, data = coverage.check(kind), self._desk.data
        role = coverage.role_of(gap)
        if gap == "chief":
            return self._in_places_without_chief(data)
        if role is None:
            return self._flags(data, gap)[0]
        villages = self._desk.places(data, self._desk.code, Level.VILLAGE)
        return np.repeat(self._village_lacks(data, role, villages), villages.sizes)

    def vacancies(self, area: int, level: Level, *, lang: Lang = "zh") -> pd.DataFrame:
        """What is vacant per place of `level` (a village's at most) in `area`.

        Columns: code, name, villages; the roles of `model.STAFF_ROLES`: villages lacking
        one; chief_township, chief_village, chief_grid, chief_county: places without a
        chief, from `level` down (a level above: 0).
        """
        data, level = self._desk.data, min(level, Level.VILLAGE)
        places = self._desk.places(data, area, level)
        villages = self._desk.places(data, area, Level.VILLAGE)
        table = pd.DataFrame(
            {"code": places.codes, "name": self._places.names(places.codes, lang)}
        )
        table["villages"] = _within(
            villages, places, np.ones(len(villages), dtype=np.int64)
        )
        for role in STAFF_ROLES:
            table[role.value] = _within(
                villages, places, self._village_lacks(data, role, villages)
            )
        for one in CHIEF_LEVELS:
            below = self._desk.places(data, area, one) if one >= level else None
            lacks = (
                0
                if below is None
                else _within(below, places, self._lacks_chief(data, below))
            )
            table[f"chief_{one.name.lower()}"] = lacks
        return table

    def _lacks_chief(self, data: Data, places: Areas) -> npt.NDArray[np.bool_]:
        def read() -> npt.NDArray[np.int64]:
            with self._desk.store.read() as connection:
                return np.array(store_people.chief_areas(connection), dtype=np.int64)

        return coverage.without_chief(self._desk.remember(data, ("chiefs",), read), places)

    def _chiefs(
        self, data: Data, area: int, level: Level
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Places without a chief per place of `level` in `area`, itself included, and how
        many could have one.
        """
        places = self._desk.places(data, area, level)
        lacks, base = np.zeros((2, len(places)), dtype=np.int64)
        for one in (one for one in CHIEF_LEVELS if one >= level):
            below = self._desk.places(data, area, one)
            lacks += _within(below, places, self._lacks_chief(data, below))
            base += _within(below, places, np.ones(len(below), dtype=np.int64))
        return lacks, base

    def _without_chief(self, data: Data, area: int) -> pd.DataFrame:
        tables = []
        for level in (one for one in CHIEF_LEVELS if one >= level_of(area)):
            places = self._desk.places(data, area, level)
            lacks = self._lacks_chief(data, places)
            households = np.asarray(places.total(data.grids.households))[lacks]
            found = {
                "code": places.codes[lacks],
                "grids": places.sizes[lacks],
                "households": households,
            }
            tables.append(pd.DataFrame({**found, "level": int(level)}))
        table = pd.concat(tables, ignore_index=True)
        return table.sort_values(
            ["level", "households", "code"],
            ascending=[True, False, True],
            ignore_index=True,
        )

    def _in_places_without_chief(self, data: Data) -> npt.NDArray[np.bool_]:
        found = np.zeros(len(data.grids), dtype=np.bool_)
        for level in CHIEF_LEVELS:
            places = self._desk.places(data, self._desk.code, level)
            found |= np.repeat(self._lacks_chief(data, places), places.sizes)
        return found

    def _flags(
        self, data: Data, kind: Gap
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Per grid of the city: has the gap, and could have it. A village stands at its
        first grid.
        """
        every = np.ones(len(data.grids), dtype=np.bool_)
        role = coverage.role_of(kind)
        if role is not None:
            villages = self._desk.places(data, self._desk.code, Level.VILLAGE)
            lacks, base = np.zeros_like(every), np.zeros_like(every)
            lacks[villages.starts] = self._village_lacks(data, role, villages)
            base[villages.starts] = True
            return lacks, base
        staff = self._desk.staff(data, self._desk.today)
        if kind == "without_worker":
            return coverage.without_worker(staff), every
        if kind == "shared_worker":
            return coverage.with_shared_worker(staff), staff.per_grid > 0
        if kind == "unseen":
            return np.asarray(
                self.seen().days_unseen >= self._desk.settings.visit_days
            ), every
        return silence_on(self._desk, data, self._desk.today_number).silent, every

    def _village_lacks(
        self, data: Data, role: Role, villages: Areas
    ) -> npt.NDArray[np.bool_]:
        return coverage.lacking(self._desk.staff(data, self._desk.today), role, villages)

    def _shared_workers(self, data: Data, place: Areas) -> tuple[int, int]:
        staff = self._desk.staff(data, self._desk.today)
        here = np.unique(
            staff.worker[(staff.grid >= place.first) & (staff.grid < place.end)]
        )
        workers, number = staff.grids_of_workers()
        return int((number[np.searchsorted(workers, here)] > 1).sum()), len(here)

    def _without_worker(self, data: Data, grids: Areas) -> pd.DataFrame:
        rows = _inside(
            coverage.without_worker(self._desk.staff(data, self._desk.today)), grids
        )
        table = pd.DataFrame(
            {
                "code": data.grids.codes[rows],
                "households": data.grids.households[rows],
                "days_unseen": self.seen().days_unseen[rows],
            }
        )
        return table.sort_values(
            ["households", "code"], ascending=[False, True], ignore_index=True
        )

    def _sharing(self, data: Data, grids: Areas) -> pd.DataFrame:
        staff = self._desk.staff(data, self._desk.today)
        workers, number = staff.grids_of_workers()
        inside = (staff.grid >= grids.first) & (staff.grid < grids.end)
        here, first = np.unique(staff.worker[inside], return_index=True)
        held = number[np.searchsorted(workers, here)]
        names = data.workers.set_index("id")["name"]
        table = pd.DataFrame(
            {
                "code": data.grids.codes[staff.grid[inside][first]],
                "worker": here,
                "worker_name": names.reindex(here).to_numpy(),
                "grids": held,
            }
        )[held > 1]
        return table.sort_values(
            ["grids", "worker"], ascending=[False, True], ignore_index=True
        )

    def _lacking(self, data: Data, villages: Areas, kind: Gap) -> pd.DataFrame:
        lacks = self._village_lacks(data, Role(kind), villages)
        table = pd.DataFrame(
            {
                "code": villages.codes[lacks],
                "grids": villages.sizes[lacks],
                "households": np.asarray(villages.total(data.grids.households))[lacks],
            }
        )
        return table.sort_values(
            ["households", "code"], ascending=[False, True], ignore_index=True
        )

    def _unseen(self, data: Data, grids: Areas) -> pd.DataFrame:
        seen = self.seen()
        rows = _inside(seen.days_unseen >= self._desk.settings.visit_days, grids)
        table = pd.DataFrame(
            {
                "code": data.grids.codes[rows],
                "days_unseen": seen.days_unseen[rows],
                "last_report": _dates(seen.reported[rows]),
                "last_visit": _dates(seen.visited[rows]),
            }
        )
        return table.sort_values(
            ["days_unseen", "code"], ascending=[False, True], ignore_index=True
        )

    def _silent(self, data: Data, grids: Areas) -> pd.DataFrame:
        judged = silence_on(self._desk, data, self._desk.today_number)
        rows = _inside(judged.silent, grids)
        table = pd.DataFrame(
            {
                "code": data.grids.codes[rows],
                "observed": judged.observed[rows],
                "expected": judged.expected[rows],
                "ratio": judged.observed[rows] / judged.expected[rows],
                "probability": judged.probability[rows],
                "visited": self.seen().visited[rows] > judged.last_day - judged.window_days,
                "window_days": judged.window_days,
            }
        )
        return table.sort_values(["probability", "code"], ignore_index=True)


def _within(below: Areas, places: Areas, values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """`values` of the smaller places `below`, added up in `places`, int64[k]."""
    found = np.zeros(len(places), dtype=np.int64)
    row = np.searchsorted(places.codes, parents(below.codes, places.level, of=below.level))
    np.add.at(found, row, values.astype(np.int64))
    return found


def _inside(flags: npt.NDArray[np.bool_], grids: Areas) -> npt.NDArray[np.int64]:
    return grids.first + np.flatnonzero(flags[grids.first : grids.end])


def _dates(days: npt.NDArray[Any]) -> npt.NDArray[np.datetime64]:
    """Day numbers as dates; 0, never, as NaT."""
    return np.where(
        days > 0, days.astype("datetime64[D]"), np.datetime64("NaT", "D")
    ).astype("datetime64[s]")
