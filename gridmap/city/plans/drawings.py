"""`Drawings`: the grids of published plans and of drafts at any step, and what differs
between them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

import pandas as pd
import shapely

from gridmap.city.base.desk import Desk
from gridmap.city.plans import edits
from gridmap.city.plans.drafts import Drafts
from gridmap.planning import Change, Plan
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans import plans as store_plans
from gridmap.store.plans import publishing
from gridmap.store.plans.drafts import Draft, DraftStep

MOST_PLANS = 24


class Drawings:
    """Grids as they are drawn; each plan is made once and held. Safe between threads."""

    def __init__(self, desk: Desk, drafts: Drafts) -> None:
        self._desk = desk
        self._drafts = drafts
        self._plans: OrderedDict[tuple[int, ...], Plan] = OrderedDict()
        self._diffs: dict[tuple[int, int, int], pd.DataFrame] = {}
        self._making = threading.RLock()

    def plan(self, draft: Draft) -> Plan:
        """The grids of a draft as it stands."""
        with self._desk.store.read() as connection:
            steps = store_drafts.steps_of(connection, draft.id)
        return self.at(draft, steps, draft.head)

    def base(self, draft: Draft) -> Plan:
        """The published plan a draft stands on."""
        return self.published(draft.base)

    def grid_at(self, draft: Draft, lon: float, lat: float) -> int:
        """The grid of a draft at a point (degrees); 0 outside the city."""
        return edits.grid_at(self.plan(draft), lon, lat)

    def first_grid(self, draft: Draft) -> int:
        """A grid the draft has been drawing on; 0 when nothing is drawn."""
        path = self._drafts.path(draft)
        return path[0].grids[0] if path else 0

    def shapes(self, draft: Draft) -> dict[int, shapely.Geometry]:
        """The grids of a draft that differ from its base, by code: what is painted over the map."""
        plan, changes = self.plan(draft), self.diff(draft)
        codes = changes.loc[changes["households"].notna(), "code"].to_numpy("int64")
        return (
            dict(zip(codes.tolist(), plan.shapes[plan.rows(codes)], strict=True))
            if len(codes)
            else {}
        )

    def behind(self, draft: Draft) -> bool:
        """Whether another plan has been put in force since the draft was begun."""
        return (
            draft.state not in {store_drafts.PUBLISHED, store_drafts.DROPPED}
            and draft.base != self.in_force()
        )

    def diff(self, draft: Draft) -> pd.DataFrame:
        """What a draft does to each grid of its base that it touches; see `edits.diff`."""
        key = (draft.base, draft.id, draft.head)
        table = self._diffs.get(key)
        if table is None:
            table = edits.diff(self.base(draft), self.plan(draft), self.origins(draft))
            # Whole new dictionaries: other threads may be reading.
            self._diffs = dict([*self._diffs.items(), (key, table)][-MOST_PLANS:])
        return table.copy()

    def origins(self, draft: Draft) -> dict[int, tuple[int, ...]]:
        """For each grid the draft made: the grids of the base it was made of."""
        return edits.origins(self.changes(draft))

    def changes(self, draft: Draft) -> list[Change]:
        """The changes on the way from its base to where a draft stands."""
        return [Change.from_bytes(step.change) for step in self._drafts.path(draft)]

    def notes(self, draft: Draft) -> frozenset[str]:
        """How households were shared out on the way to where the draft stands; see
        `gridmap.planning.change.NOTES`.
        """
        return frozenset(note for change in self.changes(draft) for note in change.notes)

    def used_codes(self) -> frozenset[int]:
        """Every code a plan ever had or a draft ever made: none of them is made again."""
        with self._desk.store.read() as connection:
            return publishing.used_codes(connection) | store_drafts.used_codes(connection)

    def in_force(self) -> int:
        """The number of the plan in force."""
        return store_plans.plan_in_force(self._desk.store).id

    def present(self) -> Plan:
        """The grids of the plan in force."""
        return self.published(self.in_force())

    def published(self, number: int) -> Plan:
        """The grids of a published plan."""
        return self._held(
            (number,), lambda: Plan.of(store_plans.read_grids(self._desk.store, number))
        )

    def at(
        self, draft: Draft, steps: dict[int, DraftStep], head: int, *, base: int = 0
    ) -> Plan:
        """The plan at a step: its parent's, changed."""
        if not head:
            return self.published(base or draft.base)
        step = steps[head]

        def make() -> Plan:
            before = self.at(draft, steps, step.parent, base=step.base)
            return before.apply(Change.from_bytes(step.change))

        return self._held((step.base, draft.id, head), make)

    def _held(self, key: tuple[int, ...], make: edits.Maker) -> Plan:
        with self._making:
            if key not in self._plans:
                self._plans[key] = make()
                while len(self._plans) > MOST_PLANS:
                    self._plans.popitem(last=False)
            self._plans.move_to_end(key)
            return self._plans[key]
