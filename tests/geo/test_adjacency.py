"""Neighbours."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from gridmap.geo import crs
from gridmap.geo.adjacency import neighbours


def _box(west, south, east, north):
    return shapely.box(
        114 + west / 128, 35 + south / 128, 114 + east / 128, 35 + north / 128
    )


def test_neighbours_share_a_border_not_only_a_corner():
    """
    2 3
    0 1
    """
    polygons = np.array(
        [_box(0, 0, 1, 1), _box(1, 0, 2, 1), _box(0, 1, 1, 2), _box(1, 1, 2, 2)]
    )
    left, right, shared_m = neighbours(polygons)
    assert list(zip(left, right, strict=True)) == [(0, 1), (0, 2), (1, 3), (2, 3)]
    *_, metres = Geod(ellps="GRS80").inv(114 + 1 / 128, 35, 114 + 1 / 128, 35 + 1 / 128)
    assert shared_m[0] == pytest.approx(metres, rel=1e-4)


def test_a_long_side_has_two_short_neighbours():
    """
    1 1
    0 2   with no vertex of 1 between 0 and 2
    """
    polygons = np.array([_box(0, 0, 1, 1), _box(0, 1, 2, 2), _box(1, 0, 2, 1)])
    left, right, shared_m = neighbours(polygons)
    assert list(zip(left, right, strict=True)) == [(0, 1), (0, 2), (1, 2)]
    sides_m = shapely.length(
        crs.to_metres(
            shapely.linestrings([[114, 35 + 1 / 128], [114 + 1 / 128, 35 + 1 / 128]])
        )
    )
    assert shared_m[0] == pytest.approx(sides_m, rel=1e-6)


def test_an_island_in_a_hole_is_a_neighbour():
    hole = _box(1, 1, 2, 2)
    left, right, shared_m = neighbours(np.array([_box(0, 0, 3, 3).difference(hole), hole]))
    assert (left.tolist(), right.tolist()) == ([0], [1])
    assert shared_m[0] == pytest.approx(shapely.length(crs.to_metres(hole)))


def test_the_two_parts_of_a_multipolygon_are_no_neighbours_of_themselves():
    both = shapely.MultiPolygon([_box(0, 0, 1, 1), _box(2, 0, 3, 1)])
    left, right, shared_m = neighbours(np.array([both, _box(1, 0, 2, 1)]))
    assert (left.tolist(), right.tolist()) == ([0], [1])
    *_, metres = Geod(ellps="GRS80").inv(114 + 1 / 128, 35, 114 + 1 / 128, 35 + 1 / 128)
    assert shared_m[0] == pytest.approx(2 * metres, rel=1e-4)


@pytest.mark.parametrize("polygons", [[], [shapely.Polygon()], [_box(0, 0, 1, 1)]])
def test_who_is_alone_has_no_neighbours(polygons):
    left, right, shared_m = neighbours(np.array(polygons, dtype=object))
    assert (len(left), len(right), len(shared_m)) == (0, 0, 0)
    assert shared_m.dtype == np.float64


def test_a_shared_border_is_as_long_as_shapely_says():
    points = np.random.default_rng(3).uniform([114, 35], [114.2, 35.2], (40, 2))
    cells = np.array(
        shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    )
    left, right, shared_m = neighbours(cells)
    border = shapely.intersection(cells[left], cells[right])
    np.testing.assert_allclose(
        shared_m, shapely.length(crs.to_metres(border)), rtol=1e-6, atol=1e-4
    )
