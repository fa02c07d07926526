"""Small plans to redraw.

four():  degrees 114.00 to 114.02 and 35.00 to 35.02, one village

+---+---+
| 3 | 4 |
+---+---+
| 1 | 2 |
+---+---+
"""

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from gridmap.geo.crs import GEOGRAPHIC, to_degrees
from gridmap.planning import Plan
from gridmap.planning.lattice import rounded

sys.path.insert(0, str(Path(__file__).parent.parent / "geo"))
from layers import ORIGIN, rough_rings

VILLAGE = 410702001001
A, B, C, D = (VILLAGE * 1000 + number for number in (1, 2, 3, 4))


def layer(shapes, codes, households=100, population=310, kinds=None):
    """A layer with the columns of a plan."""
    n = len(codes)
    table = {
        "code": codes,
        "name": [f"第{number}网格" for number in range(n)],
        "kind": kinds or ["basic"] * n,
        "households": np.broadcast_to(households, n),
        "population": np.broadcast_to(population, n),
    }
    return gpd.GeoDataFrame(table, geometry=list(shapes), crs=GEOGRAPHIC)


def four(households=(101, 102, 103, 104)):
    boxes = [at(i, j, i + 1, j + 1) for j in (0, 1) for i in (0, 1)]
    return Plan.of(layer(boxes, [A, B, C, D], households))


def at(west, south, east, north):
    """A box in hundredths of a degree from the south-western corner."""
    return shapely.Polygon(
        [point(west, south), point(east, south), point(east, north), point(west, north)]
    )


def point(x, y):
    """Degrees of a place in hundredths of a degree from the south-western corner."""
    return tuple(rounded([114 + 0.01 * x, 35 + 0.01 * y]).tolist())


def line(*places):
    """A drawn line through places in hundredths of a degree."""
    return shapely.LineString([point(x, y) for x, y in places])


def area(*places):
    """A drawn area with corners in hundredths of a degree."""
    return shapely.Polygon([point(x, y) for x, y in places])


def crooked(seed=4107, side=6):
    """A lattice of grids with crooked borders, two by two in a village."""
    rng = np.random.default_rng(seed)
    rings = rough_rings(side, side, rng, cell_m=900.0)
    shapes = [
        shapely.Polygon(
            rounded(shapely.get_coordinates(to_degrees(shapely.Polygon(r + ORIGIN))))
        )
        for r in rings
    ]
    codes = [
        (410702001000 + 1 + (i // 2) * (side // 2) + j // 2) * 1000
        + 2 * (i % 2)
        + j % 2
        + 1
        for i in range(side)
        for j in range(side)
    ]
    return Plan.of(
        layer(
            shapes,
            codes,
            rng.integers(20, 300, side * side),
            rng.integers(60, 900, side * side),
        )
    )
