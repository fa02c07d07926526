"""Replay: what the reports of the past would have looked like on the grids of a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.codes import parents
from gridmap.facts import NO_RESPONSE, Facts
from gridmap.geo.locate import GridIndex
from gridmap.insight.categories import Categories
from gridmap.insight.mask import Mask, summed
from gridmap.model import Level
from gridmap.planning import kernels
from gridmap.planning.difference import differing
from gridmap.planning.plan import Plan

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int32]
Coordinates = Callable[[Rows], tuple[Floats, Floats]]
"""Longitudes and latitudes (float64, degrees) of rows of the facts, as they were reported."""

Lineage = dict[int, tuple[int, ...]]

COLUMNS = (
    "code",
    "reports",
    "hours",
    "households",
    "workers",
    "hours_per_worker",
    "reports_per_100_households",
    "without_worker",
    "response_min",
)


@dataclass(frozen=True, eq=False)
class Past:
    """Reports made ready for replaying: rows of `facts` by grid, and what is counted of
    them for `mask`.

    `order` int32[reports] are the rows, those of grid g of `facts.grid_codes` from
    `starts[g]` to `starts[g + 1]`, the last run those in no grid. `table` holds, for each
    of these grids, reports, hours and response_min; `townships` the median response
    (float64) of each township by code, over all its reports.
    """

    facts: Facts
    mask: Mask
    effort: Floats
    coordinates: Coordinates
    order: Rows
    starts: Ints
    table: pd.DataFrame
    townships: pd.Series[float]

    @classmethod
    def of(
        cls,
        facts: Facts,
        mask: Mask,
        categories: Categories,
        coordinates: Coordinates | None = None,
    ) -> Self:
        """Ready for any draft of the plan that `facts` are on.

        `coordinates` gives the places as they were reported. Without it those of the facts
        are taken, which are float32: a report within a metre of a border may then come to
        lie on its other side.
        """
        n = len(facts.grid_codes)
        counts = np.bincount(np.minimum(facts.grid, n), minlength=n + 1)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        order = np.empty(len(facts), dtype=np.int32)
        kernels.gather(facts.grid, starts, order)
        effort = np.asarray(categories.effort, dtype=np.float64)
        place = np.repeat(np.arange(n + 1, dtype=np.int32), counts)
        place[starts[n] :] = -1
        table, slot = _counted(facts, mask, effort, order, place, codes=facts.grid_codes)
        townships, home = np.unique(
            parents(facts.grid_codes, Level.TOWNSHIP), return_inverse=True
        )
        in_township = np.append(home, -1).astype(np.int32)[slot]
        waited = medians(order, in_township, facts.response_min, len(townships))
        return cls(
            facts=facts,
            mask=mask,
            effort=effort,
            coordinates=coordinates or rough(facts),
            order=order,
            starts=starts,
            table=table,
            townships=pd.Series(waited, index=townships),
        )

    def rows_of(self, grids: Ints, *, nowhere: bool = False) -> Rows:
        """Rows of the reports in these grids (positions in `facts.grid_codes`), and with
        `nowhere` of those in none.
        """
        runs = [*grids.tolist(), *([len(self.starts) - 2] if nowhere else [])]
        rows = [self.order[self.starts[run] : self.starts[run + 1]] for run in runs]
        return np.concatenate([*rows, np.empty(0, dtype=np.int32)])


@dataclass(frozen=True, eq=False)
class Replay:
    """Before and after, per grid or per township.

    `before`, `after`: the columns `COLUMNS` by code; `response_min` is the median, NaN
    where nothing was answered. `affected` are the codes whose figures had to be counted
    anew; `relocated` how many reports were located again.
    """

    before: pd.DataFrame
    after: pd.DataFrame
    affected: Ints
    relocated: int


def rough(facts: Facts) -> Coordinates:
    """The places of the facts themselves, float32."""

    def places(rows: Rows) -> tuple[Floats, Floats]:
        east, north = np.empty(len(rows)), np.empty(len(rows))

        def loop(start: int, end: int, _: Floats) -> None:
            kernels.places(
                rows[start:end], facts.lon, facts.lat, east[start:end], north[start:end]
            )

        summed(0, len(rows), (0,), loop)
        return east, north

    return places


def replay(
    past: Past,
    before: Plan,
    after: Plan,
    *,
    workers: pd.DataFrame,
    lineage: Lineage,
    nowhere: bool = False,
) -> Replay:
    """Replay the reports on `after`, a draft of `before`, the plan the facts are on.

    `workers`: pairs of `grid` (code in `before`) and `worker`; a new grid has the workers
    of all its predecessors. `lineage`: the predecessors in `before` of each code that is
    new in `after`. Only reports in grids that differ are located again; with `nowhere`
    those in no grid too, for a draft that takes in new land.
    """
    gone, come = differing(before, after)
    at = np.searchsorted(past.facts.grid_codes, gone)
    rows = past.rows_of(at, nowhere=nowhere)
    place = _located(past, rows, after, come)
    anew, _ = _counted(past.facts, past.mask, past.effort, rows, place, codes=come)
    old = past.table
    table = pd.concat([old[~np.isin(old["code"], gone)], anew]).sort_values(
        "code", ignore_index=True
    )
    heirs = inherited(workers, after, lineage)
    return Replay(
        _complete(old, before, workers),
        _complete(table, after, heirs),
        np.union1d(gone, come),
        len(rows),
    )


def by_township(
    past: Past,
    before: Plan,
    after: Plan,
    done: Replay,
    *,
    workers: pd.DataFrame,
    lineage: Lineage,
) -> Replay:
    """The same per township; medians are those of all its reports, workers count once.

    Reports never leave their village, so medians of townships stay as they are, but for
    land taken in or given up.
    """
    heirs = inherited(workers, after, lineage)
    return Replay(
        _townships(past, done.before, before, workers),
        _townships(past, done.after, after, heirs),
        np.unique(parents(done.affected, Level.TOWNSHIP)),
        done.relocated,
    )


def inherited(workers: pd.DataFrame, after: Plan, lineage: Lineage) -> pd.DataFrame:
    """Pairs of `grid` and `worker` on the grids of `after`: a grid has the workers of all
    its predecessors.

    A grid that keeps its code keeps its workers and gets nobody's with land alone; a new
    code gets those of all grids it has land from.
    """
    stays = workers[np.isin(workers["grid"], after.codes)]
    heirs = [
        (new, old)
        for new, olds in lineage.items()
        if new in after.codes
        for old in olds
        if old != new
    ]
    links = pd.DataFrame(heirs, columns=["heir", "grid"], dtype=np.int64)
    fresh = workers.merge(links[~np.isin(links["heir"], workers["grid"])], on="grid")
    fresh = fresh.drop(columns="grid").rename(columns={"heir": "grid"})
    return pd.concat(
        [stays[["grid", "worker"]], fresh[["grid", "worker"]]]
    ).drop_duplicates(ignore_index=True)


def _located(past: Past, rows: Rows, after: Plan, come: Ints) -> Rows:
    """Position in `come` of each of the rows, −1 in none of them."""
    if not len(come) or not len(rows):
        return np.full(len(rows), -1, dtype=np.int32)
    lon, lat = past.coordinates(rows)
    return GridIndex(come, after.shapes[after.rows(come)]).locate_position(lon, lat)


def _counted(
    facts: Facts, mask: Mask, effort: Floats, rows: Rows, place: Rows, *, codes: Ints
) -> tuple[pd.DataFrame, Rows]:
    """Reports, hours and median response of the grids `codes`, of rows with a place among them.

    And int32[rows], the place of each row that counts and was answered, −1 for the others.
    """
    n = len(codes)
    slot = np.empty(len(rows), dtype=np.int32)

    def loop(start: int, end: int, out: Floats) -> None:
        kernels.tally(
            rows[start:end],
            place[start:end],
            facts.category,
            facts.status,
            facts.response_min,
            mask.start,
            mask.end,
            mask.weight,
            mask.stands,
            effort,
            NO_RESPONSE,
            out[0],
            out[1],
            slot[start:end],
        )

    reports, hours = summed(0, len(rows), (2, n), loop)
    table = {
        "code": codes,
        "reports": np.rint(reports).astype(np.int64),
        "hours": hours,
        "response_min": medians(rows, slot, facts.response_min, n),
    }
    return pd.DataFrame(table), slot


def medians(rows: Rows, slot: Rows, response: npt.NDArray[np.uint16], n: int) -> Floats:
    """Median response of the rows of each slot from 0 to n − 1 (−1: none), float64[n], NaN
    where there are none.
    """
    counts = np.bincount(slot[slot >= 0], minlength=n)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    waits = np.empty(starts[-1], dtype=np.uint16)
    kernels.sort_by_slot(rows, slot, response, starts[:-1].copy(), waits)
    result = np.empty(n)
    kernels.middles(waits, starts, result)
    return result


def _complete(table: pd.DataFrame, plan: Plan, workers: pd.DataFrame) -> pd.DataFrame:
    """The counts of every grid of a plan, with its households and workers."""
    counts = table.set_index("code").reindex(plan.codes)
    frame = pd.DataFrame(
        {
            "code": plan.codes,
            "reports": counts["reports"].fillna(0).to_numpy(dtype=np.int64),
        }
    )
    frame["hours"] = counts["hours"].fillna(0.0).to_numpy()
    frame["households"] = plan.households
    row = np.searchsorted(plan.codes, workers["grid"].to_numpy(dtype=np.int64))
    frame["workers"] = np.bincount(row, minlength=len(plan)).astype(np.int64)
    frame["response_min"] = counts["response_min"].to_numpy()
    return _rates(frame)


def _rates(frame: pd.DataFrame) -> pd.DataFrame:
    some = frame["workers"].where(frame["workers"] > 0)
    frame["hours_per_worker"] = frame["hours"] / some
    frame["reports_per_100_households"] = (
        100 * frame["reports"] / frame["households"].where(frame["households"] > 0)
    )
    if "without_worker" not in frame.columns:
        frame["without_worker"] = frame["workers"] == 0
    return frame[list(COLUMNS)]


def _townships(
    past: Past, grids: pd.DataFrame, plan: Plan, workers: pd.DataFrame
) -> pd.DataFrame:
    figures = ["reports", "hours", "households", "without_worker"]
    by_township = grids.assign(code=parents(plan.codes, Level.TOWNSHIP)).groupby("code")
    sums = by_township[figures].sum()
    township = parents(workers["grid"].to_numpy(dtype=np.int64), Level.TOWNSHIP)
    staff = workers.assign(code=township).groupby("code")["worker"].nunique()
    sums["workers"] = staff.reindex(sums.index).fillna(0).astype(np.int64)
    frame = sums.reset_index()
    codes = frame["code"].to_numpy(dtype=np.int64)
    frame["response_min"] = past.townships.reindex(codes).to_numpy()
    return _rates(frame)
