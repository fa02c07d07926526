"""The number of vertices of each polygon kept within limits, by changing shared borders on
both sides at once.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from gridmap.demo.plane import SCALE
from gridmap.demo.rings import Borders

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FEWEST, MOST = 20, 60


def within_limits(borders: Borders, count: int) -> Borders:
    """`borders` of labels 0…count−1 with about `FEWEST` to `MOST` vertices each.

    A label with too many loses the vertices that matter least, as long as nothing else lies
    between the old border and the new one; one with too few has its longest pieces halved.
    """
    for label in np.flatnonzero(borders.vertices(count) > MOST):
        borders = _thin(borders, int(label))
    for label in np.flatnonzero(borders.vertices(count) < FEWEST):
        borders = _halve(borders, int(label))
    return borders


def _thin(borders: Borders, label: int) -> Borders:
    for node, before, after in _idle(borders, label):
        nodes = set(borders.start[borders.left == label].tolist())
        if int((borders.left == label).sum()) <= MOST:
            break
        if {node, before, after} <= nodes and _is_free(borders, node, before, after):
            borders = _without(borders, node)
    return borders


def _idle(borders: Borders, label: int) -> list[tuple[int, int, int]]:
    """Vertices of a label where only two border pieces meet, with their neighbours, the
    flattest first.
    """
    pieces = np.flatnonzero(borders.left == label)
    follow = dict(
        zip(borders.start[pieces].tolist(), borders.end[pieces].tolist(), strict=True)
    )
    ends = np.concatenate([borders.start, borders.end])
    others = np.concatenate([borders.end, borders.start])
    vertices = []
    for before, node in follow.items():
        after = follow.get(node)
        if after is None:
            continue
        if set(others[ends == node].tolist()) == {before, after}:
            vertices.append(
                (_size(borders.nodes, node, before, after), node, before, after)
            )
    return [(node, before, after) for _, node, before, after in sorted(vertices)]


def _size(nodes: Floats, node: int, before: int, after: int) -> float:
    to_before = (nodes[before] - nodes[node]) * SCALE
    to_after = (nodes[after] - nodes[node]) * SCALE
    return abs(float(to_before[0] * to_after[1] - to_before[1] * to_after[0]))


def _is_free(borders: Borders, node: int, before: int, after: int) -> bool:
    """Whether no other vertex lies in the triangle that a border without `node` would pass over."""
    corners = borders.nodes[[before, node, after]]
    points = borders.nodes[borders.start]
    near = ((points >= corners.min(axis=0)) & (points <= corners.max(axis=0))).all(axis=1)
    near &= ~np.isin(borders.start, [node, before, after])
    sides = np.stack(
        [_side(corners[k], corners[(k + 1) % 3], points[near]) for k in range(3)]
    )
    return not bool(((sides >= 0).all(axis=0) | (sides <= 0).all(axis=0)).any())


def _side(start: Floats, end: Floats, points: Floats) -> Floats:
    along, apart = end - start, points - start
    return np.asarray(along[0] * apart[:, 1] - along[1] * apart[:, 0])


def _without(borders: Borders, node: int) -> Borders:
    """`borders` with the two pieces at `node` made one, in each direction they have."""
    end = borders.end.copy()
    for piece in np.flatnonzero(borders.end == node):
        go_on = np.flatnonzero(
            (borders.start == node) & (borders.left == borders.left[piece])
        )
        end[piece] = borders.end[go_on[0]]
    keep = borders.start != node
    return replace(
        borders,
        left=borders.left[keep],
        right=borders.right[keep],
        start=borders.start[keep],
        end=end[keep],
    )


def _halve(borders: Borders, label: int) -> Borders:
    """`borders` with the longest pieces of `label` cut at their middle until it has enough."""
    pieces = np.flatnonzero(borders.left == label)
    along = borders.nodes[borders.end[pieces]] - borders.nodes[borders.start[pieces]]
    length = np.linalg.norm(along * SCALE, axis=1)
    for piece in pieces[np.argsort(-length)][: FEWEST - len(pieces)]:
        borders = _cut(borders, int(borders.start[piece]), int(borders.end[piece]))
    return borders


def _cut(borders: Borders, start: int, end: int) -> Borders:
    """`borders` with the piece between two nodes cut at its middle, in each direction it has."""
    fresh = len(borders.nodes)
    middle = np.round((borders.nodes[start] + borders.nodes[end]) / 2, 7)
    nodes = np.vstack([borders.nodes, middle])
    there = ((borders.start == start) & (borders.end == end)) | (
        (borders.start == end) & (borders.end == start)
    )
    ends = np.where(there, fresh, borders.end)
    return Borders(
        np.concatenate([borders.left, borders.left[there]]),
        np.concatenate([borders.right, borders.right[there]]),
        np.concatenate([borders.start, np.full(there.sum(), fresh)]),
        np.concatenate([ends, borders.end[there]]),
        nodes,
    )
