"""`Reporting`: reports taken in, one by one or many in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy.exc import IntegrityError

from gridmap.cases.actors import Actor
from gridmap.cases.deadlines import Deadlines
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.city.base.desk import Desk
from gridmap.city.base.ground import Ground, Grounds
from gridmap.city.base.limits import Limits
from gridmap.city.flow.newmatter import (
    NAME_MATTER,
    NO_MATTER,
    NewMatter,
    Receipt,
    digest,
    faults_of,
    place_fault,
)
from gridmap.city.flow.routing import Routing
from gridmap.city.people.people import People
from gridmap.errors import ConflictError, Fault, GridmapError, InputError
from gridmap.model import Channel, UserRole
from gridmap.store.flow import cases as store_cases
from gridmap.store.flow import newcases
from gridmap.store.flow import photos as store_photos
from gridmap.store.flow.newcases import Kept, NewCase
from gridmap.words import mark

OTHER_CONTENT = mark(
    "This client id was used for a report with another content. Give the new one its own id."
)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A report found right: whose it is, what was sent, and what is written."""

    at: int
    actor: Actor
    new: NewMatter
    case: NewCase

    @property
    def client_id(self) -> str:
        return str(self.case.matter["client_id"])


@dataclass(frozen=True, slots=True)
class _Scene:
    """The city at the moment reports are taken in."""

    ground: Ground
    clocks: Deadlines
    now: int


class _SpoiltError(Exception):
    """One report of a transaction cannot be written; the others may."""

    def __init__(self, client_id: str, error: GridmapError) -> None:
        super().__init__(client_id)
        self.client_id = client_id
        self.error = error


class Reporting:
    """Takes reports in."""

    def __init__(
        self,
        desk: Desk,
        *,
        people: People,
        routing: Routing,
        limits: Limits,
        grounds: Grounds,
    ) -> None:
        self._desk = desk
        self._people = people
        self._routing = routing
        self._limits = limits
        self._grounds = grounds

    @property
    def ground(self) -> Ground:
        """What reports are held against now: point location, extent, categories. Raises
        NotFoundError without grids.
        """
        return self._grounds.get()

    def faults(self, new: NewMatter) -> list[Fault]:
        """Everything wrong with a report that is not sent yet, as `report` would refuse it."""
        ground = self.ground
        found = faults_of(new, ground, now=self._desk.now_s)
        if (
            found
            or ground.index.locate(np.array([float(new.lon)]), np.array([float(new.lat)]))[
                0
            ]
        ):
            return found
        return [place_fault(new)]

    def report(self, actor: Actor, new: NewMatter) -> Receipt:
        """Take one report in and return its receipt; sent again under the same client id it
        is the same report.

        Raises InputError with everything wrong, ConflictError when the client id stands for
        another content.
        """
        (answer,) = self.report_many([(actor, new)])
        if isinstance(answer, GridmapError):
            raise answer
        return answer

    def report_many(
        self, reports: Sequence[tuple[Actor, NewMatter]]
    ) -> list[Receipt | GridmapError]:
        """Take reports in by one transaction; the answer to each, in their order: a
        receipt, or what was wrong.

        A report that is wrong does not spoil the others. Client ids are a user's own: those
        of two users never meet.
        """
        answers: list[Receipt | GridmapError | None] = [None] * len(reports)
        first: dict[str, _Ready] = {}
        prepared = self._prepare(reports, answers)
        again = [
            ready
            for ready in prepared
            if first.setdefault(ready.client_id, ready) is not ready
        ]
        kept = self._write(first, answers)
        for ready in [*first.values(), *again]:
            if ready.client_id in kept:
                answers[ready.at] = _answer(
                    ready, kept[ready.client_id], created=ready is first[ready.client_id]
                )
            elif answers[ready.at] is None:
                answers[ready.at] = answers[first[ready.client_id].at]
        return [answer for answer in answers if answer is not None]

    def _prepare(
        self,
        reports: Sequence[tuple[Actor, NewMatter]],
        answers: list[Receipt | GridmapError | None],
    ) -> list[_Ready]:
        """The reports that are right, ready to be written; the others are answered."""
        scene = _Scene(self.ground, self._limits.deadlines, self._desk.now_s)
        right: list[int] = []
        for at, (_, new) in enumerate(reports):
            faults = faults_of(new, scene.ground, now=scene.now)
            if faults:
                answers[at] = InputError(faults)
            else:
                right.append(at)
        lon, lat = (
            np.array([getattr(reports[at][1], name) for at in right], dtype=np.float64)
            for name in ("lon", "lat")
        )
        ready = []
        for at, grid in zip(
            right, scene.ground.index.locate(lon, lat).tolist(), strict=True
        ):
            actor, new = reports[at]
            if grid:
                ready.append(_Ready(at, actor, new, self._case(actor, new, grid, scene)))
            else:
                answers[at] = InputError(place_fault(new))
        return ready

    def _case(self, actor: Actor, new: NewMatter, grid: int, scene: _Scene) -> NewCase:
        reported = min(new.reported_at or scene.now, scene.now)
        route = self._routing.route(new.category, grid)
        order = Order(
            Act.REPORT,
            category=new.category,
            grid=grid,
            office=_first_office(actor, new, grid) or route.office,
            department=route.department,
            reported_at=reported,
            parent=new.parent,
            attachments=new.photos,
            rule=route.rule,
        )
        first = engine.begin(MATTER, actor, order, now=scene.now, context=scene.clocks)
        user = self._people.directory.users.get(actor.user)
        matter = {
            "client_id": f"{actor.user}:{new.client_id or secrets.token_hex(16)}",
            "category": scene.ground.leaves[new.category],
            "grid": grid,
            "plan": scene.ground.plan.id,
            "lon": float(new.lon),
            "lat": float(new.lat),
            "reported_at": reported,
            "channel": int(new.channel),
            "worker": user.worker or None if user else None,
            "text": new.text or None,
        }
        return NewCase(matter, first, digest(new), new.address, new.contact)

    def _write(
        self, first: dict[str, _Ready], answers: list[Receipt | GridmapError | None]
    ) -> dict[str, Kept]:
        """Write what is ready, without what turns out to spoil it; the others are answered."""
        waiting = dict(first)
        while waiting:
            try:
                return self._write_all(waiting)
            except _SpoiltError as spoilt:
                answers[waiting.pop(spoilt.client_id).at] = spoilt.error
            except IntegrityError:
                # Somebody else changed the truth under one of them (a category gone): each
                # for itself then.
                if len(waiting) > 1:
                    each = [
                        self._write({client_id: ready}, answers)
                        for client_id, ready in waiting.items()
                    ]
                    return {
                        client_id: kept for one in each for client_id, kept in one.items()
                    }
                ((client_id, ready),) = waiting.items()
                self._grounds.forget()
                faults = faults_of(ready.new, self.ground, now=self._desk.now_s)
                if not faults:
                    raise
                answers[waiting.pop(client_id).at] = InputError(faults)
        return {}

    def _write_all(self, waiting: dict[str, _Ready]) -> dict[str, Kept]:
        with self._desk.store.write() as connection:
            kept = newcases.create(connection, [ready.case for ready in waiting.values()])
            for client_id, ready in waiting.items():
                case, new = kept[client_id].case, ready.new
                if not kept[client_id].created:
                    continue
                if new.parent and not store_cases.may_be_parent(
                    connection, new.parent, of=case.matter
                ):
                    fault = Fault(
                        rule=NO_MATTER,
                        field="parent",
                        value=str(new.parent),
                        cure=NAME_MATTER,
                    )
                    raise _SpoiltError(client_id, InputError(fault))
                if new.photos:
                    try:
                        store_photos.attach(
                            connection,
                            new.photos,
                            matter=case.matter,
                            step=1,
                            by=ready.actor.user,
                        )
                    except InputError as error:
                        raise _SpoiltError(client_id, error) from error
        return kept


def _first_office(actor: Actor, new: NewMatter, grid: int) -> int:
    """A one-stop desk that takes a matter of its own place in at the counter keeps it; 0:
    the rules decide.
    """
    at_counter = (
        new.channel is Channel.CENTRE
        and actor.role is UserRole.CLERK
        and actor.covers(grid)
    )
    return actor.office if at_counter else 0


def _answer(ready: _Ready, kept: Kept, *, created: bool) -> Receipt | GridmapError:
    if kept.digest != ready.case.digest:
        return ConflictError(OTHER_CONTENT)
    case = kept.case
    receipt = Receipt(
        matter=case.matter,
        number=kept.number,
        receipt=kept.receipt,
        status=case.status,
        due_at=case.due_at,
        office=case.office,
        grid=case.grid,
        created=kept.created,
    )
    return receipt if created else replace(receipt, created=False)
