"""`Proposals`: boundary changes that even out households or load, proposed, shown, taken
into a draft or made one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import pandas as pd
import shapely

from gridmap.cases.actors import Actor
from gridmap.city.plans import edits
from gridmap.city.plans.outcome import Outcome
from gridmap.city.plans.redrawing import Edited
from gridmap.city.plans.review import BEHIND
from gridmap.errors import Fault, InputError, RefusedError
from gridmap.model import Level
from gridmap.planning import Change, Plan, Points, Rules, difference
from gridmap.planning.balance import rows_in
from gridmap.planning.suggest import Proposal, suggest, trade_off
from gridmap.store.plans.drafts import Draft
from gridmap.words import mark

Evened = Literal["households", "load"]
EVENED: tuple[Evened, ...] = ("households", "load")
STEPS_OF_TOLERANCE = (1, 2, 4)
MOST_TOLERANCE = 0.9
NOT_TOLERANCE = mark("not a tolerance")
GIVE_TOLERANCE = mark(
    "Give a share between 0.01 and 0.9, such as 0.1 for 10 % above or below the mean."
)
NOT_SEED, GIVE_SEED = "not a seed", "Give a whole number from 0 on."
NOT_EVENED = mark("not something to balance")
NEW_CODES = mark("The draft has new grids of its own. Take the proposal into it instead.")


class Proposals(Outcome):
    """Proposals of `gridmap.planning.suggest` for a place of the city."""

    def suggest(
        self,
        actor: Actor,
        area: int,
        *,
        draft: Draft | None = None,
        by: Evened = "households",
        tolerance: float = 0.1,
        locked: Iterable[int] = (),
        seed: int = 0,
    ) -> list[Proposal]:
        """Proposals for the grids of `area` (any level) on a draft as it stands, or on the
        plan in force.

        From the most even, within `tolerance` of the mean of each village's grids, to the
        least change, within four times as much. `by`: households (by buildings where there
        are any) or load, the hours of all reports up to yesterday. Grids in `locked` keep
        their borders. Same input, same proposals; another `seed` (0 or more) may give
        others. Raises ForbiddenError, NotFoundError, InputError.
        """
        self._check_reads(actor)
        self._desk.places(self._desk.data, area, Level.GRID)
        faults = []
        if not 0.01 <= tolerance <= MOST_TOLERANCE:
            faults.append(
                Fault(
                    rule=NOT_TOLERANCE,
                    field="tolerance",
                    value=str(tolerance),
                    cure=GIVE_TOLERANCE,
                )
            )
        if by not in EVENED:
            faults.append(
                Fault(rule=NOT_EVENED, field="by", value=str(by), cure=", ".join(EVENED))
            )
        if seed < 0:
            faults.append(
                Fault(rule=NOT_SEED, field="seed", value=str(seed), cure=GIVE_SEED)
            )
        if faults:
            raise InputError(faults)
        plan = self.plan(draft) if draft is not None else self._published(self._in_force())
        kept = frozenset(int(code) for code in locked)
        plan.rows(list(kept))
        shapes = plan.shapes[rows_in(plan, area)]
        buildings = self._buildings(tuple(shapely.total_bounds(shapes).tolist()))
        points = buildings if by == "households" else self._load_in(area, draft)
        tolerances = tuple(
            sorted({min(tolerance * times, MOST_TOLERANCE) for times in STEPS_OF_TOLERANCE})
        )
        return suggest(
            plan,
            area,
            points=points,
            tolerances=tolerances,
            buildings=buildings,
            rules=Rules(locked=kept),
            seed=seed,
        )

    def trade_off(self, proposals: Sequence[Proposal]) -> pd.DataFrame:
        """The points of the curve of `proposals`: see `gridmap.planning.trade_off`."""
        return trade_off(proposals)

    def with_proposal(self, draft: Draft, proposal: Proposal) -> Plan:
        """The grids of a draft with a proposal made on it."""
        return self.plan(draft).apply(proposal.change)

    def take(self, actor: Actor, draft: Draft, proposal: Proposal) -> Edited:
        """Make a proposal a step of the draft it was made on. Raises as `edit` does."""
        self._check_edits(actor, draft)
        self._check_places(actor, proposal.change.touched.tolist())
        return self._save(actor, draft, proposal.change, "")

    def draft_of(
        self, actor: Actor, proposal: Proposal, name: str, *, draft: Draft | None = None
    ) -> Draft:
        """Make a draft of a proposal: on the plan in force, with what `draft` had drawn
        when it was proposed.

        Raises ForbiddenError, InputError, and RefusedError for a draft that is behind or
        has made grids of its own.
        """
        self._check_draws(actor)
        change = proposal.change
        if draft is not None and draft.head:
            if self.behind(draft):
                raise RefusedError(BEHIND)
            change = self._whole(draft, change)
        self._check_places(actor, change.touched.tolist())
        return self._save(actor, self.make(actor, name), change, "").draft

    def _whole(self, draft: Draft, last: Change) -> Change:
        """What a draft has done and a proposal on it as one change of the base."""
        base = self.base(draft)
        with self._desk.store.read() as connection:
            path = self._path(connection, draft)
        changes = [*(Change.from_bytes(one.change) for one in path), last]
        found = difference(
            base, self.plan(draft).apply(last), "suggest", lineage=edits.origins(changes)
        )
        if len(found.created):
            raise RefusedError(NEW_CODES)
        return found

    def _load_in(self, area: int, draft: Draft | None) -> Points:
        number = draft.base if draft is not None else self._in_force()
        base = self._published(number)
        held = self._past.on(number, self.period())
        return self._past.reports(held, base.codes[rows_in(base, area)])
