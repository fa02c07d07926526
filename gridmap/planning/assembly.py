"""From faces with owners to a change: shapes joined, neighbours given their vertices,
people shared out, all judged.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.planning import constraints
from gridmap.planning.apportionment import Points, shared_out, weights
from gridmap.planning.change import Change, Kind
from gridmap.planning.grid import Grid, single
from gridmap.planning.lattice import Point
from gridmap.planning.noding import Key, Linework, united, with_vertices
from gridmap.planning.plan import Plan
from gridmap.planning.refusal import EditRefusal, violation
from gridmap.planning.rules import DrawingRules

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Tools:
    """What every edit is given: the rules, the buildings if there are any, other geometries
    to snap to.
    """

    rules: DrawingRules
    buildings: Points | None = None
    references: Any = ()


@dataclass
class Pieces:
    """Parts of grids on their way to new owners.

    `shapes` are parts, array[f]; `source` the code each comes from, `target` the code it
    goes to. `inserted` are the borders that got vertices. `known` describes new grids by
    code (name, kind).
    """

    shapes: Any
    source: list[int]
    target: list[int]
    inserted: dict[Key, list[Point]]
    known: dict[int, tuple[str, str]] = field(default_factory=dict)


def linework(plan: Plan, codes: list[int], tools: Tools) -> Linework:
    """The borders of these grids, ready to be drawn upon."""
    return Linework(
        plan.shapes[plan.rows(codes)],
        snap_m=tools.rules.snap_m,
        references=tools.references,
    )


def assembled(plan: Plan, pieces: Pieces, kind: Kind, tools: Tools) -> Change:
    """The change that gives each piece to its target. Raises EditRefusal with every rule that
    stands against it.
    """
    targets = sorted(set(pieces.target))
    rows_of = {
        code: [row for row, target in enumerate(pieces.target) if target == code]
        for code in targets
    }
    shapes = {
        code: _joined([pieces.shapes[row] for row in rows])
        for code, rows in rows_of.items()
    }
    constraints.in_one_piece(shapes)
    people, notes = _people(plan, pieces, targets, tools.buildings)
    gone = set(pieces.source)
    added = []
    for code in targets:
        old = tuple(sorted({pieces.source[row] for row in rows_of[code]}))
        name, grid_kind = pieces.known.get(code) or _described(plan, code)
        added.append((Grid(code, name, grid_kind, *people[code], shapes[code]), old))
    beside = beside_of(plan, gone, pieces.inserted)
    added += [(grid, (grid.code,)) for grid in beside]
    gone |= {grid.code for grid in beside}
    change = plan.change(gone, added, kind, notes)
    constraints.judge(plan, change, tools.rules)
    return change


def beside_of(plan: Plan, codes: set[int], inserted: dict[Key, list[Point]]) -> list[Grid]:
    """The grids beside `codes` whose borders got vertices, with them."""
    if not inserted:
        return []
    box = tuple(shapely.total_bounds(shapely.linestrings(np.array(list(inserted)))))
    result = []
    for code in plan.spatial_index.within(box).tolist():
        if code not in codes:
            grid = plan.grid(code)
            shape = with_vertices(grid.shape, inserted)
            if shape is not grid.shape:
                result.append(grid._replace(shape=shape))
    return result


def _joined(parts: list[Any]) -> Any:
    if len(parts) == 1:
        return shapely.normalize(parts[0])
    return single(np.array([shapely.normalize(united(parts))], dtype=object))[0]


def _described(plan: Plan, code: int) -> tuple[str, str]:
    grid = plan.grid(code)
    return grid.name, grid.kind


def _people(
    plan: Plan, pieces: Pieces, targets: list[int], buildings: Points | None
) -> tuple[dict[int, tuple[int, int]], tuple[str, ...]]:
    """Households and population of each target; each source's are shared out among its pieces."""
    sums = {code: np.zeros(2, dtype=np.int64) for code in targets}
    notes = set()
    for code in sorted(set(pieces.source)):
        rows = [row for row, source in enumerate(pieces.source) if source == code]
        grid = plan.grid(code)
        if len({pieces.target[row] for row in rows}) == 1:
            sums[pieces.target[rows[0]]] += [grid.households, grid.population]
            continue
        shapes = np.array([pieces.shapes[row] for row in rows], dtype=object)
        weight, by_buildings = weights(shapes, buildings)
        notes.add("households_by_buildings" if by_buildings else "households_by_area")
        for kind, total in enumerate((grid.households, grid.population)):
            for row, number in zip(rows, shared_out(total, weight).tolist(), strict=True):
                sums[pieces.target[row]][kind] += number
    people = {code: (int(both[0]), int(both[1])) for code, both in sums.items()}
    return people, tuple(sorted(notes))


def checked(plan: Plan, codes: list[int], rules: DrawingRules) -> None:
    """Raise EditRefusal naming each of `codes` that the plan does not have, or that is locked."""
    unknown = [code for code in codes if not _has(plan, code)]
    locked = [code for code in codes if code in rules.locked and code not in unknown]
    violations = [violation("unknown_grid", code) for code in unknown]
    violations += [violation("locked", code, at=plan.grid(code).shape) for code in locked]
    if violations:
        raise EditRefusal(violations)


def _has(plan: Plan, code: int) -> bool:
    row = min(int(np.searchsorted(plan.codes, code)), len(plan) - 1)
    return bool(plan.codes[row] == code)


def with_rules(tools: Tools, **changed: Any) -> Tools:
    """The same tools with other limits."""
    return replace(tools, rules=replace(tools.rules, **changed))
