"""`Data`: everything the rooms answer from, read once and replaced as a whole when the
truth has changed.
"""

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
from gridmap.store import Store
from gridmap.store.flow.categories import read_categories
from gridmap.store.flow.visits import last_visits
from gridmap.store.look import columns
from gridmap.store.look import facts as store_facts
from gridmap.store.look.facts import Loaded
from gridmap.store.people.workers import read_assignments, read_workers
from gridmap.store.plans import plans as store_plans
from gridmap.store.plans.plans import Plan, plan_in_force, read_grids
from gridmap.store.plans.publishing import read_lineage
from gridmap.store.plans.units import read_units


class Later:
    """The facts, loaded when somebody first asks: a process that only takes reports in
    never holds them.
    """

    def __init__(self, load: Callable[[], Loaded]) -> None:
        self._load: Callable[[], Loaded] | None = load
        self._loading = threading.Lock()
        self.held: Loaded | None = None

    @property
    def loaded(self) -> bool:
        """Whether they are in memory."""
        return self.held is not None

    def get(self) -> Facts:
        """The facts; who asks while they are being loaded waits."""
        with self._loading:
            if self.held is None:
                assert self._load is not None  # noqa: S101  (let go of together with setting what is held)
                self.held = self._load()
                self._load = None  # it holds on to the state before
            return self.held.facts


@dataclass(frozen=True, eq=False)
class Tables:
    """What stands beside reports and grids; read again when the truth's revision changes,
    not with every report.
    """

    units: pd.DataFrame
    categories: Categories
    workers: pd.DataFrame
    assignments: pd.DataFrame
    visits: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Data:
    """One state of the city. Nobody changes it; a reader keeps the one it began with.

    `boxes` float64[n, 4]: west, south, east, north of each grid; `names` object[n] as
    stored; `units`: code, level, name, name_en, parent; `visits`: grid, at. Facts first
    asked for late may be newer than `version` tells, never older.
    """

    version: str
    revision: str
    columns_key: str
    plan: Plan
    grids: Grids
    names: npt.NDArray[np.object_]
    boxes: npt.NDArray[np.float64]
    tables: Tables
    later: Later
    index: GridIndex

    @property
    def units(self) -> pd.DataFrame:
        """The divisions."""
        return self.tables.units

    @property
    def categories(self) -> Categories:
        """The category tree."""
        return self.tables.categories

    @property
    def workers(self) -> pd.DataFrame:
        """The staff list."""
        return self.tables.workers

    @property
    def assignments(self) -> pd.DataFrame:
        """Who is responsible for which area, from when to when."""
        return self.tables.assignments

    @property
    def visits(self) -> pd.DataFrame:
        """The last visit of each grid."""
        return self.tables.visits

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
        return {
            "zh": dict(zip(codes, names, strict=True)),
            "en": dict(zip(codes, english, strict=True)),
        }

    @cached_property
    def all_grids(self) -> Areas:
        """The grids of the city, each its own place."""
        return areas(self.grids.codes, int(self.grids.codes[0]) // 10**11, Level.GRID)


def read(store: Store, before: Data | None = None) -> Data:
    """The state of the city now; parts that have not changed since `before` are taken over.

    Raises NotFoundError when the city has no grids.
    """
    version = columns.version(store)
    revision = store.get_meta("revision", "0")
    plan = plan_in_force(store)
    if before is not None and before.plan == plan:
        grids, names, boxes, index = before.grids, before.names, before.boxes, before.index
    else:
        grids, names, boxes = read_places(store)
        index = store_plans.index(store, plan.id)
    tables = (
        before.tables
        if before is not None and before.revision == revision
        else _read_tables(store)
    )
    columns_key = _columns_key(store)
    return Data(
        version=f"{plan.id}-{version}",
        revision=revision,
        columns_key=columns_key,
        plan=plan,
        grids=grids,
        names=names,
        boxes=boxes,
        tables=tables,
        later=_later(
            store, before, grids=grids, plan=plan, index=index, columns_key=columns_key
        ),
        index=index,
    )


def _later(
    store: Store,
    before: Data | None,
    *,
    grids: Grids,
    plan: Plan,
    index: GridIndex,
    columns_key: str,
) -> Later:
    """The facts of a state: those of the one before, or its unchanged months; loaded now if
    they were then.
    """
    if before is not None and before.plan == plan and before.columns_key == columns_key:
        return before.later
    held = before.later.held if before is not None else None
    later = Later(
        lambda: store_facts.follow(
            store, held, grid_codes=grids.codes, plan=plan.id, index=index
        )
    )
    if held is not None:
        later.get()  # now, while others go on with the state before
    return later


def _read_tables(store: Store) -> Tables:
    return Tables(
        units=read_units(store),
        categories=Categories.from_frame(read_categories(store)),
        workers=read_workers(store),
        assignments=read_assignments(store),
        visits=_inherited(last_visits(store), read_lineage(store)),
    )


def _inherited(visits: pd.DataFrame, lineage: pd.DataFrame) -> pd.DataFrame:
    """`visits` (grid, at) with those of the grids a grid was made of, plan by plan, where
    they are later than its own.
    """
    for _, lines in lineage.groupby("plan", sort=True):
        passed = lines.merge(visits, left_on="predecessor", right_on="grid")[["code", "at"]]
        told = pd.concat(
            [visits, passed.rename(columns={"code": "grid"})], ignore_index=True
        )
        visits = pd.DataFrame(told.groupby("grid", as_index=False).agg(at=("at", "max")))
    return visits


def _columns_key(store: Store) -> str:
    present = columns.manifest(store)
    return f"{present.identity}{present.generation}"


def read_places(
    store: Store, plan: int | None = None
) -> tuple[Grids, npt.NDArray[np.object_], npt.NDArray[np.float64]]:
    """The grids of `plan` (default: in force), their names and their boxes, in the order of
    their codes.
    """
    table = read_grids(store, plan)
    shapes = np.asarray(table.geometry.array, dtype=object)
    grids = Grids(
        codes=table["code"].to_numpy(np.int64),
        households=table["households"].to_numpy(np.int64),
        population=table["population"].to_numpy(np.int64),
        area_km2=np.asarray(area_km2(shapes), dtype=np.float64),
        exclusive=(table["kind"] == GridKind.EXCLUSIVE.value).to_numpy(np.bool_),
    )
    return (
        grids,
        table["name"].to_numpy(object),
        np.asarray(shapely.bounds(shapes), dtype=np.float64),
    )
