# ruff: noqa: ANN001, PLR0917
# mypy: disable-error-code="no-untyped-def"
"""Compiled loops over the columns of `Facts`: filter and group in one pass.

Filters are lookup tables, so that a row costs a few loads and one addition whatever is
asked. The loops release the interpreter lock and write only into `out`, which belongs to
the caller: many threads may run them at once. Compiled code is kept beside this file; the
arguments are typed by their columns at the first call. Places in tables are unsigned: a
number that might be negative costs a look at its sign, which is felt.
"""

import numpy as np
from numba import njit

compiled = njit(cache=True, nogil=True)


@compiled
def by_grid(start, end, grid, category, status, weight, stands, out) -> None:
    """Add `weight[category] * stands[status]` of rows start to end to out[grid]."""
    for row in range(start, end):
        place = grid[row]
        kind = category[row]
        if place < out.size and 0 <= kind < weight.size:
            out[place] += weight[kind] * stands[status[row]]


@compiled
def along(
    start, end, first, last, grid, key, base, category, status, weight, stands, out
) -> None:
    """The weights of the grids `first` to `last` - 1 by `key - base`, into out[key - base];
    others are left out.
    """
    for row in range(start, end):
        kind = category[row]
        slot = int(key[row]) - base
        if first <= grid[row] < last and 0 <= kind < weight.size and 0 <= slot < out.size:
            out[slot] += weight[kind] * stands[status[row]]


@compiled
def runs(start, end, edges, grid, groups, category, status, weight, stands, out) -> None:
    """Add each row's weight to out[groups[grid], run], where run r is the rows edges[r] to
    edges[r + 1].
    """
    for run in range(edges.size - 1):
        for row in range(max(edges[run], start), min(edges[run + 1], end)):
            place = grid[row]
            kind = category[row]
            if place < groups.size and groups[place] >= 0 and 0 <= kind < weight.size:
                out[groups[place], run] += weight[kind] * stands[status[row]]


@compiled
def run_totals(
    start, end, edges, first, last, grid, category, status, weight, stands, out
) -> None:
    """The weights of the grids `first` to `last` - 1 per run, into out[run], see `runs`."""
    for run in range(edges.size - 1):
        total = 0.0
        for row in range(max(edges[run], start), min(edges[run + 1], end)):
            kind = category[row]
            if first <= grid[row] < last and 0 <= kind < weight.size:
                total += weight[kind] * stands[status[row]]
        out[run] += total


@compiled
def open_after(
    start, end, last, grid, closed_day, category, status, weight, stands, out
) -> None:
    """Like `by_grid`, of rows that were not closed by the end of day `last`."""
    for row in range(start, end):
        if closed_day[row] == 0 or closed_day[row] > last:
            place = grid[row]
            kind = category[row]
            if place < out.size and 0 <= kind < weight.size:
                out[place] += weight[kind] * stands[status[row]]


@compiled
def overdue(
    start, end, last, grid, closed_day, due_day, category, status, weight, stands, out
) -> None:
    """Like `open_after`, of rows whose limit ran out on day `last` or before."""
    for row in range(start, end):
        if 0 < due_day[row] <= last and (closed_day[row] == 0 or closed_day[row] > last):
            place = grid[row]
            kind = category[row]
            if place < out.size and 0 <= kind < weight.size:
                out[place] += weight[kind] * stands[status[row]]


@compiled
def outcomes(
    start, end, grid, category, status, accepted, weight, stands, voided, out
) -> None:
    """Per grid: not accepted, accepted and standing, accepted and voided, one addition a row."""
    for row in range(start, end):
        place = grid[row]
        kind = category[row]
        if place < out.shape[0] and 0 <= kind < weight.size:
            case = np.uint64(accepted[row]) * (
                np.uint64(1) + np.uint64(status[row] == voided)
            )
            out[place, case] += weight[kind] * stands[status[row]]


@compiled
def due_between(
    start,
    end,
    first,
    last,
    grid,
    closed_day,
    due_day,
    in_time,
    category,
    status,
    weight,
    stands,
    runs,
    pair,
    out,
) -> None:
    """Per grid, of cases due from day `first` to `last`: all and closed, then those that
    `runs` and in time.

    Two counts share a number, the second times `pair`: half as many additions.
    """
    for row in range(start, end):
        if first <= due_day[row] <= last:
            place = grid[row]
            kind = category[row]
            if place < out.shape[0] and 0 <= kind < weight.size:
                due = weight[kind] * stands[status[row]]
                out[place, 0] += due * (1.0 + pair * (closed_day[row] > 0))
                out[place, 1] += due * runs[status[row]] * (1.0 + pair * in_time[row])


@compiled
def latest(start, end, grid, day, out) -> None:
    """The last day of each grid among rows start to end, into out."""
    for row in range(start, end):
        place = grid[row]
        if place < out.size and day[row] > out[place]:
            out[place] = day[row]


@compiled
def by_worker(
    start, end, grid, groups, worker, category, status, weight, stands, out
) -> None:
    """Add each row's weight to out[worker], of grids whose group is not −1."""
    for row in range(start, end):
        place = grid[row]
        kind = category[row]
        if (
            place < groups.size
            and groups[place] >= 0
            and 0 <= kind < weight.size
            and 0 <= worker[row] < out.size
        ):
            out[worker[row]] += weight[kind] * stands[status[row]]


@compiled
def bins(
    start,
    end,
    grid,
    groups,
    lon,
    lat,
    west,
    step_x,
    curve,
    category,
    status,
    weight,
    stands,
    out,
) -> None:
    """Add each row's weight to the cell of out[height, width] it falls in.

    The column is (lon - west) / step_x; the line the cubic with coefficients `curve`,
    lowest first, of lat.
    """
    height, width = out.shape
    for row in range(start, end):
        place = grid[row]
        kind = category[row]
        if place < groups.size and groups[place] >= 0 and 0 <= kind < weight.size:
            value = weight[kind] * stands[status[row]]
            column = (lon[row] - west) / step_x
            north = float(lat[row])
            line = curve[0] + north * (curve[1] + north * (curve[2] + north * curve[3]))
            if value != 0.0 and 0 <= column < width and 0 <= line < height:
                out[int(line), int(column)] += value


@compiled
def by_hour(
    start, end, edges, first, last, grid, hour, category, status, weight, stands, out
) -> None:
    """The weights of the grids `first` to `last` - 1 by run and hour, into out[run % 7,
    hour]; see `runs`.
    """
    for run in range(edges.size - 1):
        for row in range(max(edges[run], start), min(edges[run + 1], end)):
            kind = category[row]
            if first <= grid[row] < last and 0 <= kind < weight.size and hour[row] < 24:
                out[run % 7, hour[row]] += weight[kind] * stands[status[row]]


@compiled
def due_by_day(
    start, end, first, grid, groups, due_day, in_time, category, status, weight, stands, out
) -> None:
    """Rows by the day they were due: all of them into out[0], those closed in time into out[1]."""
    for row in range(start, end):
        place = grid[row]
        kind = category[row]
        slot = int(due_day[row]) - first
        inside = place < groups.size and groups[place] >= 0 and 0 <= slot < out.shape[1]
        if inside and 0 <= kind < weight.size and weight[kind] * stands[status[row]] > 0:
            out[0, slot] += 1
            if in_time[row]:
                out[1, slot] += 1
