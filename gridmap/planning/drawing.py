"""What a person draws, judged before anything is done with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.planning.refusal import EditRefusal, refuse, violation
from gridmap.planning.rules import DrawingRules

Floats = npt.NDArray[np.float64]


def line_points(line: Any, rules: DrawingRules) -> Floats:
    """The vertices of a drawn line (shapely line, or pairs of degrees), float64[n, 2], none
    twice in a row.

    Raises EditRefusal `not_a_line`, `not_finite`, `too_few_points`, `too_many_points`,
    `self_crossing`.
    """
    if isinstance(line, shapely.Geometry):
        if shapely.get_type_id(line) not in {
            shapely.GeometryType.LINESTRING,
            shapely.GeometryType.LINEARRING,
        }:
            raise refuse("not_a_line", at=line)
        line = shapely.get_coordinates(line)
    return _points(line, rules, fewest=2, wrong="not_a_line")


def ring_points(area: Any, rules: DrawingRules) -> Floats:
    """The vertices of a drawn area (shapely polygon, or pairs of degrees), float64[n, 2],
    the first again at the end.

    Raises EditRefusal as `line_points` does, with `not_an_area` for what is none.
    """
    if isinstance(area, shapely.Geometry):
        is_polygon = shapely.get_type_id(area) == shapely.GeometryType.POLYGON
        if not is_polygon or shapely.get_num_interior_rings(area):
            raise refuse("not_an_area", at=area)
        area = shapely.get_coordinates(area)
    points = _pairs(area, rules, wrong="not_an_area")
    if len(points) and (points[0] != points[-1]).any():
        points = np.vstack([points, points[:1]])
    return _points(points, rules, fewest=4, wrong="not_an_area")


def _pairs(given: Any, rules: DrawingRules, *, wrong: str) -> Floats:
    try:
        points = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise refuse(wrong) from None
    if points.size == 0:
        raise refuse("too_few_points", value="0")
    if points.ndim != 2 or points.shape[1] not in {2, 3}:
        raise refuse(wrong)
    points = points[:, :2]
    violations = []
    if len(points) > rules.most_points:
        value = f"{len(points)} > {rules.most_points}"
        violations.append(violation("too_many_points", value=value))
    unusable = ~np.isfinite(points).all(axis=1) | (np.abs(points) > [180.0, 90.0]).any(
        axis=1
    )
    if unusable.any():
        lon, lat = points[unusable][0]
        violations.append(violation("not_finite", value=f"{lon}, {lat}"))
    if violations:
        raise EditRefusal(violations)
    return points


def _points(given: Any, rules: DrawingRules, *, fewest: int, wrong: str) -> Floats:
    points = without_repeats(_pairs(given, rules, wrong=wrong))
    if len(points) < fewest:
        raise refuse(
            "too_few_points", at=points[0], value=str(len(np.unique(points, axis=0)))
        )
    if not shapely.is_simple(shapely.linestrings(points)):
        raise refuse("self_crossing", at=crossing(points))
    return points


def crossing(points: Floats) -> tuple[float, float]:
    """Where a line first crosses or touches itself, or runs back on itself."""
    ends = np.stack([points[:-1], points[1:]], axis=1)
    pieces = shapely.linestrings(ends)
    earlier, other = shapely.STRtree(pieces).query(pieces, predicate="intersects")
    closed = (points[0] == points[-1]).all()
    crosses = (other > earlier + 1) & ~(
        closed & (earlier == 0) & (other == len(pieces) - 1)
    )
    apart = np.lexsort((other[crosses], earlier[crosses]))
    if len(apart):
        first = apart[0]
        at = shapely.intersection(
            pieces[earlier[crosses][first]], pieces[other[crosses][first]]
        )
        return tuple(shapely.get_coordinates(at)[0].tolist())
    back = [
        row
        for row in range(len(pieces) - 1)
        if shapely.length(shapely.intersection(*pieces[row : row + 2])) > 0
    ]
    return tuple(points[back[0] + 1 if back else 0].tolist())


def without_repeats(points: Floats) -> Floats:
    """`points` without those equal to the one before."""
    return points[np.r_[True, (points[1:] != points[:-1]).any(axis=1)]]
