"""The twelve published county outlines, mended into one valid coverage."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.demo.plane import degrees_of, plane_of, snap

RENAMED = {410728: 410783}
"""Changyuan County of the published outlines is Changyuan City today."""

_SIMPLIFY_KM = 0.05


def read_outlines(path: Path) -> dict[int, shapely.Geometry]:
    """County code → outline (longitude/latitude) exactly as published, faults included."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    outlines = {}
    for feature in features:
        code = int(feature["properties"]["code"])
        outlines[RENAMED.get(code, code)] = shapely.geometry.shape(feature["geometry"])
    return dict(sorted(outlines.items()))


def repair_outlines(outlines: dict[int, shapely.Geometry]) -> dict[int, shapely.Geometry]:
    """The outlines as a valid coverage: every face of their common linework belongs to one county.

    A face claimed twice goes to the smaller county, a face claimed by nobody inside the city to the neighbour
    it shares the longest border with. Coordinates are whole multiples of 1e-7 degrees.
    """
    codes = np.array(list(outlines), dtype=np.int64)
    parts = [_largest(plane_of(shapely.make_valid(shape))) for shape in outlines.values()]
    shapes = np.array(parts, dtype=object)
    lines = shapely.union_all(shapely.boundary(shapes), grid_size=1e-4)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    owner = _owners(faces, shapes)
    owner = _fill(faces, owner)
    united = [_largest(shapely.union_all(faces[owner == row])) for row in range(len(codes))]
    # The union of what is left of each county may have gaps where a small part was dropped: fill them once more.
    united = _close(np.array(united, dtype=object))
    smooth = shapely.coverage_simplify(united, _SIMPLIFY_KM)
    return {int(code): snap(degrees_of(shape)) for code, shape in zip(codes, smooth, strict=True)}


def _largest(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    if not parts:
        inner = [part for piece in shapely.get_parts(shape) for part in shapely.get_parts(piece)]
        parts = [part for part in inner if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area)


def _owners(faces: npt.NDArray[np.object_], shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.intp]:
    """Row of the smallest shape that claims each face, −1 where none does."""
    points = shapely.point_on_surface(faces)
    owner = np.full(len(faces), -1)
    for row in np.argsort(-shapely.area(shapes)):
        shapely.prepare(shapes[row])
        owner[shapely.covers(shapes[row], points)] = row
    return owner


def _fill(faces: npt.NDArray[np.object_], owner: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """`owner` with every unclaimed face given to the neighbour along its longest border."""
    owner = owner.copy()
    tree = shapely.STRtree(faces)
    while (owner < 0).any():
        before = owner.copy()
        for face in np.flatnonzero(owner < 0):
            near = tree.query(faces[face], predicate="intersects")
            near = near[before[near] >= 0]
            if len(near):
                shared = shapely.length(shapely.intersection(faces[face].boundary, shapely.boundary(faces[near])))
                owner[face] = before[near[np.argmax(shared)]]
        if (owner == before).all():
            break
    return owner


def _close(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """`shapes` with what the outer border encloses and nobody holds given to the neighbour along it."""
    whole = shapely.union_all(shapes)
    holes = shapely.get_parts(shapely.polygons(shapely.get_exterior_ring(_largest(whole)))) if whole else []
    gaps = shapely.get_parts(shapely.difference(shapely.union_all(holes), whole)) if len(holes) else []
    shapes = shapes.copy()
    for gap in gaps:
        if gap.area > 0:
            row = int(np.argmax(shapely.length(shapely.intersection(shapely.boundary(shapes), gap.boundary))))
            shapes[row] = _largest(shapely.union(shapes[row], gap))
    return shapes
