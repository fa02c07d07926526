"""What one-stop centres took in, and what became of it by the end of the period."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Part = Literal["accepted", "transferred", "across", "handled", "completed"]
PARTS: tuple[Part, ...] = ("accepted", "transferred", "across", "handled", "completed")
SEVERAL = 3
"""Units from which on an errand goes across several: the desk that took it in and two more."""


def belongs(taken: pd.DataFrame, end: int) -> dict[Part, npt.NDArray[np.bool_]]:
    """For each of `PARTS` which rows of `taken` belong to it; all the others are parts of
    the accepted ones.

    `taken`: accepted_at, handled_at, closed_at, passed_at (Unix seconds, 0: not), units.
    What happened counts when it happened before `end`: transferred is what the first desk
    passed on, across what has lain with three units or more under its one receipt, handled
    what was taken in hand, completed what was closed; what is closed has been handled.
    """

    def by_end(name: str) -> npt.NDArray[np.bool_]:
        at = taken[name].to_numpy(np.int64)
        return np.asarray((at > 0) & (at < end), dtype=np.bool_)

    completed, transferred = by_end("closed_at"), by_end("passed_at")
    return {
        "accepted": np.ones(len(taken), dtype=np.bool_),
        "transferred": transferred,
        "across": np.asarray(taken["units"].to_numpy(np.int64) >= SEVERAL, dtype=np.bool_),
        "handled": by_end("handled_at") | completed,
        "completed": completed,
    }


def figures(taken: pd.DataFrame, end: int) -> pd.DataFrame:
    """The numbers of matters in each of `PARTS` by place, most accepted first: place
    (code), `PARTS`; see `belongs`.
    """
    flags = pd.DataFrame(belongs(taken, end))
    table = flags.groupby(taken["place"].to_numpy(np.int64)).sum().astype("int64")
    table = table.rename_axis("place").reset_index()
    return table.sort_values(
        ["accepted", "place"], ascending=[False, True], ignore_index=True
    )[["place", *PARTS]]
