"""`Data`: everything the rooms answer from, read once and replaced as a whole when the truth has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.facts import Facts
from gridmap.geo.crs import area_km2
from gridmap.geo.locate import GridIndex
from gridmap.insight.areas import Areas, Grids, areas
from gridmap.insight.categories import Categories
from gridmap.model import GridKind, Level
from gridmap.names import english_name
from gridmap.store import Store, columns
from gridmap.store import facts as store_facts
from gridmap.store import plans as store_plans
from gridmap.store.categories import read_categories
from gridmap.store.plans import Plan, plan_in_force, read_grids
from gridmap.store.units import read_units
from gridmap.store.visits import last_visits
from gridmap.store.workers import read_assignments, read_workers


class Later:
    """The facts, loaded when somebody first asks: a process that only takes reports in never holds them."""

    def __init__(self, load: Callable[[], Facts]) -> None:
        self._load = load
        self._loading = threading.Lock()
        self._facts: Facts | None = None

    @property
    def loaded(self) -> bool:
        """Whether they are in memory."""
        return self._facts is not None

    def get(self) -> Facts:
        """The facts; who asks while they are being loaded waits."""
        with self._loading:
            if self._facts is None:
                self._facts = self._load()
            return self._facts


@dataclass(frozen=True, eq=False)
class Data:
    """One state of the city. Nobody changes it; a reader keeps the one it began with.

    `boxes` float64[n, 4]: west, south, east, north of each grid; `names` object[n] as stored; `units`: code,
    level, name, name_en, parent; `visits`: grid, at. Facts first asked for late may be newer than `version` tells,
    never older.
    """

    version: str
    columns_key: str
    plan: Plan
    grids: Grids
    names: npt.NDArray[np.object_]
    boxes: npt.NDArray[np.float64]
    units: pd.DataFrame
    categories: Categories
    workers: pd.DataFrame
    assignments: pd.DataFrame
    visits: pd.DataFrame
    later: Later
    index: GridIndex

    @property
    def facts(self) -> Facts:
        """Every report in the columns."""
        return self.later.get()

    @cached_property
    def unit_names(self) -> dict[str, dict[int, str]]:
        """Names of the places above the grids by language and code."""
        codes, names = self.units["code"].tolist(), self.units["name"].tolist()
        # Divisions given without an English name carry the Chinese one in its place.
        english = [
            english_name(name) if other == name else other
            for name, other in zip(names, self.units["name_en"].tolist(), strict=True)
        ]
        return {"zh": dict(zip(codes, names, strict=True)), "en": dict(zip(codes, english, strict=True))}

    @cached_property
    def all_grids(self) -> Areas:
        """The grids of the city, each its own place."""
        return areas(self.grids.codes, int(self.grids.codes[0]) // 10**11, Level.GRID)


def read(store: Store, before: Data | None = None) -> Data:
    """The state of the city now; parts that have not changed since `before` are taken over.

    Raises NotFoundError when the city has no grids.
    """
    version = columns.version(store)
    plan = plan_in_force(store)
    same_plan = before is not None and before.plan == plan
    grids, names, boxes = (before.grids, before.names, before.boxes) if before and same_plan else _read_grids(store)
    index = before.index if before and same_plan else store_plans.index(store, plan.id)
    columns_key = _columns_key(store)
    if before is not None and same_plan and before.columns_key == columns_key:
        later = before.later
    else:
        later = Later(lambda: store_facts.load(store, grid_codes=grids.codes, plan=plan.id, index=index))
        if before is not None and before.later.loaded:
            later.get()  # now, while others go on with the state before
    return Data(
        version=f"{plan.id}-{version}",
        columns_key=columns_key,
        plan=plan,
        grids=grids,
        names=names,
        boxes=boxes,
        units=read_units(store),
        categories=Categories.from_frame(read_categories(store)),
        workers=read_workers(store),
        assignments=read_assignments(store),
        visits=last_visits(store),
        later=later,
        index=index,
    )


def _columns_key(store: Store) -> str:
    present = columns.manifest(store)
    return f"{present.identity}{present.generation}"


def _read_grids(store: Store) -> tuple[Grids, npt.NDArray[np.object_], npt.NDArray[np.float64]]:
    table = read_grids(store)
    shapes = np.asarray(table.geometry.array, dtype=object)
    grids = Grids(
        codes=table["code"].to_numpy(np.int64),
        households=table["households"].to_numpy(np.int64),
        population=table["population"].to_numpy(np.int64),
        area_km2=np.asarray(area_km2(shapes), dtype=np.float64),
        exclusive=(table["kind"] == GridKind.EXCLUSIVE.value).to_numpy(np.bool_),
    )
    return grids, table["name"].to_numpy(object), np.asarray(shapely.bounds(shapes), dtype=np.float64)
