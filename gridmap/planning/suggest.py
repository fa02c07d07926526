"""Proposals that even out households or load inside villages and change as little as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.optimize import linprog

from gridmap.geo.adjacency import neighbours
from gridmap.planning.balance import rows_in
from gridmap.planning.change import Change, difference
from gridmap.planning.crosswalk import moved_households
from gridmap.planning.edits import transfer
from gridmap.planning.people import Points, weights
from gridmap.planning.plan import Plan
from gridmap.planning.refusal import Refusal, refuse
from gridmap.planning.rules import DEFAULT, Rules
from gridmap.planning.strips import Strip, strips

Floats = npt.NDArray[np.float64]

HALVINGS = 9
ROUNDS = (
    (0.02, 0.02),
    (0.01, 0.002),
    (0.01, 0.002),
    (0.02, 0.002),
    (0.02, 0.002),
    (0.03, 0.002),
)
"""How often a village is looked at again while it is outside the tolerance: what a refused
change should have brought goes another way. Of each round: how much less than the tolerance
is aimed at, and the flow below which no border is touched, as shares of the mean.
Households are whole and drawings snap, so the aim lies inside.
"""
PREFERENCE = 0.25
"""How much dearer a seed makes some borders than others."""
_TOO_FAR = (
    100.0  # what a household outside the tolerance costs, in households handed over once
)


@dataclass(frozen=True, slots=True)
class Step:
    """One boundary change: `giver` hands `weight` of what is balanced to `taker`."""

    giver: int
    taker: int
    weight: float


@dataclass(frozen=True, eq=False)
class Proposal:
    """A change, what it is made of, and what it comes to.

    `tolerance` was aimed at. `before` and `after` are the largest deviations from the
    village's mean, as a share of it, over all villages of the area; `moved` households
    change grid, `moved_share` of those in the area. `refused` counts boundary changes that
    the rules did not allow.
    """

    change: Change
    steps: tuple[Step, ...]
    tolerance: float
    before: float
    after: float
    moved: int
    moved_share: float
    refused: int


def suggest(
    plan: Plan,
    area: int,
    *,
    points: Points | None = None,
    tolerances: tuple[float, ...] = (0.05, 0.15, 0.3),
    buildings: Points | None = None,
    rules: Rules = DEFAULT,
    seed: int = 0,
) -> list[Proposal]:
    """Proposals for the grids of `area` (a code of any level), one a tolerance, from the
    most even to the least change.

    What is balanced is the weight of `points` (load of reports, households of buildings);
    without it households, taken as spread evenly over each grid. `tolerance` is the
    deviation from the mean of a village's grids that may stay. Exclusive grids and
    `rules.locked` keep their borders. A tolerance at which nothing would change, or no less
    than at a smaller one, has no proposal. The same input gives the same proposals. With
    `seed` 0 nothing is drawn by chance; any other number prefers some borders to others, up
    to `PREFERENCE`, and so gives other proposals about as good. Raises Refusal
    `unknown_grid` for an empty area.
    """
    rows = rows_in(plan, area)
    if not len(rows):
        raise refuse("unknown_grid", area)
    found = []
    for tolerance in sorted(tolerances):
        one = _proposal(
            plan,
            rows,
            tolerance,
            points=points,
            buildings=buildings,
            rules=rules,
            seed=seed,
        )
        if one is not None:
            found.append(one)
    return _front(found)


def trade_off(proposals: Sequence[Proposal]) -> pd.DataFrame:
    """The curve of proposals of one question: how far from even what share of the
    households has to change grid for.

    tolerance (NaN: the grids as they are), deviation (share of the mean), moved
    (households), moved_share (of those in the area), borders (that change); from the most
    even to no change at all. Empty without proposals.
    """
    rows = [
        (one.tolerance, one.after, one.moved, one.moved_share, len(one.steps))
        for one in proposals
    ]
    rows += [(np.nan, one.before, 0, 0.0, 0) for one in proposals[:1]]
    return pd.DataFrame(
        rows, columns=["tolerance", "deviation", "moved", "moved_share", "borders"]
    )


def _front(proposals: list[Proposal]) -> list[Proposal]:
    """Those of `proposals`, by tolerance, to which no other is as even or evener and
    changes as little or less.
    """
    found: list[Proposal] = []
    for one in proposals:
        while found and one.after <= found[-1].after and one.moved <= found[-1].moved:
            found.pop()
        if not found or one.moved < found[-1].moved:
            found.append(one)
    return found


def _proposal(
    plan: Plan,
    rows: Any,
    tolerance: float,
    *,
    points: Points | None,
    buildings: Points | None,
    rules: Rules,
    seed: int,
) -> Proposal | None:
    child, steps, refused = plan, [], 0
    codes = plan.codes[rows]
    for village in np.unique(codes // 1000).tolist():
        mine = _free(plan, codes[codes // 1000 == village], rules)
        barred: set[tuple[int, int]] = set()
        rng = np.random.default_rng([seed, village]) if seed else None
        for inside, least in ROUNDS:
            if _off(weights_of(child, mine, points)) <= tolerance:
                break
            aim = max(tolerance - inside, tolerance / 2)
            flows = _flows(
                child, mine, aim, least=least, points=points, barred=barred, rng=rng
            )
            for giver, taker, flow in flows:
                try:
                    change, given = _handed(
                        child,
                        giver,
                        taker,
                        flow,
                        points=points,
                        buildings=buildings,
                        rules=rules,
                    )
                except Refusal:
                    barred.add((giver, taker))
                    refused += 1
                    continue
                child = child.apply(change)
                steps.append(Step(giver, taker, given))
    if not steps:
        return None
    lineage: dict[int, tuple[int, ...]] = {}
    for step in steps:
        lineage[step.taker] = tuple(
            sorted({step.taker, step.giver, *lineage.get(step.taker, ())})
        )
    moved = moved_households(plan, child, buildings=buildings)
    total = max(int(plan.households[rows].sum()), 1)
    return Proposal(
        difference(plan, child, "suggest", lineage=lineage),
        tuple(steps),
        tolerance,
        _deviation(plan, rows, points, rules),
        _deviation(child, rows, points, rules),
        moved,
        moved / total,
        refused,
    )


def _free(plan: Plan, codes: Any, rules: Rules) -> list[int]:
    basic = plan.kinds[plan.rows(codes)] == "basic"
    return [code for code in codes[basic].tolist() if code not in rules.locked]


def weights_of(plan: Plan, codes: list[int], points: Points | None) -> Floats:
    """What is balanced, of each of these grids."""
    rows = plan.rows(codes)
    return (
        plan.households[rows].astype(np.float64)
        if points is None
        else points.totals(plan.shapes[rows])
    )


def _deviation(plan: Plan, rows: Any, points: Points | None, rules: Rules) -> float:
    worst = 0.0
    codes = plan.codes[rows]
    for village in np.unique(codes // 1000).tolist():
        mine = _free(plan, codes[codes // 1000 == village], rules)
        worst = max(worst, _off(weights_of(plan, mine, points)))
    return worst


def _off(value: Floats) -> float:
    """The largest distance from the mean, as a share of it."""
    mean = value.mean() if len(value) else 0.0
    return float(np.abs(value - mean).max() / mean) if mean > 0 else 0.0


def _flows(
    plan: Plan,
    codes: list[int],
    tolerance: float,
    *,
    least: float,
    points: Points | None,
    barred: set[tuple[int, int]],
    rng: np.random.Generator | None,
) -> list[tuple[int, int, float]]:
    """The least that neighbours have to hand over so that all lie within the tolerance, the
    largest first.

    Linear programming: the sum of all flows along shared borders is smallest, subject to
    every grid ending between (1 − t) and (1 + t) times the mean, or as near to it as
    borders that are not `barred` (giver, taker) allow.
    """
    if len(codes) < 2:
        return []
    value = weights_of(plan, codes, points)
    mean = value.mean()
    left, right, _ = neighbours(plan.shapes[plan.rows(codes)])
    ways = [
        (a, b)
        for a, b in zip(
            np.concatenate([left, right]).tolist(),
            np.concatenate([right, left]).tolist(),
            strict=True,
        )
        if (codes[a], codes[b]) not in barred
    ]
    if mean <= 0 or not ways:
        return []
    gain = np.zeros((len(codes), len(ways)))
    for way, (a, b) in enumerate(ways):
        gain[a, way], gain[b, way] = -1.0, 1.0
    above, below = (1 + tolerance) * mean - value, value - (1 - tolerance) * mean
    off = -np.vstack([np.eye(len(codes))] * 2)
    cost = np.ones(len(ways)) if rng is None else 1.0 + PREFERENCE * rng.random(len(ways))
    found = linprog(
        np.concatenate([cost, np.full(len(codes), _TOO_FAR)]),
        A_ub=np.hstack([np.vstack([gain, -gain]), off]),
        b_ub=np.concatenate([above, below]),
    )
    flows = [
        (codes[a], codes[b], float(x))
        for (a, b), x in zip(ways, found.x[: len(ways)], strict=True)
    ]
    return sorted(
        (one for one in flows if one[2] > least * mean),
        key=lambda one: (-one[2], one[0], one[1]),
    )


def _handed(
    plan: Plan,
    giver: int,
    taker: int,
    flow: float,
    *,
    points: Points | None,
    buildings: Points | None,
    rules: Rules,
) -> tuple[Change, float]:
    """The transfer that comes closest to `flow` by the first way the rules allow, and what
    it hands over.
    """
    shape, other = plan.grid(giver).shape, plan.grid(taker).shape
    own = float(weights_of(plan, [giver], points)[0])
    refusals = []
    for strip, widest in strips(
        shape, other
    ):  # raises where an earlier step has parted them
        try:
            area = _as_much(shape, strip, widest, flow, points=points, own=own)
            change = transfer(plan, giver, taker, area, buildings=buildings, rules=rules)
        except Refusal as refusal:
            refusals.append(refusal)
            continue
        given = own - float(weights_of(plan.apply(change), [giver], points)[0])
        if abs(given - flow) < flow / 2:  # else it hands over another piece than was meant
            return change, given
    raise refusals[0] if refusals else refuse("divides_nothing", giver, taker)


def _as_much(
    shape: Any,
    strip: Strip,
    widest: float,
    flow: float,
    *,
    points: Points | None,
    own: float,
) -> Any:
    """The strip, as wide as `flow` asks for."""
    low, high = 0.0, widest
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        share = _share(shape, strip(middle), points, own)
        low, high = (middle, high) if share < flow else (low, middle)
    return strip((low + high) / 2)


def _share(shape: Any, strip: Any, points: Points | None, own: float) -> float:
    """What of a grid lies in the strip."""
    taken = shapely.intersection(shape, strip)
    if points is not None:
        return float(points.totals([taken])[0]) if not taken.is_empty else 0.0
    both, _ = weights(np.array([taken, shape], dtype=object), None)
    return own * float(both[0] / both[1])
