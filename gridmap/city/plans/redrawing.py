"""`Redrawing`: what is drawn in a draft: edits as steps of a tree, undo and redo, bringing
it up to the plan in force.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.look.layers import Layers
from gridmap.city.plans import edits
from gridmap.city.plans.clashes import TakenError
from gridmap.city.plans.drafts import Drafts, path_in
from gridmap.city.plans.drawings import Drawings
from gridmap.city.plans.edits import Edit, Ground
from gridmap.city.plans.saving import Edited, Saving
from gridmap.city.plans.weights import Weights
from gridmap.errors import GridmapError, NotFoundError, RefusedError, StaleError
from gridmap.model import LayerKind
from gridmap.planning import Change, Plan, Points
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans.drafts import Draft, DraftStep
from gridmap.words import mark

TRIES = 5
"""So often an edit is made again with other new codes when another draft was given its
codes first.
"""
AROUND_DEG = 0.0002
SNAPPED = tuple(kind for kind in LayerKind if kind is not LayerKind.BUILDINGS)
"""Layers that drawings are snapped to: a border follows a road or a river, not the wall of
a house.
"""
NOTHING_BACK = mark("There is nothing to undo.")
NOTHING_FORTH = mark("There is nothing to redo.")
UP_TO_DATE = mark("The draft stands on the plan in force already.")


@dataclass(frozen=True, slots=True)
class Rebased:
    """A draft brought up to the plan in force: as it stands, steps kept, and those left
    behind with why not.
    """

    draft: Draft
    kept: int
    left: tuple[tuple[DraftStep, str], ...]


class Redrawing:
    """Edits of drafts. A draft is a pointer into a tree of steps that only grows, so that
    nothing drawn is ever lost.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        layers: Layers,
        drafts: Drafts,
        drawings: Drawings,
        weights: Weights,
        saving: Saving,
    ) -> None:
        self._desk = desk
        self._layers = layers
        self._drafts = drafts
        self._drawings = drawings
        self._weights = weights
        self._saving = saving

    def preview(self, actor: Actor, draft: Draft, edit: Edit) -> Change:
        """What an edit would change. Raises as `edit` does, and writes nothing."""
        self._drafts.check_edits(actor, draft)
        self._drafts.check_places(actor, edit.grids)
        return self._change(draft, edit)

    def edit(self, actor: Actor, draft: Draft, edit: Edit, *, note: str = "") -> Edited:
        """Make an edit on `draft` as the actor saw it; it is saved at once.

        Where others have edited other grids meanwhile, it is added to theirs; where they
        edited the same ones, it is kept as a step beside the draft and OvertakenError says
        where; so it is where somebody holds one of the grids (HeldError). Raises EditRefusal
        (of `gridmap.planning`) when the edit breaks a rule, ForbiddenError, RefusedError
        for a draft that is closed, TakenError when other drafts were given its new codes
        again and again.
        """
        self._drafts.check_edits(actor, draft)
        self._drafts.check_places(actor, edit.grids)
        change = self._change(draft, edit)
        self._drafts.check_places(actor, change.touched.tolist())
        for _ in range(TRIES):
            with suppress(TakenError):
                return self._saving.save(actor, draft, change, note)
            change = self._change(draft, edit)
        raise TakenError

    def take_up(self, actor: Actor, draft: Draft, step: int) -> Edited:
        """Make the change of another step (one kept beside, or left behind) again on the
        draft as it stands now.

        Raises EditRefusal when it does not fit any more, RefusedError while somebody else holds
        one of its grids.
        """
        self._drafts.check_edits(actor, draft)
        with self._desk.store.read() as connection:
            steps = store_drafts.steps_of(connection, draft.id)
        beside = steps.get(step)
        if beside is None:
            raise NotFoundError(f"There is no step {step} in this draft.")
        change = Change.from_bytes(beside.change)
        self._drawings.plan(draft).apply(change)
        return self._saving.save(actor, draft, change, beside.note, again=True)

    def undo(self, actor: Actor, draft: Draft) -> Draft:
        """Go back one step. Raises RefusedError at the base, StaleError."""
        self._drafts.check_edits(actor, draft)
        with self._desk.store.write() as connection:
            path = path_in(connection, draft)
            if not path:
                raise RefusedError(NOTHING_BACK)
            return store_drafts.change(
                connection, draft, at=self._desk.now_s, head=path[-1].parent
            )

    def redo(self, actor: Actor, draft: Draft) -> Draft:
        """Go forward to the latest step made on this one. Raises RefusedError, StaleError."""
        self._drafts.check_edits(actor, draft)
        with self._desk.store.write() as connection:
            step = store_drafts.following(
                _of_base(store_drafts.steps_of(connection, draft.id), draft), draft.head
            )
            if not step:
                raise RefusedError(NOTHING_FORTH)
            return store_drafts.change(connection, draft, at=self._desk.now_s, head=step)

    def go_to(self, actor: Actor, draft: Draft, step: int) -> Draft:
        """Let the draft stand at any step of its tree (0: its base). Raises NotFoundError,
        StaleError.
        """
        self._drafts.check_edits(actor, draft)
        with self._desk.store.write() as connection:
            steps = store_drafts.steps_of(connection, draft.id)
            if step and (step not in steps or steps[step].base != draft.base):
                raise NotFoundError(
                    f"There is no step {step} on the plan this draft stands on."
                )
            return store_drafts.change(connection, draft, at=self._desk.now_s, head=step)

    def rebase(self, actor: Actor, draft: Draft) -> Rebased:
        """Bring a draft up to the plan in force: its steps are made again on it, in their order.

        A step whose grids were changed by the plan in force is left behind, with those that
        build on it; it stays in the tree, to be solved by hand. Raises RefusedError when
        there is nothing to do.
        """
        self._drafts.check_edits(actor, draft)
        target = self._drawings.in_force()
        if draft.base == target:
            raise RefusedError(UP_TO_DATE)
        with self._desk.store.read() as connection:
            steps = store_drafts.steps_of(connection, draft.id)
        path = store_drafts.path(steps, draft.head)
        fit, left = _sorted_out(self._drawings.published(target), path)
        with self._desk.store.write() as connection:
            present = store_drafts.load(connection, draft.id, for_update=True)
            if present.version != draft.version:
                raise StaleError(store_drafts.CHANGED)
            head = 0
            for step in fit:
                again = replace(step, parent=head, base=target, aside=False)
                head = store_drafts.add_step(connection, draft.id, again)
            after = store_drafts.change(
                connection, draft, at=self._desk.now_s, base=target, head=head
            )
        return Rebased(after, len(fit), tuple(left))

    def _change(self, draft: Draft, edit: Edit) -> Change:
        plan = self._drawings.plan(draft)
        return edits.change_of(
            plan,
            edit,
            used=self._drawings.used_codes(),
            ground=self._ground(draft, plan, edit),
        )

    def _ground(self, draft: Draft, plan: Plan, edit: Edit) -> Ground:
        """The buildings and layers where an edit is drawn; for a split even in load the
        reports as well.
        """
        shapes = [*plan.shapes[plan.rows(list(edit.grids))]] if edit.grids else []
        shapes += [edit.shape] if edit.shape is not None else []
        west, south, east, north = shapely.total_bounds(shapes) if shapes else (np.nan,) * 4
        if not np.isfinite([west, south, east, north]).all():
            return Ground()
        around = (
            west - AROUND_DEG,
            south - AROUND_DEG,
            east + AROUND_DEG,
            north + AROUND_DEG,
        )
        near = (
            self._layers.near(around, kinds=SNAPPED).geometry
            if edit.shape is not None
            else ()
        )
        by_load = edit.tool == "split_even" and edit.weight == "load"
        load = self._load(draft, edit.grids) if by_load else None
        return Ground(self._weights.buildings(around), tuple(near), load)

    def _load(self, draft: Draft, grids: tuple[int, ...]) -> Points:
        """The reports of all years in grids of a draft, each weighing the hours of its category."""
        base, plan = self._drawings.base(draft), self._drawings.plan(draft)
        codes = [base.near(shape) for shape in plan.shapes[plan.rows(list(grids))]]
        return self._weights.reports(draft.base, np.unique(np.concatenate(codes)))


def _sorted_out(
    plan: Plan, path: list[DraftStep]
) -> tuple[list[DraftStep], list[tuple[DraftStep, str]]]:
    """The steps of a way that can be made again on `plan`, and the others with why not."""
    fit: list[DraftStep] = []
    left: list[tuple[DraftStep, str]] = []
    for step in path:
        try:
            plan = plan.apply(Change.from_bytes(step.change))
        except GridmapError as error:
            left.append((step, str(error)))
        else:
            fit.append(step)
    return fit, left


def _of_base(steps: dict[int, DraftStep], draft: Draft) -> dict[int, DraftStep]:
    return {number: step for number, step in steps.items() if step.base == draft.base}
