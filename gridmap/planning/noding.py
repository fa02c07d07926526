"""Drawn lines and borders brought together: they meet in common vertices on the lattice and
nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.geo.edges import edges_of
from gridmap.geo.orientation import orientation
from gridmap.planning.drawing import crossing, without_repeats
from gridmap.planning.lattice import Point, metres_per_degree, on_edge, rounded
from gridmap.planning.refusal import refuse

Floats = npt.NDArray[np.float64]
Key = tuple[Point, Point]

_ROUNDS = 12  # a line that still meets something new then is refused, see `meet`


class Linework:
    """The borders of some polygons, and the vertices that drawn lines put into them.

    A border is known by its ends, the lower first. `lines` are the drawn lines, lists of
    points, after `draw`.
    """

    def __init__(self, polygons: Any, *, snap_m: float, references: Any = ()) -> None:
        edges = edges_of(polygons)
        ends = zip(
            map(tuple, edges.start.tolist()), map(tuple, edges.end.tolist()), strict=True
        )
        self.pieces: dict[Key, list[Point]] = {
            key: list(key) for key in (key_of(a, b) for a, b in ends)
        }
        self.lines: list[list[Point]] = []
        self.snap_m = snap_m
        self._scale = metres_per_degree(float(shapely.total_bounds(polygons)[1]))
        self._references = np.asarray(references, dtype=object)

    def draw(self, points: Floats) -> list[Point]:
        """Add a drawn line, its vertices snapped and rounded: to vertices, else borders,
        else reference geometries.

        Raises EditRefusal `too_few_points` when nothing of it is left, `self_crossing`.
        """
        snapped = self._snap(points)
        line = [tuple(point) for point in without_repeats(snapped).tolist()]
        if len(line) < 2:
            raise refuse("too_few_points", at=points[0], value="1")
        if not shapely.is_simple(shapely.linestrings(line)):
            raise refuse("self_crossing", at=crossing(np.array(line)))
        self.lines.append(line)
        return line

    def _snap(self, points: Floats) -> Floats:
        result = rounded(points)
        places = shapely.points(points * self._scale)
        vertices = np.unique(
            np.array([point for piece in self.pieces.values() for point in piece]), axis=0
        )
        done = self._to_vertices(result, places, vertices)
        self._to_borders(result, places, np.flatnonzero(~done), done)
        if len(self._references):
            corners = shapely.get_coordinates(self._references)
            left = np.flatnonzero(~done)
            result[left], is_snapped = self._nearest_vertex(
                result[left], places[left], corners
            )
            done[left] |= is_snapped
            self._to_references(result, places, np.flatnonzero(~done))
        return result

    def _to_vertices(
        self, result: Floats, places: Any, vertices: Floats
    ) -> npt.NDArray[np.bool_]:
        result[:], is_snapped = self._nearest_vertex(result, places, vertices)
        return is_snapped

    def _nearest_vertex(
        self, result: Floats, places: Any, vertices: Floats
    ) -> tuple[Floats, npt.NDArray[np.bool_]]:
        tree = shapely.STRtree(shapely.points(vertices * self._scale))
        near, which = tree.query_nearest(
            places, max_distance=self.snap_m, all_matches=False
        )
        moved, is_snapped = result.copy(), np.zeros(len(result), dtype=bool)
        moved[near], is_snapped[near] = rounded(vertices[which]), True
        return moved, is_snapped

    def _to_borders(
        self,
        result: Floats,
        places: Any,
        rows: npt.NDArray[Any],
        done: npt.NDArray[np.bool_],
    ) -> None:
        keys = list(self.pieces)
        tree = shapely.STRtree(shapely.linestrings(np.array(keys) * self._scale))
        near, which = tree.query_nearest(
            places[rows], max_distance=self.snap_m, all_matches=False
        )
        for row, key in zip(rows[near].tolist(), which.tolist(), strict=True):
            place = on_edge(
                keys[key][0], keys[key][1], (float(result[row, 0]), float(result[row, 1]))
            )
            if place is not None:
                self._put(keys[key], place)
                result[row], done[row] = place, True

    def _to_references(self, result: Floats, places: Any, rows: npt.NDArray[Any]) -> None:
        lines = shapely.transform(self._references, lambda xy: xy * self._scale)
        tree = shapely.STRtree(lines)
        near, which = tree.query_nearest(
            places[rows], max_distance=self.snap_m, all_matches=False
        )
        for row, line in zip(rows[near].tolist(), which.tolist(), strict=True):
            foot = shapely.shortest_line(lines[line], places[row])
            result[row] = rounded(shapely.get_coordinates(foot)[0] / self._scale)

    def _put(self, key: Key, place: Point) -> None:
        """Put a vertex into a border, in its order along it."""
        piece = self.pieces[key]
        if place in piece:
            return
        piece.append(place)
        piece.sort(key=lambda point: _along(*key, point))

    def meet(self) -> None:
        """Put a vertex wherever a drawn line and a border meet. Raises EditRefusal `not_exact`
        when that finds no end.
        """
        # A vertex is rounded to the lattice, which bends the line: it may meet others then.
        for _ in range(_ROUNDS):
            if not self._meet_once():
                return
        raise refuse("not_exact", at=self.lines[0][0])

    def _meet_once(self) -> bool:
        """Whether a vertex was put anywhere."""
        borders = [
            (key, a, b) for key, piece in self.pieces.items() for a, b in pairwise(piece)
        ]
        drawn = [
            (row, a, b) for row, line in enumerate(self.lines) for a, b in pairwise(line)
        ]
        border_pieces, drawn_pieces = (
            shapely.linestrings(np.array([(a, b) for _, a, b in pieces]))
            for pieces in (borders, drawn)
        )
        tree = shapely.STRtree(border_pieces)
        drawn_row, border_row = tree.query(drawn_pieces, predicate="intersects")
        into_lines: dict[tuple[int, Point, Point], set[Point]] = {}
        into_borders: set[tuple[Key, Point]] = set()
        for i, j in zip(drawn_row.tolist(), border_row.tolist(), strict=True):
            row, p, q = drawn[i]
            key, a, b = borders[j]
            place, of_border, of_line = self._meeting((a, b), (p, q))
            if of_border and place is not None:
                into_borders.add((key, place))
            if of_line and place is not None:
                into_lines.setdefault((row, p, q), set()).add(place)
        for key, place in into_borders:
            self._put(key, place)
        self.lines = [_with(line, row, into_lines) for row, line in enumerate(self.lines)]
        return bool(into_borders or into_lines)

    def _meeting(self, border: Key, drawn: Key) -> tuple[Point | None, bool, bool]:
        """Where a border and a drawn piece meet, and whether that is new to the border, and
        to the piece.
        """
        (a, b), (p, q) = border, drawn
        shared = {a, b} & {p, q}
        p_side, q_side = orientation(*a, *b, *p), orientation(*a, *b, *q)
        a_side, b_side = orientation(*p, *q, *a), orientation(*p, *q, *b)
        if p_side * q_side < 0 and a_side * b_side < 0 and not shared:
            return self._crossing(border, drawn)
        for end, side in ((p, p_side), (q, q_side)):
            if side == 0 and end not in shared and _between(a, b, end):
                return end, True, False
        for end, side in ((a, a_side), (b, b_side)):
            if side == 0 and end not in shared and _between(p, q, end):
                return end, False, True
        return None, False, False

    def _crossing(self, border: Key, drawn: Key) -> tuple[Point | None, bool, bool]:
        """A vertex for both: an end of the border that is near enough, else the best place
        on it.
        """
        (a, b), (p, q) = (
            (np.array(pair) for pair in border),
            (np.array(pair) for pair in drawn),
        )
        along, across = b - a, q - p
        foot = a + _share(a, along, p, across) * along
        gap_m = [float(np.hypot(*((end - foot) * self._scale))) for end in (a, b)]
        nearest = int(np.argmin(gap_m))
        place = on_edge(*border, tuple(foot)) if gap_m[nearest] > self.snap_m else None
        if place is None:
            return border[nearest], False, border[nearest] not in drawn
        return place, True, place not in drawn

    @property
    def inserted(self) -> dict[Key, list[Point]]:
        """The borders that got vertices, each with all its points in order."""
        return {key: piece for key, piece in self.pieces.items() if len(piece) > 2}

    def border_segments(self) -> set[Key]:
        """The straight pieces of all borders."""
        return {key_of(a, b) for piece in self.pieces.values() for a, b in pairwise(piece)}

    def drawn_segments(self) -> set[Key]:
        """The straight pieces of all drawn lines."""
        return {key_of(a, b) for line in self.lines for a, b in pairwise(line)}


def key_of(a: Any, b: Any) -> Key:
    """A straight piece by its ends, the lower first."""
    return (a, b) if a <= b else (b, a)


def faces_of(segments: Iterable[Key]) -> Any:
    """The faces that straight pieces which meet in vertices alone enclose, array[f]."""
    lines = np.array(sorted(segments))
    if not len(lines):
        return np.empty(0, object)
    return shapely.get_parts(shapely.polygonize(shapely.linestrings(lines)))


def with_vertices(polygon: Any, inserted: dict[Key, list[Point]]) -> Any:
    """`polygon` with the vertices that were put into its borders; the same object when
    there are none.
    """
    rings = [_filled(ring, inserted) for ring in shapely.get_rings(polygon)]
    if not any(changed for _, changed in rings):
        return polygon
    shell, *holes = (points for points, _ in rings)
    return shapely.Polygon(shell, holes)


def _filled(ring: Any, inserted: dict[Key, list[Point]]) -> tuple[list[Point], bool]:
    points = [tuple(point) for point in shapely.get_coordinates(ring).tolist()]
    result, changed = [points[0]], False
    for a, b in pairwise(points):
        piece = inserted.get(key_of(a, b))
        if piece is not None:
            between = piece[1:-1] if a <= b else piece[-2:0:-1]
            result.extend(between)
            changed = True
        result.append(b)
    return result, changed


def _with(
    line: list[Point], row: int, into: dict[tuple[int, Point, Point], set[Point]]
) -> list[Point]:
    """A drawn line with the vertices that belong into its pieces."""
    result = line[:1]
    for p, q in pairwise(line):
        fresh = into.get((row, p, q), set())
        result.extend(sorted(fresh, key=lambda point: _along(p, q, point)))
        result.append(q)
    return [point for at, point in enumerate(result) if at == 0 or point != result[at - 1]]


def _along(a: Point, b: Point, point: Point) -> float:
    """How far along from a towards b a point lies, times the length from a to b."""
    return (point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])


def _between(a: Point, b: Point, point: Point) -> bool:
    """Whether a point on the line through a and b lies between them."""
    return 0 < _along(a, b, point) < (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2


def _share(a: Floats, along: Floats, p: Floats, across: Floats) -> float:
    """How far along from a the line from p across meets it, 0 to 1."""
    gap = p - a
    return float(
        (gap[0] * across[1] - gap[1] * across[0])
        / (along[0] * across[1] - along[1] * across[0])
    )


def united(polygons: Any, *codes: int) -> Any:
    """Polygons that meet vertex on vertex as one. Raises EditRefusal `not_exact` where they do
    not quite.
    """
    try:
        return shapely.coverage_union_all(polygons)
    except shapely.errors.GEOSException as error:
        raise refuse("not_exact", *codes, at=polygons[0]) from error
