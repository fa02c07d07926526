"""Rasters: what stands in the cells and lists."""

import numpy as np
import shapely

from gridmap.geo import raster
from gridmap.geo.edges import edges_of
from gridmap.geo.frame import COLUMNS, PER_X, PER_Y, ROWS


def _world():
    """
    000111
    00  11     a hole in 0, an overlap 2 upon both
    000111
    """
    return np.array(
        [
            shapely.box(114.0, 35.0, 114.5, 35.5).difference(
                shapely.box(114.2, 35.2, 114.3, 35.3)
            ),
            shapely.box(114.5, 35.0, 115.0, 35.5),
            shapely.box(114.4, 35.1, 114.6, 35.2),
        ]
    )


def test_a_cell_without_a_list_lies_wholly_in_its_polygon_or_in_none():
    polygons = _world()
    built = raster.build(edges_of(polygons), len(polygons))
    frame, columns, rows = built.frame, int(built.frame[COLUMNS]), int(built.frame[ROWS])
    cells = built.cells[:-1].reshape(rows, columns)
    row, column = np.nonzero(cells >= -1)
    west, south = frame[0] + column / frame[PER_X], frame[1] + row / frame[PER_Y]
    boxes = shapely.box(west, south, west + 1 / frame[PER_X], south + 1 / frame[PER_Y])
    covered = np.array([shapely.covers(polygon, boxes) for polygon in polygons])
    lowest = np.where(covered.any(axis=0), covered.argmax(axis=0), -1)
    np.testing.assert_array_equal(cells[row, column], lowest)
    apart = shapely.disjoint(shapely.union_all(polygons), boxes)
    np.testing.assert_array_equal(cells[row, column] == -1, apart)


def test_a_shared_edge_is_kept_once():
    built = raster.build(edges_of(_world()[:2]), 2)
    assert len(built.edges) == 4 + 4 + 4 - 1


def test_polygons_lying_upon_each_other_get_fewer_cells():
    alone = raster.build(edges_of(_world()), 3)
    circle = shapely.buffer(shapely.Point(114.5, 35.25), 0.25, quad_segs=500)
    stack = np.array([circle] * 400)
    built = raster.build(edges_of(stack), len(stack))
    assert built.frame[COLUMNS] * built.frame[ROWS] * 400 < 61_000_000
    assert len(alone.cells) < 400
