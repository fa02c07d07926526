"""Which rows of the columns an indicator counts: the same matters as its figures, one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.facts import Facts
from gridmap.insight import indicators
from gridmap.insight.areas import Whole
from gridmap.insight.mask import Mask
from gridmap.model import OPEN_STATUSES, Status

_DUE = OPEN_STATUSES | {Status.CLOSED}
_LONGEST_LIMIT_DAYS = 20_000
"""Limits are looked for among all earlier reports; rows that cannot be due fall out at once."""


@dataclass(frozen=True, eq=False)
class Members:
    """The denominator of an indicator: `rows` int64[n] of the columns, `hit` bool[n] those
    of the numerator too.

    `left_out`: how many matters would belong to it but for what the definition excludes.
    """

    rows: Whole
    hit: npt.NDArray[np.bool_]
    left_out: int = 0


def members(facts: Facts, mask: Mask, key: indicators.Key, *, today: int) -> Members:
    """The rows that indicator `key` counts for `mask`, as known on day number `today`."""
    if key == "acceptance":
        rows = _inside(facts, mask, np.arange(mask.start, mask.end))
        return Members(rows, np.asarray(facts.accepted[rows]))
    if key == "accurate_acceptance":
        rows = _inside(facts, mask, np.arange(mask.start, mask.end))
        rows = rows[facts.accepted[rows]]
        return Members(rows, np.asarray(facts.status[rows] != Status.VOIDED), 0)
    if key == "false_closure":
        rows, again = indicators.closings(facts, mask)
        return Members(rows, again)
    return _due(facts, mask, key, today=today)


def _due(facts: Facts, mask: Mask, key: indicators.Key, *, today: int) -> Members:
    last = min(mask.last_day, today - 1)
    before = np.arange(*facts.rows(mask.first_day - _LONGEST_LIMIT_DAYS, last))
    due = facts.due_day[before]
    rows = _inside(facts, mask, before[(due >= mask.first_day) & (due <= last)])
    held = _DUE if key == "closing" else _DUE - {Status.PARKED}
    stands = np.isin(facts.status[rows], [int(status) for status in held])
    own = rows[stands]
    hit = facts.closed_day[own] > 0 if key == "closing" else facts.in_time[own]
    return Members(own, np.asarray(hit), int((~stands).sum()))


def _inside(facts: Facts, mask: Mask, rows: Whole) -> Whole:
    return np.asarray(rows[indicators.kept(facts, mask, rows)], dtype=np.int64)
