"""`PastRoom`: the reports of the past, made ready for replaying them on drafts, and what
was replayed last.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import pandas as pd

from gridmap.calendar import day_from_number
from gridmap.city.base.basis import BasedDesk, Basis
from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk
from gridmap.insight.selection import Selection
from gridmap.planning import Plan
from gridmap.planning.apportionment import Points
from gridmap.planning.replay import Lineage, Past, Replay, by_township, replay
from gridmap.store.look.coordinates import Coordinates

FRESH_S = 600
"""So long reports that came in since are not looked at: a draft is about years, and every
edit waits for it.
"""
YEAR_DAYS = 365
MOST_PASTS = 2
MOST_REPLAYS = 12


@dataclass(frozen=True, eq=False)
class Held:
    """The past on the grids of one published plan: `workers` are pairs of grid and worker."""

    data: Data
    past: Past
    workers: pd.DataFrame
    made_s: float
    replays: OrderedDict[tuple[int, int], Replayed] = field(default_factory=OrderedDict)


@dataclass(frozen=True, eq=False)
class Replayed:
    """A draft replayed: what it was replayed on, its grids, and before and after by grid."""

    held: Held
    base: Plan
    plan: Plan
    lineage: Lineage
    grids: Replay

    def townships(self) -> Replay:
        """The same per township."""
        return by_township(
            self.held.past,
            self.base,
            self.plan,
            self.grids,
            workers=self.held.workers,
            lineage=self.lineage,
        )


class PastRoom:
    """Replays, each made once; safe between threads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._making = threading.RLock()
        self._held: OrderedDict[tuple[int, Selection], Held] = OrderedDict()
        self._based: dict[int, BasedDesk] = {}

    def period(self, *, year: bool = False) -> Selection:
        """All reports up to yesterday, or with `year` those of the past year."""
        end = self._desk.today - timedelta(days=1)
        facts = self._desk.data.facts
        first = min(day_from_number(facts.first_day), end) if len(facts) else end
        start = max(first, end - timedelta(days=YEAR_DAYS - 1)) if year else first
        return Selection(start, end, self._desk.code)

    def replay(
        self,
        key: tuple[int, int],
        number: int,
        period: Selection,
        plans: Callable[[], tuple[Plan, Plan, Lineage, bool]],
    ) -> Replayed:
        """The reports of `period` on a draft of the published plan `number`; `key` (draft,
        step) tells drafts apart.

        `plans` gives the base, the draft, its lineage, and whether land may have come in,
        when they are needed.
        """
        with self._making:
            held = self.on(number, period)
            if key not in held.replays:
                base, plan, lineage, nowhere = plans()
                found = replay(
                    held.past,
                    base,
                    plan,
                    workers=held.workers,
                    lineage=lineage,
                    nowhere=nowhere,
                )
                held.replays[key] = Replayed(held, base, plan, lineage, found)
                while len(held.replays) > MOST_REPLAYS:
                    held.replays.popitem(last=False)
            held.replays.move_to_end(key)
            return held.replays[key]

    def on(self, number: int, period: Selection) -> Held:
        """The reports of `period` on the grids of the published plan `number`."""
        with self._making:
            key, data = (number, period), self._data(number)
            held = self._held.get(key)
            if held is None or (
                held.data.version != data.version
                and time.monotonic() - held.made_s > FRESH_S
            ):
                held = self._made(number, data, period)
                self._held[key] = held
                while len(self._held) > MOST_PASTS:
                    self._held.popitem(last=False)
            self._held.move_to_end(key)
            return held

    def reports(self, held: Held, grids: np.ndarray) -> Points:
        """The counted reports in `grids` (codes of the held plan), each weighing the hours
        of its category.
        """
        facts, mask = held.past.facts, held.past.mask
        rows = held.past.rows_of(np.searchsorted(facts.grid_codes, grids))
        rows = rows[(rows >= mask.start) & (rows < mask.end)]
        kind = facts.category[rows]
        weight = (
            np.where(kind >= 0, mask.weight[kind] * held.past.effort[kind], 0.0)
            * mask.stands[facts.status[rows]]
        )
        counts = weight > 0
        return Points.of(*held.past.coordinates(rows[counts]), weight[counts])

    def _made(self, number: int, data: Data, period: Selection) -> Held:
        desk = self._desk_of(number)
        facts, loaded = data.facts, data.later.held
        assert loaded is not None  # noqa: S101  (loaded in the line above)
        past = Past.of(
            facts, desk.mask(data, period), data.categories, Coordinates(desk.store, loaded)
        )
        staff = desk.staff(data, desk.today)
        workers = pd.DataFrame(
            {"grid": data.grids.codes[staff.grid], "worker": staff.worker}
        )
        return Held(data, past, workers, time.monotonic())

    def _data(self, number: int) -> Data:
        return self._desk_of(number).data

    def _desk_of(self, number: int) -> Desk:
        """The desk on a plan: the city's own for the one in force."""
        if number == self._desk.data.plan.id:
            return self._desk
        if number not in self._based:
            self._based = {number: BasedDesk(self._desk, Basis(number))}
        return self._based[number]
