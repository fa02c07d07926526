"""What a move of a matter meets beside the rules: offices and persons known only by number,
and who is told of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from gridmap.cases.actors import Actor
from gridmap.cases.case import Case, Step
from gridmap.cases.lifecycle import Order
from gridmap.cases.moves import Act
from gridmap.cases.texts import text_faults
from gridmap.city.flow.newmatter import MOST_PHOTOS
from gridmap.city.people.directory import successor
from gridmap.city.people.people import People
from gridmap.errors import Fault, NotFoundError
from gridmap.store.flow import cases as store_cases
from gridmap.store.flow import outbox as store_outbox
from gridmap.store.flow.cases import Named
from gridmap.store.people.people import Office
from gridmap.words import mark

LONGEST_REASON = 2_000
LATEST_S = 4_102_444_800
"""2100-01-01: no limit is later."""
DESTINATION = "webhook"
TOLD = frozenset({Act.WHISTLE, Act.SUPERVISE})
"""Moves another office is told of, whatever the state after them."""

TO_OFFICE = frozenset({Act.DISPATCH, Act.TRANSFER, Act.WHISTLE})
"""Moves that name an office."""
TO_PERSON = frozenset({Act.DISPATCH, Act.TRANSFER, Act.HANDLE, Act.ASSIGN})
"""Moves that may name a person of the office."""

NOT_THERE = mark("A matter of this place cannot go to this office.")
NOT_OF_OFFICE = mark("This person does not work in the office the matter is with.")
NO_PERSON = mark("There is no such person, or not any more.")
NO_PARENT = mark(
    "The other matter is not there or is linked itself, or others are linked to this one."
)
NOT_A_NUMBER = mark("Not a number that can stand here")
GIVE_NUMBER = mark("Leave it out, or choose from the list.")


def order_faults(order: Order) -> list[Fault]:
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


def standing(step: Step, offices: Mapping[int, Office]) -> Step:
    """`step` with the office that stands where the one it names was merged into another
    (a return, a refused whistle).
    """
    named = int(step.data.get("office", 0))
    stands = successor(offices, named)
    return step if stands == named else replace(step, data={**step.data, "office": stands})


def against(
    connection: Connection, case: Case, actor: Actor, step: Step, *, people: People
) -> str:
    """Why a step names an office, a person or a matter it may not; "" when it may."""
    office = int(step.data.get("office", case.office))
    person = int(step.data.get("person") or 0)
    if step.move in TO_OFFICE and office != case.office:
        allowed = set(people.targets(case, step.move)["id"])
        if office not in allowed:
            return NOT_THERE
    if step.move in TO_PERSON and person:
        return _against_person(person, office, actor, people)
    if step.move is Act.LINK and not store_cases.may_be_parent(
        connection, int(step.data["parent"]), of=case.matter
    ):
        return NO_PARENT
    return ""


def _against_person(person: int, office: int, actor: Actor, people: People) -> str:
    if person in actor.persons:
        return ""
    try:
        user = people.user(person)
    except NotFoundError:
        return NO_PERSON
    if not user.active:
        return NO_PERSON
    return "" if user.office == office else NOT_OF_OFFICE


def tell(
    connection: Connection, before: Case, after: Case, step: Step, named: Named
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
