"""`Plan`: the grids of one version, immutable; a change makes a child that shares what stays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.errors import Fault, InputError
from gridmap.geo.crs import GEOGRAPHIC
from gridmap.model import GridKind
from gridmap.planning.change import Change, Kind, layer
from gridmap.planning.grid import COLUMNS, Grid, single
from gridmap.planning.refusal import EditRefusal, violation
from gridmap.planning.spatialindex import SpatialIndex

Ints = npt.NDArray[np.int64]
Objects = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Plan:
    """The grids of one version, in the order of their `codes` (int64[n], sorted, 15 digits).

    `names`, `kinds` ("basic", "exclusive") and `shapes` (polygons, EPSG:4490, on the
    lattice of 1e-8 degrees) are object[n], `households` and `population` int64[n]. Nobody
    changes the arrays; a child shares the polygons of the grids that stay, and what is
    known of where they lie.
    """

    codes: Ints
    names: Objects
    kinds: Objects
    households: Ints
    population: Ints
    shapes: Objects
    _spatial_index: SpatialIndex | None = field(default=None, repr=False)

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame) -> Self:
        """The plan of a layer with the columns `COLUMNS`; the order of its rows does not matter.

        Raises InputError naming every missing column, code that is malformed or stands
        twice, unknown kind, negative number, and shape that is not one valid polygon. That
        the shapes are a partition is taken as checked (`gridmap.geo.coverage`).
        """
        missing = [column for column in COLUMNS if column not in frame.columns]
        if missing:
            cure = f"Give the columns {', '.join(COLUMNS)}."
            raise InputError(
                Fault(rule="a plan lacks a column", field=column, cure=cure)
                for column in missing
            )
        table = frame.sort_values("code", kind="stable", ignore_index=True)
        plan = cls(
            codes=table["code"].to_numpy(dtype=np.int64),
            names=np.array([str(name) for name in table["name"]], dtype=object),
            kinds=np.array([str(kind) for kind in table["kind"]], dtype=object),
            households=table["households"].to_numpy(dtype=np.int64),
            population=table["population"].to_numpy(dtype=np.int64),
            shapes=single(np.asarray(table.geometry.array, dtype=object)),
        )
        faults = list(_faults(plan))
        if faults:
            raise InputError(faults)
        return plan

    def __len__(self) -> int:
        """Number of grids."""
        return len(self.codes)

    @cached_property
    def frame(self) -> gpd.GeoDataFrame:
        """The plan as a layer with the columns `COLUMNS`, by code."""
        return self.take(np.arange(len(self)))

    def take(self, rows: Ints) -> gpd.GeoDataFrame:
        """The grids of `rows` as a layer with the columns `COLUMNS`."""
        table = {
            "code": self.codes[rows],
            "name": self.names[rows],
            "kind": self.kinds[rows],
            "households": self.households[rows],
            "population": self.population[rows],
        }
        return gpd.GeoDataFrame(table, geometry=self.shapes[rows], crs=GEOGRAPHIC)

    def grid(self, code: int) -> Grid:
        """One grid. Raises EditRefusal `unknown_grid`."""
        row = int(self.rows([code])[0])
        return Grid(
            int(self.codes[row]),
            self.names[row],
            self.kinds[row],
            int(self.households[row]),
            int(self.population[row]),
            self.shapes[row],
        )

    def rows(self, codes: npt.ArrayLike) -> Ints:
        """Row of each of `codes`, int64[k]. Raises EditRefusal `unknown_grid` naming all that
        are not there.
        """
        wanted = np.atleast_1d(np.asarray(codes, dtype=np.int64))
        row = np.searchsorted(self.codes, wanted)
        known = np.zeros(len(wanted), dtype=bool)
        inside = row < len(self)
        known[inside] = self.codes[row[inside]] == wanted[inside]
        if not known.all():
            raise EditRefusal(
                violation("unknown_grid", code) for code in wanted[~known].tolist()
            )
        return row.astype(np.int64)

    @property
    def spatial_index(self) -> SpatialIndex:
        """Which grids lie where."""
        if self._spatial_index is None:
            object.__setattr__(
                self, "_spatial_index", SpatialIndex.of(self.codes, self.shapes)
            )
        assert self._spatial_index is not None  # noqa: S101  (just set)
        return self._spatial_index

    def near(self, shape: Any) -> Ints:
        """Codes of the grids that touch or overlap `shape` (EPSG:4490), int64[k] sorted."""
        codes = self.spatial_index.within(shape.bounds)
        touched = shapely.intersects(self.shapes[self.rows(codes)], shape)
        return np.asarray(codes[touched], dtype=np.int64)

    def change(
        self,
        removed: Iterable[int],
        added: Iterable[tuple[Grid, tuple[int, ...]]],
        kind: Kind,
        notes: tuple[str, ...] = (),
    ) -> Change:
        """The change of this plan in which the grids `removed` go and the pairs of a grid
        and its predecessors come.
        """
        gone = np.unique(np.fromiter(removed, dtype=np.int64))
        return Change(gone, layer(added), kind, notes, self.digest(gone))

    def apply(self, change: Change) -> Plan:
        """The child of this plan.

        Raises EditRefusal `unknown_grid` when the change takes grids away that are not here,
        `changed_meanwhile` when they are not as they were when it was made, or when what it
        adds is here already.
        """
        gone = self.rows(change.removed)
        added = change.added
        codes = added["code"].to_numpy(dtype=np.int64)
        already = codes[np.isin(codes, self.codes) & ~np.isin(codes, change.removed)]
        changed = [] if self._is_base_of(change) else change.removed.tolist()
        if len(already) or changed:
            misfits = [*already.tolist(), *changed]
            raise EditRefusal(
                violation("changed_meanwhile", code, at=self.grid(code).shape)
                for code in misfits
            )
        stay = np.delete(self.codes, gone)
        at = np.searchsorted(stay, codes)

        def child(values: npt.NDArray[Any], fresh: Any) -> npt.NDArray[Any]:
            return np.insert(np.delete(values, gone), at, fresh)

        shapes = np.asarray(added.geometry.array, dtype=object)
        return Plan(
            codes=child(self.codes, codes),
            names=child(self.names, added["name"].to_numpy(dtype=object)),
            kinds=child(self.kinds, added["kind"].to_numpy(dtype=object)),
            households=child(self.households, added["households"].to_numpy(dtype=np.int64)),
            population=child(self.population, added["population"].to_numpy(dtype=np.int64)),
            shapes=child(self.shapes, shapes),
            _spatial_index=self.spatial_index.after(change.removed, codes, shapes),
        )

    def inverse(self, change: Change) -> Change:
        """What leads back to this plan from its child by `change`."""
        child, come = self.apply(change), change.created_or_kept
        back = self.take(self.rows(change.removed))
        back["predecessors"] = pd.Series(
            [(code,) for code in back["code"].tolist()], dtype=object
        )
        return Change(come, back, change.kind, (), child.digest(come))

    def digest(self, codes: Ints) -> str:
        """A text that is another one when any of the grids `codes` has another number, name
        or vertex.
        """
        rows = self.rows(codes)
        content = hashlib.sha256(self.codes[rows].tobytes())
        content.update(self.households[rows].tobytes() + self.population[rows].tobytes())
        content.update(json.dumps([*self.names[rows], *self.kinds[rows]]).encode())
        for blob in shapely.to_wkb(self.shapes[rows]).tolist():
            content.update(blob)
        return content.hexdigest()[:20]

    def _is_base_of(self, change: Change) -> bool:
        """Whether what goes stands here as it stood when the change was made."""
        return change.base in {"", self.digest(change.removed)}


def _faults(plan: Plan) -> Iterator[Fault]:
    def against(bad: Flags, name: str, rule: str, cure: str) -> Iterator[Fault]:
        for code in plan.codes[bad].tolist():
            yield Fault(rule=rule, field=name, value=str(code), cure=cure)

    malformed = (plan.codes < 10**14) | (plan.codes >= 10**15)
    repeated = pd.Series(plan.codes).duplicated().to_numpy()
    odd_kind = ~np.isin(plan.kinds.astype(str), list(GridKind))
    yield from against(malformed, "code", "not a grid code", "Give 15 digits.")
    yield from against(
        repeated, "code", "code occurs more than once", "Keep one row of each."
    )
    yield from against(odd_kind, "kind", "not a kind of grid", "Use basic or exclusive.")
    for name in ("households", "population"):
        negative = getattr(plan, name) < 0
        yield from against(negative, name, "a number below nought", "Give nought or more.")
    unsound = ~_sound(plan.shapes)
    yield from against(
        unsound, "geometry", "not one valid polygon", "Mend the layer first."
    )


def _sound(shapes: Objects) -> Flags:
    polygon = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    return np.asarray(
        polygon & shapely.is_valid(shapes) & ~shapely.is_empty(shapes), dtype=bool
    )
