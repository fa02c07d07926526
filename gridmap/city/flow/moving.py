"""`Moving`: how matters stand, what may be done about them, and the doing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from gridmap.cases.actors import Actor
from gridmap.cases.case import Case, Step
from gridmap.cases.lifecycle import Order, decide
from gridmap.cases.lifecycle import possible as possible_moves
from gridmap.cases.moves import Move
from gridmap.cases.texts import text_faults
from gridmap.city.flow.newmatter import MOST_PHOTOS
from gridmap.city.flow.reporting import Reporting
from gridmap.city.people.directory import successor
from gridmap.errors import Fault, InputError, NotFoundError, RefusedError
from gridmap.store.flow import cases as store_cases
from gridmap.store.flow import outbox as store_outbox
from gridmap.store.flow import photos as store_photos
from gridmap.store.flow.cases import Named
from gridmap.words import mark

LONGEST_REASON = 2_000
LATEST_S = 4_102_444_800
"""2100-01-01: no limit is later."""
DESTINATION = "webhook"
TOLD = frozenset({Move.WHISTLE, Move.SUPERVISE})
"""Moves another office is told of, whatever the state after them."""

NOT_THERE = mark("A matter of this place cannot go to this office.")
NOT_OF_OFFICE = mark("This person does not work in the office the matter is with.")
NO_PERSON = mark("There is no such person, or not any more.")
NO_PARENT = mark(
    "The other matter is not there or is linked itself, or others are linked to this one."
)
NOT_A_NUMBER = mark("Not a number that can stand here")
GIVE_NUMBER = mark("Leave it out, or choose from the list.")


class Moving(Reporting):
    """Moves matters."""

    def case(self, matter: int) -> Case:
        """How the matter stands. Raises NotFoundError."""
        with self._desk.store.read() as connection:
            return store_cases.load(connection, matter, for_update=False)

    def possible(self, actor: Actor, matter: int) -> tuple[Move, ...]:
        """The moves `actor` may make now, in the order of the table. Raises NotFoundError."""
        return possible_moves(self.case(matter), actor)

    def move(self, actor: Actor, matter: int, order: Order, *, version: int) -> Case:
        """Do what `order` says to the matter, which the actor saw at `version`, and return
        it as it stands then.

        Raises NotFoundError, InputError, StaleError with what others did since `version`,
        RefusedError with the reason and what is possible instead.
        """
        faults = _faults(order)
        if faults:
            raise InputError(faults)
        clocks, now = self._limits.deadlines, self._desk.now_s
        with self._desk.store.write() as connection:
            case = store_cases.load(connection, matter)
            store_cases.check_version(connection, case, version)
            step = self._standing(decide(case, actor, order, now=now, clocks=clocks))
            self._check(connection, case, actor, step)
            after = store_cases.append(connection, case, step)
            named = store_cases.named(connection, matter)
            if order.attachments:
                store_photos.attach(
                    connection,
                    order.attachments,
                    matter=matter,
                    step=step.number,
                    by=actor.user,
                )
            self._tell(connection, case, after, step, named)
        return after

    def _standing(self, step: Step) -> Step:
        """`step` with the office that stands where the one it names was merged into another
        (a return, a refused whistle).
        """
        named = int(step.data.get("office", 0))
        stands = successor(self._people.directory.offices, named)
        return (
            step if stands == named else replace(step, data={**step.data, "office": stands})
        )

    def _check(self, connection: Connection, case: Case, actor: Actor, step: Step) -> None:
        """Refuse offices, persons and matters that the rules know only by number."""
        why = ""
        told = step.data
        if (
            step.move in {Move.DISPATCH, Move.TRANSFER, Move.WHISTLE}
            and told["office"] != case.office
        ):
            allowed = set(self._people.targets(case, step.move)["id"])
            why = "" if told["office"] in allowed else NOT_THERE
        if (
            not why
            and step.move in {Move.DISPATCH, Move.TRANSFER, Move.HANDLE, Move.ASSIGN}
            and told.get("person")
        ):
            why = self._against_person(
                int(told["person"]), int(told.get("office", case.office)), actor
            )
        if step.move is Move.LINK and not store_cases.may_be_parent(
            connection, int(told["parent"]), of=case.matter
        ):
            why = NO_PARENT
        if why:
            raise RefusedError(why, possible=possible_moves(case, actor))

    def _against_person(self, person: int, office: int, actor: Actor) -> str:
        if person in actor.persons:
            return ""
        try:
            user = self._people.user(person)
        except NotFoundError:
            return NO_PERSON
        if not user.active:
            return NO_PERSON
        return "" if user.office == office else NOT_OF_OFFICE

    def _tell(
        self, connection: Connection, before: Case, after: Case, step: Step, named: Named
    ) -> None:
        """Put what others wait to hear into the outbox: whistles, supervision, and each new
        state for the reporter.
        """
        events = [str(step.move)] if step.move in TOLD else []
        if after.status is not before.status:
            events.append("status")
        for event in events:
            payload: dict[str, Any] = {
                "event": event,
                "matter": after.matter,
                "number": named.number,
                "category": after.category,
                "grid": after.grid,
                "status": after.status.name.lower(),
                "office": after.office,
                "person": after.person,
                "at": step.at,
                "due_at": after.due_at,
                "step_due_at": after.step_due_at,
                "move": str(step.move),
            }
            if event == "status":
                payload["receipt"] = named.receipt
            key = f"{event}:{after.matter}:{after.version}"
            store_outbox.put(connection, key, DESTINATION, payload, now=step.at)


def _faults(order: Order) -> list[Fault]:
    """What is wrong with an order whatever the matter."""
    most = {
        "office": 2**31,
        "person": 2**63,
        "parent": 2**63,
        "until": LATEST_S,
        "rating": 2**31,
    }
    odd = [
        Fault(rule=NOT_A_NUMBER, field=name, value=ascii(value)[:40], cure=GIVE_NUMBER)
        for name, end in most.items()
        if isinstance(value := getattr(order, name), bool)
        or not isinstance(value, int)
        or not 0 <= value < end
    ]
    photos = order.attachments
    if len(photos) > MOST_PHOTOS or not all(
        isinstance(photo, int) and 0 < photo < 2**63 for photo in photos
    ):
        odd.append(
            Fault(
                rule=NOT_A_NUMBER,
                field="photos",
                value=ascii(list(photos))[:40],
                cure=GIVE_NUMBER,
            )
        )
    return [*odd, *text_faults("reason", order.reason, LONGEST_REASON)]
