"""Gaps in coverage: grids without a worker, workers with many grids, villages lacking a
role, places unseen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.calendar import day_numbers
from gridmap.codes import Codes
from gridmap.facts import Facts
from gridmap.insight import counts
from gridmap.insight.areas import Areas, Whole
from gridmap.insight.staff import Staff
from gridmap.model import VILLAGE_ROLES, Level, Role

ROLES = VILLAGE_ROLES
NEVER = 0


@dataclass(frozen=True, eq=False)
class Seen:
    """When each grid of the city [n] was last reported from and visited, day numbers,
    `NEVER` if not known.

    `days_unseen` int64[n] up to `day`; a grid never seen counts from the first day anything
    is known of.
    """

    reported: Whole
    visited: Whole
    days_unseen: Whole
    day: int


def seen(facts: Facts, visits: pd.DataFrame, *, day: int) -> Seen:
    """When grids were last reported from or visited, as known on day number `day`.

    `visits`: grid (code), at (Unix seconds), the last visit of each; later ones than `day`
    are not known yet.
    """
    reported = counts.last_reported(facts, day)
    visited = last_visits(facts.grid_codes, visits, day=day)
    latest = np.maximum(np.maximum(reported, visited), facts.first_day)
    return Seen(reported, visited, np.maximum(day - latest, 0), day)


def last_visits(grid_codes: Codes, visits: pd.DataFrame, *, day: int) -> Whole:
    """Day number of each grid's last visit up to `day`, int64[n]; visits of unknown grids
    are left out.
    """
    found = np.zeros(len(grid_codes), dtype=np.int64)
    code = visits["grid"].to_numpy(dtype=np.int64)
    on_day = day_numbers(visits["at"].to_numpy(dtype=np.int64))
    row = np.searchsorted(grid_codes, code)
    known = (row < len(grid_codes)) & (on_day <= day)
    known[known] = grid_codes[row[known]] == code[known]
    np.maximum.at(found, row[known], on_day[known])
    return found


def without_worker(staff: Staff) -> npt.NDArray[np.bool_]:
    """Grids nobody is responsible for, bool[n]."""
    return np.asarray(staff.per_grid == 0)


def with_shared_worker(staff: Staff) -> npt.NDArray[np.bool_]:
    """Grids whose every worker has other grids as well, bool[n]."""
    workers, number = staff.grids_of_workers()
    own = number[np.searchsorted(workers, staff.worker)] == 1
    has_own = np.bincount(staff.grid[own], minlength=staff.n_grids) > 0
    return np.asarray((staff.per_grid > 0) & ~has_own)


def lacking(staff: Staff, role: Role, places: Areas) -> npt.NDArray[np.bool_]:
    """Villages, `places`, without anybody in `role`, bool[k]. Raises ValueError for places
    of another level.
    """
    if places.level is not Level.VILLAGE:
        raise ValueError(f"roles belong to villages, not to a {places.level.name.lower()}")
    return np.asarray(~staff.having(role, places))


def without_chief(chiefs: Codes, places: Areas) -> npt.NDArray[np.bool_]:
    """Places nobody is chief of, bool[k]; `chiefs` int64: the areas of the chiefs in
    office. A chief above does not count.
    """
    return np.asarray(~np.isin(places.codes, chiefs))
