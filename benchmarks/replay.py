"""Replay of all reports on a draft: once for the whole city, then after one edit of each
kind, as the planner waits for it.

GRIDMAP_HOME names a city; it is only read.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from benchmarks._drawings import allowed
from gridmap.calendar import day_from_number
from gridmap.city.base import data as reading
from gridmap.city.plans.edits import Ground, change_of
from gridmap.insight.mask import mask
from gridmap.insight.selection import Selection
from gridmap.planning import Plan
from gridmap.planning.replay import Lineage, Past, Replay, by_township, replay
from gridmap.settings import Settings
from gridmap.store.opening import open_store
from gridmap.store.plans import plans

ROUNDS = 5
WHOLE_LIMIT_S, EDIT_LIMIT_S = 1.5, 0.1
PLACES = 25
"""Grids on which each kind of edit is drawn."""
SHIFT_DEG = 1e-6


@dataclass(frozen=True)
class City:
    """What a draft is replayed with: reports made ready, the plan in force, pairs of `grid`
    and `worker`.
    """

    past: Past
    plan: Plan
    workers: pd.DataFrame

    def both(self, after: Plan, lineage: Lineage) -> tuple[Replay, Replay]:
        """Before and after, per grid and per township."""
        done = replay(self.past, self.plan, after, workers=self.workers, lineage=lineage)
        return done, by_township(
            self.past, self.plan, after, done, workers=self.workers, lineage=lineage
        )


def main() -> None:
    """Print the table; fails where a wait is longer than wanted."""
    with open_store(Settings()) as store:
        state = reading.read(store)
        plan, facts = Plan.of(plans.read_grids(store)), state.facts
        chosen = mask(
            facts,
            Selection(day_from_number(facts.first_day), day_from_number(facts.last_day)),
            state.categories,
        )
        ready_s = _timed(lambda: Past.of(facts, chosen, state.categories))
        past = Past.of(facts, chosen, state.categories)
        held = state.assignments.loc[state.assignments["role"] == "grid_worker"]
        workers = held[["area", "worker"]].rename(columns={"area": "grid"})
        city = City(
            past,
            plan,
            workers[np.isin(workers["grid"], plan.codes)].drop_duplicates(
                ignore_index=True
            ),
        )
    print(f"## Replaying on a draft\n\n{len(facts):,} reports, {len(plan):,} grids.\n")
    print("| | places | median, ms | worst, ms | limit, ms |\n|---|---:|---:|---:|---:|")
    _row("made ready, once for a period", 1, ready_s)
    moved = _moved(plan)
    whole_s = _timed(lambda: city.both(moved, {}))
    _row(
        f"every grid differs, {len(facts):,} reports located anew",
        1,
        whole_s,
        WHOLE_LIMIT_S,
    )
    late = statistics.median(whole_s) > WHOLE_LIMIT_S
    used = frozenset(plan.codes.tolist())
    for kind, edits in allowed(plan, PLACES).items():
        waits = []
        for edit in edits:
            begun = time.perf_counter()
            change = change_of(plan, edit, used=used, ground=Ground())
            child = plan.apply(change)
            city.both(
                child, {code: change.predecessors[code] for code in change.created.tolist()}
            )
            waits.append(time.perf_counter() - begun)
        _row(f"{kind}: drawn, checked, replayed", len(waits), waits, EDIT_LIMIT_S)
        late |= statistics.median(waits) > EDIT_LIMIT_S
    if late:
        raise RuntimeError("a wait is longer than wanted")


def _row(
    name: str, places: int, waits_s: list[float], limit_s: float | None = None
) -> None:
    limit = "" if limit_s is None else f"{limit_s * 1000:.0f}"
    print(
        f"| {name} | {places} | {statistics.median(waits_s) * 1000:.0f} | "
        f"{max(waits_s) * 1000:.0f} | {limit} |"
    )


def _timed(work: Callable[[], Any]) -> list[float]:
    waits = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        waits.append(time.perf_counter() - begun)
    return waits


def _moved(plan: Plan) -> Plan:
    """The plan with every grid moved by a tenth of a metre."""
    return replace(
        plan, shapes=shapely.transform(plan.shapes, lambda xy: xy + SHIFT_DEG), _nearby=None
    )


if __name__ == "__main__":
    main()
