"""`Proposals`: boundary changes that even out households or load, proposed, shown, taken
into a draft or made one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import pandas as pd
import shapely

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.plans import edits
from gridmap.city.plans.drafts import Drafts
from gridmap.city.plans.drawings import Drawings
from gridmap.city.plans.review import BEHIND
from gridmap.city.plans.saving import Edited, Saving
from gridmap.city.plans.weights import Weights
from gridmap.errors import Fault, InputError, RefusedError
from gridmap.model import Level
from gridmap.planning import Change, DrawingRules, Plan, Points, difference
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


class Proposals:
    """Proposals of `gridmap.planning.suggest` for a place of the city."""

    def __init__(
        self,
        desk: Desk,
        *,
        drafts: Drafts,
        drawings: Drawings,
        weights: Weights,
        saving: Saving,
    ) -> None:
        self._desk = desk
        self._drafts = drafts
        self._drawings = drawings
        self._weights = weights
        self._saving = saving

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
        self._drafts.check_reads(actor)
        self._desk.places(self._desk.data, area, Level.GRID)
        faults = _faults(tolerance, by, seed)
        if faults:
            raise InputError(faults)
        plan = self._drawings.plan(draft) if draft else self._drawings.present()
        fixed = frozenset(int(code) for code in locked)
        plan.rows(list(fixed))  # unknown ones are refused
        shapes = plan.shapes[rows_in(plan, area)]
        buildings = self._weights.buildings(tuple(shapely.total_bounds(shapes).tolist()))
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
            rules=DrawingRules(locked=fixed),
            seed=seed,
        )

    def trade_off(self, proposals: Sequence[Proposal]) -> pd.DataFrame:
        """The points of the curve of `proposals`: see `gridmap.planning.trade_off`."""
        return trade_off(proposals)

    def with_proposal(self, draft: Draft, proposal: Proposal) -> Plan:
        """The grids of a draft with a proposal made on it."""
        return self._drawings.plan(draft).apply(proposal.change)

    def take(self, actor: Actor, draft: Draft, proposal: Proposal) -> Edited:
        """Make a proposal a step of the draft it was made on. Raises as `edit` does."""
        self._drafts.check_edits(actor, draft)
        self._drafts.check_places(actor, proposal.change.touched.tolist())
        return self._saving.save(actor, draft, proposal.change)

    def draft_of(
        self, actor: Actor, proposal: Proposal, name: str, *, draft: Draft | None = None
    ) -> Draft:
        """Make a draft of a proposal: on the plan in force, with what `draft` had drawn
        when it was proposed.

        Raises ForbiddenError, InputError, and RefusedError for a draft that is behind or
        has made grids of its own.
        """
        self._drafts.check_draws(actor)
        change = proposal.change
        if draft is not None and draft.head:
            if self._drawings.behind(draft):
                raise RefusedError(BEHIND)
            change = self._whole(draft, change)
        self._drafts.check_places(actor, change.touched.tolist())
        return self._saving.save(actor, self._drafts.make(actor, name), change).draft

    def _whole(self, draft: Draft, last: Change) -> Change:
        """What a draft has done and a proposal on it as one change of the base."""
        base = self._drawings.base(draft)
        changes = [*self._drawings.changes(draft), last]
        found = difference(
            base,
            self._drawings.plan(draft).apply(last),
            "suggest",
            lineage=edits.origins(changes),
        )
        if len(found.created):
            raise RefusedError(NEW_CODES)
        return found

    def _load_in(self, area: int, draft: Draft | None) -> Points:
        number = draft.base if draft is not None else self._drawings.in_force()
        base = self._drawings.published(number)
        return self._weights.reports(number, base.codes[rows_in(base, area)])


def _faults(tolerance: float, by: str, seed: int) -> list[Fault]:
    """What is wrong with what is asked for, whatever the place."""
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
        faults.append(Fault(rule=NOT_SEED, field="seed", value=str(seed), cure=GIVE_SEED))
    return faults
