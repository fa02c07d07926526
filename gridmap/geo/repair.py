"""Mend a layer into a coverage: valid shapes without overlap or narrow gap, no border moved beyond a tolerance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridmap.geo.adjacency import neighbours
from gridmap.geo.crs import GEOGRAPHIC, to_metres
from gridmap.geo.faces import Faces, arrange, only_polygons, snapped
from gridmap.geo.width import width_m

Ints = npt.NDArray[np.int64]

_NOBODY = -1
_KEPT = -2  # an overlap too wide to settle: it stays with all its owners


@dataclass(frozen=True, slots=True)
class Repaired:
    """A mended layer.

    `grids`: the rows given, with mended geometry. `moves`: one row a change: `rule` (invalid, overlap, gap, sliver),
    `codes` (comma list, the winner first), `detail`, `moved_m`, how far a border moved at most. `left`: what is
    wider than the tolerance and stays as it was, a GeoDataFrame of `rule`, `codes`, `size_m2`, `size_m`, `geometry`.
    """

    grids: gpd.GeoDataFrame
    moves: pd.DataFrame
    left: gpd.GeoDataFrame


def repair(grids: gpd.GeoDataFrame, *, tolerance_m: float = 1.0) -> Repaired:
    """Mend `grids` (`code`, `geometry` in EPSG:4490, other columns kept) into a coverage.

    Shapes are made valid and keep their polygons alone. An overlap goes to the owner it shares the longest border
    with, a gap to the neighbour with the longest shared border (ties: the earlier row); a gap that runs along several
    grids is cut up among them. A detached part narrower than the tolerance is given away like a gap, or dropped when
    it touches nobody. Each of these happens only while no point of the new border lies farther than `tolerance_m`
    from the border the grid had; what is wider stays and is listed in `left`. Borders that are left alone keep their
    vertices, rounded to a millimetre.
    """
    given = np.asarray(grids.geometry.array, dtype=object)
    shapes = snapped(made_valid(given))
    work = _Work(arrange(shapes), shapes, grids["code"].to_numpy(), tolerance_m)
    work.note_invalid(given)
    work.settle_overlaps()
    work.release_slivers()
    work.close_gaps()
    result = work.shapes()
    mended = grids.copy()
    mended["geometry"] = gpd.GeoSeries(result, index=grids.index, crs=GEOGRAPHIC)
    moves = pd.DataFrame(work.moves, columns=["rule", "codes", "detail", "moved_m"])
    return Repaired(mended, moves, work.left(result))


def made_valid(polygons: Any) -> Any:
    """Polygons (shapely array[n]) with self-crossings, repeated rings and spikes resolved, polygons alone."""
    return only_polygons(shapely.make_valid(polygons, method="structure", keep_collapsed=False))


@dataclass
class _Work:
    """The faces of one layer on their way to one owner each."""

    faces: Faces
    polygons: Any
    codes: npt.NDArray[Any]
    tolerance_m: float
    moves: list[tuple[str, str, str, float]] = field(default_factory=list)
    dropped: set[int] = field(default_factory=set)
    released: dict[int, int] = field(default_factory=dict)
    owner: Ints = field(init=False)
    faces_m: Any = field(init=False)
    borders_m: Any = field(init=False)

    def __post_init__(self) -> None:
        """One owner where one polygon covers a face; measures are taken in metres."""
        self.count = self.faces.counts
        self.owner = np.full(len(self.faces), _NOBODY, dtype=np.int64)
        alone = self.count[self.faces.face] == 1
        self.owner[self.faces.face[alone]] = self.faces.owner[alone]
        self.owner[self.count > 1] = _KEPT
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

    def note_invalid(self, given: Any) -> None:
        """Record the shapes that had to be made valid."""
        for row in np.flatnonzero(~shapely.is_valid(given)):
            reason = str(shapely.is_valid_reason(given[row])).split("[")[0]
            self.moves.append(("invalid", str(self.codes[row]), reason, 0.0))

    def settle_overlaps(self) -> None:
        """Give each overlap no wider than the tolerance to one of its owners."""
        faces = np.flatnonzero(self.count > 1)
        settled = {}
        for face, size_m in zip(faces.tolist(), width_m(self.faces_m[faces]), strict=True):
            owners = self.faces.owner[self.start[face] : self.start[face + 1]]
            lengths = self._shared(face)
            for winner in sorted(owners, key=lambda row: (-lengths.get(row, 0.0), row)):
                moved = max(self._reach(self.faces_m[face], row) for row in owners if row != winner)
                if max(size_m, moved) <= self.tolerance_m:
                    settled[face] = winner
                    others = [row for row in owners if row != winner]
                    self._note("overlap", [winner, *others], self.faces_m[face], max(size_m, moved))
                    break
        for face, winner in settled.items():
            self.owner[face] = winner

    def release_slivers(self) -> None:
        """Take narrow detached parts from their owner, to be given away like gaps."""
        part = self._parts(self.owner >= 0)  # whole grids, and what lies apart from them
        area = np.bincount(part, weights=shapely.area(self.faces_m))
        owned = np.flatnonzero(self.owner >= 0)
        largest = np.zeros(len(self.polygons))
        np.maximum.at(largest, self.owner[owned], area[part[owned]])
        minor = owned[area[part[owned]] < largest[self.owner[owned]]]
        for members in _grouped(minor, part[minor]):
            shape = self._shape(members, self.faces_m)
            loser = int(self.owner[members[0]])
            size_m = width_m(np.array([shape]))[0]
            fits = max(size_m, self._reach(shape, loser)) <= self.tolerance_m
            if fits and not self._hangs_by_overlap(members, loser):
                self._give_away(members, shape, size_m)

    def _hangs_by_overlap(self, members: Ints, row: int) -> bool:
        """Whether faces touch an overlap that stays with their owner: then they are not detached."""
        beside = self._beside(members)
        kept = beside[self.owner[beside] == _KEPT]
        return bool((self.faces.owner[np.isin(self.faces.face, kept)] == row).any())

    def _parts(self, among: npt.NDArray[np.bool_]) -> Ints:
        """A number for each face, the same for those of one owner that hang together; only faces `among` count."""
        same = self.owner[self.left_face] == self.owner[self.right_face]
        same &= among[self.left_face] & among[self.right_face]
        pairs = (self.left_face[same], self.right_face[same])
        graph = coo_array((np.ones(same.sum(), dtype=np.int8), pairs), shape=(len(self.faces),) * 2)
        return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)

    def _shape(self, members: Ints, polygons: Any) -> Any:
        return polygons[members[0]] if len(members) == 1 else shapely.coverage_union_all(polygons[members])

    def _give_away(self, members: Ints, shape: Any, size_m: float) -> None:
        loser = self.owner[members[0]]
        self.owner[members] = _NOBODY
        rows = self._takers(members)
        for row in rows:
            moved = self._reach(shape, row)
            if moved <= self.tolerance_m:
                self.owner[members] = row
                self._note("sliver", [row, loser], shape, max(size_m, moved))
                return
        if rows:
            self.owner[members] = loser
        elif (self.owner[self._beside(members)] == _NOBODY).any():
            self.released.update(dict.fromkeys(members.tolist(), int(loser)))
        else:
            self._drop(members)
            self._note("sliver", [loser], shape, size_m)

    def _drop(self, members: Ints) -> None:
        """Leave faces to nobody for good."""
        self.owner[members] = _KEPT
        self.dropped.update(members.tolist())

    def _beside(self, members: Ints) -> Ints:
        """The faces that share a border with one of `members`, without these."""
        around = [self._around[self._from[face] : self._from[face + 1]] for face in members]
        return np.setdiff1d(np.concatenate(around), members)

    def close_gaps(self) -> None:
        """Give each gap no wider than the tolerance to its neighbours."""
        free = np.flatnonzero(self.owner == _NOBODY)
        gaps = _grouped(free, self._parts(self.owner == _NOBODY)[free])
        shapes = np.array([self._shape(members, self.faces.polygons) for members in gaps], dtype=object)
        shapes_m = to_metres(shapes)
        for members, shape, shape_m, size_m in zip(gaps, shapes, shapes_m, width_m(shapes_m), strict=True):
            if size_m > self.tolerance_m or not (
                self._close(members, shape_m, size_m) or self._cut_up(members, shape, size_m)
            ):
                self._leave(members)

    def _leave(self, members: Ints) -> None:
        for face in members.tolist():
            if face in self.released:
                self.owner[face] = self.released[face]
            else:
                self.rest.append(self.faces.polygons[face])

    def _close(self, members: Ints, shape_m: Any, size_m: float) -> bool:
        """Give a whole gap to the first neighbour that may take it."""
        for row in self._takers(members):
            moved = self._reach(shape_m, row)
            if moved <= self.tolerance_m:
                self.owner[members] = row
                self._note("gap", [row], shape_m, max(size_m, moved))
                return True
        return False

    def _takers(self, members: Ints) -> list[int]:
        """The owners around a shape, the one with the longest shared border first."""
        lengths: dict[int, float] = {}
        for face in members.tolist():
            for row, length in self._shared(face).items():
                lengths[row] = lengths.get(row, 0.0) + length
        return sorted(lengths, key=lambda row: (-lengths[row], row))

    def _cut_up(self, members: Ints, shape: Any, size_m: float) -> bool:
        """Share a long gap out triangle by triangle, each to a neighbour it hangs together with."""
        pieces = shapely.get_parts(shapely.constrained_delaunay_triangles(shape))
        around = self._beside(members)
        rows = self._takers(members)
        taker, farthest = self._grow(pieces, around[self.owner[around] >= 0], rows)
        taken = np.flatnonzero(taker != _NOBODY)
        if len(taken) == 0:
            return False
        self.added += [(pieces[piece], int(taker[piece])) for piece in taken]
        self.rest += list(pieces[taker == _NOBODY])
        self._drop(members)
        winners = [row for row in rows if row in taker]
        self._note("gap", winners, to_metres(shape), max(size_m, farthest))
        return True

    def _grow(self, pieces: Any, around: Ints, rows: list[int]) -> tuple[Ints, float]:
        """Who takes each piece of a gap (_NOBODY: no one), and how far a border moves by it.

        A grid takes the pieces that share an edge with what it has, as far as it may; the first of `rows` begins.
        """
        left, right, _ = neighbours(np.concatenate([pieces, self.faces.polygons[around]]))
        taker = np.concatenate([np.full(len(pieces), _NOBODY), self.owner[around]])
        pieces_m = to_metres(pieces)
        farthest = 0.0
        for row in rows:
            border = np.array([_NOBODY])
            while len(border):
                beside = np.concatenate([right[taker[left] == row], left[taker[right] == row]])
                border = np.unique(beside[taker[beside] == _NOBODY])
                moved = np.array([self._reach(pieces_m[piece], row) for piece in border])
                border = border[moved <= self.tolerance_m]
                taker[border] = row
                farthest = max(farthest, *moved[moved <= self.tolerance_m], 0.0)
        return taker[: len(pieces)], farthest

    def _shared(self, face: int) -> dict[int, float]:
        """Metres of border `face` shares with each owner around it."""
        lengths: dict[int, float] = {}
        for other in range(self._from[face], self._from[face + 1]):
            row = int(self.owner[self._around[other]])
            if row >= 0:
                lengths[row] = lengths.get(row, 0.0) + float(self._length[other])
        return lengths

    def _reach(self, shape_m: Any, row: int) -> float:
        """How far the border of a shape lies from the border polygon `row` had, at most, in metres."""
        border = shapely.boundary(shape_m)
        step_m = max(self.tolerance_m / 2, float(shapely.length(border)) / 256)
        points = shapely.points(shapely.get_coordinates(shapely.segmentize(border, step_m)))
        return float(np.max(shapely.distance(self.borders_m[row], points)))

    def _note(self, rule: str, rows: list[Any], shape_m: Any, moved_m: float) -> None:
        codes = ",".join(str(self.codes[row]) for row in rows)
        self.moves.append((rule, codes, f"{float(shapely.area(shape_m)):.1f} m²", moved_m))

    def shapes(self) -> Any:
        """The mended polygons, array[n]."""
        kept = self.owner == _KEPT
        pair = kept[self.faces.face] & ~np.isin(self.faces.face, list(self.dropped))
        owned = np.flatnonzero(self.owner >= 0)
        row = np.concatenate(
            [self.owner[owned], self.faces.owner[pair], np.array([row for _, row in self.added], dtype=np.int64)]
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
            own = pieces[order[first[number] : first[number + 1]]]
            result[number] = own[0] if len(own) == 1 else shapely.coverage_union_all(own)
        return result

    def left(self, result: Any) -> gpd.GeoDataFrame:
        """Overlaps and gaps wider than the tolerance, and shapes of which nothing is left."""
        rows = list(self._left(result))
        frame = gpd.GeoDataFrame(rows, columns=["rule", "codes", "geometry"], geometry="geometry", crs=GEOGRAPHIC)
        shapes_m = to_metres(np.asarray(frame.geometry.array, dtype=object))
        frame.insert(2, "size_m2", shapely.area(shapes_m))
        frame.insert(3, "size_m", width_m(shapes_m))
        return frame

    def _left(self, result: Any) -> Iterator[tuple[str, str, Any]]:
        for face in np.flatnonzero(self.owner == _KEPT):
            if face not in self.dropped:
                owners = self.faces.owner[self.start[face] : self.start[face + 1]]
                yield "overlap", ",".join(str(self.codes[row]) for row in owners), self.faces.polygons[face]
        for piece in self.rest:
            yield "gap", "", piece
        for row in np.flatnonzero(shapely.is_empty(result)):
            yield "empty", str(self.codes[row]), self.polygons[row]


def _grouped(values: Ints, group: Ints) -> list[Ints]:
    """`values` split by the number of their group."""
    order = np.argsort(group, kind="stable")
    return np.split(values[order], np.flatnonzero(np.diff(group[order])) + 1) if len(values) else []
