"""What an entry leaves on a case beside the values it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gridmap.cases.matters.case import Case, Whistle
from gridmap.cases.records.record import Entry
from gridmap.model import Status

Trace = Mapping[str, Any]

IMPORTED = (
    "accepted_at",
    "dispatched_at",
    "handled_at",
    "answered_at",
    "closed_at",
    "parked_at",
)
"""What the first entry of a matter that was imported tells beside."""
OVER = frozenset(
    {Status.ANSWERED, Status.PARKED, Status.CLOSED, Status.REJECTED, Status.VOIDED}
)
"""States in which nobody waits for an extension any more."""


# of one move


def reported(_case: Case, entry: Entry) -> Trace:
    """When it began: of an imported one, with the last that is known of it."""
    known = (int(entry.data[name]) for name in IMPORTED if name in entry.data)
    since = max(entry.at, *known, 0)
    reported_at = int(entry.data.get("reported_at", entry.at))
    return {"reported_at": reported_at, "since": since, "last_at": since}


def dispatched(case: Case, entry: Entry) -> Trace:
    """When it was dispatched first, and who did it."""
    at = case.dispatched_at or entry.at
    return {"dispatched_at": at, "dispatched_from": case.office}


def transferred(case: Case, _entry: Entry) -> Trace:
    """A return goes to who dispatched it, not to who passed it on."""
    return {"dispatched_from": case.dispatched_from or case.office}


def taken_in_hand(case: Case, entry: Entry) -> Trace:
    """A desk that takes a matter in hand itself has dispatched it to itself."""
    return {
        "dispatched_at": case.dispatched_at or entry.at,
        "handled_at": case.handled_at or entry.at,
        "handled_by": _handlers(case, entry),
    }


def answered(case: Case, entry: Entry) -> Trace:
    """Who was in charge when it was answered has handled it too."""
    return {"handled_by": _handlers(case, entry)}


def _handlers(case: Case, entry: Entry) -> tuple[int, ...]:
    """Everybody who has handled it, in whose name, and who was in charge; each once, in the
    order they came.
    """
    charged = int(entry.data.get("person", case.person))
    in_name = int(entry.data.get("instead_of", 0))
    persons = (*case.handled_by, entry.actor, in_name, charged)
    return tuple(dict.fromkeys(person for person in persons if person))


def reopened(case: Case, entry: Entry) -> Trace:
    """A matter judged before counts as accepted; one that was not is judged again."""
    accepted = entry.data.get("status") == Status.ACCEPTED
    return {"accepted_at": case.accepted_at or (entry.at if accepted else 0)}


def whistled(case: Case, entry: Entry) -> Trace:
    """The whistle, on its way."""
    whistle = Whistle(
        step=entry.number,
        from_office=case.office,
        to_office=int(entry.data["office"]),
        by=entry.actor,
        at=entry.at,
        due_at=int(entry.data["step_due_at"]),
    )
    return {"whistle": whistle}


def heeded(case: Case, entry: Entry) -> Trace:
    """The whistle, answered."""
    if case.whistle is None:
        return {}
    apt = bool(entry.data["apt"])
    return {"whistle": replace(case.whistle, heeded_at=entry.at, apt=apt)}


def whistle_rated(case: Case, entry: Entry) -> Trace:
    """The whistle, rated."""
    if case.whistle is None:
        return {}
    return {"whistle": replace(case.whistle, rating=int(entry.data["whistle_rating"]))}


def extension_asked(_case: Case, entry: Entry) -> Trace:
    """Who asked, in whose name, and until when."""
    return {
        "extension_by": entry.actor,
        "extension_for": int(entry.data.get("instead_of", 0)),
        "extension_until": int(entry.data["until"]),
    }


def parked(case: Case, _entry: Entry) -> Trace:
    """The state it goes on in."""
    return {"parked_from": case.status}


def resumed(case: Case, entry: Entry) -> Trace:
    """A whistle that waited goes on waiting, until the limit that goes on."""
    if case.whistle is None or not case.whistle_open or "step_unit" not in entry.data:
        return {}
    return {"whistle": replace(case.whistle, due_at=int(entry.data["step_due_at"]))}


# of every move


def settled(before: Case, after: Case, entry: Entry) -> Trace:
    """When the step it is at began; who has it in hand counts among those who handled it;
    what has lost its object is over: an extension asked elsewhere, a whistle of a matter
    that ended.
    """
    changes: dict[str, Any] = {}
    moved = after.status is not before.status or after.office != before.office
    if moved:
        changes["since"] = entry.at
    in_hand = after.status is Status.HANDLING and after.person
    if in_hand and after.person not in after.handled_by:
        changes["handled_by"] = (*after.handled_by, after.person)
    elsewhere = after.status in OVER or "office" in entry.data
    if after.extension_by and moved and elsewhere:
        changes |= {"extension_by": 0, "extension_for": 0, "extension_until": 0}
    if after.whistle is not None and after.whistle_open and not after.is_open:
        changes["whistle"] = replace(after.whistle, lapsed_at=entry.at)
    return changes
