"""What a move of a matter meets beside the rules: offices and persons known only by number,
and who is told of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from gridmap.cases.actors import Actor
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.cases.records.record import Entry
from gridmap.city.people.directory import successor
from gridmap.city.people.people import People
from gridmap.errors import NotFoundError
from gridmap.store.flow import cases as store_cases
from gridmap.store.flow import outbox as store_outbox
from gridmap.store.flow.cases import Named
from gridmap.store.people.people import Office
from gridmap.words import mark

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


def standing(step: Entry, offices: Mapping[int, Office]) -> Entry:
    """`step` with the office that stands where the one it names was merged into another
    (a return, a refused whistle).
    """
    named = int(step.data.get("office", 0))
    stands = successor(offices, named)
    return step if stands == named else replace(step, data={**step.data, "office": stands})


def against(
    connection: Connection, case: Case, actor: Actor, step: Entry, *, people: People
) -> str:
    """Why a step names an office, a person or a matter it may not; "" when it may."""
    office = int(step.data.get("office", case.office))
    person = int(step.data.get("person") or 0)
    if step.act in TO_OFFICE and office != case.office:
        allowed = set(people.targets(case, step.act)["id"])
        if office not in allowed:
            return NOT_THERE
    if step.act in TO_PERSON and person:
        return _against_person(person, office, actor, people)
    if step.act is Act.LINK and not store_cases.may_be_parent(
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
    connection: Connection, before: Case, after: Case, step: Entry, named: Named
) -> None:
    """Put what others wait to hear into the outbox: whistles, supervision, and each new
    state for the reporter.
    """
    events = [str(step.act)] if step.act in TOLD else []
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
            "move": str(step.act),
        }
        if event == "status":
            payload["receipt"] = named.receipt
        key = f"{event}:{after.matter}:{after.version}"
        store_outbox.put(connection, key, DESTINATION, payload, now=step.at)
