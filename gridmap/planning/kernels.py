# ruff: noqa: ANN001, PLR0917
# mypy: disable-error-code="no-untyped-def"
"""Compiled loops of the replay: reports gathered by grid."""

import numpy as np
from numba import njit

compiled = njit(cache=True, nogil=True)


@compiled
def gather(grid, starts, order) -> None:
    """Write the rows of each grid one after the other into `order`; `starts` int64[n + 2], the last run for nowhere."""
    last = starts.size - 2
    filled = starts.copy()
    for row in range(grid.size):
        place = min(np.int64(grid[row]), last)
        order[filled[place]] = row
        filled[place] += 1


@compiled
def tally(rows, place, category, status, response, start, end, weight, stands, effort, none, reports, hours, slot) -> None:
    """Of `rows`, those from start to end that count: reports[place], hours[place]; `slot` becomes place of the answered.

    `slot` int32[rows] is −1 for a row that does not count or was never answered.
    """
    for at in range(rows.size):
        row = rows[at]
        slot[at] = -1
        kind = category[row]
        if place[at] < 0 or row < start or row >= end or kind < 0 or kind >= weight.size:
            continue
        worth = weight[kind] * stands[status[row]]
        if worth == 0.0:
            continue
        reports[place[at]] += worth
        hours[place[at]] += worth * effort[kind]
        if response[row] != none:
            slot[at] = place[at]
