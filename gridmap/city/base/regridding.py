"""`Regridding`: matters with a journal put on the grids that figures are counted under, as
reports are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk
from gridmap.codes import level_of
from gridmap.model import Level
from gridmap.store.headquarters import tallies
from gridmap.store.plans import plans

Ints = npt.NDArray[np.int64]
PARTS = ["numerator", "denominator", "left_out"]


class Regridding:
    """The journal knows the grid a matter lies in now, or lay in when it was closed: maybe
    one that is gone.

    Only matters in grids that some redrawing touched are looked at one by one. Redrawing
    never moves a border of villages, so that places above the grids need none of this.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def redrawn(self, data: Data) -> Ints:
        """The codes of grids that are not the same in every plan."""
        return self._desk.remember(
            data, "redrawn grids", lambda: plans.redrawn(self._desk.store)
        )

    def asked(self, data: Data, area: int) -> int:
        """The area to look in for matters of `area`: the village of a grid, where grids of
        it were ever redrawn.
        """
        around = (
            level_of(area) is Level.GRID
            and (self.redrawn(data) // 1000 == area // 1000).any()
        )
        return area // 1000 if around else area

    def totals(
        self, data: Data, area: int, counted: pd.DataFrame, apart: pd.DataFrame
    ) -> pd.DataFrame:
        """`counted` (grid and `PARTS`) with what lies in redrawn grids replaced by `apart`,
        its matters one by one.
        """
        stay = counted[~np.isin(counted["grid"], self.redrawn(data))]
        placed = apart.assign(grid=self._grids(data, apart))
        table = pd.concat([stay[["grid", *PARTS]], placed[["grid", *PARTS]]])
        table = table.groupby("grid", as_index=False)[PARTS].sum()
        return table[table["grid"] == area] if level_of(area) is Level.GRID else table

    def of_area(self, data: Data, area: int, numbers: Sequence[int]) -> list[int]:
        """Those of the matters `numbers`, found in what `asked` said, that lie in `area`."""
        if self.asked(data, area) == area:
            return list(numbers)
        with self._desk.store.read() as connection:
            table = tallies.where(connection, numbers)
        table["grid"] = np.where(
            np.isin(table["grid"], self.redrawn(data)),
            self._grids(data, table),
            table["grid"],
        )
        return [int(number) for number in table.loc[table["grid"] == area, "matter"]]

    def _grids(self, data: Data, table: pd.DataFrame) -> Ints:
        """The grid each matter of `table` (as of `tallies.where`) counts in; one outside
        all grids stays where it is.
        """
        if self._desk.as_filed:
            return table["filed"].to_numpy(np.int64)
        found = data.index.locate(
            table["lon"].to_numpy(np.float64), table["lat"].to_numpy(np.float64)
        )
        return np.where(found > 0, found, table["grid"].to_numpy(np.int64))
