"""Compiled loops that make the narrow arrays of `Facts` out of a month's columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gridmap.geo.compiled import compiled

DAY_S = 86_400
OFFSET_S = 8 * 3600
MOST_MINUTES = 65_534
_MIX = np.uint64(0x9E3779B97F4A7C15)


def table_of(
    codes: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """A hash table of `codes` (distinct, positive): keys int64[2^k], 0 = free, and
    positions int64[2^k].
    """
    size = 1 << max(4, int(4 * len(codes) - 1).bit_length())
    keys, positions = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    _fill_table(codes, keys, positions)
    return keys, positions


@compiled
def _fill_table(codes: Any, keys: Any, positions: Any) -> None:
    mask = np.uint64(len(keys) - 1)
    for at in range(len(codes)):
        slot = (np.uint64(codes[at]) * _MIX) >> np.uint64(20) & mask
        while keys[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        keys[slot] = codes[at]
        positions[slot] = at


@compiled
def find(grid: Any, keys: Any, positions: Any, nowhere: int, out: Any) -> None:
    """Position of each code of `grid` in the table, `nowhere` when it is not there."""
    mask = np.uint64(len(keys) - 1)
    last_code, last = 0, nowhere
    for row in range(len(grid)):
        code = grid[row]
        if code != last_code:
            slot = (np.uint64(code) * _MIX) >> np.uint64(20) & mask
            while keys[slot] != 0 and keys[slot] != code:
                slot = (slot + np.uint64(1)) & mask
            last = positions[slot] if keys[slot] == code and code != 0 else nowhere
            last_code = code
        out[row] = last


@compiled
def moments(reported: Any, accepted: Any, due: Any, closed: Any, out: Any) -> int:
    """Fill the arrays of time from Unix seconds (0 = none); the latest instant.

    `out`: day, hour, closed_day, due_day, in_time, accepted, response_min, in this order.
    """
    day, hour, closed_day, due_day, in_time, was_accepted, response = out
    latest = 0
    for row in range(len(reported)):
        begin, taken, limit, end = reported[row], accepted[row], due[row], closed[row]
        local = begin + OFFSET_S
        number = local // DAY_S
        day[row] = number
        hour[row] = (local - number * DAY_S) // 3600
        closed_day[row] = (end + OFFSET_S) // DAY_S if end > 0 else 0
        due_day[row] = (limit + OFFSET_S) // DAY_S if limit > 0 else 0
        in_time[row] = end > 0 and (limit == 0 or end <= limit)
        was_accepted[row] = taken > 0
        minutes = (taken - begin) // 60
        response[row] = (
            (min(max(minutes, 0), MOST_MINUTES)) if taken > 0 else MOST_MINUTES + 1
        )
        latest = max(latest, begin, taken, end)
    return latest
