"""`Drafts`: drafts of plans: who has which, their names, who may edit them, what is said
about them.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.look.layers import Layers
from gridmap.city.people.lookup import Lookup
from gridmap.errors import Fault, ForbiddenError, InputError, RefusedError
from gridmap.model import UserRole
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans.drafts import Draft, Lock
from gridmap.words import mark

LONGEST_NAME = 60
LONGEST_WORDS = 1_000
NOT_PLANNER = mark("Drafts of plans are made by the planners of the area.")
NOT_YOURS = mark("This draft belongs to somebody else and is not shared.")
NOT_OPEN = mark("This draft cannot be edited in its present state.")
NO_NAME = mark("no name, or too long a one")
GIVE_NAME = mark("Give the draft a name of at most 60 characters.")
NO_WORDS = mark("no words, or too many")
SAY_IT = mark("Say what you mean in at most 1,000 characters.")
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

    def __init__(self, desk: Desk, people: Lookup, layers: Layers) -> None:
        self._desk = desk
        self._people = people
        self._layers = layers

    def may_read(self, actor: Actor) -> bool:
        """Whether `actor` may see drafts: planners, chiefs, commanders, leaders, administrators."""
        return actor.role in _READERS

    def may_draw(self, actor: Actor) -> bool:
        """Whether `actor` may make drafts."""
        return actor.role in _DRAWERS

    def may_edit(self, actor: Actor, draft: Draft) -> bool:
        """Whether `actor` may edit a draft as it stands."""
        return draft.is_open and self.may_draw(actor) and self._belongs(actor, draft)

    def drafts(self, actor: Actor, *, closed: bool = False) -> pd.DataFrame:
        """The drafts, those changed last first; with `closed` published and dropped ones as well.

        The fields of `store.drafts.Draft`, steps (number), owner_name. Raises ForbiddenError.
        """
        self._check_reads(actor)
        states = store_drafts.STATES if closed else store_drafts.STATES[:4]
        with self._desk.store.read() as connection:
            table = store_drafts.read_drafts(connection, states=states)
        table["owner_name"] = [
            self._people.name(owner) for owner in table["owner"].tolist()
        ]
        return table

    def draft(self, number: int) -> Draft:
        """How a draft stands. Raises NotFoundError."""
        with self._desk.store.read() as connection:
            return store_drafts.load(connection, number)

    def make(self, actor: Actor, name: str, *, shared: bool = False) -> Draft:
        """Begin a draft on the plan in force. Raises ForbiddenError, InputError."""
        self._check_draws(actor)
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
        self._check_edits(actor, draft)
        named = _name(name)
        with self._desk.store.write() as connection:
            return store_drafts.change(
                connection, draft, at=self._desk.now_s, name=named, shared=shared
            )

    def drop(self, actor: Actor, draft: Draft) -> Draft:
        """Put a draft aside for good; it stays on record. Raises ForbiddenError, StaleError."""
        self._check_edits(actor, draft)
        with self._desk.store.write() as connection:
            store_drafts.release(connection, draft.id)
            return store_drafts.change(
                connection, draft, at=self._desk.now_s, state=store_drafts.DROPPED
            )

    # comments

    def comment(
        self,
        actor: Actor,
        draft: int,
        words: str,
        *,
        lon: float | None = None,
        lat: float | None = None,
    ) -> int:
        """Say something about a draft or a place of it (degrees); the comment's number.

        Raises ForbiddenError, InputError, NotFoundError.
        """
        self._check_reads(actor)
        told = words.strip()
        if not 0 < len(told) <= LONGEST_WORDS:
            raise InputError(Fault(rule=NO_WORDS, field="text", cure=SAY_IT))
        with self._desk.store.write() as connection:
            store_drafts.load(connection, draft)
            return store_drafts.add_comment(
                connection,
                draft,
                by=actor.user,
                at=self._desk.now_s,
                words=told,
                lon=lon,
                lat=lat,
            )

    def resolve(self, actor: Actor, draft: int, comment: int) -> None:
        """Note that a comment has been seen to. Raises ForbiddenError, NotFoundError."""
        self._check_reads(actor)
        with self._desk.store.write() as connection:
            store_drafts.resolve(
                connection, draft, comment, by=actor.user, at=self._desk.now_s
            )

    def comments(self, draft: int) -> pd.DataFrame:
        """What was said about a draft, oldest first: the columns of
        `store.drafts.read_comments`, and name.
        """
        with self._desk.store.read() as connection:
            table = store_drafts.read_comments(connection, draft)
        return table.assign(name=[self._people.name(by) for by in table["by"].tolist()])

    # locks

    def locks(self, draft: Draft) -> pd.DataFrame:
        """Who is working on grids of a draft, in it or in another one: draft, grid, by,
        name, until (Unix seconds).
        """
        now = self._desk.now_s
        with self._desk.store.read() as connection:
            own = store_drafts.locks_of(connection, draft.id, now=now)
            touched = {
                grid for step in self._path(connection, draft) for grid in step.grids
            }
            others = store_drafts.locks_on(connection, touched, now=now)
        found: dict[tuple[int, int], Lock] = {
            (lock.draft, lock.grid): lock for lock in (*own, *others)
        }
        rows = [
            (one.draft, one.grid, one.by, self._people.name(one.by), one.until)
            for one in found.values()
        ]
        return pd.DataFrame(rows, columns=["draft", "grid", "by", "name", "until"])

    def release(self, actor: Actor, draft: Draft) -> None:
        """Give up what `actor` holds in a draft, for others to go on."""
        with self._desk.store.write() as connection:
            store_drafts.release(connection, draft.id, by=actor.user, now=self._desk.now_s)

    def _path(self, connection: Connection, draft: Draft) -> list[store_drafts.DraftStep]:
        return store_drafts.path(store_drafts.steps_of(connection, draft.id), draft.head)

    def _belongs(self, actor: Actor, draft: Draft) -> bool:
        return draft.shared or actor.role is UserRole.SYSTEM or draft.owner in actor.persons

    def _check_reads(self, actor: Actor) -> None:
        if not self.may_read(actor):
            raise ForbiddenError(NOT_PLANNER)

    def _check_draws(self, actor: Actor) -> None:
        if not self.may_draw(actor):
            raise ForbiddenError(NOT_PLANNER)

    def _check_edits(self, actor: Actor, draft: Draft) -> None:
        self._check_draws(actor)
        if not self._belongs(actor, draft):
            raise ForbiddenError(NOT_YOURS)
        if not draft.is_open:
            raise RefusedError(NOT_OPEN)


def _name(name: str) -> str:
    told = " ".join(name.split())
    if not 0 < len(told) <= LONGEST_NAME or not told.isprintable():
        raise InputError(
            Fault(rule=NO_NAME, field="name", value=told[:LONGEST_NAME], cure=GIVE_NAME)
        )
    return told
