"""Who is responsible where on a given day: assignments that hold, spread over the grids
they cover.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.calendar import day_number
from gridmap.codes import Codes, level_of, parents
from gridmap.insight.areas import Areas, Grids, Real, Whole
from gridmap.model import Level, Role


@dataclass(frozen=True, eq=False)
class Staff:
    """The assignments valid on one day.

    `frame`: worker, area, role, starts, ends, name; `grid` and `worker` int64[p] are the
    pairs of a grid (its row) and a grid worker responsible for it, sorted by grid, each
    pair once; `n_grids` of the city.
    """

    frame: pd.DataFrame
    grid: Whole
    worker: Whole
    n_grids: int

    @property
    def per_grid(self) -> Whole:
        """Grid workers of each grid, int64[n_grids]."""
        return np.bincount(self.grid, minlength=self.n_grids).astype(np.int64)

    def per_area(self, places: Areas) -> Whole:
        """Different grid workers in each place, int64[k]."""
        inside = places.groups(self.n_grids)[self.grid]
        pairs = np.unique(np.stack([inside, self.worker], axis=1)[inside >= 0], axis=0)
        return np.bincount(pairs[:, 0], minlength=len(places)).astype(np.int64)

    def grids_of_workers(self) -> tuple[Whole, Whole]:
        """Each grid worker, int64[w] sorted, and how many grids they have, int64[w]."""
        workers, number = np.unique(self.worker, return_counts=True)
        return workers, number.astype(np.int64)

    def shared(self, per_grid: npt.NDArray[np.generic]) -> tuple[Whole, Real]:
        """Each grid worker, int64[w] sorted, and their part of `per_grid` ([n_grids]), float64[w].

        What belongs to a grid is shared evenly among its workers.
        """
        workers, row = np.unique(self.worker, return_inverse=True)
        part = np.asarray(per_grid, dtype=np.float64)[self.grid] / np.maximum(
            self.per_grid[self.grid], 1
        )
        return workers, np.bincount(row, weights=part, minlength=len(workers)).astype(
            np.float64
        )

    def having(self, role: Role, places: Areas) -> npt.NDArray[np.bool_]:
        """Whether each place has somebody with `role`, for itself, for a place above it or
        for a part of it.
        """
        codes = (
            self.frame.loc[self.frame["role"] == role.value, "area"]
            .unique()
            .astype(np.int64)
        )
        ends = np.append(places.starts, places.end)
        change = np.zeros(self.n_grids + 1, dtype=np.int64)
        digits = _digits(codes)
        for level in Level:
            first, last = _runs(codes[digits == level.digits], level, places)
            np.add.at(change, ends[first], 1)
            np.add.at(change, ends[last], -1)
        return np.asarray(places.highest(np.cumsum(change[:-1])) > 0)


def staff(
    grids: Grids, workers: pd.DataFrame, assignments: pd.DataFrame, day: date
) -> Staff:
    """The assignments that hold on `day`.

    `workers`: id, name, active_from, active_to; `assignments`: worker, area, role, starts,
    ends. Dates are days, both included; a missing one leaves that end open. An assignment
    holds when the worker is active as well. An area above the grid gives its worker every
    grid in it.
    """
    people = workers.rename(columns={"id": "worker"})[
        ["worker", "name", "active_from", "active_to"]
    ]
    table = assignments.merge(people, on="worker", how="inner")
    holds = _since(table["starts"], day) & _until(table["ends"], day)
    holds &= _since(table["active_from"], day) & _until(table["active_to"], day)
    valid = table.loc[
        holds, ["worker", "area", "role", "starts", "ends", "name"]
    ].reset_index(drop=True)
    on_grids = valid[valid["role"] == Role.GRID_WORKER.value]
    grid, worker = _pairs(
        grids.codes,
        on_grids["area"].to_numpy(np.int64),
        on_grids["worker"].to_numpy(np.int64),
    )
    return Staff(valid, grid, worker, len(grids))


def _digits(codes: Codes) -> Whole:
    return np.array([level_of(int(code)).digits for code in codes], dtype=np.int64)


def _runs(codes: Codes, level: Level, places: Areas) -> tuple[Whole, Whole]:
    """The first and one past the last of `places` that each of `codes`, of one level,
    covers or is a part of.
    """
    if level > places.level:
        codes = np.unique(parents(codes, places.level, of=level))
    unit = 10 ** max(places.level.digits - level.digits, 0)
    return np.searchsorted(places.codes, codes * unit), np.searchsorted(
        places.codes, (codes + 1) * unit
    )


def _pairs(codes: Codes, area: Whole, worker: Whole) -> tuple[Whole, Whole]:
    unit = 10 ** (Level.GRID.digits - _digits(area))
    first = np.searchsorted(codes, area * unit)
    number = np.searchsorted(codes, (area + 1) * unit) - first
    begin = (
        np.repeat(first - np.concatenate([[0], np.cumsum(number)[:-1]]), number)
        if len(area)
        else first
    )
    grid = begin + np.arange(number.sum())
    pairs = np.unique(
        np.stack([grid, np.repeat(worker, number)], axis=1).astype(np.int64), axis=0
    )
    return pairs[:, 0], pairs[:, 1]


def _since(days: pd.Series, day: date) -> npt.NDArray[np.bool_]:
    return _numbers(days, missing=0) <= day_number(day)


def _until(days: pd.Series, day: date) -> npt.NDArray[np.bool_]:
    return _numbers(days, missing=np.iinfo(np.int64).max) >= day_number(day)


def _numbers(days: pd.Series, *, missing: int) -> Whole:
    stamps = pd.to_datetime(days).to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(stamps), missing, stamps.astype(np.int64))
