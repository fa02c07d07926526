"""The new course of a border that two grids share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.geo.crs import to_metres
from gridmap.geo.edges import edges_of
from gridmap.geo.width import width_m
from gridmap.planning.lattice import Point
from gridmap.planning.noding import Key, Linework, faces_of, key_of


def widths_m(shapes: Any) -> npt.NDArray[np.float64]:
    """Widths in metres of geometries (EPSG:4490), 0 for points and lines."""
    areal = np.where(shapely.area(shapes) > 0, shapes, shapely.Polygon())
    return width_m(to_metres(areal)) if len(areal) else np.zeros(0)


def new_sides(faces: Any, source: list[int], both: list[int], work: Linework) -> list[int] | None:
    """Which of the two grids each face goes to when the drawn line becomes their border; None: it cannot.

    `faces` are cut by the old borders and the line, `source` the grid of each. Of the stretches of the old border
    that the line may replace, the one counts that moves the least land and leaves both grids in one piece.
    """
    owner = _sides(faces, source)
    old = {key for key, codes in owner.items() if len(set(codes)) == 2}
    outer = {key for key, codes in owner.items() if len(codes) == 1}
    drawn = {key for key in work.drawn_segments() if key in owner} - outer
    fresh = drawn - old
    if not fresh:
        return None
    best: tuple[float, list[int]] | None = None
    area = shapely.area(faces)
    for kept in _kept(old, fresh):
        target = _assigned(faces, source, both, outer | fresh | kept)
        moved = float(area[[one != other for one, other in zip(source, target, strict=True)]].sum())
        if (best is None or moved < best[0]) and moved > 0 and _is_border(faces, target, fresh, both):
            best = moved, target
    return best[1] if best else None


def _sides(faces: Any, codes: list[int]) -> dict[Key, list[int]]:
    """For each straight piece the codes of the faces beside it."""
    edges = edges_of(faces)
    found: dict[Key, list[int]] = {}
    for row, a, b in zip(edges.owner.tolist(), edges.start.tolist(), edges.end.tolist(), strict=True):
        found.setdefault(key_of(tuple(a), tuple(b)), []).append(codes[row])
    return found


def _kept(old: set[Key], fresh: set[Key]) -> Iterator[set[Key]]:
    """What may stay of the old border: all but one stretch between places where the line meets it, or its ends."""
    meets = {point for key in fresh for point in key}
    for chain in _chains(old):
        stops = [at for at, point in enumerate(chain) if point in meets or at in {0, len(chain) - 1}]
        for first, begin in enumerate(stops):
            for end in stops[first + 1 :]:
                yield old - {key_of(a, b) for a, b in pairwise(chain[begin : end + 1])}
    yield set()


def _chains(segments: set[Key]) -> list[list[Point]]:
    """Straight pieces as chains of points."""
    if not segments:
        return []
    lines = shapely.line_merge(shapely.multilinestrings(np.array(sorted(segments))))
    return [[tuple(point) for point in shapely.get_coordinates(line).tolist()] for line in shapely.get_parts(lines)]


def _assigned(faces: Any, source: list[int], both: list[int], lines: set[Key]) -> list[int]:
    """Each face to the grid that has most of the larger face it lies in once only `lines` part."""
    larger = faces_of(lines)
    inner = shapely.point_on_surface(faces)
    face, home = shapely.STRtree(larger).query(inner, predicate="within")
    place = np.full(len(faces), -1)
    place[face] = home
    area = shapely.area(faces)
    mine = np.array(source) == both[0]
    result = list(source)
    for one in np.unique(place[place >= 0]):
        here = place == one
        winner = both[0] if area[here & mine].sum() >= area[here & ~mine].sum() else both[1]
        for row in np.flatnonzero(here).tolist():
            result[row] = winner
    return result


def _is_border(faces: Any, target: list[int], fresh: set[Key], both: list[int]) -> bool:
    """Whether every piece of the line parts the two grids, and each of them is in one piece."""
    if set(target) != set(both):
        return False
    sides = _sides(faces, target)
    if not all(len(set(sides[key])) == 2 for key in fresh):
        return False
    rows = np.array(target)
    return all(shapely.get_num_geometries(shapely.coverage_union_all(faces[rows == code])) == 1 for code in both)
