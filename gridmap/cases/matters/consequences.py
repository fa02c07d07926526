"""What a move of a matter decides beside what was said: whose move it is, the state where
the table leaves it open, and the clocks. All is written into the entry.

The context of a situation are the city's `Clocks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gridmap.cases.matters.case import Case
from gridmap.cases.matters.clocks import NEXT_STEP
from gridmap.cases.records.kinds import Situation
from gridmap.model import Status

Decided = Mapping[str, Any]


# of one move


def reported(situation: Situation[Any]) -> Decided:
    """The clocks run from when it came in: nobody could act on it before. The limit of the
    matter itself is what the reporter may expect; it is set anew when it is accepted.
    """
    order, at, clocks = situation.order, situation.at, situation.context
    category = order.get("category")
    limits = {
        "reporter": situation.actor.user,
        "due_at": clocks.whole(category, at),
        "step_due_at": clocks.step(NEXT_STEP[Status.REPORTED], category, at),
    }
    begun = {"status": int(Status.REPORTED), "office": order.get("office") or 0}
    return begun | {name: value for name, value in limits.items() if value}


def accepted(situation: Situation[Case]) -> Decided:
    """The limit begins, and that of dispatching."""
    case, at, clocks = situation.record, situation.at, situation.context
    due = clocks.whole(case.category, at)
    step = step_limit(situation, Status.ACCEPTED, due, whistled=False)
    return {
        **_taken(situation),
        "due_at": due,
        "step_due_at": step,
        "dispatch_due_at": step,
    }


def ended(_situation: Situation[Case]) -> Decided:
    """Its limit stops for good."""
    return {"due_at": 0}


def sent(situation: Situation[Case]) -> Decided:
    """It is with another office, and with the person named or nobody yet."""
    order = situation.order
    return {"office": order.get("office"), "person": order.get("person") or 0}


def taken_in_hand(situation: Situation[Case]) -> Decided:
    """It is with the person named, who had it before, or who takes it."""
    case, order = situation.record, situation.order
    person = order.get("person") or case.person or situation.actor.user
    return {**_taken(situation), "person": person}


def sent_back(situation: Situation[Case]) -> Decided:
    """It is with who dispatched it again."""
    return {"office": situation.record.dispatched_from, "person": 0}


def whistled(situation: Situation[Case]) -> Decided:
    """It is with the office whistled for, and the answer has a limit of its own."""
    case, at, clocks = situation.record, situation.at, situation.context
    return {
        "office": situation.order.get("office"),
        "person": 0,
        "step_due_at": clocks.step("heed", case.category, at),
    }


def heeded(situation: Situation[Case]) -> Decided:
    """The step it was at begins anew; a whistle that was not apt goes back."""
    case = situation.record
    step = step_limit(situation, case.status, case.due_at, whistled=False)
    if case.whistle is None or situation.order.get("apt"):
        return {"step_due_at": step}
    return {"office": case.whistle.from_office, "person": 0, "step_due_at": step}


def whistle_rated(situation: Situation[Case]) -> Decided:
    """The rating is the whistle's; the matter's stays."""
    given = situation.order.get("rating")
    return {"whistle_rating": given, "rating": situation.record.rating}


def extended(situation: Situation[Case]) -> Decided:
    """The limit is what was asked for."""
    return {"due_at": situation.record.extension_until}


def parked(situation: Situation[Case]) -> Decided:
    """The limits of the matter and of its step stand still with what is left of them."""
    case, at, clocks = situation.record, situation.at, situation.context
    stopped: dict[str, Any] = {}
    if case.due_at:
        amount, unit = clocks.left(case.category, at, case.due_at)
        stopped = {"due_left": amount, "left_unit": unit, "due_at": 0}
    return {**stopped, **_step_stopped(situation)}


def _step_stopped(situation: Situation[Case]) -> Decided:
    """In hand, the whole limit is all there is."""
    case, at, clocks = situation.record, situation.at, situation.context
    step = "heed" if case.whistle_open else NEXT_STEP.get(case.status, "")
    if not step or not case.step_due_at:
        return {}
    amount, unit = clocks.step_left(step, case.category, at, case.step_due_at)
    left = {"step_left": amount, "step_unit": unit}
    undispatched = case.status is Status.ACCEPTED and not case.dispatched_at
    return {**left, "dispatch_due_at": 0} if undispatched else left


def resumed(situation: Situation[Case]) -> Decided:
    """It goes on in the state it was parked from, with what was left."""
    case, at, clocks = situation.record, situation.at, situation.context
    status = case.parked_from or Status.ACCEPTED
    decided: dict[str, Any] = {"status": int(status)}
    if case.left_unit:
        due = clocks.run(case.due_left, case.left_unit, at)
        decided |= {"due_at": due, "due_left": 0.0, "left_unit": ""}
    decided |= _step_resumed(situation, status, decided.get("due_at", case.due_at))
    undispatched = status is Status.ACCEPTED and not case.dispatched_at
    if undispatched and not case.whistle_open:
        decided["dispatch_due_at"] = decided["step_due_at"]
    return decided


def _step_resumed(situation: Situation[Case], status: Status, due: int) -> Decided:
    case, at, clocks = situation.record, situation.at, situation.context
    if not case.step_unit:
        whistled = case.whistle_open
        return {"step_due_at": step_limit(situation, status, due, whistled=whistled)}
    step = clocks.run(case.step_left, case.step_unit, at)
    return {"step_due_at": step, "step_left": 0.0, "step_unit": ""}


def reopened(situation: Situation[Case]) -> Decided:
    """It is with who dispatched it again, with a new limit."""
    due = situation.context.whole(situation.record.category, situation.at)
    return {**sent_back(situation), "due_at": due}


def given_to(situation: Situation[Case]) -> Decided:
    """It is with the person named, or with nobody."""
    return {"person": situation.order.get("person") or 0}


def _taken(situation: Situation[Case]) -> Decided:
    """What lies in the dispatcher's queue is with the office that takes it."""
    office = situation.actor.office
    return {"office": office} if office and not situation.record.office else {}


# of every move


def step_clock(situation: Situation[Case], decided: Decided) -> Decided:
    """A new state or another office begins a step; in hand, the matter's own limit runs."""
    if "step_due_at" in decided:
        return {}
    case = situation.record
    status = Status(decided["status"]) if "status" in decided else case.status
    begins = (
        status is not case.status
        or decided.get("office", case.office) != case.office
        or (status is Status.HANDLING and "due_at" in decided)
    )
    if not begins:
        return {}
    due = decided.get("due_at", case.due_at)
    whistled = case.whistle_open
    return {"step_due_at": step_limit(situation, status, due, whistled=whistled)}


def step_limit(
    situation: Situation[Case], status: Status, due: int, *, whistled: bool
) -> int:
    """When the step of `status` has to be done, of a matter that has to be done by `due`;
    where somebody `whistled`, the answer is the step.
    """
    if status is Status.HANDLING:
        return due
    step = NEXT_STEP.get(status)
    if step is None:
        return 0
    name = "heed" if whistled else step
    limit: int = situation.context.step(name, situation.record.category, situation.at)
    return limit
