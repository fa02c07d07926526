"""The twelve published county outlines, mended into one valid coverage."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from gridmap.demo.plane import snap
from gridmap.geo.crs import GEOGRAPHIC
from gridmap.geo.repair import repair
from gridmap.geo.simplify import simplify

RENAMED = {410728: 410783}
"""Changyuan County of the published outlines is Changyuan City today."""

TOLERANCE_M = 1000.0
"""How far the repair may move a border: neighbours gap by some 100 m, and two have a
detached corner near by.
"""

_SIMPLIFY_M = 50.0


def read_outlines(path: Path) -> dict[int, shapely.Geometry]:
    """County code → outline (longitude/latitude) exactly as published, faults included."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    outlines = {}
    for feature in features:
        code = int(feature["properties"]["code"])
        outlines[RENAMED.get(code, code)] = shapely.geometry.shape(feature["geometry"])
    return dict(sorted(outlines.items()))


def repair_outlines(outlines: dict[int, shapely.Geometry]) -> dict[int, shapely.Geometry]:
    """The outlines as a valid coverage of single polygons, in degrees that are whole
    multiples of 1e-7.

    They keep their own vertices, less those that lie within some 50 m of the line between
    their neighbours.
    """
    frame = gpd.GeoDataFrame(
        {"code": list(outlines)}, geometry=list(outlines.values()), crs=GEOGRAPHIC
    )
    mended = repair(frame, tolerance_m=TOLERANCE_M).grids
    smooth = simplify(np.asarray(mended.geometry.array, dtype=object), _SIMPLIFY_M)
    return {code: snap(shape) for code, shape in zip(outlines, smooth, strict=True)}
