# ruff: noqa: ANN001, PLR0917
# mypy: disable-error-code="no-untyped-def"
"""Compiled loops of the replay: reports gathered by grid, counted, and the middle of what
was waited for.
"""

import numpy as np

from gridmap.geo.compiled import compiled


@compiled
def gather(grid, starts, order) -> None:
    """Write the rows of each grid one after the other into `order`; `starts` int64[n + 2],
    the last run for nowhere.
    """
    last = starts.size - 2
    filled = starts.copy()
    for row in range(grid.size):
        place = min(np.int64(grid[row]), last)
        order[filled[place]] = row
        filled[place] += 1


@compiled
def places(rows, lon, lat, east, north) -> None:
    """Longitude and latitude of each of `rows` into `east` and `north` (float64)."""
    for at in range(rows.size):
        east[at] = lon[rows[at]]
        north[at] = lat[rows[at]]


@compiled
def tally(
    rows,
    place,
    category,
    status,
    response,
    start,
    end,
    weight,
    stands,
    effort,
    none,
    reports,
    hours,
    slot,
) -> None:
    """Of `rows`, those from start to end that count: reports[place], hours[place]; `slot`
    becomes place of the answered.

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


@compiled
def sort_by_slot(rows, slot, response, ends, waits) -> None:
    """Write the waits of each slot one after the other into `waits`; `ends` int64[n] begins
    as where each starts.
    """
    for at in range(rows.size):
        place = slot[at]
        if place >= 0:
            waits[ends[place]] = response[rows[at]]
            ends[place] += 1


@compiled
def middles(waits, starts, out) -> None:
    """The median of each run `waits[starts[k]:starts[k + 1]]` (uint16) into `out`
    float64[n], NaN where it is empty.

    A value is found by its upper eight bits, then by its lower: two passes over a run of
    whatever length.
    """
    table = np.zeros(256, dtype=np.int64)
    for run in range(out.size):
        first, end = starts[run], starts[run + 1]
        count = end - first
        if count == 0:
            out[run] = np.nan
            continue
        total = 0
        for wanted in ((count - 1) // 2, count // 2):
            left = wanted
            table[:] = 0
            for at in range(first, end):
                table[waits[at] >> 8] += 1
            high = 0
            while left >= table[high]:
                left -= table[high]
                high += 1
            table[:] = 0
            for at in range(first, end):
                if waits[at] >> 8 == high:
                    table[waits[at] & 255] += 1
            low = 0
            while left >= table[low]:
                left -= table[low]
                low += 1
            total += high * 256 + low
        out[run] = total / 2
