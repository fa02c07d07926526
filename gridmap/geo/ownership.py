"""Who owns which face of a layer while it is mended, and how far borders move by giving one
away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridmap.geo.adjacency import neighbours
from gridmap.geo.crs import to_metres
from gridmap.geo.faces import Faces

Ints = npt.NDArray[np.int64]

NOBODY = -1
KEPT = -2
"""An overlap too wide to settle, which stays with all its owners, or a face that was dropped."""


@dataclass
class Ownership:
    """The faces of one layer on their way to one owner each."""

    faces: Faces
    polygons: Any
    codes: npt.NDArray[Any]
    tolerance_m: float
    moves: list[tuple[str, str, str, float, Any]] = field(default_factory=list)
    dropped: set[int] = field(default_factory=set)
    released: dict[int, int] = field(default_factory=dict)
    owner: Ints = field(init=False)
    faces_m: Any = field(init=False)
    borders_m: Any = field(init=False)

    def __post_init__(self) -> None:
        """One owner where one polygon covers a face; measures are taken in metres."""
        self.count = self.faces.counts
        self.owner = np.full(len(self.faces), NOBODY, dtype=np.int64)
        alone = self.count[self.faces.face] == 1
        self.owner[self.faces.face[alone]] = self.faces.owner[alone]
        self.owner[self.count > 1] = KEPT
        self.faces_m = to_metres(self.faces.polygons)
        self.borders_m = shapely.boundary(to_metres(self.polygons))
        shapely.prepare(self.borders_m)
        self.added: list[tuple[Any, int]] = []  # pieces of gaps that were cut up
        self.rest: list[Any] = []  # pieces of gaps that nobody may take
        self.start = np.searchsorted(self.faces.face, np.arange(len(self.faces) + 1))
        self.left_face, self.right_face, shared_m = neighbours(self.faces.polygons)
        ends = np.concatenate([self.left_face, self.right_face])
        order = np.argsort(ends, kind="stable")
        self._around = np.concatenate([self.right_face, self.left_face])[order]
        self._length = np.concatenate([shared_m, shared_m])[order]
        self._from = np.searchsorted(ends[order], np.arange(len(self.faces) + 1))

    def parts(self, among: npt.NDArray[np.bool_]) -> Ints:
        """A number for each face, the same for those of one owner that hang together; only
        faces `among` count.
        """
        same = self.owner[self.left_face] == self.owner[self.right_face]
        same &= among[self.left_face] & among[self.right_face]
        pairs = (self.left_face[same], self.right_face[same])
        graph = coo_array(
            (np.ones(same.sum(), dtype=np.int8), pairs), shape=(len(self.faces),) * 2
        )
        return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)

    def joined(self, members: Ints, polygons: Any) -> Any:
        """The union of faces, out of `polygons` (degrees or metres)."""
        return _united(polygons[members])

    def drop(self, members: Ints) -> None:
        """Leave faces to nobody for good."""
        self.owner[members] = KEPT
        self.dropped.update(members.tolist())

    def beside(self, members: Ints) -> Ints:
        """The faces that share a border with one of `members`, without these."""
        around = [self._around[self._from[face] : self._from[face + 1]] for face in members]
        return np.setdiff1d(np.concatenate(around), members)

    def hangs_by_overlap(self, members: Ints, row: int) -> bool:
        """Whether faces touch an overlap that stays with their owner: then they are not
        detached.
        """
        beside = self.beside(members)
        overlaps = beside[self.owner[beside] == KEPT]
        return bool((self.faces.owner[np.isin(self.faces.face, overlaps)] == row).any())

    def takers(self, members: Ints) -> list[int]:
        """The owners around a shape, the one with the longest shared border first."""
        lengths: dict[int, float] = {}
        for face in members.tolist():
            for row, length in self.shared(face).items():
                lengths[row] = lengths.get(row, 0.0) + length
        return sorted(lengths, key=lambda row: (-lengths[row], row))

    def shared(self, face: int) -> dict[int, float]:
        """Metres of border `face` shares with each owner around it."""
        lengths: dict[int, float] = {}
        for other in range(self._from[face], self._from[face + 1]):
            row = int(self.owner[self._around[other]])
            if row >= 0:
                lengths[row] = lengths.get(row, 0.0) + float(self._length[other])
        return lengths

    def reach(self, shape_m: Any, row: int) -> float:
        """How far the border of a shape lies from the border polygon `row` had, at most, in
        metres.
        """
        border = shapely.boundary(shape_m)
        step_m = max(self.tolerance_m / 2, float(shapely.length(border)) / 256)
        points = shapely.points(shapely.get_coordinates(shapely.segmentize(border, step_m)))
        return float(np.max(shapely.distance(self.borders_m[row], points)))

    def note(self, rule: str, rows: list[Any], shape_m: Any, moved_m: float) -> None:
        """Record a change: the winner's row comes first."""
        size = f"{float(shapely.area(shape_m)):.1f} m²"
        self.moves.append((rule, self.listed(rows), size, moved_m, shape_m))

    def shapes(self) -> Any:
        """The mended polygons, array[n]."""
        stays = self.owner == KEPT
        pair = stays[self.faces.face] & ~np.isin(self.faces.face, list(self.dropped))
        owned = np.flatnonzero(self.owner >= 0)
        row = np.concatenate(
            [
                self.owner[owned],
                self.faces.owner[pair],
                np.array([row for _, row in self.added], dtype=np.int64),
            ]
        )
        pieces = np.concatenate(
            [
                self.faces.polygons[owned],
                self.faces.polygons[self.faces.face[pair]],
                np.array([piece for piece, _ in self.added], dtype=object),
            ]
        )
        order = np.argsort(row, kind="stable")
        first = np.searchsorted(row[order], np.arange(len(self.polygons) + 1))
        result = np.full(len(self.polygons), shapely.Polygon(), dtype=object)
        for number in np.flatnonzero(np.diff(first)):
            result[number] = _united(pieces[order[first[number] : first[number + 1]]])
        return result

    def owners(self, face: int) -> Ints:
        """The rows of the polygons that covered a face."""
        return self.faces.owner[self.start[face] : self.start[face + 1]]

    def listed(self, rows: Any) -> str:
        """Codes of rows as a comma list."""
        return ",".join(str(self.codes[row]) for row in rows)


def _united(members: Any) -> Any:
    # One alone keeps its vertices as they are; a union may begin its ring elsewhere.
    return members[0] if len(members) == 1 else shapely.coverage_union_all(members)


def grouped(values: Ints, group: Ints) -> list[Ints]:
    """`values` split by the number of their group."""
    if not len(values):
        return []
    order = np.argsort(group, kind="stable")
    return np.split(values[order], np.flatnonzero(np.diff(group[order])) + 1)
