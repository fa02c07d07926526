"""Deliberation: joint households or the village council talk a matter over, decide, publish,
and follow up.

A meeting that ends without a decision is kept as *adjourned* with the day it goes on, and
stands on the open list until a meeting decides. An objection while the decision is on public
notice does the same. Who was present is kept as roles and numbers, never as names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gridmap.calendar import DAY_S
from gridmap.cases.records.fields import (
    Choice,
    Circumstances,
    Counts,
    Field,
    Lines,
    Moment,
    Number,
    Place,
    Reference,
    References,
    Text,
)
from gridmap.cases.records.kinds import Condition, Kind, Move, Situation, in_area
from gridmap.cases.records.record import Code, Count, Entry, Instant, Order
from gridmap.cases.texts import LONGEST_LINE
from gridmap.errors import Fault
from gridmap.model import Level, UserRole
from gridmap.words import mark

R = UserRole


class Forum(StrEnum):
    """Who deliberates."""

    HOUSEHOLDS = "households"
    COUNCIL = "council"


class State(StrEnum):
    """How a deliberation stands."""

    ADJOURNED = "adjourned"
    DECIDED = "decided"
    DONE = "done"


class Act(StrEnum):
    """What can happen; each is a kind of entry."""

    MEET = "meet"
    OBJECT = "object"
    FOLLOW_UP = "follow_up"
    LINK = "link"
    UNLINK = "unlink"


S = State

FORUMS = {
    Forum.COUNCIL: mark("Village council"),
    Forum.HOUSEHOLDS: mark("Joint households"),
}
STATES = {
    S.ADJOURNED: mark("Adjourned"),
    S.DECIDED: mark("Decided"),
    S.DONE: mark("Followed up"),
}
PRESENT = {
    "household_representative": mark("Household representatives"),
    "villager_representative": mark("Villagers' representatives"),
    "village_cadre": mark("Village cadres"),
    "party_branch": mark("Party branch"),
    "supervision_committee": mark("Supervision committee"),
    "grid_worker": mark("Grid workers"),
    "police_officer": mark("Police officers"),
    "legal_adviser": mark("Legal advisers"),
    "mediator": mark("Mediators"),
    "township_cadre": mark("Township cadres"),
    "department": mark("Departments"),
}
"""Who may be present, by role."""


@dataclass(frozen=True, slots=True)
class Deliberation:
    """How it stands; instants in Unix seconds, 0 = not. `decision` is the one in force, ""
    while there is none.
    """

    id: int
    area: Code
    kind: Forum
    title: str
    state: State = State.ADJOURNED
    version: int = 1
    meetings: Count = 1
    objections: Count = 0
    decision: str = ""
    met_at: Instant = 0
    resume_at: Instant = 0
    decided_at: Instant = 0
    notice_until: Instant = 0
    follow_up_at: Instant = 0
    done_at: Instant = 0
    last_at: Instant = 0


_YEAR_S = 366 * DAY_S
FIELDS: tuple[Field, ...] = (
    Place(
        name="area",
        label=mark("Place"),
        highest=Level.VILLAGE,
        rule=mark("Not a village or grid of the city"),
        cure=mark("Choose a village or a grid in the side bar."),
    ),
    Text(
        name="title",
        label=mark("What is talked over (no names of persons)"),
        most=LONGEST_LINE,
        line=True,
        rule=mark("No matter to talk over"),
        cure=mark("Say in a few words what is talked over; no names of persons."),
    ),
    Choice(
        name="kind",
        label=mark("Who deliberates"),
        options=Forum,
        words=FORUMS,
        rule=mark("Not a kind of meeting"),
        cure=mark("Choose one from the list."),
    ),
    References(name="matters", label=mark("Matters it is about")),
    Reference(name="matter", label=mark("Matter")),
    Counts(
        name="roles",
        label=mark("Who is present, by role"),
        options=tuple(PRESENT),
        words=PRESENT,
        most=5_000,
        rule=mark("Nobody is present"),
        cure=mark("Say who is present, by role and number."),
    ),
    Lines(
        name="proposals",
        label=mark("Proposals, one a line"),
        most=20,
        rule=mark("Not a list of proposals"),
        cure=mark(
            "Give one to 20 proposals, one a line; a decision is taken on at least one."
        ),
    ),
    Text(name="decision", label=mark("Decision; empty: none, the meeting is adjourned")),
    Number(
        name="notice_days",
        label=mark("Days on public notice"),
        whole=True,
        least=1,
        most=60,
        only_with="decision",
        rule=mark("A decision without public notice"),
        cure=mark("Give 1 to 60 days on which it is on public notice."),
    ),
    Moment(
        name="follow_up_at",
        label=mark("Follow-up by"),
        within_s=_YEAR_S,
        only_with="decision",
        rule=mark("Not a day of follow-up"),
        cure=mark("Give a day after the public notice, within a year."),
    ),
    Moment(
        name="resume_at",
        label=mark("Without decision: goes on"),
        within_s=_YEAR_S,
        only_without="decision",
        rule=mark("Adjourned without a day on which it goes on"),
        cure=mark(
            "Give a decision, or a day ahead, within a year, on which the meeting goes on."
        ),
    ),
    Text(
        name="words",
        label=mark("Note"),
        rule=mark("No words"),
        cure=mark("Say it in a few words."),
    ),
)


def _check_decision(order: Order, circumstances: Circumstances) -> Iterator[Fault]:
    """A decision is taken on a proposal, and followed up after its public notice."""
    fields = {declared.name: declared for declared in FIELDS}
    if order.act != Act.MEET or not fields["decision"].given(order.get("decision")):
        return
    if not fields["proposals"].given(order.get("proposals")):
        yield fields["proposals"].bad(0)
    notice, follow_up = fields["notice_days"], fields["follow_up_at"]
    days, day = order.get("notice_days"), order.get("follow_up_at")
    if not notice.given(days) or not notice.fits(days):
        return
    in_time = isinstance(day, int) and day > circumstances.now + days * DAY_S
    if not in_time:
        yield follow_up.bad(day or "")


def _public_notice(situation: Situation[Deliberation]) -> Mapping[str, Any]:
    """A decision goes on public notice for some days."""
    order = situation.order
    if not DELIBERATION.says(order, "decision"):
        return {}
    return {"notice_until": situation.at + int(order.get("notice_days")) * DAY_S}


def _met(_deliberation: Deliberation, entry: Entry) -> Mapping[str, Any]:
    """A meeting decides, or is adjourned."""
    if "decision" not in entry.data:
        return {"state": S.ADJOURNED}
    return {"state": S.DECIDED, "decided_at": entry.at, "resume_at": 0}


NOTICE_RUNS = Condition[Deliberation](
    lambda situation: situation.at <= situation.record.notice_until,
    mark("The decision is still on public notice; the follow-up comes after it."),
)
NOTICE_OVER = Condition[Deliberation](
    lambda situation: situation.at > situation.record.notice_until,
    mark("The public notice is over; objections had to come before its end."),
)
MEETING = ("roles", "proposals", "decision", "notice_days", "follow_up_at", "resume_at")
HOLD = in_area(R.GRID_WORKER, R.CLERK, R.CHIEF)
DESK = in_area(R.CLERK, R.CHIEF)

DELIBERATION = Kind(
    name="deliberation",
    record=Deliberation,
    fields=FIELDS,
    states=STATES,
    lasting=("area", "kind", "title"),
    checks=_check_decision,
    begins=Move(
        act=Act.MEET,
        label=mark("Record the meeting"),
        by=HOLD,
        needs=("area", "kind", "title", "roles", "notice_days", "resume_at"),
        takes=("matters", *MEETING, "words"),
        then=_public_notice,
        stamps="met_at",
        leaves=_met,
    ),
    moves=(
        Move(
            act=Act.MEET,
            label=mark("Record a meeting"),
            by=HOLD,
            of=frozenset({S.ADJOURNED}),
            needs=("roles", "notice_days", "resume_at"),
            takes=(*MEETING, "words"),
            insists=True,
            then=_public_notice,
            stamps="met_at",
            counts="meetings",
            leaves=_met,
        ),
        Move(
            act=Act.OBJECT,
            label=mark("Note an objection"),
            by=HOLD,
            of=frozenset({S.DECIDED}),
            to=S.ADJOURNED,
            needs=("words", "resume_at"),
            insists=True,
            asks=mark("What is objected"),
            unless=(NOTICE_OVER,),
            counts="objections",
            clears=("decision", "decided_at", "notice_until", "follow_up_at"),
        ),
        Move(
            act=Act.FOLLOW_UP,
            label=mark("Note the follow-up"),
            by=DESK,
            of=frozenset({S.DECIDED}),
            to=S.DONE,
            needs=("words",),
            insists=True,
            asks=mark("What came of the decision"),
            unless=(NOTICE_RUNS,),
            stamps="done_at",
        ),
        Move(
            act=Act.LINK,
            label=mark("Link a matter"),
            by=HOLD,
            of=frozenset(State),
            needs=("matter",),
            insists=True,
        ),
        Move(
            act=Act.UNLINK,
            label=mark("Unlink a matter"),
            by=DESK,
            of=frozenset(State),
            needs=("matter",),
            insists=True,
        ),
    ),
    not_begun=mark(
        "Meetings are recorded by grid workers, clerks and chiefs of the place."
    ),
    not_yours=mark("Your role may not do this with deliberations of this place."),
    not_from_here=mark("As this deliberation stands, this cannot be done."),
    no_record=mark("There is no such deliberation."),
)
"""How what a village talks over comes to a decision that is followed up."""
