"""`Saving`: a change becomes a step of a draft, or is kept beside it when others were first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.people.people import People
from gridmap.city.plans import edits
from gridmap.city.plans.clashes import (
    LOCKED,
    HeldError,
    OvertakenError,
    TakenError,
    until,
)
from gridmap.city.plans.drafts import NOT_OPEN
from gridmap.city.plans.drawings import Drawings
from gridmap.errors import RefusedError
from gridmap.planning import Change
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans import plans as store_plans
from gridmap.store.plans import publishing
from gridmap.store.plans.drafts import Draft, DraftStep, Lock

LOCK_S = 900
"""So long after an edit the grids of a draft wait for who edited them."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A draft after an edit: as it stands, the change, and whether other edits came in
    between without harm.
    """

    draft: Draft
    change: Change
    merged: bool = False


class Saving:
    """Writes steps of drafts."""

    def __init__(self, desk: Desk, *, people: People, drawings: Drawings) -> None:
        self._desk = desk
        self._people = people
        self._drawings = drawings

    def save(
        self,
        actor: Actor,
        seen: Draft,
        change: Change,
        note: str = "",
        *,
        again: bool = False,
    ) -> Edited:
        """Save a change of a draft as `seen`; `again`: of a step it has already, whose new
        codes are its own.

        What does not fit the draft any more, or touches grids that somebody else holds, is
        kept beside it. Raises OvertakenError, HeldError; TakenError when the new codes were
        given to another draft or plan since they were chosen.
        """
        grids = tuple(change.touched.tolist())
        step = self._step(actor, seen, change, note)
        with self._desk.store.write() as connection:
            store_plans.hold(connection)
            if not again and _taken(connection, change.created.tolist()):
                raise TakenError
            draft = store_drafts.load(connection, seen.id, for_update=True)
            if not draft.is_open:
                raise RefusedError(NOT_OPEN)
            steps = store_drafts.steps_of(connection, draft.id)
            lock = _held_by_another(connection, actor, draft, grids, now=step.at)
            if lock is not None and again:
                raise RefusedError(
                    LOCKED,
                    name=self._people.name(lock.by),
                    time=until(lock),
                    grid=lock.grid,
                )
            if lock is None and self._fits(change, draft, steps):
                after = _append(connection, draft, step)
                return Edited(after, change, merged=draft.head != seen.head)
            number = store_drafts.add_step(connection, draft.id, replace(step, aside=True))
        since = _since(steps, seen, draft)
        both = {grid for later in since for grid in later.grids} & set(grids)
        if lock is not None:
            name = self._people.name(lock.by)
            raise HeldError(lock, name, number, both | {lock.grid}, since)
        raise OvertakenError(number, both or grids, since)

    def _fits(self, change: Change, draft: Draft, steps: dict[int, DraftStep]) -> bool:
        return edits.fits(change, self._drawings.at(draft, steps, draft.head))

    def _step(self, actor: Actor, seen: Draft, change: Change, note: str) -> DraftStep:
        """The step a change of `seen` is; it has no number yet."""
        return DraftStep(
            step=0,
            parent=seen.head,
            base=seen.base,
            kind=change.kind,
            grids=tuple(change.touched.tolist()),
            change=change.to_bytes(),
            by=actor.user,
            at=self._desk.now_s,
            note=note,
        )


def _append(connection: Connection, draft: Draft, step: DraftStep) -> Draft:
    """Let a draft stand on one step more; its grids wait for who drew it."""
    number = store_drafts.add_step(
        connection, draft.id, replace(step, parent=draft.head, base=draft.base)
    )
    after = store_drafts.change(connection, draft, at=step.at, head=number)
    store_drafts.hold(connection, draft.id, step.grids, by=step.by, until=step.at + LOCK_S)
    return after


def _taken(connection: Connection, codes: list[int]) -> bool:
    """Whether a plan had, or a draft made, one of these codes."""
    if not codes:
        return False
    return bool(
        publishing.used_among(connection, codes)
        or store_drafts.used_codes(connection) & set(codes)
    )


def _held_by_another(
    connection: Connection, actor: Actor, draft: Draft, grids: Iterable[int], *, now: int
) -> Lock | None:
    """The first lock of somebody else on one of `grids` in a draft."""
    theirs = {actor.user, *actor.persons}
    for lock in store_drafts.locks_on(connection, grids, now=now):
        if lock.draft == draft.id and lock.by not in theirs:
            return lock
    return None


def _since(steps: dict[int, DraftStep], seen: Draft, draft: Draft) -> list[DraftStep]:
    """The steps between what was seen and how the draft stands; all of its way when it went
    another one.
    """
    path = store_drafts.path(steps, draft.head)
    numbers = [0, *(step.step for step in path)]
    if seen.head in numbers and seen.base == draft.base:
        return path[numbers.index(seen.head) :]
    return path
