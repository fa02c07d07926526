"""`indicators`: every share with its numerator, its denominator, and the matters behind both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.calendar import DAY_S, UTC_OFFSET_S
from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk
from gridmap.city.base.regridding import PARTS as PARTS_COUNTED
from gridmap.city.base.regridding import Regridding
from gridmap.city.flow.matters import MatterFilter, Matters
from gridmap.city.look.places import Places
from gridmap.errors import Fault, InputError
from gridmap.insight import indicators
from gridmap.insight.definitions import DEFINITIONS, PARTS, Definition, Part
from gridmap.insight.members import Members, members
from gridmap.insight.selection import Selection
from gridmap.model import Level
from gridmap.store.headquarters import tallies
from gridmap.store.headquarters.tallies import Asked
from gridmap.store.look import facts as store_facts

Ints = npt.NDArray[np.int64]
ATTEMPTS = 3


@dataclass(frozen=True, eq=False)
class Counted:
    """An indicator by grid: `grid` codes int64[n], rising, with `numerator` and
    `denominator` int64[n].

    `excluded`: how many matters the definition leaves out in all. Grids may be of an earlier plan.
    """

    grid: Ints
    numerator: Ints
    denominator: Ints
    excluded: int


class Indicators:
    """Shares of the city that open their matters. States a selection names are not looked
    at: they are the result.
    """

    def __init__(
        self, desk: Desk, *, places: Places, matters: Matters, regridding: Regridding
    ) -> None:
        self._desk = desk
        self._places = places
        self._matters = matters
        self._regridding = regridding

    def rows(self, key: str, selection: Selection) -> pd.DataFrame:
        """What an indicator of matters with a journal counts, grid by grid: code (grids may
        be of an earlier plan), numerator, denominator.
        """
        found = self._counted(self._desk.data, key, selection)
        return pd.DataFrame(
            {
                "code": found.grid,
                "numerator": found.numerator,
                "denominator": found.denominator,
            }
        )

    def left_out(self, key: str, selection: Selection) -> int:
        """How many matters the definition leaves out. Raises InputError, NotFoundError."""
        return self._counted(self._desk.data, key, selection).excluded

    def ids(self, key: str, part: Part, selection: Selection) -> Ints:
        """The numbers of the matters of one part of an indicator, int64[n]; as many as
        `table` counts.

        Raises InputError for a key or part there is not.
        """
        if part not in PARTS:
            raise InputError(
                Fault(
                    rule="unknown part",
                    field="part",
                    value=part,
                    cure=f"Use {', '.join(PARTS)}.",
                )
            )
        for _ in range(ATTEMPTS - 1):
            try:
                return self._ids(key, part, selection)
            except FileNotFoundError:
                self._desk.reload()
        return self._ids(key, part, selection)

    def matters(
        self,
        key: str,
        part: Part,
        selection: Selection,
        *,
        limit: int = 200,
        offset: int = 0,
    ) -> pd.DataFrame:
        """The matters of one part of an indicator, the latest numbers first; columns as of
        `city.matters.find`.
        """
        newest = -np.sort(-self.ids(key, part, selection))
        chosen = newest[offset : offset + limit].tolist()
        found = self._matters.find(MatterFilter(ids=tuple(chosen)), limit=max(limit, 1))
        return found.sort_values("matter", ascending=False, ignore_index=True)

    def with_journal(self, selection: Selection) -> tuple[int, int]:
        """How many of the matters reported in the period have a journal, and how many were
        reported in all.
        """
        data = self._desk.data

        def make() -> int:
            asked = self._asked(data, selection)
            with self._desk.store.read() as connection:
                if asked.area == selection.area:
                    return tallies.with_journal(connection, asked)
                found = tallies.reported(connection, asked)
            return len(self._regridding.of_area(data, selection.area, found))

        known = self._desk.remember(data, ("with journal", _plain(selection)), make)
        return known, int(self._counted(data, "acceptance", selection).denominator.sum())

    def _ids(self, key: str, part: Part, selection: Selection) -> Ints:
        data, asked = self._desk.data, _plain(selection)
        if _defined(key).journal:
            hit = {"numerator": True, "difference": False, "denominator": None}[part]
            with self._desk.store.read() as connection:
                found = tallies.matters_of(
                    connection, key, self._asked(data, asked), hit=hit
                )
            return np.array(
                self._regridding.of_area(data, selection.area, found), dtype=np.int64
            )
        own = self._members(data, key, asked)
        wanted = {
            "numerator": own.hit,
            "denominator": np.ones_like(own.hit),
            "difference": ~own.hit,
        }[part]
        held = data.later.held
        assert held is not None  # noqa: S101  (rows of facts come from facts that were loaded)
        return store_facts.matters_of(self._desk.store, held, own.rows[wanted])

    def _counted(self, data: Data, key: str, selection: Selection) -> Counted:
        asked, day = _plain(selection), self._desk.today_number
        if not _defined(key).journal:
            return self._desk.remember(
                data,
                ("indicator", key, asked, day),
                lambda: self._columns(data, key, asked),
            )
        if key in tallies.BY_CASE:  # all in one pass, so that the next is there already
            return self._desk.remember(
                data, ("by case", asked, day), lambda: self._by_case(data, asked)
            )[key]
        return self._desk.remember(
            data, ("indicator", key, asked, day), lambda: self._by_whistle(data, key, asked)
        )

    def _columns(self, data: Data, key: str, selection: Selection) -> Counted:
        own, facts = self._members(data, key, selection), data.facts
        grid, n = facts.grid[own.rows].astype(np.int64), len(facts.grid_codes)
        top, base = (
            np.bincount(rows, minlength=n).astype(np.int64)
            for rows in (grid[own.hit], grid)
        )
        return Counted(facts.grid_codes, top, base, own.left_out)

    def _members(self, data: Data, key: str, selection: Selection) -> Members:
        mask, today = self._desk.mask(data, selection), self._desk.today_number
        return members(data.facts, mask, _of_columns(key), today=today)

    def _by_case(self, data: Data, selection: Selection) -> dict[str, Counted]:
        self._desk.places(data, selection.area, Level.GRID)
        asked, redrawn = (
            self._asked(data, selection),
            self._regridding.redrawn(data).tolist(),
        )
        with self._desk.store.read() as connection:
            found = tallies.of_cases(connection, asked)
            apart = tallies.cases_in(connection, asked, redrawn)
        return {
            key: _counted(
                self._regridding.totals(data, selection.area, table, _of_key(apart, key))
            )
            for key, table in found.items()
        }

    def _by_whistle(self, data: Data, key: str, selection: Selection) -> Counted:
        self._desk.places(data, selection.area, Level.GRID)
        asked, redrawn = (
            self._asked(data, selection),
            self._regridding.redrawn(data).tolist(),
        )
        with self._desk.store.read() as connection:
            found = tallies.of_whistles(connection, key, asked)
            apart = tallies.whistled_in(connection, key, asked, redrawn)
        return _counted(self._regridding.totals(data, selection.area, found, apart))

    def _asked(self, data: Data, selection: Selection) -> Asked:
        kinds = (
            tuple(data.categories.under(selection.categories).tolist())
            if selection.categories
            else ()
        )
        start, end, today = (
            number * DAY_S - UTC_OFFSET_S
            for number in (
                selection.first_day,
                selection.last_day + 1,
                self._desk.today_number,
            )
        )
        return Asked(self._regridding.asked(data, selection.area), start, end, today, kinds)


def _plain(selection: Selection) -> Selection:
    return selection.any_status()


def _defined(key: str) -> Definition:
    if key not in DEFINITIONS:
        cure = f"Use {', '.join(DEFINITIONS)}."
        raise InputError(Fault(rule="unknown indicator", field="key", value=key, cure=cure))
    return DEFINITIONS[key]


def _counted(table: pd.DataFrame) -> Counted:
    grid, top, base, left = (
        table[name].to_numpy(np.int64)
        for name in ("grid", "numerator", "denominator", "left_out")
    )
    return Counted(grid, top, base, int(left.sum()))


def _of_key(table: pd.DataFrame, key: str) -> pd.DataFrame:
    return table.rename(columns={f"{key}.{name}": name for name in PARTS_COUNTED})


def _of_columns(key: str) -> indicators.Key:
    return next(
        name for name in (*indicators.OF_PERIOD, indicators.FALSE_CLOSURE) if name == key
    )
