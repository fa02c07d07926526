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
from gridmap.planning import edits
from gridmap.planning.apportionment import Points, weights
from gridmap.planning.balance import rows_in
from gridmap.planning.change import Change
from gridmap.planning.crosswalk import moved_households
from gridmap.planning.difference import difference
from gridmap.planning.landstrips import Strip, strips
from gridmap.planning.plan import Plan
from gridmap.planning.refusal import EditRefusal, refuse
from gridmap.planning.rules import DEFAULT, DrawingRules

Floats = npt.NDArray[np.float64]

HALVINGS = 9
"""Steps in which a strip is made as wide as is asked for: to a five-hundredth of the widest."""
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
# What a household outside the tolerance costs, in households handed over once.
_TOO_FAR = 100.0


@dataclass(frozen=True, slots=True)
class Transfer:
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
    transfers: tuple[Transfer, ...]
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
    rules: DrawingRules = DEFAULT,
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
    to `PREFERENCE`, and so gives other proposals about as good. Raises EditRefusal
    `unknown_grid` for an empty area.
    """
    rows = rows_in(plan, area)
    if not len(rows):
        raise refuse("unknown_grid", area)
    proposals = []
    for tolerance in sorted(tolerances):
        proposal = _proposal(
            plan,
            rows,
            tolerance,
            points=points,
            buildings=buildings,
            rules=rules,
            seed=seed,
        )
        if proposal is not None:
            proposals.append(proposal)
    return _front(proposals)


def trade_off(proposals: Sequence[Proposal]) -> pd.DataFrame:
    """The curve of proposals of one question: how far from even what share of the
    households has to change grid for.

    tolerance (NaN: the grids as they are), deviation (share of the mean), moved
    (households), moved_share (of those in the area), borders (that change); from the most
    even to no change at all. Empty without proposals.
    """
    rows = [
        (
            proposal.tolerance,
            proposal.after,
            proposal.moved,
            proposal.moved_share,
            len(proposal.transfers),
        )
        for proposal in proposals
    ]
    rows += [(np.nan, proposal.before, 0, 0.0, 0) for proposal in proposals[:1]]
    return pd.DataFrame(
        rows, columns=["tolerance", "deviation", "moved", "moved_share", "borders"]
    )


def _front(proposals: list[Proposal]) -> list[Proposal]:
    """Those of `proposals`, by tolerance, to which no other is as even or evener and
    changes as little or less.
    """
    front: list[Proposal] = []
    for proposal in proposals:
        while (
            front
            and proposal.after <= front[-1].after
            and proposal.moved <= front[-1].moved
        ):
            front.pop()
        if not front or proposal.moved < front[-1].moved:
            front.append(proposal)
    return front


def _proposal(
    plan: Plan,
    rows: Any,
    tolerance: float,
    *,
    points: Points | None,
    buildings: Points | None,
    rules: DrawingRules,
    seed: int,
) -> Proposal | None:
    work = _Rebalancing(plan, points, buildings, rules)
    codes = plan.codes[rows]
    for village in np.unique(codes // 1000).tolist():
        free = _free(plan, codes[codes // 1000 == village], rules)
        rng = np.random.default_rng([seed, village]) if seed else None
        work.even_out(free, tolerance, rng)
    if not work.transfers:
        return None
    moved = moved_households(plan, work.child, buildings=buildings)
    total = max(int(plan.households[rows].sum()), 1)
    return Proposal(
        change=difference(plan, work.child, "suggest", lineage=_lineage(work.transfers)),
        transfers=tuple(work.transfers),
        tolerance=tolerance,
        before=_deviation(plan, rows, points, rules),
        after=_deviation(work.child, rows, points, rules),
        moved=moved,
        moved_share=moved / total,
        refused=work.refused,
    )


class _Rebalancing:
    """A plan on its way to more even grids: `child` as it stands, the `transfers` made, and
    how many were `refused`.
    """

    def __init__(
        self,
        plan: Plan,
        points: Points | None,
        buildings: Points | None,
        rules: DrawingRules,
    ) -> None:
        self.child = plan
        self.transfers: list[Transfer] = []
        self.refused = 0
        self._points, self._buildings, self._rules = points, buildings, rules

    def even_out(
        self, free: list[int], tolerance: float, rng: np.random.Generator | None
    ) -> None:
        """Even out the grids `free` of one village, in `ROUNDS` while they are too uneven."""
        barred: set[tuple[int, int]] = set()
        for inside, least in ROUNDS:
            if _off(weights_of(self.child, free, self._points)) <= tolerance:
                return
            flows = _flows(
                self.child,
                free,
                max(tolerance - inside, tolerance / 2),
                least=least,
                points=self._points,
                barred=barred,
                rng=rng,
            )
            for giver, taker, flow in flows:
                if not self._hand_over(giver, taker, flow):
                    barred.add((giver, taker))
                    self.refused += 1

    def _hand_over(self, giver: int, taker: int, flow: float) -> bool:
        """Whether the rules let `giver` hand about `flow` to `taker`."""
        try:
            change, given = _handed(
                self.child,
                giver,
                taker,
                flow,
                points=self._points,
                buildings=self._buildings,
                rules=self._rules,
            )
        except EditRefusal:
            return False
        self.child = self.child.apply(change)
        self.transfers.append(Transfer(giver, taker, given))
        return True


def _lineage(transfers: Sequence[Transfer]) -> dict[int, tuple[int, ...]]:
    """The predecessors of each grid that got land: itself and those it got it from."""
    lineage: dict[int, tuple[int, ...]] = {}
    for transfer in transfers:
        known = lineage.get(transfer.taker, ())
        lineage[transfer.taker] = tuple(sorted({transfer.taker, transfer.giver, *known}))
    return lineage


def _free(plan: Plan, codes: Any, rules: DrawingRules) -> list[int]:
    basic = plan.kinds[plan.rows(codes)] == "basic"
    return [code for code in codes[basic].tolist() if code not in rules.locked]


def weights_of(plan: Plan, codes: list[int], points: Points | None) -> Floats:
    """What is balanced, of each of these grids."""
    rows = plan.rows(codes)
    if points is None:
        return plan.households[rows].astype(np.float64)
    return points.totals(plan.shapes[rows])


def _deviation(plan: Plan, rows: Any, points: Points | None, rules: DrawingRules) -> float:
    worst = 0.0
    codes = plan.codes[rows]
    for village in np.unique(codes // 1000).tolist():
        free = _free(plan, codes[codes // 1000 == village], rules)
        worst = max(worst, _off(weights_of(plan, free, points)))
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
    givers, takers = np.concatenate([left, right]), np.concatenate([right, left])
    ways = [
        (a, b)
        for a, b in zip(givers.tolist(), takers.tolist(), strict=True)
        if (codes[a], codes[b]) not in barred
    ]
    if mean <= 0 or not ways:
        return []
    gain = np.zeros((len(codes), len(ways)))
    for way, (a, b) in enumerate(ways):
        gain[a, way], gain[b, way] = -1.0, 1.0
    above, below = (1 + tolerance) * mean - value, value - (1 - tolerance) * mean
    # A slack per grid, dearer than any flow: there is always a solution, if only a near one.
    off = -np.vstack([np.eye(len(codes))] * 2)
    cost = np.ones(len(ways)) if rng is None else 1.0 + PREFERENCE * rng.random(len(ways))
    solution = linprog(
        np.concatenate([cost, np.full(len(codes), _TOO_FAR)]),
        A_ub=np.hstack([np.vstack([gain, -gain]), off]),
        b_ub=np.concatenate([above, below]),
    )
    flows = [
        (codes[a], codes[b], float(x))
        for (a, b), x in zip(ways, solution.x[: len(ways)], strict=True)
    ]
    return sorted(
        (flow for flow in flows if flow[2] > least * mean),
        key=lambda flow: (-flow[2], flow[0], flow[1]),
    )


def _handed(
    plan: Plan,
    giver: int,
    taker: int,
    flow: float,
    *,
    points: Points | None,
    buildings: Points | None,
    rules: DrawingRules,
) -> tuple[Change, float]:
    """The transfer that comes closest to `flow` by the first way the rules allow, and what
    it hands over.
    """
    shape, other = plan.grid(giver).shape, plan.grid(taker).shape
    weight = float(weights_of(plan, [giver], points)[0])
    refusals = []
    # `strips` raises where an earlier transfer has parted the two.
    for strip, widest in strips(shape, other):
        try:
            area = _as_much(shape, strip, widest, flow, points=points, weight=weight)
            change = edits.transfer(
                plan, giver, taker, area, buildings=buildings, rules=rules
            )
        except EditRefusal as refusal:
            refusals.append(refusal)
            continue
        given = weight - float(weights_of(plan.apply(change), [giver], points)[0])
        # Further off, it hands over another piece than was meant: the next way may do.
        if abs(given - flow) < flow / 2:
            return change, given
    raise refusals[0] if refusals else refuse("divides_nothing", giver, taker)


def _as_much(
    shape: Any,
    strip: Strip,
    widest: float,
    flow: float,
    *,
    points: Points | None,
    weight: float,
) -> Any:
    """The strip, as wide as `flow` asks for."""
    low, high = 0.0, widest
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        share = _share(shape, strip(middle), points, weight)
        low, high = (middle, high) if share < flow else (low, middle)
    return strip((low + high) / 2)


def _share(shape: Any, strip: Any, points: Points | None, weight: float) -> float:
    """What of a grid lies in the strip."""
    taken = shapely.intersection(shape, strip)
    if points is not None:
        return float(points.totals([taken])[0]) if not taken.is_empty else 0.0
    both, _ = weights(np.array([taken, shape], dtype=object), None)
    return weight * float(both[0] / both[1])
