"""What every change has to keep, as small named rules that explain a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.geo.crs import to_metres
from gridmap.geo.edges import edges_of
from gridmap.geo.faces import GRID_DEG
from gridmap.geo.width import wider_than, width_m
from gridmap.planning.change import Change
from gridmap.planning.lattice import Point
from gridmap.planning.plan import Plan
from gridmap.planning.refusal import EditRefusal, Violation, violation
from gridmap.planning.rules import DEFAULT, DrawingRules

# A vertex put into a border moves it by at most half a lattice step: less than this share
# of any size.
_UNCHANGED = 1e-6


def judge(plan: Plan, change: Change, rules: DrawingRules) -> None:
    """Raise EditRefusal with every rule that stands against `change` of `plan`."""
    violations = [
        violation for rule in CONSTRAINTS for violation in rule(plan, change, rules)
    ]
    if violations:
        raise EditRefusal(violations)


def in_one_piece(shapes: dict[int, Any]) -> None:
    """Raise EditRefusal `several_parts` naming every grid (code → shape) that is not one
    polygon, at its smallest part.
    """
    apart = {
        code: shape
        for code, shape in shapes.items()
        if shapely.get_num_geometries(shape) != 1
    }
    if apart:
        raise EditRefusal(
            violation("several_parts", code, at=_smallest(shape))
            for code, shape in apart.items()
        )


def _smallest(shape: Any) -> Any:
    parts = shapely.get_parts(shape)
    return parts[np.argmin(shapely.area(parts))] if len(parts) else None


def exact(plan: Plan, change: Change, _rules: DrawingRules) -> Iterator[Violation]:
    """The grids that come cover exactly the land of those that go, vertex on vertex, also
    with what lies around.
    """
    before = plan.shapes[plan.rows(change.removed)]
    after = np.asarray(change.added.geometry.array, dtype=object)
    if not (
        shapely.is_valid(after).all()
        and _same_outline(before, after)
        and _fits_in(plan, change, before, after)
    ):
        yield violation("not_exact", *change.created_or_kept.tolist(), at=before[0])


def _fits_in(plan: Plan, change: Change, before: Any, after: Any) -> bool:
    around = plan.spatial_index.within(tuple(shapely.total_bounds(before)))
    around = around[~np.isin(around, change.removed)]
    return bool(
        shapely.coverage_is_valid(np.concatenate([plan.shapes[plan.rows(around)], after]))
    )


def _same_outline(before: Any, after: Any) -> bool:
    """Whether both have the same outer border, piece by piece, but for vertices put into
    straight pieces of it.
    """
    old, new = _outline(before), _outline(after)
    begins: dict[Point, list[Point]] = {}
    for a, b in new - old:
        begins.setdefault(a, []).append(b)
    for a, b in old - new:
        at = a
        while at != b:
            onward = [
                point for point in begins.get(at, ()) if point == b or _beside(a, b, point)
            ]
            if not onward:
                return False
            begins[at].remove(onward[0])
            at = onward[0]
    return not any(begins.values())


def _outline(shapes: Any) -> set[tuple[Point, Point]]:
    """The directed edges of polygons that none of the others has in the other direction."""
    edges = edges_of(shapely.orient_polygons(shapes))
    ends = zip(
        map(tuple, edges.start.tolist()), map(tuple, edges.end.tolist()), strict=True
    )
    edges_of_all = set(ends)
    return {(a, b) for a, b in edges_of_all if (b, a) not in edges_of_all}


def _beside(a: Point, b: Point, point: Point) -> bool:
    """Whether a point lies on the piece from a to b, up to the lattice."""
    return bool(
        shapely.distance(shapely.LineString([a, b]), shapely.Point(point)) <= GRID_DEG
    )


def nested(_plan: Plan, change: Change, _rules: DrawingRules) -> Iterator[Violation]:
    """No land moves from one village to another."""
    for row in change.added.itertuples(index=False):
        foreign = [old for old in row.predecessors if old // 1000 != row.code // 1000]
        if foreign:
            yield violation("crosses_village", row.code, *foreign, at=row.geometry)


def wide_enough(plan: Plan, change: Change, rules: DrawingRules) -> Iterator[Violation]:
    """A circle of `min_width_m` fits into each grid; one that was narrower does not become
    narrower still.
    """
    for code, shape, size in _below(
        plan, change, rules.min_width_m, width_m, above=wider_than
    ):
        yield violation(
            "too_narrow", code, at=shape, value=f"{size:.1f} m < {rules.min_width_m:g} m"
        )


def large_enough(plan: Plan, change: Change, rules: DrawingRules) -> Iterator[Violation]:
    """Each grid has `min_area_m2`; one that was smaller does not become smaller still."""
    for code, shape, size in _below(plan, change, rules.min_area_m2, shapely.area):
        yield violation(
            "too_small", code, at=shape, value=f"{size:.0f} m² < {rules.min_area_m2:g} m²"
        )


def _below(
    plan: Plan,
    change: Change,
    limit: float,
    measure: Callable[[Any], npt.NDArray[np.float64]],
    *,
    above: Callable[[Any, float], npt.NDArray[np.bool_]] | None = None,
) -> Iterator[tuple[int, Any, float]]:
    """The grids that come below a limit and were not already, with shape and size.

    `above` tells more cheaply than `measure` of most shapes that they are above it.
    """
    shapes = np.asarray(change.added.geometry.array, dtype=object)
    shapes_m = to_metres(shapes)
    unsure = (
        np.arange(len(shapes)) if above is None else np.flatnonzero(~above(shapes_m, limit))
    )
    sizes = measure(shapes_m[unsure])
    for row, size in zip(
        unsure[sizes < limit].tolist(), sizes[sizes < limit].tolist(), strict=True
    ):
        code = int(change.created_or_kept[row])
        if code not in change.removed:
            yield code, shapes[row], size
            continue
        size_before = measure(to_metres(plan.shapes[plan.rows([code])]))[0]
        if size < size_before * (1 - _UNCHANGED):
            yield code, shapes[row], size


def unlocked(plan: Plan, change: Change, rules: DrawingRules) -> Iterator[Violation]:
    """Locked grids stay as they are; a vertex in their border does not count."""
    changed = set(change.retired.tolist())
    for row in change.added.itertuples(index=False):
        if len(row.predecessors) > 1:
            changed |= set(row.predecessors)
        if _differs(plan, row, change.removed):
            changed.add(int(row.code))
    for code in sorted(changed & rules.locked):
        yield violation("locked", code, at=plan.grid(code).shape)


def _differs(plan: Plan, row: Any, removed: npt.NDArray[np.int64]) -> bool:
    """Whether a grid that keeps its code is more than one with further vertices."""
    if row.code not in removed:
        return False
    grid = plan.grid(row.code)
    if (grid.name, grid.kind, grid.households) != (row.name, row.kind, row.households):
        return True
    moved = shapely.area(grid.shape) - shapely.area(row.geometry)
    return bool(abs(moved) > _UNCHANGED * shapely.area(grid.shape))


CONSTRAINTS = (exact, nested, wide_enough, large_enough, unlocked)


@dataclass(frozen=True, slots=True)
class HouseholdWarning:
    """A grid that the change leaves with too few or too many households for its kind; the
    change stands all the same.
    """

    rule: str
    code: int
    households: int
    least: int
    most: int


def warnings(change: Change, rules: DrawingRules = DEFAULT) -> list[HouseholdWarning]:
    """Grids that come and whose households lie outside the limits of their kind,
    `few_households` or `many_households`.
    """
    result = []
    for row in change.added.itertuples(index=False):
        least, most = rules.households.get(row.kind, (0, 10**9))
        if not least <= row.households <= most:
            rule = "few_households" if row.households < least else "many_households"
            households = int(row.households)
            result.append(HouseholdWarning(rule, int(row.code), households, least, most))
    return result


def is_partition(plan: Plan) -> bool:
    """Whether the whole plan fits together vertex on vertex without overlap; for tests and
    imports, not for edits.
    """
    return bool(shapely.coverage_is_valid(plan.shapes))
