"""Cells of the mesh grouped into connected parts: counties, townships, villages, grids,
each inside the one above.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from gridmap.demo.mesh import Mesh

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ROUGHNESS = 0.35
_DAMPING = 0.45
_LATEST = 0.5
_OUTSIDE_KM = 1.0
_CROWDED_KM = 0.4


@dataclass(frozen=True)
class CellGraph:
    """Cells that share a border: `left`, `right` int64[k], `length` float64[k] in local
    spacings (noisy).
    """

    count: int
    left: Ints
    right: Ints
    length: Floats

    def within(self, label: Ints) -> CellGraph:
        """The graph without the links between cells of different `label`."""
        same = label[self.left] == label[self.right]
        return CellGraph(self.count, self.left[same], self.right[same], self.length[same])

    def parts(self) -> Ints:
        """Number of the connected part of each cell, int64[count]."""
        links = sp.coo_array(
            (np.ones(len(self.left)), (self.left, self.right)), shape=(self.count,) * 2
        )
        return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def cell_graph(mesh: Mesh, rng: np.random.Generator) -> CellGraph:
    """The graph of the cells of `mesh`; links across county borders included."""
    cell, near = mesh.corner_cell, mesh.neighbours
    pairs = [cell[:, [1, 2]], cell[:, [2, 0]], cell[:, [0, 1]]]
    for side in range(3):
        triangle = np.flatnonzero(
            (near[:, side] >= 0) & (near[:, side] > np.arange(len(near)))
        )
        triangle = triangle[mesh.county[triangle] != mesh.county[near[triangle, side]]]
        neighbour = near[triangle, side]
        for step in (1, 2):
            corner = (side + step) % 3
            place = np.argmax(
                mesh.triangles[neighbour] == mesh.triangles[triangle, corner][:, None],
                axis=1,
            )
            pairs.append(np.stack([cell[triangle, corner], cell[neighbour, place]], axis=1))
    ends = np.sort(np.vstack(pairs), axis=1)
    count = len(mesh.cell_point)
    key = np.sort(ends[:, 0] * count + ends[:, 1])
    left, right = np.divmod(key[np.append(True, np.diff(key) > 0)], count)
    start, end = mesh.cell_point[left], mesh.cell_point[right]
    length = np.linalg.norm(mesh.points[start] - mesh.points[end], axis=1)
    length /= 0.5 * (mesh.spacing[start] + mesh.spacing[end])
    noise = rng.uniform(1 - _ROUGHNESS, 1 + _ROUGHNESS, size=len(length))
    return CellGraph(count, left, right, np.maximum(length, 0.3) * noise)


def grow(graph: CellGraph, seeds: Ints, offsets: Floats) -> tuple[Ints, Floats]:
    """The seed (row of `seeds`) nearest to each cell by way through the graph, and the
    way's length.

    Seed k starts `offsets[k]` late. Parts are connected by construction; a seed reached by
    another before it starts has no part. Cells that no seed can reach get −1.
    """
    count = graph.count
    rows = np.concatenate([graph.left, graph.right, np.full(len(seeds), count)])
    columns = np.concatenate([graph.right, graph.left, seeds])
    length = np.concatenate([graph.length, graph.length, offsets + 1e-9])
    links = sp.csr_array((length, (rows, columns)), shape=(count + 1,) * 2)
    way, before = dijkstra(links, indices=count, return_predecessors=True)
    root = np.where(before[:count] == count, np.arange(count), before[:count])
    lost = root < 0
    root[lost] = np.flatnonzero(lost)
    # Each cell points at the one its way came from: followed twice as far each time.
    while True:
        further = root[root]
        if (further == root).all():
            break
        root = further
    row_of = np.full(count, -1, dtype=np.int64)
    row_of[seeds] = np.arange(len(seeds))
    label = row_of[root]
    label[lost] = -1
    return label, np.asarray(way[:count])


def divide(
    graph: CellGraph,
    position: Floats,
    mass: Floats,
    seeds: Ints,
    targets: Floats,
    *,
    rounds: int,
    move: bool,
) -> Ints:
    """Cells divided among `seeds`, part k growing towards `targets[k]` of `mass`;
    int64[count] rows of `seeds`.

    `move` lets the seeds wander to the middle of their parts. Every seed keeps at least its
    own cell.
    """
    seeds = seeds.copy()
    offsets = np.zeros(len(seeds))
    cells = len(mass) / max(mass.sum(), 1e-12)
    spacing = _spacing(graph, position)
    radius = np.sqrt(np.maximum(targets * cells, 1.0) / np.pi)
    part = graph.parts()[seeds]
    for turn in range(rounds):
        label, _ = grow(graph, seeds, offsets)
        held = np.bincount(label[label >= 0], mass[label >= 0], minlength=len(seeds))
        drift = np.clip(np.log(np.maximum(held, 1e-9) / np.maximum(targets, 1e-9)), -1, 1)
        offsets = np.maximum(offsets + _DAMPING * radius * drift, -20 * radius)
        offsets = offsets - _least(offsets, part)
        if move and turn < rounds - 2:
            seeds = _middles(label, position, seeds)
        offsets = _moderate(offsets, seeds, position, spacing, part)
    return _settle(graph, seeds, offsets)


def _least(offsets: Floats, part: Ints) -> Floats:
    """The smallest offset among the seeds of the same connected part of the graph, per seed."""
    least = np.full(int(part.max()) + 1, np.inf)
    np.minimum.at(least, part, offsets)
    return np.asarray(least[part])


def _spacing(graph: CellGraph, position: Floats) -> Floats:
    """Mean distance of each cell to those it is linked with, float64[count]."""
    apart = np.linalg.norm(position[graph.left] - position[graph.right], axis=1)
    ends = np.concatenate([graph.left, graph.right])
    total = np.bincount(ends, np.tile(apart, 2), minlength=graph.count)
    return np.maximum(total, 1e-6) / np.maximum(np.bincount(ends, minlength=graph.count), 1)


def _moderate(
    offsets: Floats, seeds: Ints, position: Floats, spacing: Floats, part: Ints
) -> Floats:
    """`offsets` cut so that no seed starts so late that a neighbour would flow around it."""
    place = np.column_stack([position[seeds], part * 1e4])
    apart, near = cKDTree(place).query(place, k=min(7, len(seeds)))
    apart, near = np.atleast_2d(apart.T).T, np.atleast_2d(near.T).T
    ways = np.where(apart < 1e3, apart, np.inf) / np.minimum(
        spacing[seeds][:, None], spacing[seeds[near]]
    )
    for _ in range(3):
        offsets = np.minimum(offsets, (offsets[near] + _LATEST * ways).min(axis=1))
    return offsets


def _settle(graph: CellGraph, seeds: Ints, offsets: Floats) -> Ints:
    """The last growth, repeated with earlier starts until no seed is swallowed by a neighbour."""
    for _ in range(60):
        label, way = grow(graph, seeds, offsets)
        swallowed = label[seeds] != np.arange(len(seeds))
        if not swallowed.any():
            return label
        offsets = np.where(swallowed, 0.8 * way[seeds], offsets)
    return grow(graph, seeds, np.zeros(len(seeds)))[0]


def _middles(label: Ints, position: Floats, seeds: Ints) -> Ints:
    """The cell nearest to the mean position of each part; a part without cells keeps its seed."""
    held = np.flatnonzero(label >= 0)
    size = np.bincount(label[held], minlength=len(seeds))
    mean = np.stack(
        [np.bincount(label[held], position[held, k], minlength=len(seeds)) for k in (0, 1)],
        axis=1,
    )
    middle = mean / np.maximum(size, 1)[:, None]
    apart = ((position[held] - middle[label[held]]) ** 2).sum(axis=1)
    order = np.lexsort((apart, label[held]))
    labels = label[held][order]
    first = np.append(True, np.diff(labels) > 0)
    moved = seeds.copy()
    moved[labels[first]] = held[order[first]]
    # A swallowed seed stays where it is, in another's part: that part's own seed must not
    # move onto it.
    clash = np.isin(moved, seeds[size == 0]) & (size > 0)
    return np.where(clash, seeds, moved)


def spread_seeds(
    parent: Ints, counts: Ints, position: Floats, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """`counts[k]` cells of parent part k, evenly along a Morton curve: (cell, parent part),
    grouped by part.

    A part needs at least as many cells as seeds.
    """
    order = np.lexsort((_morton(position), parent))
    size = np.bincount(parent[parent >= 0], minlength=len(counts))
    first = np.searchsorted(parent[order], np.arange(len(counts)))
    part = np.repeat(np.arange(len(counts)), counts)
    serial = np.arange(len(part)) - np.repeat(np.cumsum(counts) - counts, counts)
    shift = np.where(
        size[part] > 3 * counts[part], rng.uniform(0.2, 0.8, size=len(part)), 0.5
    )
    place = np.floor((serial + shift) * size[part] / counts[part]).astype(np.int64)
    return order[first[part] + place], part


def _morton(position: Floats) -> Ints:
    low, high = position.min(axis=0), position.max(axis=0)
    side = max(float((high - low).max()), 1e-9)
    x, y = ((position - low) / side * 65535).astype(np.int64).T
    code = np.zeros(len(position), dtype=np.int64)
    for bit in range(16):
        code |= ((x >> bit) & 1) << (2 * bit)
        code |= ((y >> bit) & 1) << (2 * bit + 1)
    return code


def nearest_cells(
    position: Floats, parent: Ints, centres: Floats, part: Ints, rng: np.random.Generator
) -> Ints:
    """The cell of parent part `part[k]` at `centres[k]`, no cell twice; int64[len(centres)].

    A centre outside its part goes to a random place in it, far from the part's other centres.
    """
    chosen = np.full(len(centres), -1, dtype=np.int64)
    for part_number in np.unique(part):
        cells = np.flatnonzero(parent == part_number)
        place = position[cells]
        for row in np.flatnonzero(part == part_number):
            apart = np.linalg.norm(place - centres[row], axis=1)
            best = int(np.argmin(apart))
            others = position[chosen[(part == part_number) & (chosen >= 0)]]
            gap = np.linalg.norm(others - place[best], axis=1).min(initial=np.inf)
            if apart[best] > _OUTSIDE_KM or gap <= _CROWDED_KM:
                options = rng.choice(len(cells), size=min(60, len(cells)), replace=False)
                away = np.linalg.norm(place[options][:, None] - others[None], axis=2)
                gaps = away.min(axis=1, initial=np.inf)
                best = int(options[np.argmax(gaps)])
            chosen[row] = cells[best]
    return chosen


def carve(
    graph: CellGraph,
    position: Floats,
    mass: Floats,
    county: Ints,
    *,
    seat: Floats,
    hosts: tuple[int, ...],
    size: float,
) -> npt.NDArray[np.bool_]:
    """The cells of a new zone: the ball around `seat` inside `hosts` that holds `size` of `mass`.

    What it would cut off from its host joins the zone, so that both stay in one piece.
    """
    inside = np.isin(county, hosts)
    cells = np.flatnonzero(inside)
    seed = cells[np.argmin(((position[cells] - seat) ** 2).sum(axis=1))]
    _, way = grow(graph.within(inside.astype(np.int64)), np.array([seed]), np.zeros(1))
    way[~inside] = np.inf
    order = np.argsort(way, kind="stable")
    held = np.cumsum(mass[order]) <= size
    zone = np.zeros(len(county), dtype=bool)
    zone[order[held]] = True
    zone &= inside
    rest = np.where(zone, -1, county)
    part = graph.within(rest).parts()
    for host in hosts:
        cells = np.flatnonzero(rest == host)
        if len(cells):
            zone[cells[part[cells] != np.argmax(np.bincount(part[cells]))]] = True
    return zone
