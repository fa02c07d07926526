"""The new course of a border that two grids share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.geo.crs import to_metres
from gridmap.geo.edges import edges_of
from gridmap.geo.width import width_m
from gridmap.planning.lattice import Point
from gridmap.planning.noding import Key, Linework, faces_of, key_of, united

MOST_STRETCHES = 8
"""Stretches of a closed border that are tried, the longest first: each costs a union."""


def widths_m(shapes: Any) -> npt.NDArray[np.float64]:
    """Widths in metres of geometries (EPSG:4490), 0 for points and lines."""
    areal = np.where(shapely.area(shapes) > 0, shapes, shapely.Polygon())
    return width_m(to_metres(areal)) if len(areal) else np.zeros(0)


def new_sides(
    faces: Any, source: list[int], both: list[int], work: Linework
) -> list[int] | None:
    """Which of the two grids each face goes to when the drawn line becomes their border;
    None: it cannot.

    `faces` are cut by the old borders and the line, `source` the grid of each. Of the
    stretches of the old border that the line may replace, the one counts that moves the
    least land and leaves both grids in one piece.
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
    for unchanged in _unchanged_stretches(old, fresh):
        target = _assigned(faces, source, both, outer | drawn | unchanged)
        changes_hands = [
            was != becomes for was, becomes in zip(source, target, strict=True)
        ]
        moved = float(area[changes_hands].sum())
        is_less = moved > 0 and (best is None or moved < best[0])
        if is_less and _is_border(faces, target, fresh, both):
            best = moved, target
    return best[1] if best else None


def _sides(faces: Any, codes: list[int]) -> dict[Key, list[int]]:
    """For each straight piece the codes of the faces beside it."""
    edges = edges_of(faces)
    beside: dict[Key, list[int]] = {}
    for row, a, b in zip(
        edges.owner.tolist(), edges.start.tolist(), edges.end.tolist(), strict=True
    ):
        beside.setdefault(key_of(tuple(a), tuple(b)), []).append(codes[row])
    return beside


def _unchanged_stretches(old: set[Key], fresh: set[Key]) -> Iterator[set[Key]]:
    """What may stay of the old border: what lies before the first and after the last place
    where the line meets it.

    Between these places nothing stays, however often they meet: a border in one piece has no forks.
    """
    meets = {point for key in fresh for point in key}
    for chain in _chains(old):
        stops = [at for at, point in enumerate(chain) if point in meets]
        end = len(chain) - 1
        if chain[0] == chain[end]:
            places = sorted({at % end for at in stops})
            yield from _unchanged_of_ring(old, chain[:end], places)
            continue
        first, last = (stops[0], stops[-1]) if stops else (0, end)
        for begin, until in product(sorted({0, first}), sorted({last, end})):
            if begin < until:
                yield old - _pieces(chain[begin : until + 1])
    yield set()


def _unchanged_of_ring(
    old: set[Key], ring: list[Point], stops: list[int]
) -> Iterator[set[Key]]:
    """The same where the border closes round a grid inside the other: the stretch between
    two places stays, or none.

    Of very many stretches the longest are tried.
    """
    rest = old - _pieces([*ring, ring[0]])
    turned = [
        (ring[a:] + ring[:a])[: (b - a) % len(ring) + 1]
        for a, b in pairwise([*stops, *stops[:1]])
    ]
    for stretch in sorted(turned, key=len, reverse=True)[:MOST_STRETCHES]:
        yield rest | _pieces(stretch)
    yield rest


def _pieces(points: list[Point]) -> set[Key]:
    return {key_of(a, b) for a, b in pairwise(points)}


def _chains(segments: set[Key]) -> list[list[Point]]:
    """Straight pieces as chains of points."""
    if not segments:
        return []
    lines = shapely.line_merge(shapely.multilinestrings(np.array(sorted(segments))))
    return [
        [tuple(point) for point in shapely.get_coordinates(line).tolist()]
        for line in shapely.get_parts(lines)
    ]


def _assigned(faces: Any, source: list[int], both: list[int], lines: set[Key]) -> list[int]:
    """Each face to the grid that has most of the larger face it lies in once only `lines` part."""
    larger = faces_of(lines)
    inner = shapely.point_on_surface(faces)
    face, home = shapely.STRtree(larger).query(inner, predicate="within")
    face_of = np.full(len(faces), -1)
    face_of[face] = home
    area = shapely.area(faces)
    mine = np.array(source) == both[0]
    result = list(source)
    for number in np.unique(face_of[face_of >= 0]):
        inside = face_of == number
        winner = (
            both[0] if area[inside & mine].sum() >= area[inside & ~mine].sum() else both[1]
        )
        for row in np.flatnonzero(inside).tolist():
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
    return all(
        shapely.get_num_geometries(united(faces[rows == code], code)) == 1 for code in both
    )
