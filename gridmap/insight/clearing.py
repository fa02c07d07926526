"""Daily clearing 日清日结: what each unit carried into a day, what came, what it was done with,
what it carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Part = Literal["carried_in", "new", "closed", "passed_on", "carried_out"]
PARTS: tuple[Part, ...] = ("carried_in", "new", "closed", "passed_on", "carried_out")
COLUMNS = ["unit", *PARTS, "oldest_at"]
NOT_YET = np.iinfo(np.int64).max
ENDED = 2

Flags = npt.NDArray[np.bool_]


def held(stays: pd.DataFrame, start: int, end: int) -> pd.DataFrame:
    """What each unit held at any time of [start, end), a row a unit and matter.

    `stays`: unit, matter, since, until (0: still there), left (2: the matter ended),
    reported_at; int64, instants in Unix seconds. A matter lies with a unit from the moment
    it came to the moment it left, that one not included.

    Columns: unit, matter, reported_at, and for each of `PARTS` whether the matter belongs
    to it: carried_in and carried_out lie with the unit at the beginning and at the end, new
    came in between and was not there at the beginning, closed is not there any more at the
    end; passed_on are those of closed that went to another unit. What left and came back in
    the same span was there all along: so that carried_in + new − closed = carried_out,
    matter by matter.
    """
    since, left = (stays[name].to_numpy(np.int64) for name in ("since", "left"))
    until = np.where(
        stays["until"].to_numpy(np.int64) == 0, NOT_YET, stays["until"].to_numpy(np.int64)
    )
    touches = (since < end) & (until >= start)
    table = pd.DataFrame(
        {
            "unit": stays["unit"].to_numpy(np.int64),
            "matter": stays["matter"].to_numpy(np.int64),
            "reported_at": stays["reported_at"].to_numpy(np.int64),
            "at_start": (since < start) & (until >= start),
            "at_end": (since < end) & (until >= end),
            "ended": (left == ENDED) & (until < end),
        }
    )[touches]
    found = table.groupby(["unit", "matter"], sort=True, as_index=False).agg(
        reported_at=("reported_at", "min"),
        at_start=("at_start", "any"),
        at_end=("at_end", "any"),
        ended=("ended", "last"),
    )
    at_start, at_end = (
        found.pop("at_start").to_numpy(bool),
        found.pop("at_end").to_numpy(bool),
    )
    ended = found.pop("ended").to_numpy(bool)
    parts = (at_start, ~at_start, ~at_end, ~at_end & ~ended, at_end)
    return found.assign(**dict(zip(PARTS, parts, strict=True)))


def clearing(stays: pd.DataFrame, start: int, end: int) -> pd.DataFrame:
    """The daily clearing of every unit that held something in [start, end), by unit.

    Columns: unit, carried_in, new, closed, passed_on (of closed), carried_out: numbers of
    matters; oldest_at: when the oldest of those carried out was reported, Unix seconds, 0
    when nothing is. For `stays` see `held`.
    """
    table = held(stays, start, end)
    counts = table.groupby("unit", sort=True)[list(PARTS)].sum().astype("int64")
    oldest = table[table["carried_out"]].groupby("unit")["reported_at"].min()
    counts["oldest_at"] = oldest.reindex(counts.index).fillna(0).astype("int64")
    return counts.reset_index()[COLUMNS]


def together(stays: pd.DataFrame) -> pd.DataFrame:
    """`stays` as those of one unit, 0: going from desk to desk inside is no coming and no
    leaving.
    """
    return stays.assign(unit=np.int64(0))


def matters(
    stays: pd.DataFrame,
    start: int,
    end: int,
    part: Part,
    units: Sequence[int] | None = None,
) -> list[int]:
    """The numbers of the matters that `clearing` counts in `part` for `units` (None: all)."""
    table = held(stays, start, end)
    wanted = table[part] if units is None else table[part] & table["unit"].isin(list(units))
    return sorted(set(table.loc[wanted, "matter"].tolist()))
