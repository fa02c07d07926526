"""`Basis`: the plan figures are counted under, and the desk that answers under another one
than the plan in force.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely

from gridmap.city.base import data as reading
from gridmap.city.base.data import Data, Later
from gridmap.city.base.desk import Desk
from gridmap.insight.areas import Grids
from gridmap.store.look import facts as store_facts
from gridmap.store.look.facts import Loaded
from gridmap.store.plans import plans as store_plans
from gridmap.store.plans.publishing import read_lineage


@dataclass(frozen=True, slots=True)
class Basis:
    """The grids that reports are counted in.

    `plan` 0 is the plan in force, another number any published one: reports are located
    anew in its grids. `stored`: each report counts in the grid it was filed under, by the
    plan of its time; the map is that of the plan in force, grids that are gone count in the
    places above them and stand in lists with no households of their own.
    """

    plan: int = 0
    stored: bool = False


class BasedDesk(Desk):
    """A desk over another one: the same city, state by state, its reports put on the grids
    of `basis`.
    """

    def __init__(self, desk: Desk, basis: Basis) -> None:
        super().__init__(
            desk.store,
            desk.settings,
            desk.clock,
            code=desk.code,
            demonstration=desk.demonstration,
        )
        self._below = desk
        self._basis = basis
        self._making = threading.Lock()
        self._held: tuple[Data, Data] | None = None

    @property
    def data(self) -> Data:
        """The present state under this basis. Raises NotFoundError for a plan there is not."""
        return self._on(self._below.data)

    @property
    def as_filed(self) -> bool:
        """Whether each report counts in the grid it was filed under, by the plan of its time."""
        return self._basis.stored

    def reload(self) -> Data:
        """Read the truth now if it has changed."""
        return self._on(self._below.reload())

    def _on(self, data: Data) -> Data:
        with self._making:
            if self._held is None or self._held[0] is not data:
                self._held = (data, self._made(data))
            return self._held[1]

    def _made(self, data: Data) -> Data:
        """`data` on other grids; every column of its reports but one is shared with it."""
        version = f"{data.version}-{'stored' if self._basis.stored else self._basis.plan}"
        if self._basis.stored:
            grids, names, boxes = _with_retired(self._below, data)
            later = Later(lambda: self._regridded(data, grids))
            return replace(
                data, version=version, grids=grids, names=names, boxes=boxes, later=later
            )
        plan = store_plans.read_plan(self.store, self._basis.plan)
        grids, names, boxes = reading.read_places(self.store, plan.id)
        index = store_plans.index(self.store, plan.id)
        later = Later(lambda: self._regridded(data, grids, plan=plan.id, index=index))
        tables = replace(
            data.tables, visits=_before(data.visits, read_lineage(self.store), plan.id)
        )
        return replace(
            data,
            version=version,
            plan=plan,
            grids=grids,
            names=names,
            boxes=boxes,
            index=index,
            later=later,
            tables=tables,
        )

    def _regridded(self, data: Data, grids: Grids, **on: object) -> Loaded:
        data.later.get()
        held = data.later.held
        assert held is not None  # noqa: S101  (loaded in the line above)
        return store_facts.regridded(self.store, held, grid_codes=grids.codes, **on)  # type: ignore[arg-type]


def _before(visits: pd.DataFrame, lineage: pd.DataFrame, plan: int) -> pd.DataFrame:
    """`visits` (grid, at) with those of the grids that plans after `plan` made of a grid:
    who was there, was in it.
    """
    later = lineage[lineage["plan"] > plan]
    for _, lines in sorted(later.groupby("plan"), key=lambda one: -int(str(one[0]))):
        passed = lines.merge(visits, left_on="code", right_on="grid")[["predecessor", "at"]]
        told = pd.concat(
            [visits, passed.rename(columns={"predecessor": "grid"})], ignore_index=True
        )
        visits = pd.DataFrame(told.groupby("grid", as_index=False).agg(at=("at", "max")))
    return visits


def _with_retired(desk: Desk, data: Data) -> tuple[Grids, np.ndarray, np.ndarray]:
    """The grids of the plan in force and those of all plans before that are gone, which
    share nothing out.
    """
    gone = store_plans.retired(desk.store)
    codes = np.concatenate([data.grids.codes, gone["code"].to_numpy(np.int64)])
    order = np.argsort(codes)
    none = np.zeros(len(gone), dtype=np.int64)
    grids = Grids(
        codes=codes[order],
        households=np.concatenate([data.grids.households, none])[order],
        population=np.concatenate([data.grids.population, none])[order],
        area_km2=np.concatenate([data.grids.area_km2, none.astype(np.float64)])[order],
        exclusive=np.concatenate([data.grids.exclusive, none.astype(np.bool_)])[order],
    )
    names = np.concatenate([data.names, gone["name"].to_numpy(object)])[order]
    boxes = shapely.bounds(np.asarray(gone.geometry.array, dtype=object)).reshape(-1, 4)
    return grids, names, np.concatenate([data.boxes, boxes])[order]
