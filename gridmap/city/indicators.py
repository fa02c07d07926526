"""`indicators`: every share with its numerator, its denominator, and the matters behind both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.calendar import DAY_S, UTC_OFFSET_S
from gridmap.city.data import Data
from gridmap.city.desk import Desk, Lang
from gridmap.city.matters import MatterFilter, Matters
from gridmap.city.places import Places
from gridmap.errors import Fault, InputError
from gridmap.insight import indicators, ranking
from gridmap.insight.areas import Areas
from gridmap.insight.definitions import DEFINITIONS, PARTS, Definition, Part
from gridmap.insight.members import Members, members
from gridmap.insight.selection import Selection
from gridmap.insight.trend import share
from gridmap.model import Level
from gridmap.store import rowids, tallies
from gridmap.store.tallies import Asked

Ints = npt.NDArray[np.int64]
ATTEMPTS = 3
COLUMNS = ["key", "numerator", "denominator", "percent", "excluded"]


@dataclass(frozen=True, eq=False)
class Counted:
    """The matters of a denominator: `grid` (codes) int64[n] and `hit` bool[n], which belong to the numerator too.

    `rows` are their rows in the facts, or their numbers when `numbered`. `excluded`: how many the definition leaves out.
    """

    rows: Ints
    grid: Ints
    hit: npt.NDArray[np.bool_]
    excluded: int
    numbered: bool


class Indicators:
    """Shares of the city that open their matters. States a selection names are not looked at: they are the result."""

    def __init__(self, desk: Desk, places: Places, matters: Matters) -> None:
        self._desk = desk
        self._places = places
        self._matters = matters

    def definitions(self) -> tuple[Definition, ...]:
        """Every indicator in the order it is shown."""
        return tuple(DEFINITIONS.values())

    def table(self, selection: Selection, lang: Lang = "zh") -> pd.DataFrame:  # noqa: ARG002  (the rooms' common form)
        """Every indicator: key, numerator, denominator, percent (NaN: nothing to count), excluded (matters left out)."""
        data = self._desk.data
        rows = []
        for key in DEFINITIONS:
            found = self._counted(data, key, selection)
            top, base = int(found.hit.sum()), len(found.hit)
            rows.append((key, top, base, 100.0 * top / base if base else float("nan"), found.excluded))
        return pd.DataFrame(rows, columns=COLUMNS)

    def by_place(self, key: str, selection: Selection, level: Level, lang: Lang = "zh") -> pd.DataFrame:
        """Indicator `key` of every place of `level`, the highest first, those with nothing to count last.

        code, name, numerator, denominator, percent (as counted), value (percent drawn towards the mean of all, the
        more the less was counted), low, high (its central 95 %), rank (0: nothing to count), tied (can't be told
        from the next). Raises NotFoundError, InputError.
        """
        data = self._desk.data
        where = self._desk.places(data, selection.area, level)
        found = self._counted(data, key, selection)
        top, base = _totals(where, found.grid[found.hit]), _totals(where, found.grid)
        ranks = ranking.shares(top, base)
        table = pd.DataFrame(
            {
                "code": where.codes, "name": self._places.names(where.codes.tolist(), lang), "numerator": top,
                "denominator": base, "percent": share(top, base), "value": 100.0 * ranks.rate,
                "low": 100.0 * ranks.low, "high": 100.0 * ranks.high, "rank": ranks.rank, "tied": ranks.tied,
            }
        )  # fmt: skip
        order = np.lexsort((table["code"], np.where(ranks.rank > 0, ranks.rank, len(table) + 1)))
        return table.iloc[order].reset_index(drop=True)

    def ids(self, key: str, part: Part, selection: Selection) -> Ints:
        """The numbers of the matters of one part of an indicator, int64[n]; as many as `table` counts.

        Raises InputError for a key or part there is not.
        """
        if part not in PARTS:
            raise InputError(Fault(rule="unknown part", field="part", value=part, cure=f"Use {', '.join(PARTS)}."))
        for _ in range(ATTEMPTS - 1):
            try:
                return self._ids(key, part, selection)
            except FileNotFoundError:
                self._desk.reload()
        return self._ids(key, part, selection)

    def matters(self, key: str, part: Part, selection: Selection, *, limit: int = 200, offset: int = 0) -> pd.DataFrame:
        """The matters of one part of an indicator, the latest numbers first; columns as of `city.matters.find`."""
        newest = -np.sort(-self.ids(key, part, selection))
        chosen = newest[offset : offset + limit].tolist()
        found = self._matters.find(MatterFilter(ids=tuple(chosen)), limit=max(limit, 1))
        return found.sort_values("matter", ascending=False, ignore_index=True)

    def with_journal(self, selection: Selection) -> tuple[int, int]:
        """How many of the matters reported in the period have a journal, and how many were reported in all."""
        data = self._desk.data

        def make() -> int:
            with self._desk.store.read() as connection:
                return tallies.with_journal(connection, self._asked(data, selection))

        known = self._desk.remember(data, ("with journal", _plain(selection)), make)
        return known, len(self._counted(data, "acceptance", selection).hit)

    def _ids(self, key: str, part: Part, selection: Selection) -> Ints:
        data = self._desk.data
        found = self._counted(data, key, selection)
        wanted = {"numerator": found.hit, "denominator": np.ones_like(found.hit), "difference": ~found.hit}[part]
        rows = found.rows[wanted]
        if found.numbered:
            return rows
        held = data.later.held
        assert held is not None  # noqa: S101  (rows of facts come from facts that were loaded)
        return rowids.matters_of(self._desk.store, held, rows)

    def _counted(self, data: Data, key: str, selection: Selection) -> Counted:
        if key not in DEFINITIONS:
            cure = f"Use {', '.join(DEFINITIONS)}."
            raise InputError(Fault(rule="unknown indicator", field="key", value=key, cure=cure))
        asked, day = _plain(selection), self._desk.today_number
        make = self._from_journal if DEFINITIONS[key].journal else self._from_columns
        return self._desk.remember(data, ("indicator", key, asked, day), lambda: make(data, key, asked, day))

    def _from_columns(self, data: Data, key: str, selection: Selection, day: int) -> Counted:
        facts = data.facts
        found: Members = members(facts, self._desk.mask(data, selection), _of_columns(key), today=day)
        grid = facts.grid_codes[facts.grid[found.rows].astype(np.int64)]
        return Counted(found.rows, grid, found.hit, found.left_out, numbered=False)

    def _from_journal(self, data: Data, key: str, selection: Selection, day: int) -> Counted:
        self._desk.places(data, selection.area, Level.GRID)
        with self._desk.store.read() as connection:
            table = tallies.tally(connection, key, self._asked(data, selection, day))
        own = table[~table["left_out"]]
        matter, grid = own["matter"].to_numpy(np.int64), own["grid"].to_numpy(np.int64)
        return Counted(matter, grid, own["hit"].to_numpy(np.bool_), len(table) - len(own), numbered=True)

    def _asked(self, data: Data, selection: Selection, day: int = 0) -> Asked:
        kinds = tuple(data.categories.under(selection.categories).tolist()) if selection.categories else ()
        start, end, today = (
            number * DAY_S - UTC_OFFSET_S for number in (selection.first_day, selection.last_day + 1, day)
        )
        return Asked(selection.area, start, end, today, kinds)


def _plain(selection: Selection) -> Selection:
    return selection.any_status()


def _of_columns(key: str) -> indicators.Key:
    return next(name for name in (*indicators.OF_PERIOD, indicators.FALSE_CLOSURE) if name == key)


def _totals(where: Areas, grid: Ints) -> Ints:
    """How many of `grid` (codes) lie in each of the places `where`."""
    if not len(where):
        return np.zeros(0, dtype=np.int64)
    codes = grid // np.int64(10 ** (Level.GRID.digits - where.level.digits))
    at = np.searchsorted(where.codes, codes)
    known = at < len(where)
    known[known] = where.codes[at[known]] == codes[known]
    return np.bincount(at[known], minlength=len(where)).astype(np.int64)
