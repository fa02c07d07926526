"""From labelled cells to polygons: the borders between labels, chained into rings that
neighbours share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.demo.mesh import Mesh
from gridmap.demo.plane import to_degrees

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FEWEST_VERTICES = 20


@dataclass(frozen=True)
class Borders:
    """Directed border pieces: `left`, `right` labels (−1 outside), `start`, `end` nodes;
    `nodes` float64[n, 2] °.
    """

    left: Ints
    right: Ints
    start: Ints
    end: Ints
    nodes: Floats

    def polygons(self, group: Ints) -> npt.NDArray[np.object_]:
        """One polygon for each value 0…max of `group` (int64 per label), made of its labels."""
        left, right = group[self.left], np.where(self.right < 0, -1, group[self.right])
        keep = left != right
        return _chain(
            left[keep], self.start[keep], self.end[keep], self.nodes, int(group.max()) + 1
        )

    def vertices(self, count: int) -> Ints:
        """Number of vertices of each label's polygon, int64[count]."""
        return np.bincount(self.left, minlength=count)


def trace(mesh: Mesh, label: Ints, rng: np.random.Generator) -> Borders:
    """The borders between the cells' labels (int64[cells]), with more vertices where a
    label has too few.
    """
    net = _Net(mesh, label, rng)
    bent = net.must_bend.copy()
    borders = net.borders(bent)
    count = int(label.max()) + 1
    for _ in range(2):
        few = borders.vertices(count) < FEWEST_VERTICES
        if not few.any():
            break
        bent |= few[net.dual_left] | few[net.dual_right]
        borders = net.borders(bent)
    return borders


class _Net:
    """Pieces of border inside the triangles (dual) and along county borders (rim), before
    they are joined.
    """

    def __init__(self, mesh: Mesh, label: Ints, rng: np.random.Generator) -> None:
        self.mesh, self.label = mesh, label
        count, points = len(mesh.triangles), len(mesh.points)
        self.points = points
        share = rng.dirichlet((5.0, 5.0, 5.0), size=count)
        corners = mesh.points[mesh.triangles]
        self.centres = (corners * share[:, :, None]).sum(axis=1)
        triangle, side = np.nonzero(np.ones((count, 3), dtype=bool))
        neighbour = mesh.neighbours[triangle, side]
        self._dual(triangle, side, neighbour, rng)
        self._rim(triangle, side, neighbour, rng)

    def _sides(self, triangle: Ints, side: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        i, j = (side + 1) % 3, (side + 2) % 3
        cell, triangles = self.mesh.corner_cell, self.mesh.triangles
        return (
            triangles[triangle, i],
            triangles[triangle, j],
            self.label[cell[triangle, i]],
            self.label[cell[triangle, j]],
        )

    def _dual(
        self, triangle: Ints, side: Ints, neighbour: Ints, rng: np.random.Generator
    ) -> None:
        county = self.mesh.county
        inner = (neighbour > triangle) & (county[triangle] == county[neighbour])
        triangle, side, neighbour = triangle[inner], side[inner], neighbour[inner]
        a, b, left, right = self._sides(triangle, side)
        cross = left != right
        self.dual_from, self.dual_to = neighbour[cross], triangle[cross]
        self.dual_left, self.dual_right = left[cross], right[cross]
        start, end = self.mesh.points[a[cross]], self.mesh.points[b[cross]]
        share = rng.uniform(0.38, 0.62, size=(len(start), 1))
        self.bends = start + (end - start) * share
        self.must_bend = ~_crosses(
            self.centres[self.dual_from], self.centres[self.dual_to], start, end
        )

    def _rim(
        self, triangle: Ints, side: Ints, neighbour: Ints, rng: np.random.Generator
    ) -> None:
        county, mesh = self.mesh.county, self.mesh
        rim = (neighbour < 0) | (county[triangle] != county[neighbour])
        triangle, side, neighbour = triangle[rim], side[rim], neighbour[rim]
        self.rim_triangle = triangle
        self.rim_a, self.rim_b, self.rim_left_a, self.rim_left_b = self._sides(
            triangle, side
        )
        known = neighbour >= 0
        across = np.where(known, neighbour, 0)
        for name, point in (("rim_right_a", self.rim_a), ("rim_right_b", self.rim_b)):
            place = np.argmax(mesh.triangles[across] == point[:, None], axis=1)
            setattr(
                self, name, np.where(known, self.label[mesh.corner_cell[across, place]], -1)
            )
        low, high = np.minimum(self.rim_a, self.rim_b), np.maximum(self.rim_a, self.rim_b)
        keys, self.rim_edge = np.unique(low * self.points + high, return_inverse=True)
        first, second = np.divmod(keys, self.points)
        share = rng.uniform(0.4, 0.6, size=(len(keys), 1))
        self.middles = (
            mesh.points[first] + (mesh.points[second] - mesh.points[first]) * share
        )
        self.rim_met = np.zeros(len(keys), dtype=bool)
        self.rim_met[self.rim_edge[self.rim_left_a != self.rim_left_b]] = True

    rim_right_a: Ints
    rim_right_b: Ints

    def borders(self, bent: npt.NDArray[np.bool_]) -> Borders:
        """All pieces, duals bent at a point of the crossed edge where `bent`; nodes in
        rounded degrees.
        """
        centre = self.points
        middle = centre + len(self.centres)
        bend = middle + len(self.middles)
        nodes = to_degrees(
            np.vstack([self.mesh.points, self.centres, self.middles, self.bends])
        )
        pieces: list[tuple[Ints, Ints, Ints, Ints]] = []
        c_from, c_to = self.dual_from + centre, self.dual_to + centre
        k = np.arange(len(bent)) + bend
        for begin, end, pick in ((c_from, c_to, ~bent), (c_from, k, bent), (k, c_to, bent)):
            left, right = self.dual_left[pick], self.dual_right[pick]
            pieces.append((left, right, begin[pick], end[pick]))
            pieces.append((right, left, end[pick], begin[pick]))
        pieces.extend(self._rim_pieces(centre, middle))
        left, right, start, end = (
            np.concatenate([piece[part] for piece in pieces]) for part in range(4)
        )
        return Borders(left, right, start, end, nodes)

    def _rim_pieces(self, centre: int, middle: int) -> list[tuple[Ints, Ints, Ints, Ints]]:
        met, m = self.rim_met[self.rim_edge], self.rim_edge + middle
        c = self.rim_triangle + centre
        la, lb = self.rim_left_a, self.rim_left_b
        ra, rb = self.rim_right_a, self.rim_right_b
        # An edge is whole where no border of labels meets it, else it is two halves; where
        # its two ends differ, a spoke runs from its middle to the triangle's centre.
        whole = ~met & (la != ra)
        half_a, half_b = met & (la != ra), met & (lb != rb)
        spoke = la != lb
        return [
            (la[whole], ra[whole], self.rim_a[whole], self.rim_b[whole]),
            (la[half_a], ra[half_a], self.rim_a[half_a], m[half_a]),
            (lb[half_b], rb[half_b], m[half_b], self.rim_b[half_b]),
            (la[spoke], lb[spoke], m[spoke], c[spoke]),
            (lb[spoke], la[spoke], c[spoke], m[spoke]),
        ]


def _crosses(p: Floats, q: Floats, a: Floats, b: Floats) -> npt.NDArray[np.bool_]:
    """Whether segment p→q passes well inside segment a→b (all float64[n, 2]; q and p lie on
    its two sides).
    """
    d, e = q - p, b - a
    area = d[:, 0] * e[:, 1] - d[:, 1] * e[:, 0]
    f = a - p
    share = (f[:, 1] * d[:, 0] - f[:, 0] * d[:, 1]) / np.where(area == 0, 1.0, -area)
    return np.asarray((area != 0) & (share > 0.05) & (share < 0.95))


def _chain(
    left: Ints, start: Ints, end: Ints, nodes: Floats, count: int
) -> npt.NDArray[np.object_]:
    """Polygons of labels 0…count−1 from directed pieces that keep their label on the left."""
    size = len(nodes)
    order = np.argsort(left * size + start, kind="stable")
    left, start, end = left[order], start[order], end[order]
    key = left * size + start
    follow = np.searchsorted(key, left * size + end)
    twin = np.append(key[1:] == key[:-1], False)
    follow = _turn(follow, twin, start, end, nodes)
    coordinates, ring_of, label_of = _walk(follow.tolist(), start.tolist(), left)
    rings = shapely.linearrings(nodes[coordinates], indices=ring_of)
    shell = shapely.is_ccw(rings)
    area = shapely.area(shapely.polygons(rings))
    # The largest anticlockwise ring is the label's outline; clockwise rings are its holes.
    rank = np.lexsort((-area, ~shell, label_of))
    ordered = label_of[rank]
    first = rank[np.append(True, np.diff(ordered) > 0)]
    polygons = np.full(count, None, dtype=object)
    polygons[label_of[first]] = shapely.polygons(rings[first])
    for hole in np.flatnonzero(~shell):
        owner = label_of[hole]
        inner = [*polygons[owner].interiors, rings[hole]]
        polygons[owner] = shapely.polygons(polygons[owner].exterior, inner)
    return polygons


def _turn(
    follow: Ints, twin: npt.NDArray[np.bool_], start: Ints, end: Ints, nodes: Floats
) -> Ints:
    """Where a label meets itself at a point, go on along the rightmost way, which splits
    the ring there.
    """
    follow = follow.copy()
    for piece in np.flatnonzero(twin[follow]):
        options = [follow[piece]]
        while twin[options[-1]]:
            options.append(options[-1] + 1)
        came = nodes[end[piece]] - nodes[start[piece]]
        heading = np.arctan2(came[1], came[0])
        goes = nodes[end[options]] - nodes[start[options]]
        turn = (np.arctan2(goes[:, 1], goes[:, 0]) - heading + np.pi) % (2 * np.pi)
        follow[piece] = options[int(np.argmin(turn))]
    return follow


def _walk(follow: list[int], start: list[int], left: Ints) -> tuple[Ints, Ints, Ints]:
    """Nodes in ring order, the ring of each node, and the label of each ring."""
    used = bytearray(len(follow))
    nodes: list[int] = []
    ring_of: list[int] = []
    label_of: list[int] = []
    for first in range(len(follow)):
        if used[first]:
            continue
        piece, ring = first, len(label_of)
        while not used[piece]:
            used[piece] = 1
            nodes.append(start[piece])
            ring_of.append(ring)
            piece = follow[piece]
        label_of.append(int(left[first]))
    return np.array(nodes), np.array(ring_of), np.array(label_of)
