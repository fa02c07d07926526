"""Edges of polygons."""

import numpy as np
import shapely

from gridmap.geo.edges import edges_of


def test_edges_come_from_every_ring_of_every_part_in_order_of_owners():
    holed = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 2, 2))
    both = shapely.MultiPolygon([shapely.box(5, 0, 6, 1), shapely.box(7, 0, 8, 1)])
    edges = edges_of(np.array([holed, shapely.Polygon(), both], dtype=object))
    assert edges.owner.tolist() == [0] * 8 + [2] * 8
    assert len(edges) == 16
    assert np.hypot(*(edges.end - edges.start)[:8].T).sum() == holed.length


def test_edges_without_length_are_left_out():
    edges = edges_of(np.array([shapely.Polygon([(0, 0), (1, 0), (1, 0), (0, 1)])]))
    assert len(edges) == 3
