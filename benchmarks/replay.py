"""Replay of all reports on a draft: once for the whole city, then after one edit of each kind, as the planner waits for it.

GRIDMAP_HOME names a city; it is only read.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gridmap.calendar import day_from_number
from gridmap.city.base import data as reading
from gridmap.geo.adjacency import neighbours
from gridmap.insight.mask import mask
from gridmap.insight.selection import Selection
from gridmap.planning import Change, Plan, Refusal, carve, merge, reshape, split, transfer
from gridmap.planning.replay import Lineage, Past, Replay, by_township, replay
from gridmap.settings import Settings
from gridmap.store import Store, plans

ROUNDS = 5
WHOLE_LIMIT_S, EDIT_LIMIT_S = 1.5, 0.1
PLACES = 25
"""Grids on which each kind of edit is drawn."""
SHIFT_DEG = 1e-6


@dataclass(frozen=True)
class City:
    """What a draft is replayed with: reports made ready, the plan in force, pairs of `grid` and `worker`."""

    past: Past
    plan: Plan
    workers: pd.DataFrame

    def both(self, after: Plan, lineage: Lineage) -> tuple[Replay, Replay]:
        """Before and after, per grid and per township."""
        done = replay(self.past, self.plan, after, workers=self.workers, lineage=lineage)
        return done, by_township(self.past, self.plan, after, done, workers=self.workers, lineage=lineage)


def main() -> None:
    """Print the table; fails where a wait is longer than wanted."""
    with Store.open(Settings()) as store:
        state = reading.read(store)
        plan, facts = Plan.of(plans.read_grids(store)), state.facts
        chosen = mask(
            facts, Selection(day_from_number(facts.first_day), day_from_number(facts.last_day)), state.categories
        )
        ready_s = _timed(lambda: Past.of(facts, chosen, state.categories))
        past = Past.of(facts, chosen, state.categories)
        held = state.assignments.loc[state.assignments["role"] == "grid_worker"]
        workers = held[["area", "worker"]].rename(columns={"area": "grid"})
        city = City(past, plan, workers[np.isin(workers["grid"], plan.codes)].drop_duplicates(ignore_index=True))
    print(f"## Replaying on a draft\n\n{len(facts):,} reports, {len(plan):,} grids.\n")
    print("| | places | median, ms | worst, ms | limit, ms |\n|---|---:|---:|---:|---:|")
    _row("made ready, once for a period", 1, ready_s)
    moved = _moved(plan)
    whole_s = _timed(lambda: city.both(moved, {}))
    _row(f"every grid differs, {len(facts):,} reports located anew", 1, whole_s, WHOLE_LIMIT_S)
    late = statistics.median(whole_s) > WHOLE_LIMIT_S
    for kind, edits in _edits(plan).items():
        waits = []
        for edit in edits:
            begun = time.perf_counter()
            change = edit()
            child = plan.apply(change)
            city.both(child, {code: change.predecessors[code] for code in change.created.tolist()})
            waits.append(time.perf_counter() - begun)
        _row(f"{kind}: drawn, checked, replayed", len(waits), waits, EDIT_LIMIT_S)
        late |= statistics.median(waits) > EDIT_LIMIT_S
    if late:
        raise RuntimeError("a wait is longer than wanted")


def _row(name: str, places: int, waits_s: list[float], limit_s: float | None = None) -> None:
    limit = "" if limit_s is None else f"{limit_s * 1000:.0f}"
    print(f"| {name} | {places} | {statistics.median(waits_s) * 1000:.0f} | {max(waits_s) * 1000:.0f} | {limit} |")


def _timed(work: Callable[[], Any]) -> list[float]:
    waits = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        waits.append(time.perf_counter() - begun)
    return waits


def _moved(plan: Plan) -> Plan:
    """The plan with every grid moved by a tenth of a metre."""
    return replace(plan, shapes=shapely.transform(plan.shapes, lambda xy: xy + SHIFT_DEG), _nearby=None)


def _edits(plan: Plan) -> dict[str, list[Callable[[], Change]]]:
    """Edits by kind that the rules allow, at places spread over the city."""
    left, right, _ = neighbours(plan.shapes)
    mates = (
        (plan.codes[left] // 1000 == plan.codes[right] // 1000)
        & (plan.kinds[left] == "basic")
        & (plan.kinds[right] == "basic")
    )
    pairs = np.stack([plan.codes[left[mates]], plan.codes[right[mates]]], axis=1)
    found: dict[str, list[Callable[[], Change]]] = {
        name: [] for name in ("split", "merge", "transfer", "carve", "reshape")
    }
    for a, b in pairs[np.random.default_rng(1).permutation(len(pairs))].tolist():
        for kind, edit in _drawn(plan, a, b):
            if len(found[kind]) < PLACES and _allowed(edit):
                found[kind].append(edit)
        if all(len(edits) >= PLACES for edits in found.values()):
            break
    return found


def _allowed(edit: Callable[[], Change]) -> bool:
    try:
        edit()
    except Refusal:
        return False
    return True


def _drawn(plan: Plan, a: int, b: int) -> Iterator[tuple[str, Callable[[], Change]]]:
    """One edit of each kind at two neighbours."""
    shape, other = plan.grid(a).shape, plan.grid(b).shape
    west, south, east, north = shape.bounds
    middle = shape.representative_point()
    yield "split", lambda: split(plan, a, [(middle.x, south - 1e-3), (middle.x, north + 1e-3)], used=plan.codes)
    yield "merge", lambda: merge(plan, [a, b], used=plan.codes)
    shared = shapely.intersection(shape, other)
    band = shapely.buffer(shared, (north - south) / 5, quad_segs=2)
    if band.geom_type == "Polygon":
        outline = shapely.simplify(shapely.Polygon(band.exterior), (north - south) / 50)
        yield "transfer", lambda: transfer(plan, a, b, outline)
    spot = shapely.buffer(middle, min(east - west, north - south) / 6, quad_segs=4)
    yield "carve", lambda: carve(plan, spot, name="市场", used=plan.codes)
    border = shapely.line_merge(
        shapely.multilinestrings([part for part in shapely.get_parts(shared) if part.geom_type == "LineString"])
    )
    if border.geom_type == "LineString":
        ends, turn = (border.coords[0], border.coords[-1]), border.interpolate(0.5, normalized=True)
        via = (turn.x + (middle.x - turn.x) / 4, turn.y + (middle.y - turn.y) / 4)
        yield "reshape", lambda: reshape(plan, a, b, [ends[0], via, ends[1]])


if __name__ == "__main__":
    main()
