"""A coverage as arcs: each border stored once, with the polygon on its left and the one on
its right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

OUTSIDE = -1
Ints = npt.NDArray[np.int64]
_HALF = np.int64(1) << np.int64(31)


@dataclass(frozen=True, slots=True)
class Arcs:
    """Borders of a coverage on a grid of whole numbers.

    `x`, `y` (int64[p]) are the points of all arcs one after another; arc i owns the points
    `start[i]:start[i + 1]` (`start` is int64[a + 1]); `left`, `right` (int64[a]) are the
    rows of the polygons beside it, `OUTSIDE` where there is none. Arcs follow each other
    end to end where they can.
    """

    x: Ints
    y: Ints
    start: Ints
    left: Ints
    right: Ints

    def __len__(self) -> int:
        """Number of arcs."""
        return len(self.left)


def build(
    polygons: npt.NDArray[np.object_], *, origin: tuple[float, float], quantum: float
) -> Arcs:
    """The arcs of `polygons` (longitude/latitude), coordinates counted in `quantum` degrees
    from `origin`.

    A piece that shrinks to nothing on that grid disappears; its neighbours then meet,
    without a gap. Where polygons do not share a border vertex for vertex, each keeps its
    own arc with `OUTSIDE` on the other side.
    """
    keys, ends, faces = _directed_edges(polygons, origin=origin, quantum=quantum)
    tail, head, left, right = _undirected(ends, faces, len(keys))
    chains, order = _chain(tail, head, np.minimum(_high(left), _high(right)), len(keys))
    sizes = np.array([len(chain) for chain in chains], dtype=np.int64)
    points = np.fromiter(
        (vertex for chain in chains for vertex in chain),
        dtype=np.int64,
        count=int(sizes.sum()),
    )
    x, y = np.divmod(keys[points], _HALF)
    forward = np.array(
        [tail[edge] == chain[0] for edge, chain in zip(order, chains, strict=True)],
        dtype=bool,
    )
    # A two-vertex lens has both edges leaving the same vertex: the second point decides.
    forward &= np.array(
        [head[edge] == chain[1] for edge, chain in zip(order, chains, strict=True)],
        dtype=bool,
    )
    edges = np.asarray(order, dtype=np.int64)
    nothing = np.zeros(0, np.int64)
    return Arcs(
        x=x - (_HALF >> 1),
        y=y - (_HALF >> 1),
        start=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        left=np.where(forward, left[edges], right[edges]) if len(edges) else nothing,
        right=np.where(forward, right[edges], left[edges]) if len(edges) else nothing,
    )


def _directed_edges(
    polygons: npt.NDArray[np.object_], *, origin: tuple[float, float], quantum: float
) -> tuple[Ints, Ints, Ints]:
    """Vertices as packed keys (int64[v], unique), edges as vertex numbers (int64[e, 2]),
    the polygon on their left.
    """
    shapes = shapely.orient_polygons(np.asarray(polygons, dtype=object), exterior_cw=False)
    parts, part_face = shapely.get_parts(shapes, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    xy, point_ring = shapely.get_coordinates(rings, return_index=True)
    whole = np.rint((xy - np.asarray(origin)) / quantum).astype(np.int64) + (_HALF >> 1)
    keys, vertex = np.unique(whole[:, 0] * _HALF + whole[:, 1], return_inverse=True)
    same_ring = point_ring[1:] == point_ring[:-1]
    ends = np.column_stack((vertex[:-1], vertex[1:]))
    keep = same_ring & (ends[:, 0] != ends[:, 1])
    faces = (
        part_face[ring_part[point_ring[:-1]]] if len(point_ring) else np.zeros(0, np.int64)
    )
    return keys, ends[keep].astype(np.int64), faces[keep].astype(np.int64)


def _undirected(ends: Ints, faces: Ints, vertices: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Each edge once: tail < head, left and right polygon; a polygon on both sides (a
    spike) cancels out.
    """
    low, high = ends.min(axis=1, initial=vertices), ends.max(axis=1, initial=0)
    sign = np.where(ends[:, 0] < ends[:, 1], 1, -1)
    edge = low * np.int64(max(vertices, 1)) + high
    order = np.lexsort((faces, edge))
    edge, faces, sign = edge[order], faces[order], sign[order]
    first = np.ones(len(edge), dtype=bool)
    first[1:] = (edge[1:] != edge[:-1]) | (faces[1:] != faces[:-1])
    at = np.flatnonzero(first)
    net = np.add.reduceat(sign, at) if len(at) else sign
    edge, faces = edge[at], faces[at]
    slots, left, right = _pair(edge, faces, net)
    tail, head = np.divmod(slots, np.int64(max(vertices, 1)))
    return tail, head, left, right


def _pair(edge: Ints, faces: Ints, net: Ints) -> tuple[Ints, Ints, Ints]:
    """Match left and right polygons of an edge; edges that several polygons claim on one
    side are repeated.
    """
    sides = []
    for sign in (1, -1):
        chosen = np.repeat(np.flatnonzero(net * sign > 0), np.abs(net[net * sign > 0]))
        claimed = edge[chosen]
        rank = np.arange(len(claimed)) - np.searchsorted(claimed, claimed)
        sides.append((claimed * 8 + np.minimum(rank, 7), faces[chosen]))
    slots = np.unique(np.concatenate([side[0] for side in sides]))
    columns = []
    for keys, side_faces in sides:
        column = np.full(len(slots), OUTSIDE, dtype=np.int64)
        column[np.searchsorted(slots, keys)] = side_faces
        columns.append(column)
    return slots // 8, columns[0], columns[1]


def _high(faces: Ints) -> Ints:
    """Rows for ordering: outside comes last."""
    return np.where(faces == OUTSIDE, np.iinfo(np.int64).max, faces)


def _chain(
    tail: Ints, head: Ints, order_by: Ints, vertices: int
) -> tuple[list[list[int]], list[int]]:
    """Join edges into arcs that end where three borders meet; arcs continue each other
    where they can.

    Returns the vertex numbers of each arc, and one edge of it (its first).
    """
    degree = np.bincount(np.concatenate((tail, head)), minlength=vertices)
    incident = np.argsort(np.concatenate((tail, head)), kind="stable") % max(len(tail), 1)
    walk = _Walk(
        ends=(tail + head).tolist(),
        incident=incident.tolist(),
        first=np.concatenate(([0], np.cumsum(degree))).tolist(),
        node=(degree != 2).tolist(),
        used=bytearray(len(tail)),
        chains=[],
        order=[],
    )
    by_place = np.argsort(order_by, kind="stable")
    for corner in (True, False):
        for edge, vertex in zip(by_place.tolist(), tail[by_place].tolist(), strict=True):
            if not walk.used[edge] and (walk.node[vertex] or not corner):
                walk.trail(vertex)
        for edge, vertex in zip(by_place.tolist(), head[by_place].tolist(), strict=True):
            if not walk.used[edge] and (walk.node[vertex] or not corner):
                walk.trail(vertex)
    return walk.chains, walk.order


@dataclass(slots=True)
class _Walk:
    """A walk over all edges, each used once. `ends[e]` is tail + head, so the other end is
    a subtraction.
    """

    ends: list[int]
    incident: list[int]
    first: list[int]
    node: list[bool]
    used: bytearray
    chains: list[list[int]]
    order: list[int]

    def trail(self, vertex: int) -> None:
        """Arcs from `vertex` on, each beginning where the last one ended."""
        edge = self._free(vertex)
        while edge >= 0:
            vertex = self._arc(vertex, edge)
            edge = self._free(vertex)

    def _arc(self, vertex: int, edge: int) -> int:
        chain = [vertex]
        self.order.append(edge)
        origin = vertex
        while edge >= 0:
            self.used[edge] = 1
            vertex = self.ends[edge] - vertex
            chain.append(vertex)
            edge = -1 if self.node[vertex] or vertex == origin else self._free(vertex)
        self.chains.append(chain)
        return vertex

    def _free(self, vertex: int) -> int:
        for at in range(self.first[vertex], self.first[vertex + 1]):
            if not self.used[self.incident[at]]:
                return self.incident[at]
        return -1
