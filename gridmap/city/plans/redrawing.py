"""`Redrawing`: what is drawn in a draft: edits as steps of a tree, undo and redo,
conflicts, the draft beside its base.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection

from gridmap.calendar import from_epoch
from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.look.layers import Layers
from gridmap.city.look.maps import Bounds
from gridmap.city.people.lookup import Lookup
from gridmap.city.plans import edits
from gridmap.city.plans.drafts import NOT_OPEN, Drafts
from gridmap.city.plans.edits import Edit, Ground
from gridmap.city.plans.pastroom import PastRoom
from gridmap.errors import (
    ConflictError,
    ForbiddenError,
    GridmapError,
    NotFoundError,
    RefusedError,
    StaleError,
)
from gridmap.model import LayerKind, UserRole
from gridmap.planning import Change, Plan, Points
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans import plans as store_plans
from gridmap.store.plans import publishing
from gridmap.store.plans.drafts import Draft, DraftStep, Lock
from gridmap.words import mark

LOCK_S = 900
"""So long after an edit the grids of a draft wait for who edited them."""
MOST_PLANS = 24
TRIES = 5
"""So often an edit is made again with other new codes when another draft was given its
codes first.
"""
AROUND_DEG = 0.0002
SNAPPED = tuple(kind for kind in LayerKind if kind is not LayerKind.BUILDINGS)
"""Layers that drawings are snapped to: a border follows a road or a river, not the wall of
a house.
"""
LOCKED = mark(
    "{name} is working on this grid until {time}. Wait, or ask them to give it up."
)
HELD = (
    "{name} is working on this grid until {time}. What you drew is kept as step {step}; "
    "take it up afterwards."
)
ELSEWHERE = mark("This grid lies outside the places you answer for.")
NOTHING_BACK = mark("There is nothing to undo.")
NOTHING_FORTH = mark("There is nothing to redo.")
TAKEN = mark("Another draft was given the same new codes at this moment. Do it once more.")
UP_TO_DATE = mark("The draft stands on the plan in force already.")


class TakenError(ConflictError):
    """Another draft was given the same new codes first."""

    def __init__(self) -> None:
        super().__init__(TAKEN)


class OvertakenError(StaleError):
    """Somebody saved another edit of the same grids first; `step` is where one's own was
    kept, beside the draft.

    `grids` are those both changed, `since` the steps made meanwhile.
    """

    def __init__(self, step: int, grids: Iterable[int], since: Iterable[DraftStep]) -> None:
        self.step, self.grids = step, tuple(sorted(grids))
        super().__init__(self.words(), since)

    def words(self) -> str:
        """What happened, in a sentence."""
        return store_drafts.CHANGED


class HeldError(OvertakenError):
    """Somebody else holds one of the grids (`lock`); one's own edit was kept beside the
    draft all the same.
    """

    def __init__(
        self,
        lock: Lock,
        name: str,
        step: int,
        grids: Iterable[int],
        since: Iterable[DraftStep],
    ) -> None:
        self.lock, self.name = lock, name
        super().__init__(step, grids, since)

    def words(self) -> str:
        """Who holds the grid and until when, and where one's own edit is."""
        return HELD.format(name=self.name, time=_clock(self.lock), step=self.step)


@dataclass(frozen=True, slots=True)
class Edited:
    """A draft after an edit: as it stands, the change, and whether other edits came in
    between without harm.
    """

    draft: Draft
    change: Change
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Rebased:
    """A draft brought up to the plan in force: as it stands, steps kept, and those left
    behind with why not.
    """

    draft: Draft
    kept: int
    left: tuple[tuple[DraftStep, str], ...]


class Redrawing(Drafts):
    """Edits of drafts. A draft is a pointer into a tree of steps that only grows, so that
    nothing drawn is ever lost.
    """

    def __init__(self, desk: Desk, people: Lookup, layers: Layers) -> None:
        super().__init__(desk, people, layers)
        self._past = PastRoom(desk)
        self._plans: OrderedDict[tuple[int, ...], Plan] = OrderedDict()
        self._diffs: dict[tuple[int, int, int], pd.DataFrame] = {}
        self._making = threading.RLock()

    # what a draft shows

    def plan(self, draft: Draft) -> Plan:
        """The grids of a draft as it stands."""
        with self._desk.store.read() as connection:
            steps = store_drafts.steps_of(connection, draft.id)
        return self._at(draft, steps, draft.head)

    def base(self, draft: Draft) -> Plan:
        """The published plan a draft stands on."""
        return self._published(draft.base)

    def steps(self, draft: Draft) -> pd.DataFrame:
        """Every step of a draft, oldest first.

        step, parent, kind, grids (tuple), by, name, at, note, aside, done (on the way to
        where the draft stands).
        """
        with self._desk.store.read() as connection:
            found = store_drafts.steps_of(connection, draft.id)
        done = {one.step for one in store_drafts.path(found, draft.head)}
        rows = [
            (
                one.step,
                one.parent,
                one.kind,
                one.grids,
                one.by,
                self._people.name(one.by),
                one.at,
                one.note,
                one.aside,
                one.step in done,
            )
            for one in found.values()
        ]
        columns = [
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
        return pd.DataFrame(rows, columns=columns)

    def grid_at(self, draft: Draft, lon: float, lat: float) -> int:
        """The grid of a draft at a point (degrees); 0 outside the city."""
        return edits.grid_at(self.plan(draft), lon, lat)

    def first_grid(self, draft: Draft) -> int:
        """A grid the draft has been drawing on; 0 when nothing is drawn."""
        with self._desk.store.read() as connection:
            path = self._path(connection, draft)
        return path[0].grids[0] if path else 0

    def shapes(self, draft: Draft) -> dict[int, shapely.Geometry]:
        """The grids of a draft that differ from its base, by code: what is painted over the map."""
        plan, found = self.plan(draft), self.diff(draft)
        codes = found.loc[found["households"].notna(), "code"].to_numpy("int64")
        return (
            dict(zip(codes.tolist(), plan.shapes[plan.rows(codes)], strict=True))
            if len(codes)
            else {}
        )

    # editing

    def preview(self, actor: Actor, draft: Draft, edit: Edit) -> Change:
        """What an edit would change. Raises as `edit` does, and writes nothing."""
        self._check_edits(actor, draft)
        self._check_places(actor, edit.grids)
        return self._change(draft, edit)

    def edit(self, actor: Actor, draft: Draft, edit: Edit, *, note: str = "") -> Edited:
        """Make an edit on `draft` as the actor saw it; it is saved at once.

        Where others have edited other grids meanwhile, it is added to theirs; where they
        edited the same ones, it is kept as a step beside the draft and OvertakenError says
        where; so it is where somebody holds one of the grids (HeldError). Raises Refusal
        (of `gridmap.planning`) when the edit breaks a rule, ForbiddenError, RefusedError
        for a draft that is closed, TakenError when other drafts were given its new codes
        again and again.
        """
        self._check_edits(actor, draft)
        self._check_places(actor, edit.grids)
        change = self._change(draft, edit)
        self._check_places(actor, change.touched.tolist())
        for _ in range(TRIES):
            with suppress(TakenError):
                return self._save(actor, draft, change, note)
            change = self._change(draft, edit)
        raise TakenError

    def take_up(self, actor: Actor, draft: Draft, step: int) -> Edited:
        """Make the change of another step (one kept beside, or left behind) again on the
        draft as it stands now.

        Raises Refusal when it does not fit any more, RefusedError while somebody else holds
        one of its grids.
        """
        self._check_edits(actor, draft)
        with self._desk.store.read() as connection:
            steps = store_drafts.steps_of(connection, draft.id)
        found = steps.get(step)
        if found is None:
            raise NotFoundError(f"There is no step {step} in this draft.")
        change = Change.from_bytes(found.change)
        self.plan(draft).apply(change)
        return self._save(actor, draft, change, found.note, again=True)

    def undo(self, actor: Actor, draft: Draft) -> Draft:
        """Go back one step. Raises RefusedError at the base, StaleError."""
        self._check_edits(actor, draft)
        with self._desk.store.write() as connection:
            path = self._path(connection, draft)
            if not path:
                raise RefusedError(NOTHING_BACK)
            return store_drafts.change(
                connection, draft, at=self._desk.now_s, head=path[-1].parent
            )

    def redo(self, actor: Actor, draft: Draft) -> Draft:
        """Go forward to the latest step made on this one. Raises RefusedError, StaleError."""
        self._check_edits(actor, draft)
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
        self._check_edits(actor, draft)
        with self._desk.store.write() as connection:
            steps = store_drafts.steps_of(connection, draft.id)
            if step and (step not in steps or steps[step].base != draft.base):
                raise NotFoundError(
                    f"There is no step {step} on the plan this draft stands on."
                )
            return store_drafts.change(connection, draft, at=self._desk.now_s, head=step)

    def behind(self, draft: Draft) -> bool:
        """Whether another plan has been put in force since the draft was begun."""
        return (
            draft.state not in {store_drafts.PUBLISHED, store_drafts.DROPPED}
            and draft.base != self._in_force()
        )

    def rebase(self, actor: Actor, draft: Draft) -> Rebased:
        """Bring a draft up to the plan in force: its steps are made again on it, in their order.

        A step whose grids were changed by the plan in force is left behind, with those that
        build on it; it stays in the tree, to be solved by hand. Raises RefusedError when
        there is nothing to do.
        """
        self._check_edits(actor, draft)
        target = self._in_force()
        if draft.base == target:
            raise RefusedError(UP_TO_DATE)
        with self._desk.store.read() as connection:
            steps = store_drafts.steps_of(connection, draft.id)
        plan, left, kept = (
            self._published(target),
            list[tuple[DraftStep, str]](),
            list[DraftStep](),
        )
        for one in store_drafts.path(steps, draft.head):
            change = Change.from_bytes(one.change)
            try:
                plan = plan.apply(change)
            except GridmapError as error:
                left.append((one, str(error)))
            else:
                kept.append(one)
        with self._desk.store.write() as connection:
            if (
                store_drafts.load(connection, draft.id, for_update=True).version
                != draft.version
            ):
                raise StaleError(store_drafts.CHANGED)
            head = 0
            for one in kept:
                head = store_drafts.add_step(
                    connection,
                    draft.id,
                    replace(one, parent=head, base=target, aside=False),
                )
            after = store_drafts.change(
                connection, draft, at=self._desk.now_s, base=target, head=head
            )
        return Rebased(after, len(kept), tuple(left))

    # beside each other

    def diff(self, draft: Draft) -> pd.DataFrame:
        """What a draft does to each grid of its base that it touches; see `edits.diff`."""
        key = (draft.base, draft.id, draft.head)
        found = self._diffs.get(key)
        if found is None:
            found = edits.diff(self.base(draft), self.plan(draft), self.origins(draft))
            # Whole new dictionaries: other threads may be reading.
            self._diffs = dict([*self._diffs.items(), (key, found)][-MOST_PLANS:])
        return found.copy()

    def origins(self, draft: Draft) -> dict[int, tuple[int, ...]]:
        """For each grid the draft made: the grids of the base it was made of."""
        with self._desk.store.read() as connection:
            path = self._path(connection, draft)
        return edits.origins(Change.from_bytes(one.change) for one in path)

    def notes(self, draft: Draft) -> frozenset[str]:
        """How households were shared out on the way to where the draft stands; see
        `gridmap.planning.change.NOTES`.
        """
        with self._desk.store.read() as connection:
            path = self._path(connection, draft)
        return frozenset(
            note for one in path for note in Change.from_bytes(one.change).notes
        )

    # inside

    def _change(self, draft: Draft, edit: Edit) -> Change:
        plan = self.plan(draft)
        return edits.change_of(
            plan, edit, used=self._used(), ground=self._ground(draft, plan, edit)
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
        return Ground(self._buildings(around), tuple(near), load)

    def _load(self, draft: Draft, grids: tuple[int, ...]) -> Points:
        """The reports of all years in grids of a draft, each weighing the hours of its category."""
        base, plan = self.base(draft), self.plan(draft)
        codes = [base.near(shape) for shape in plan.shapes[plan.rows(list(grids))]]
        return self._past.reports(
            self._past.on(draft.base, self._past.period()), np.unique(np.concatenate(codes))
        )

    def _buildings(self, bounds: Bounds) -> Points | None:
        """The buildings with households within these bounds; None where there is no such layer."""
        found = self._layers.buildings(bounds)
        return Points.of_buildings(found) if len(found) else None

    def _save(
        self, actor: Actor, seen: Draft, change: Change, note: str, *, again: bool = False
    ) -> Edited:
        """Save a change of a draft as `seen`; `again`: of a step it has already, whose new
        codes are its own.

        What does not fit the draft any more, or touches grids that somebody else holds, is
        kept beside it. Raises OvertakenError, HeldError; TakenError when the new codes were
        given to another draft or plan since they were chosen.
        """
        now, grids = self._desk.now_s, tuple(change.touched.tolist())
        step = DraftStep(
            0,
            seen.head,
            seen.base,
            change.kind,
            grids,
            change.to_bytes(),
            actor.user,
            now,
            note,
        )
        with self._desk.store.write() as connection:
            store_plans.hold(connection)
            if not again and _taken(connection, change.created.tolist()):
                raise TakenError
            draft = store_drafts.load(connection, seen.id, for_update=True)
            if not draft.is_open:
                raise RefusedError(NOT_OPEN)
            steps = store_drafts.steps_of(connection, draft.id)
            lock = _held_by_another(connection, actor, draft, grids, now=now)
            if lock is not None and again:
                raise RefusedError(
                    LOCKED,
                    name=self._people.name(lock.by),
                    time=_clock(lock),
                    grid=lock.grid,
                )
            if lock is None and edits.fits(change, self._at(draft, steps, draft.head)):
                number = store_drafts.add_step(
                    connection, draft.id, replace(step, parent=draft.head, base=draft.base)
                )
                after = store_drafts.change(connection, draft, at=now, head=number)
                store_drafts.hold(
                    connection, draft.id, grids, by=actor.user, until=now + LOCK_S
                )
                return Edited(after, change, merged=draft.head != seen.head)
            number = store_drafts.add_step(connection, draft.id, replace(step, aside=True))
        since = _since(steps, seen, draft)
        both = {grid for one in since for grid in one.grids} & set(grids)
        if lock is not None:
            raise HeldError(
                lock, self._people.name(lock.by), number, both | {lock.grid}, since
            )
        raise OvertakenError(number, both or grids, since)

    def _check_places(self, actor: Actor, grids: Iterable[int]) -> None:
        if actor.role is not UserRole.SYSTEM and not all(
            actor.covers(grid) for grid in grids
        ):
            raise ForbiddenError(ELSEWHERE)

    def _used(self) -> frozenset[int]:
        """Every code a plan ever had or a draft ever made: none of them is made again."""
        with self._desk.store.read() as connection:
            return publishing.used_codes(connection) | store_drafts.used_codes(connection)

    def _in_force(self) -> int:
        return store_plans.plan_in_force(self._desk.store).id

    def _published(self, number: int) -> Plan:
        return self._kept(
            (number,), lambda: Plan.of(store_plans.read_grids(self._desk.store, number))
        )

    def _at(
        self, draft: Draft, steps: dict[int, DraftStep], head: int, *, base: int = 0
    ) -> Plan:
        """The plan at a step: its parent's, changed."""
        if not head:
            return self._published(base or draft.base)
        one = steps[head]

        def make() -> Plan:
            return self._at(draft, steps, one.parent, base=one.base).apply(
                Change.from_bytes(one.change)
            )

        return self._kept((one.base, draft.id, head), make)

    def _kept(self, key: tuple[int, ...], make: edits.Maker) -> Plan:
        with self._making:
            if key not in self._plans:
                self._plans[key] = make()
                while len(self._plans) > MOST_PLANS:
                    self._plans.popitem(last=False)
            self._plans.move_to_end(key)
            return self._plans[key]


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
    held = [
        one
        for one in store_drafts.locks_on(connection, grids, now=now)
        if one.draft == draft.id
    ]
    return next((one for one in held if one.by not in {actor.user, *actor.persons}), None)


def _clock(lock: Lock) -> str:
    return f"{from_epoch(lock.until):%H:%M}"


def _of_base(steps: dict[int, DraftStep], draft: Draft) -> dict[int, DraftStep]:
    return {number: one for number, one in steps.items() if one.base == draft.base}


def _since(steps: dict[int, DraftStep], seen: Draft, draft: Draft) -> list[DraftStep]:
    """The steps between what was seen and how the draft stands; all of its way when it went
    another one.
    """
    path = store_drafts.path(steps, draft.head)
    numbers = [0, *(one.step for one in path)]
    return (
        path[numbers.index(seen.head) :]
        if seen.head in numbers and seen.base == draft.base
        else path
    )
