"""`Edit`: what somebody wants drawn, turned into a change of the grids; what changes have
done, grid by grid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import shapely

from gridmap import planning
from gridmap.errors import Fault, InputError
from gridmap.geo.crs import area_km2
from gridmap.planning import Change, Plan, Points
from gridmap.planning.difference import differing
from gridmap.planning.evensplit import Weight
from gridmap.words import mark

Tool = Literal["split", "split_even", "merge", "reshape", "transfer", "carve", "describe"]
TOOLS: tuple[Tool, ...] = (
    "split",
    "split_even",
    "merge",
    "reshape",
    "transfer",
    "carve",
    "describe",
)
Maker = Callable[[], Plan]

UNCHANGED, RESHAPED, SPLIT, MERGED, NEW, GONE, DESCRIBED = DIFFERENCES = (
    "unchanged",
    "reshaped",
    "split",
    "merged",
    "new",
    "gone",
    "described",
)
DIFF_COLUMNS = [
    "code",
    "state",
    "from",
    "name_before",
    "name",
    "kind_before",
    "kind",
    "households_before",
    "households",
    "area_km2_before",
    "area_km2",
]
STILL_DEG = 2e-8
"""A border that moved less than this, two millimetres, only got a vertex of a neighbour's."""
NO_TOOL = mark("no such tool")
NEEDS = mark("this tool needs a drawing")
DRAW = mark("Draw the line or the area on the map first.")
NOT_ONE, CHOOSE_ONE = mark("not one grid"), mark("Choose one grid for this tool.")
NOT_TWO, CHOOSE_TWO = (
    mark("not two grids"),
    mark("Choose two grids, in the order the tool names them."),
)


@dataclass(frozen=True, slots=True)
class Edit:
    """What to do with which grids: a `tool`, `grids` (codes), what was drawn (EPSG:4490)
    and the tool's own fields.

    `parts` of an even split, even in their `weight`; `code` of who receives an area handed
    over; name, kind and households of a grid that is described or carved out (None: as they
    are).
    """

    tool: Tool
    grids: tuple[int, ...] = ()
    shape: shapely.Geometry | None = None
    parts: int = 2
    weight: Weight = "households"
    name: str | None = None
    kind: str | None = None
    households: int | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies around an edit: buildings with households, geometries of layers to snap to,
    reports by their load.
    """

    buildings: Points | None = None
    references: tuple[shapely.Geometry, ...] = ()
    load: Points | None = None


def change_of(plan: Plan, edit: Edit, *, used: frozenset[int], ground: Ground) -> Change:
    """The change an edit makes of `plan`; codes in `used` are not made again. Raises
    EditRefusal, InputError.
    """
    codes = np.fromiter(used, dtype=np.int64)
    more: dict[str, Any] = {"buildings": ground.buildings, "references": ground.references}
    made: dict[str, Callable[[], Change]] = {
        "split": lambda: planning.split(plan, _one(edit), _drawn(edit), used=codes, **more),
        "split_even": lambda: planning.split_even(
            plan,
            _one(edit),
            edit.parts,
            used=codes,
            weight=edit.weight,
            load_points=ground.load,
            buildings=ground.buildings,
        ),
        "merge": lambda: planning.merge(plan, edit.grids, used=codes),
        "reshape": lambda: planning.reshape(plan, *_two(edit), _drawn(edit), **more),
        "transfer": lambda: planning.transfer(plan, *_two(edit), _drawn(edit), **more),
        "carve": lambda: planning.carve(
            plan, _drawn(edit), used=codes, name=edit.name or "", **more
        ),
        "describe": lambda: planning.describe(
            plan, _one(edit), name=edit.name, kind=edit.kind, households=edit.households
        ),
    }
    if edit.tool not in made:
        raise InputError(
            Fault(rule=NO_TOOL, field="tool", value=str(edit.tool), cure=", ".join(TOOLS))
        )
    return made[edit.tool]()


def origins(changes: Iterable[Change]) -> dict[int, tuple[int, ...]]:
    """For each grid that `changes`, one after the other, leave changed: the grids of the
    first plan it has land from.
    """
    found: dict[int, tuple[int, ...]] = {}
    for change in changes:
        old = {code: found.get(code, (code,)) for code in change.removed.tolist()}
        for code in change.removed.tolist():
            found.pop(code, None)
        for code, predecessors in change.predecessors.items():
            found[code] = tuple(
                sorted(
                    {one for before in predecessors for one in old.get(before, (before,))}
                )
            )
    return found


def diff(base: Plan, plan: Plan, lines: dict[int, tuple[int, ...]]) -> pd.DataFrame:
    """What became of each grid of `base` that is not as it was, and of each that came.

    Columns `DIFF_COLUMNS`: code; state: reshaped and described keep their code, split and
    merged are grids made of one or of several, new ones have land from grids that stay,
    gone ones are no more; from: tuple of codes; the rest before and after, missing where
    there is no such grid.
    """
    gone, come = differing(base, plan)
    before, after = (
        table.set_index("code")
        for table in (base.take(base.rows(gone)), plan.take(plan.rows(come)))
    )
    retired = set(gone.tolist()) - set(come.tolist())
    rows = []
    for code in sorted({*gone.tolist(), *come.tolist()}):
        old = before.loc[code] if code in before.index else None
        new = after.loc[code] if code in after.index else None
        made_of = tuple(one for one in lines.get(code, ()) if one != code)
        state = _state(old, new, made_of, retired)
        rows.append(None if state == UNCHANGED else _row(code, state, made_of, old, new))
    return pd.DataFrame([row for row in rows if row is not None], columns=DIFF_COLUMNS)


def fits(change: Change, plan: Plan) -> bool:
    """Whether `change` can be made of `plan` as it was made of the plan it was drawn on."""
    try:
        plan.apply(change)
    except InputError:
        return False
    return True


def grid_at(plan: Plan, lon: float, lat: float) -> int:
    """The grid at a point (degrees); of several that share it the lowest code; 0 outside."""
    codes = plan.near(shapely.Point(lon, lat))
    return int(codes[0]) if len(codes) else 0


def _one(edit: Edit) -> int:
    if len(edit.grids) != 1:
        raise InputError(
            Fault(rule=NOT_ONE, field="grid", value=str(len(edit.grids)), cure=CHOOSE_ONE)
        )
    return edit.grids[0]


def _two(edit: Edit) -> tuple[int, int]:
    if len(edit.grids) != 2:
        raise InputError(
            Fault(rule=NOT_TWO, field="grid", value=str(len(edit.grids)), cure=CHOOSE_TWO)
        )
    return edit.grids[0], edit.grids[1]


def _drawn(edit: Edit) -> shapely.Geometry:
    if edit.shape is None:
        raise InputError(Fault(rule=NEEDS, field="drawing", cure=DRAW))
    return edit.shape


def _state(old: Any, new: Any, made_of: tuple[int, ...], retired: set[int]) -> str:
    if new is None:
        return GONE
    if old is not None:
        if not retired.isdisjoint(made_of):
            return MERGED
        if shapely.hausdorff_distance(old["geometry"], new["geometry"]) > STILL_DEG:
            return RESHAPED
        words = ["name", "kind", "households", "population"]
        return UNCHANGED if old[words].equals(new[words]) else DESCRIBED
    parents = [one for one in made_of if one in retired]
    if not parents:
        return NEW
    return SPLIT if len(made_of) == 1 else MERGED


def _row(
    code: int, state: str, made_of: tuple[int, ...], old: Any, new: Any
) -> tuple[Any, ...]:
    def told(name: str) -> tuple[Any, Any]:
        return tuple(None if one is None else one[name] for one in (old, new))  # type: ignore[return-value]

    areas = [
        np.nan if one is None else float(area_km2([one["geometry"]])[0])
        for one in (old, new)
    ]
    households = [np.nan if one is None else int(one) for one in told("households")]
    return (code, state, made_of, *told("name"), *told("kind"), *households, *areas)
