"""Worlds for the tests of locating: polygons, and the answer by shapely."""

import numpy as np
import shapely

OUTSIDE = 0


def lowest_covering(codes, polygons, lon, lat):
    """Code of the lowest polygon that covers each point, by shapely alone."""
    shapely.prepare(polygons)
    points = shapely.points(lon, lat)
    point, polygon = shapely.STRtree(polygons).query(points, predicate="covered_by")
    lowest = np.full(len(points), np.iinfo(np.int64).max)
    np.minimum.at(lowest, point, np.asarray(codes, dtype=np.int64)[polygon])
    return np.where(lowest == np.iinfo(np.int64).max, OUTSIDE, lowest)


def coverage(count, rng, *, bends=2):
    """`count` polygons that share rough borders and fill a rectangle, each border of
    2**bends edges.
    """
    sites = rng.uniform([113.4, 34.9], [115.1, 36.1], (count, 2))
    frame = shapely.box(113.3, 34.8, 115.2, 36.2)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=frame)
    )
    return _roughen(shapely.intersection(cells, frame), rng, bends)


def _roughen(cells, rng, bends):
    corners, ring = shapely.get_coordinates(
        shapely.get_exterior_ring(cells), return_index=True
    )
    same = ring[1:] == ring[:-1]
    start, end, owner = corners[:-1][same], corners[1:][same], ring[:-1][same]
    turned = (start[:, 0] > end[:, 0]) | (
        (start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1])
    )
    low, high = np.where(turned[:, None], end, start), np.where(turned[:, None], start, end)
    border, which = np.unique(np.hstack([low, high]), axis=0, return_inverse=True)
    line = border.reshape(-1, 2, 2)
    for _ in range(bends):
        along = line[:, 1:] - line[:, :-1]
        across = np.stack([-along[..., 1], along[..., 0]], axis=-1)
        middle = (line[:, 1:] + line[:, :-1]) / 2 + across * rng.uniform(
            -0.12, 0.12, along.shape[:2]
        )[..., None]
        bent = np.empty((len(line), 2 * line.shape[1] - 1, 2))
        bent[:, ::2], bent[:, 1::2] = line, middle
        line = bent
    walk = line[which.ravel()]
    walk[turned] = walk[turned][:, ::-1]
    vertices = walk[:, :-1].reshape(-1, 2)
    return shapely.polygons(
        shapely.linearrings(vertices, indices=np.repeat(owner, walk.shape[1] - 1))
    )
