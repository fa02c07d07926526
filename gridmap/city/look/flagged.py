"""What gaps have in common: flagged grids counted and listed, columns of their lists."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk
from gridmap.city.base.figure import Ask, Column, Numbers
from gridmap.insight import coverage
from gridmap.insight.areas import Areas
from gridmap.insight.coverage import Seen
from gridmap.model import Level
from gridmap.words import mark

HOUSEHOLDS = Column("households", mark("Households"))
GRIDS = Column("grids", mark("Grids"))
DAYS_UNSEEN = Column("days_unseen", mark("Days unseen"))


def seen_on(desk: Desk, data: Data) -> Seen:
    """When each grid was last reported from and visited, as known today."""
    day = desk.today_number
    return desk.remember(
        data, ("seen", day), lambda: coverage.seen(data.facts, data.visits, day=day)
    )


def count_flagged(ask: Ask, flags: npt.NDArray[np.bool_], name: str) -> dict[str, Numbers]:
    """How many grids of each place are flagged, and how many there are."""
    return {name: ask.total(flags.astype(np.int64)), "grids": ask.places.sizes}


def list_flagged(ask: Ask, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """The rows of the flagged grids in the area asked about."""
    grids = ask.below(Level.GRID)
    return grids.first + np.flatnonzero(flags[grids.first : grids.end])


def by_households(ask: Ask, places: Areas, lacks: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Places with a gap, the one with most households on top: code, grids, households."""
    table = pd.DataFrame(
        {
            "code": places.codes[lacks],
            "grids": places.sizes[lacks],
            "households": np.asarray(places.total(ask.data.grids.households))[lacks],
        }
    )
    return table.sort_values(
        ["households", "code"], ascending=[False, True], ignore_index=True
    )
