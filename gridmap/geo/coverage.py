"""The topology check: what keeps a layer of grids from being a partition, each fault with
its place, size and cure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from gridmap.codes import level_of
from gridmap.errors import InputError
from gridmap.geo.crs import GEOGRAPHIC, to_metres
from gridmap.geo.faces import GRID_DEG, Faces, arrange, snapped
from gridmap.geo.repair import made_valid, point_of
from gridmap.geo.width import wider_than, width_m
from gridmap.model import Level

Row = tuple[str, str, Any]
"""Rule, codes, shape."""

RULES = (
    "malformed_code",
    "duplicate_code",
    "empty",
    "invalid",
    "overlap",
    "gap",
    "sliver",
    "unmatched",
    "not_nested",
)
COLUMNS = ("rule", "codes", "place", "size_m2", "size_m", "cure", "geometry")

_CURES = {
    "malformed_code": "Give each grid its 15 digits: county 6, township 3, village 3, grid 3.",
    "duplicate_code": "Keep one row of each code; a grid in several parts is one multipolygon.",
    "empty": "Draw the grid, or leave its row out.",
    "invalid": "Redraw the border so that it does not cross itself, or import with --repair.",
    "overlap": (
        "Give the area to one of the grids; --repair does when it is no wider than "
        "its tolerance."
    ),
    "gap": "Give the area to a neighbour; --repair does when it is no wider than its tolerance.",
    "sliver": "Give the narrow part to a neighbour; --repair does when it is detached.",
    "unmatched": "Nothing to do: the import adds the missing vertices, and no border moves.",
    "not_nested": "Keep the grid inside the unit its code begins with, or correct its code.",
}
# Coordinates are rounded to about a millimetre (`faces.GRID_DEG`), so two borders that were
# meant to be one may lie this far apart without anybody having drawn a gap.
_NOISE_M = 0.002


def check(
    grids: gpd.GeoDataFrame,
    *,
    parents: gpd.GeoDataFrame | None = None,
    level: Level = Level.GRID,
    tolerance_m: float = 1.0,
    enclosed_km2: float = 10.0,
) -> gpd.GeoDataFrame:
    """Every fault of a layer that should be a partition.

    Parameters
    ----------
    grids : GeoDataFrame
        code (int or text), geometry (EPSG:4490).
    parents : GeoDataFrame, optional
        code, geometry (EPSG:4490): outlines of one level above; a grid belongs to the one
        its code begins with.
    level : Level
        The level the codes should have.
    tolerance_m : float
        Parts narrower than this are slivers; a grid may stick out of its parent this far.
    enclosed_km2 : float
        A hole in the layer larger than this is taken for land that belongs to somebody
        else; a smaller one is a gap.

    Returns
    -------
    GeoDataFrame
        One row a fault: rule (one of RULES), codes (comma list), place ("lon,lat"),
        size_m2, size_m (width of the widest circle inside), cure, geometry (EPSG:4490, the
        shape of the fault). Sorted by rule, the largest first.
    """
    codes = np.asarray([str(code) for code in grids["code"]], dtype=object)
    given = np.asarray(grids.geometry.array, dtype=object)
    valid = made_valid(given)
    shapes = snapped(valid)
    rows = [
        *_code_faults(codes, given, level),
        *_shape_faults(codes, given, shapes),
        # As drawn: rounding may cut a part off where a grid is narrower than a millimetre.
        *_sliver_faults(codes, valid, tolerance_m),
    ]
    faces = arrange(shapes, suspect_only=True)
    face_faults = list(_face_faults(codes, shapes, faces, enclosed_km2))
    faulty_faces = [shape for _, _, shape in face_faults]
    rows += face_faults
    rows += _unmatched_faults(codes, shapes, faces.idle_lines(), faulty_faces)
    if parents is not None:
        homes = _Homes(codes, parents)
        rows += _nesting_faults(codes, shapes, homes, tolerance_m)
        rows += _uncovered_faults(shapes, homes, tolerance_m, faulty_faces)
    return _table(rows)


def _code_faults(codes: npt.NDArray[np.object_], given: Any, level: Level) -> Iterator[Row]:
    for code, shape in zip(codes, given, strict=True):
        if not _has_level(code, level):
            yield "malformed_code", code, shape
    values, row, count = np.unique(codes, return_inverse=True, return_counts=True)
    for number in np.flatnonzero(count > 1):
        if not _has_level(values[number], level):
            continue  # reported as malformed; two that cannot be read are no grid twice
        both = shapely.geometrycollections(given[row == number])
        yield "duplicate_code", values[number], both


def _has_level(code: str, level: Level) -> bool:
    try:
        return code.isascii() and level_of(int(code)) is level and len(code) == level.digits
    except (ValueError, InputError):
        return False


def _shape_faults(codes: npt.NDArray[np.object_], given: Any, shapes: Any) -> Iterator[Row]:
    empty = shapely.is_empty(given) | shapely.is_missing(given)
    for row in np.flatnonzero(empty | shapely.is_empty(shapes)):
        yield "empty", codes[row], shapely.Polygon() if empty[row] else given[row]
    for row in np.flatnonzero(~shapely.is_valid(given) & ~empty):
        yield "invalid", codes[row], point_of(shapely.is_valid_reason(given[row]))


def _sliver_faults(
    codes: npt.NDArray[np.object_], shapes: Any, tolerance_m: float
) -> Iterator[Row]:
    parts, row = shapely.get_parts(shapes, return_index=True)
    narrow = ~wider_than(to_metres(parts), tolerance_m)
    for part in np.flatnonzero(narrow & ~shapely.is_empty(parts)):
        yield "sliver", codes[row[part]], parts[part]


def _face_faults(
    codes: npt.NDArray[np.object_], shapes: Any, faces: Faces, enclosed_km2: float
) -> Iterator[Row]:
    counts = faces.counts
    faulty = np.flatnonzero(counts != 1)
    faces_m = to_metres(faces.polygons[faulty])
    is_real = wider_than(faces_m, _NOISE_M)
    outside_land = (counts[faulty] == 0) & (shapely.area(faces_m) > enclosed_km2 * 1e6)
    faulty, is_real = faulty[~outside_land], is_real[~outside_land]
    overlap = (counts[faulty] > 1) & is_real
    rule = np.where(overlap, "overlap", np.where(is_real, "gap", "unmatched"))
    for face, rows, name in zip(
        faulty, _around(faces.polygons[faulty], shapes, overlap), rule, strict=True
    ):
        yield str(name), _listed(codes[rows]), faces.polygons[face]


def _around(
    faces: Any, shapes: Any, overlap: npt.NDArray[np.bool_]
) -> list[npt.NDArray[np.int64]]:
    """Rows of the shapes that cover each face when it is an overlap, that touch it when it
    is a gap.
    """
    face, row = shapely.STRtree(shapes).query(faces, predicate="intersects")
    belongs = ~overlap[face]
    common = shapely.intersection(faces[face[~belongs]], shapes[row[~belongs]])
    belongs[~belongs] = wider_than(to_metres(common), _NOISE_M)
    return _grouped(row[belongs], face[belongs], len(faces))


def _grouped(
    values: npt.NDArray[Any], group: npt.NDArray[np.int64], count: int
) -> list[npt.NDArray[Any]]:
    """`values` split by the number of their group, 0 to `count` - 1."""
    if not count:
        return []
    order = np.argsort(group, kind="stable")
    return np.split(values[order], np.searchsorted(group[order], np.arange(1, count)))


def _listed(codes: npt.NDArray[np.object_]) -> str:
    return ",".join(sorted(set(codes.tolist())))


def _unmatched_faults(
    codes: npt.NDArray[np.object_], shapes: Any, lines: Any, faulty_faces: list[Any]
) -> Iterator[Row]:
    """Borders that run along each other without sharing their vertices, apart from overlaps
    and gaps.
    """
    explained = shapely.STRtree(faulty_faces).query(lines, predicate="intersects")[0]
    lines = np.delete(lines, np.unique(explained))
    # A noded line may lie a rounding step off the polygons it came from.
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    line, row = shapely.STRtree(shapes).query(
        middles, predicate="dwithin", distance=2 * GRID_DEG
    )
    for rows, shape in zip(_grouped(row, line, len(lines)), lines, strict=True):
        yield "unmatched", _listed(codes[rows]), shape


class _Homes:
    """`outlines` by code, and `above`: for each grid the code among them that its own
    begins with, or "".
    """

    def __init__(self, codes: npt.NDArray[np.object_], parents: gpd.GeoDataFrame) -> None:
        shapes = snapped(made_valid(np.asarray(parents.geometry.array, dtype=object)))
        shapely.prepare(shapes)
        self.outlines = {
            str(code): shape for code, shape in zip(parents["code"], shapes, strict=True)
        }
        digits = {len(code) for code in self.outlines}
        self.above = [
            next((code[:n] for n in digits if code[:n] in self.outlines), "")
            for code in codes
        ]


def _nesting_faults(
    codes: npt.NDArray[np.object_], shapes: Any, homes: _Homes, tolerance_m: float
) -> Iterator[Row]:
    known = np.array([bool(code) for code in homes.above], dtype=bool)
    for row in np.flatnonzero(~known & ~shapely.is_empty(shapes)):
        yield "not_nested", codes[row], shapes[row]
    rows = np.flatnonzero(known)
    outlines = np.array([homes.outlines[homes.above[row]] for row in rows], dtype=object)
    sticks_out = ~shapely.covers(outlines, shapes[rows])
    rows, outlines = rows[sticks_out], outlines[sticks_out]
    outside = shapely.difference(shapes[rows], outlines)
    for row, part in zip(rows, _wide_parts(outside, tolerance_m), strict=True):
        if not part.is_empty:
            yield "not_nested", codes[row], part


def _uncovered_faults(
    shapes: Any, homes: _Homes, tolerance_m: float, faulty_faces: list[Any]
) -> Iterator[Row]:
    """What the grids leave free of the units they belong to, where no gap says so already."""
    units, unit = np.unique(np.asarray(homes.above, dtype=object), return_inverse=True)
    members = _grouped(shapes, unit, len(units))
    outlines = np.array(
        [homes.outlines.get(code, shapely.Polygon()) for code in units], dtype=object
    )
    covered = np.array([_united(grids) for grids in members], dtype=object)
    free = shapely.difference(outlines, covered)
    tree = shapely.STRtree(faulty_faces)
    for code, part in zip(units, _wide_parts(free, tolerance_m), strict=True):
        for piece in shapely.get_parts(part):
            if not len(tree.query(piece.representative_point(), predicate="intersects")):
                yield "gap", code, piece


def _united(shapes: Any) -> Any:
    # Shared borders dissolve many times faster than a general union.
    if shapely.coverage_is_valid(shapes):
        return shapely.coverage_union_all(shapes)
    return shapely.union_all(shapes)


def _wide_parts(shapes: Any, tolerance_m: float) -> list[Any]:
    """Of each shape the parts wider than the tolerance."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    wide = wider_than(to_metres(parts), tolerance_m)
    return [
        shapely.multipolygons(pieces)
        for pieces in _grouped(parts[wide], row[wide], len(shapes))
    ]


def _table(rows: list[Row]) -> gpd.GeoDataFrame:
    shapes = np.array([shape for _, _, shape in rows], dtype=object)
    shapes_m = to_metres(made_valid(shapes))
    frame = gpd.GeoDataFrame(
        {
            "rule": [rule for rule, _, _ in rows],
            "codes": [codes for _, codes, _ in rows],
            "place": _places(shapes),
            "size_m2": shapely.area(shapes_m),
            "size_m": width_m(shapes_m),
            "cure": [_CURES[rule] for rule, _, _ in rows],
        },
        geometry=gpd.GeoSeries(shapes, crs=GEOGRAPHIC),
    )
    frame["_rank"] = [RULES.index(rule) for rule in frame["rule"]]
    frame = frame.sort_values(
        ["_rank", "size_m2", "codes"], ascending=[True, False, True], ignore_index=True
    )
    return frame[list(COLUMNS)]


def _places(shapes: Any) -> list[str]:
    """A point in each shape, "lon,lat" to a tenth of a metre; nothing for an empty shape."""
    points = shapely.point_on_surface(shapes)
    return ["" if point.is_empty else f"{point.x:.6f},{point.y:.6f}" for point in points]
