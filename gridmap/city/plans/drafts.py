"""`Drafts`: drafts of plans: who has which, their names, their steps, who may edit them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from sqlalchemy import Connection

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.people.people import People
from gridmap.errors import Fault, ForbiddenError, InputError, RefusedError
from gridmap.model import UserRole
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans.drafts import Draft, DraftStep, Lock
from gridmap.words import mark

LONGEST_NAME = 60
LONGEST_WORDS = 1_000
NOT_PLANNER = mark("Drafts of plans are made by the planners of the area.")
NOT_YOURS = mark("This draft belongs to somebody else and is not shared.")
NOT_OPEN = mark("This draft cannot be edited in its present state.")
ELSEWHERE = mark("This grid lies outside the places you answer for.")
NO_NAME = mark("no name, or too long a one")
GIVE_NAME = mark("Give the draft a name of at most 60 characters.")
NO_WORDS = mark("no words, or too many")
SAY_IT = mark("Say what you mean in at most 1,000 characters.")
STEP_COLUMNS = [
    "step",
    "parent",
    "kind",
    "grids",
    "by",
    "name",
    "at",
    "note",
    "aside",
    "done",
]
_READERS = frozenset(
    {
        UserRole.PLANNER,
        UserRole.CHIEF,
        UserRole.COMMANDER,
        UserRole.LEADER,
        UserRole.ADMIN,
        UserRole.SYSTEM,
    }
)
_DRAWERS = frozenset({UserRole.PLANNER, UserRole.SYSTEM})


class Drafts:
    """Drafts as things with an owner; what is drawn in them is `Redrawing`'s business."""

    def __init__(self, desk: Desk, people: People) -> None:
        self._desk = desk
        self._people = people

    def may_read(self, actor: Actor) -> bool:
        """Whether `actor` may see drafts: planners, chiefs, commanders, leaders, administrators."""
        return actor.role in _READERS

    def may_draw(self, actor: Actor) -> bool:
        """Whether `actor` may make drafts."""
        return actor.role in _DRAWERS

    def may_edit(self, actor: Actor, draft: Draft) -> bool:
        """Whether `actor` may edit a draft as it stands."""
        return draft.is_open and self.may_draw(actor) and self.belongs(actor, draft)

    def listed(self, actor: Actor, *, closed: bool = False) -> pd.DataFrame:
        """The drafts, those changed last first; with `closed` published and dropped ones as well.

        The fields of `store.drafts.Draft`, steps (number), owner_name. Raises ForbiddenError.
        """
        self.check_reads(actor)
        states = store_drafts.STATES if closed else store_drafts.STATES[:4]
        with self._desk.store.read() as connection:
            table = store_drafts.read_drafts(connection, states=states)
        table["owner_name"] = [
            self._people.name(owner) for owner in table["owner"].tolist()
        ]
        return table

    def get(self, number: int) -> Draft:
        """How a draft stands. Raises NotFoundError."""
        with self._desk.store.read() as connection:
            return store_drafts.load(connection, number)

    def make(self, actor: Actor, name: str, *, shared: bool = False) -> Draft:
        """Begin a draft on the plan in force. Raises ForbiddenError, InputError."""
        self.check_draws(actor)
        named = _name(name)
        with self._desk.store.write() as connection:
            number = store_drafts.add_draft(
                connection,
                base=self._desk.data.plan.id,
                name=named,
                owner=actor.user,
                shared=shared,
                at=self._desk.now_s,
            )
            return store_drafts.load(connection, number)

    def rename(self, actor: Actor, draft: Draft, name: str, *, shared: bool) -> Draft:
        """Give a draft another name, share it or not. Raises ForbiddenError, InputError,
        StaleError.
        """
        self.check_edits(actor, draft)
        named = _name(name)
        with self._desk.store.write() as connection:
            return store_drafts.change(
                connection, draft, at=self._desk.now_s, name=named, shared=shared
            )

    def drop(self, actor: Actor, draft: Draft) -> Draft:
        """Put a draft aside for good; it stays on record. Raises ForbiddenError, StaleError."""
        self.check_edits(actor, draft)
        with self._desk.store.write() as connection:
            store_drafts.release(connection, draft.id)
            return store_drafts.change(
                connection, draft, at=self._desk.now_s, state=store_drafts.DROPPED
            )

    # steps

    def steps(self, draft: Draft) -> pd.DataFrame:
        """Every step of a draft, oldest first.

        step, parent, kind, grids (tuple), by, name, at, note, aside, done (on the way to
        where the draft stands).
        """
        with self._desk.store.read() as connection:
            steps = store_drafts.steps_of(connection, draft.id)
        done = {step.step for step in store_drafts.path(steps, draft.head)}
        rows = [
            (
                step.step,
                step.parent,
                step.kind,
                step.grids,
                step.by,
                self._people.name(step.by),
                step.at,
                step.note,
                step.aside,
                step.step in done,
            )
            for step in steps.values()
        ]
        return pd.DataFrame(rows, columns=STEP_COLUMNS)

    def path(self, draft: Draft) -> list[DraftStep]:
        """The steps from its base to where a draft stands, in their order."""
        with self._desk.store.read() as connection:
            return path_in(connection, draft)

    def drawn_on(self, draft: Draft) -> set[int]:
        """The grids that the steps of a draft, as it stands, were drawn on."""
        return {grid for step in self.path(draft) for grid in step.grids}

    # locks

    def locks(self, draft: Draft) -> pd.DataFrame:
        """Who is working on grids of a draft, in it or in another one: draft, grid, by,
        name, until (Unix seconds).
        """
        now = self._desk.now_s
        with self._desk.store.read() as connection:
            inside = store_drafts.locks_of(connection, draft.id, now=now)
            touched = {grid for step in path_in(connection, draft) for grid in step.grids}
            around = store_drafts.locks_on(connection, touched, now=now)
        locks: dict[tuple[int, int], Lock] = {
            (lock.draft, lock.grid): lock for lock in (*inside, *around)
        }
        rows = [
            (lock.draft, lock.grid, lock.by, self._people.name(lock.by), lock.until)
            for lock in locks.values()
        ]
        return pd.DataFrame(rows, columns=["draft", "grid", "by", "name", "until"])

    def release(self, actor: Actor, draft: Draft) -> None:
        """Give up what `actor` holds in a draft, for others to go on."""
        with self._desk.store.write() as connection:
            store_drafts.release(connection, draft.id, by=actor.user, now=self._desk.now_s)

    # rights

    def belongs(self, actor: Actor, draft: Draft) -> bool:
        """Whether a draft is the actor's to change: their own, or shared."""
        return draft.shared or actor.role is UserRole.SYSTEM or draft.owner in actor.persons

    def check_reads(self, actor: Actor) -> None:
        """Raise ForbiddenError unless `actor` may see drafts."""
        if not self.may_read(actor):
            raise ForbiddenError(NOT_PLANNER)

    def check_draws(self, actor: Actor) -> None:
        """Raise ForbiddenError unless `actor` may make drafts."""
        if not self.may_draw(actor):
            raise ForbiddenError(NOT_PLANNER)

    def check_edits(self, actor: Actor, draft: Draft) -> None:
        """Raise ForbiddenError unless `actor` may change a draft, RefusedError when it is
        closed.
        """
        self.check_draws(actor)
        if not self.belongs(actor, draft):
            raise ForbiddenError(NOT_YOURS)
        if not draft.is_open:
            raise RefusedError(NOT_OPEN)

    def check_places(self, actor: Actor, grids: Iterable[int]) -> None:
        """Raise ForbiddenError unless `actor` answers for all of `grids`."""
        if actor.role is not UserRole.SYSTEM and not all(
            actor.covers(grid) for grid in grids
        ):
            raise ForbiddenError(ELSEWHERE)


def path_in(connection: Connection, draft: Draft) -> list[DraftStep]:
    """The steps from its base to where a draft stands, as the transaction sees them."""
    return store_drafts.path(store_drafts.steps_of(connection, draft.id), draft.head)


def _name(name: str) -> str:
    trimmed = " ".join(name.split())
    if not 0 < len(trimmed) <= LONGEST_NAME or not trimmed.isprintable():
        raise InputError(
            Fault(rule=NO_NAME, field="name", value=trimmed[:LONGEST_NAME], cure=GIVE_NAME)
        )
    return trimmed
