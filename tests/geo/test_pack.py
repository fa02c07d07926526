from __future__ import annotations

import gzip
import itertools
import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.errors import InputError
from gridmap.geo import arcs, pack
from gridmap.geo.arcs import OUTSIDE

QUANTUM = 1e-4
LABELS = pack.Labels(
    units={
        "zh": {410702: "红旗区", 410711: "牧野区"},
        "en": {410702: "Hongqi", 410711: "Muye\nDistrict"},
    },
    grids={
        "zh": {410702001001001: "市场`${1}</script>"},
        "en": {410702001001001: "Market"},
    },
)


def lattice(columns: int, rows: int, *, bends: int, seed: int) -> np.ndarray:
    """Cells with rough shared borders; some are merged into shapes with holes and into
    multipolygons.
    """
    random = np.random.default_rng(seed)
    shift = random.uniform(-0.2, 0.2, (columns + 1, rows + 1, 2))
    corner = lambda c, r: np.array([c, r]) + shift[c, r]  # noqa: E731

    def border(a: tuple[int, int], b: tuple[int, int]) -> np.ndarray:
        rough = np.random.default_rng((seed, *a, *b)).uniform(-0.06, 0.06, (bends, 2))
        steps = np.linspace(0, 1, bends + 2)[1:-1, None]
        middle = corner(*a) * (1 - steps) + corner(*b) * steps + rough
        return np.vstack((corner(*a), middle, corner(*b)))

    cells = []
    for c in range(columns):
        for r in range(rows):
            south, east = border((c, r), (c + 1, r)), border((c + 1, r), (c + 1, r + 1))
            north, west = border((c, r + 1), (c + 1, r + 1)), border((c, r), (c, r + 1))
            ring = np.vstack((south[:-1], east[:-1], north[::-1][:-1], west[::-1]))
            cells.append(shapely.Polygon(ring * 0.01 + (113.5, 35.0)))
    return np.array(cells, dtype=object)


def merged(cells: np.ndarray, owner: np.ndarray) -> np.ndarray:
    return np.array(
        [shapely.coverage_union_all(cells[owner == one]) for one in np.unique(owner)],
        dtype=object,
    )


def boundary(net: arcs.Arcs, row: int) -> set[tuple[int, int, int, int]]:
    """The directed edges around a polygon, as the arcs tell them."""
    edges = set()
    for arc in range(len(net)):
        points = np.column_stack((net.x, net.y))[net.start[arc] : net.start[arc + 1]]
        if net.left[arc] == row:
            edges |= set(
                zip(*map(tuple, points[:-1].T), *map(tuple, points[1:].T), strict=True)
            )
        if net.right[arc] == row:
            edges |= set(
                zip(*map(tuple, points[1:].T), *map(tuple, points[:-1].T), strict=True)
            )
    return edges


def rounded(polygon: shapely.Geometry, quantum: float) -> set[tuple[int, int, int, int]]:
    """The directed edges around a polygon, rounded, without those that are walked both ways."""
    edges: set[tuple[int, int, int, int]] = set()
    for part in shapely.get_parts(shapely.orient_polygons(polygon)):
        for ring in (part.exterior, *part.interiors):
            xy = np.rint(shapely.get_coordinates(ring) / quantum).astype(int).tolist()
            for (a, b), (c, d) in itertools.pairwise(xy):
                if (a, b) == (c, d):
                    continue
                if (c, d, a, b) in edges:
                    edges.remove((c, d, a, b))
                else:
                    edges.add((a, b, c, d))
    return edges


@settings(deadline=None, max_examples=40)
@given(
    columns=st.integers(1, 5),
    rows=st.integers(1, 4),
    bends=st.integers(0, 4),
    seed=st.integers(0, 999),
    owners=st.lists(st.integers(0, 6), min_size=20, max_size=20),
)
def test_what_is_read_back_is_what_was_rounded(columns, rows, bends, seed, owners) -> None:
    cells = lattice(columns, rows, bends=bends, seed=seed)
    polygons = merged(cells, np.array(owners[: len(cells)]))
    codes = 410702001001000 + np.arange(len(polygons)) * 7 + 1
    data = pack.encode(codes, polygons, quantum=QUANTUM, labels=LABELS)
    read = pack.decode(data)
    assert read.codes.tolist() == codes.tolist()
    for row, polygon in enumerate(polygons):
        assert boundary(read.arcs, row) == rounded(polygon, QUANTUM)


def test_a_shared_border_is_stored_once_and_knows_both_sides() -> None:
    cells = lattice(3, 3, bends=3, seed=1)
    net = arcs.build(cells, origin=(0, 0), quantum=1e-6)
    assert len(net) == 12 + 8  # inner borders, and the rim between its meeting points
    inner = (net.left != OUTSIDE) & (net.right != OUTSIDE)
    assert inner.sum() == 12
    assert set(net.left[~inner]) | set(net.right[~inner]) == set(range(-1, 9)) - {4}


def test_a_ring_without_neighbours_and_a_hole_are_closed_arcs() -> None:
    hole = shapely.box(113.2, 35.2, 113.4, 35.4)
    around = shapely.difference(shapely.box(113, 35, 114, 36), hole)
    net = arcs.build(np.array([around, hole], dtype=object), origin=(0, 0), quantum=1e-6)
    assert len(net) == 2
    first, last = net.start[:-1], net.start[1:] - 1
    assert (net.x[first] == net.x[last]).all()
    assert {
        frozenset((left, right)) for left, right in zip(net.left, net.right, strict=True)
    } == {
        frozenset((OUTSIDE, 0)),
        frozenset((0, 1)),
    }


def test_a_polygon_smaller_than_the_rounding_vanishes_without_a_gap() -> None:
    thin = shapely.box(113.5, 35.0, 113.50001, 35.1)
    west, east = (
        shapely.box(113.4, 35.0, 113.5, 35.1),
        shapely.box(113.50001, 35.0, 113.6, 35.1),
    )
    net = arcs.build(
        np.array([west, thin, east], dtype=object), origin=(0, 0), quantum=1e-3
    )
    assert 1 not in net.left
    assert 1 not in net.right
    assert {0, 2} in [
        {left, right}
        for left, right in zip(net.left.tolist(), net.right.tolist(), strict=True)
    ]


def test_the_same_input_gives_the_same_file_and_name() -> None:
    cells = lattice(2, 2, bends=2, seed=3)
    codes = np.arange(4) + 410702001001001
    data = pack.encode(codes, cells, labels=LABELS)
    assert data == pack.encode(codes, cells, labels=LABELS)
    assert pack.name_of(data, "city") == pack.name_of(data, "city")
    assert pack.name_of(data, "city") != pack.name_of(pack.encode(codes, cells), "city")


def test_names_travel_whole_one_line_each() -> None:
    data = pack.encode(
        np.array([410702001001001]),
        np.array([shapely.box(113, 35, 114, 36)]),
        labels=LABELS,
    )
    names = pack.decode(data).header["names"]
    assert np.cumsum(names["codes"]).tolist() == [410702, 410711]
    assert names["units"] == {"en": "Hongqi\nMuye District", "zh": "红旗区\n牧野区"}
    assert names["grids"]["zh"] == "市场`${1}</script>"


@pytest.mark.parametrize("codes", [[2, 1], [1, 1], [1]])
def test_codes_that_are_not_sorted_unique_and_one_each_are_refused(codes) -> None:
    with pytest.raises(InputError, match="sorted"):
        pack.encode(np.array(codes), lattice(1, 2, bends=0, seed=1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        gzip.compress(b"GM", mtime=0),
        gzip.compress(b"NOPE\x01" + b"\0" * 20, mtime=0),
    ],
)
def test_what_is_no_map_file_is_refused(data) -> None:
    with pytest.raises(InputError, match="map file"):
        pack.decode(data)


def test_the_header_tells_sizes_and_what_was_added() -> None:
    data = pack.encode(
        np.arange(4) + 1,
        lattice(2, 2, bends=0, seed=5),
        extra={"details": [{"code": 410702}]},
    )
    header = pack.decode(data).header
    assert (
        header["counts"] == {"grids": 4, "arcs": 8, "points": 20}
        or header["counts"]["grids"] == 4
    )
    assert header["details"] == [{"code": 410702}]
    assert json.loads(json.dumps(header)) == header
