"""A dispute on its way through mediation: entrusted, given to a mediator, mediated to an
agreement or to none.

Mediation comes first; arbitration and court are recorded outcomes after it. A dispute names
no person: its parties are told by their roles (`PARTIES`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gridmap.cases.records.fields import (
    Choice,
    Choices,
    Circumstances,
    Field,
    Moment,
    Place,
    Reference,
    Text,
)
from gridmap.cases.records.kinds import Condition, Kind, Move, Situation, in_area
from gridmap.cases.records.record import Code, Count, Entry, Instant, Link, Order
from gridmap.errors import Fault
from gridmap.model import UserRole
from gridmap.words import mark

R = UserRole


class Source(StrEnum):
    """Who entrusts disputes to mediation."""

    PETITION = "petition"
    POLICE = "police"
    COURT = "court"


class Subject(StrEnum):
    """What a dispute is about; the specialities of mediators are the same."""

    LABOUR = "labour"
    FAMILY = "family"
    NEIGHBOURS = "neighbours"
    CONTRACT = "contract"
    LAND = "land"
    MEDICAL = "medical"
    PROPERTY = "property"


class State(StrEnum):
    """Where a dispute stands."""

    ENTRUSTED = "entrusted"
    ASSIGNED = "assigned"
    MEDIATING = "mediating"
    AGREED = "agreed"
    FAILED = "failed"
    ARBITRATION = "arbitration"
    COURT = "court"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What can be done with a dispute; each is a kind of entry."""

    ENTRUST = "entrust"
    ASSIGN = "assign"
    HAND_OVER = "hand_over"
    HOLD = "hold"
    AGREE = "agree"
    FAIL = "fail"
    ARBITRATE = "arbitrate"
    SUE = "sue"
    WITHDRAW = "withdraw"
    RETURN = "return"
    EXPLAIN = "explain"
    VISIT = "visit"
    RELAPSE = "relapse"


S = State
OPEN = frozenset({S.ENTRUSTED, S.ASSIGNED, S.MEDIATING})
"""States in which a mediator, or who assigns one, still has to act."""
IN_HAND = frozenset({S.ASSIGNED, S.MEDIATING})
ENDED = frozenset(State) - OPEN

SOURCES = {
    Source.PETITION: mark("Petition office"),
    Source.POLICE: mark("Police"),
    Source.COURT: mark("Court"),
}
SUBJECTS = {
    Subject.LABOUR: mark("Labour"),
    Subject.FAMILY: mark("Marriage and family"),
    Subject.NEIGHBOURS: mark("Neighbours"),
    Subject.CONTRACT: mark("Contract and consumer"),
    Subject.LAND: mark("Land"),
    Subject.MEDICAL: mark("Medical"),
    Subject.PROPERTY: mark("Property management"),
}
PARTIES = {
    "employer": mark("Employer"),
    "employee": mark("Employee"),
    "spouse": mark("Spouse"),
    "parent": mark("Parent"),
    "child": mark("Son or daughter"),
    "neighbour": mark("Neighbour"),
    "buyer": mark("Buyer"),
    "seller": mark("Seller"),
    "creditor": mark("Creditor"),
    "debtor": mark("Debtor"),
    "villager": mark("Villager"),
    "village_committee": mark("Village committee"),
    "developer": mark("Developer"),
    "patient": mark("Patient"),
    "hospital": mark("Hospital"),
    "owner": mark("Owner"),
    "tenant": mark("Tenant"),
    "landlord": mark("Landlord"),
    "property_manager": mark("Property manager"),
    "school": mark("School"),
}
"""What a party can be called; nothing else is kept of it."""
STATES = {
    S.ENTRUSTED: mark("Entrusted"),
    S.ASSIGNED: mark("Mediator assigned"),
    S.MEDIATING: mark("Being mediated"),
    S.AGREED: mark("Agreement"),
    S.FAILED: mark("No agreement"),
    S.ARBITRATION: mark("Gone to arbitration"),
    S.COURT: mark("Gone to court"),
    S.WITHDRAWN: mark("Withdrawn"),
}

_SUBJECT_OF_CATEGORY = {
    "D01": Subject.LABOUR,
    "D02": Subject.FAMILY,
    "D03": Subject.NEIGHBOURS,
    "D04": Subject.CONTRACT,
    "D05": Subject.LAND,
    "D06": Subject.MEDICAL,
    "D07": Subject.PROPERTY,
}
"""What the dispute of a matter is about, by the beginning of its category."""


def subject_of(category: str) -> str:
    """What a matter of `category` is a dispute about; "" when it is none."""
    return str(_SUBJECT_OF_CATEGORY.get(category[:3], ""))


@dataclass(frozen=True, slots=True)
class Dispute:
    """How a dispute stands; `matter` 0: linked to none.

    `slip` is the court's referral number with the day it is due back; `late`: it went back
    after that day, `explained`: the reason was given. `agreed_at` is of the agreement in
    force, `follow_up_at` when it is to be visited.
    """

    id: int
    area: Code
    source: Source
    kind: Subject
    parties: tuple[str, ...] = ()
    text: str = ""
    matter: Link = 0
    slip: str = ""
    return_due_at: Instant = 0
    version: int = 1
    state: State = State.ENTRUSTED
    mediator: Link = 0
    entrusted_at: Instant = 0
    sessions: Count = 0
    agreed_at: Instant = 0
    ended_at: Instant = 0
    follow_up_at: Instant = 0
    visited_at: Instant = 0
    relapses: Count = 0
    returned_at: Instant = 0
    late: bool = False
    explained: bool = False
    last_at: Instant = 0

    @property
    def is_open(self) -> bool:
        """Whether mediation still goes on."""
        return self.state in OPEN


LAST_SECOND = 24 - 1 / 3600
"""Hour of the last second of a day."""
NO_DAY = mark("A slip without a day it is due back")
GIVE_DAY = mark(
    "Give the number of the slip and a day ahead on which the court wants it back."
)
NOT_COURT = mark("Only a court sends a referral slip")
NO_SLIP = mark("Leave the slip empty, or choose the court as the source.")

FIELDS: tuple[Field, ...] = (
    Place(
        name="area",
        label=mark("Place"),
        rule=mark("There is no such place"),
        cure=mark("Choose a place of the city."),
    ),
    Choice(
        name="source",
        label=mark("Source"),
        options=Source,
        words=SOURCES,
        rule=mark("Not who entrusts disputes"),
        cure=mark("Choose petition office, police or court."),
    ),
    Choice(
        name="kind",
        label=mark("Kind"),
        options=Subject,
        words=SUBJECTS,
        rule=mark("Not a kind of dispute"),
        cure=mark("Choose one from the list."),
    ),
    Text(name="slip", label=mark("Referral slip (court)"), most=60, line=True),
    Moment(
        name="return_due_at",
        label=mark("Due back"),
        hour=LAST_SECOND,
        rule=NO_DAY,
        cure=GIVE_DAY,
    ),
    Choices(
        name="parties",
        label=mark("Parties by their roles (no names)"),
        options=frozenset(PARTIES),
        words=PARTIES,
        least=2,
        rule=mark("Not the roles of two parties or more"),
        cure=mark("Choose at least two roles from the list; names are not kept."),
    ),
    Reference(
        name="matter",
        label=mark("Case number of the matter it arose from, if any"),
        rule=mark("This matter is not a dispute, or lies elsewhere"),
        cure=mark("Choose a matter of the class of disputes, in the same place."),
    ),
    Text(name="text", label=mark("What it is about, without names")),
    Reference(
        name="mediator",
        label=mark("Mediator"),
        rule=mark("This mediator is not in office, or has no room for another dispute."),
        cure=mark("Choose one of those proposed."),
    ),
    Moment(
        name="follow_up_at",
        label=mark("Day of the follow-up visit"),
        hour=12,
        rule=mark("The follow-up visit has to lie ahead."),
        cure=mark("Choose a day to come."),
    ),
    Text(name="words", label=mark("Reason")),
)


def _slip_and_day(order: Order, _circumstances: Circumstances) -> Iterator[Fault]:
    """A referral slip has a day it is due back, and comes from a court."""
    slip, due_at = str(order.get("slip") or ""), order.get("return_due_at")
    if (slip or due_at) and order.get("source") != Source.COURT:
        yield Fault(rule=NOT_COURT, field="slip", value=slip, cure=NO_SLIP)
    elif bool(slip.strip()) != bool(due_at):
        yield Fault(rule=NO_DAY, field="return_due_at", value=slip, cure=GIVE_DAY)


SOURCE = in_area(R.HANDLER, R.CLERK, R.DISPATCHER, R.CHIEF, R.COMMANDER)
DESK = in_area(R.CLERK, R.DISPATCHER, R.CHIEF)
WATCH = {**DESK, **in_area(R.HANDLER, R.GRID_WORKER)}

NO_COURT_WAITS = Condition[Dispute](
    lambda situation: not situation.record.slip or bool(situation.record.returned_at),
    mark("No court waits for a referral slip of this dispute."),
)
NOTHING_TO_EXPLAIN = Condition[Dispute](
    lambda situation: not situation.record.late or situation.record.explained,
    mark("No slip of this dispute went back late without a reason."),
)
SAME_MEDIATOR = Condition[Dispute](
    lambda situation: situation.order.get("mediator") == situation.record.mediator,
    mark("This mediator has the dispute already."),
)


def _lateness(situation: Situation[Dispute]) -> Mapping[str, Any]:
    """A slip that goes back late is taken all the same, and flagged."""
    is_late = situation.at > situation.record.return_due_at
    return {"late": True} if is_late else {}


def _explanation(_dispute: Dispute, entry: Entry) -> Mapping[str, Any]:
    """The reason of a late return may come with it, or later (EXPLAIN)."""
    explained = bool(entry.data.get("late")) and bool(entry.data.get("words"))
    return {"explained": explained}


def _end(before: Dispute, after: Dispute, entry: Entry) -> Mapping[str, Any]:
    """Mediation ends when an open state is left, and has no end while it goes on."""
    if after.state is before.state:
        return {}
    return {"ended_at": 0 if after.is_open else entry.at}


DISPUTE = Kind(
    name="dispute",
    record=Dispute,
    fields=FIELDS,
    states=STATES,
    lasting=("area", "source", "kind", "parties", "text", "slip"),
    checks=_slip_and_day,
    settles=_end,
    begins=Move(
        act=Act.ENTRUST,
        label=mark("Entrusted"),
        by=SOURCE,
        needs=("area", "source", "kind", "parties"),
        takes=("text", "matter", "slip", "return_due_at"),
        stamps="entrusted_at",
    ),
    moves=(
        Move(
            act=Act.ASSIGN,
            label=mark("Assign a mediator"),
            by=DESK,
            of=frozenset({S.ENTRUSTED}),
            to=S.ASSIGNED,
            needs=("mediator",),
        ),
        Move(
            act=Act.HOLD,
            label=mark("Note a session"),
            by=DESK,
            of=IN_HAND,
            to=S.MEDIATING,
            needs=("words",),
            asks=mark("What came of the session"),
            counts="sessions",
        ),
        Move(
            act=Act.AGREE,
            label=mark("Agreement reached"),
            by=DESK,
            of=frozenset({S.MEDIATING}),
            to=S.AGREED,
            needs=("words", "follow_up_at"),
            asks=mark("What was agreed"),
            stamps="agreed_at",
            clears=("visited_at",),
        ),
        Move(
            act=Act.FAIL,
            label=mark("End without agreement"),
            by=DESK,
            of=frozenset({S.MEDIATING}),
            to=S.FAILED,
            needs=("words",),
            asks=mark("Why there is no agreement"),
        ),
        Move(
            act=Act.HAND_OVER,
            label=mark("Hand to another mediator"),
            by=DESK,
            of=IN_HAND,
            needs=("mediator", "words"),
            not_when=(SAME_MEDIATOR,),
        ),
        Move(
            act=Act.ARBITRATE,
            label=mark("To arbitration"),
            by=DESK,
            of=frozenset({S.FAILED}),
            to=S.ARBITRATION,
            needs=("words",),
        ),
        Move(
            act=Act.SUE,
            label=mark("To court"),
            by=DESK,
            of=frozenset({S.FAILED, S.ARBITRATION}),
            to=S.COURT,
            needs=("words",),
        ),
        Move(
            act=Act.WITHDRAW,
            label=mark("Withdraw"),
            by=SOURCE,
            of=OPEN,
            to=S.WITHDRAWN,
            needs=("words",),
        ),
        Move(
            act=Act.RETURN,
            label=mark("Return the slip"),
            by=DESK,
            of=ENDED,
            takes=("words",),
            asks=mark("Why it goes back late, if it does"),
            unless=(NO_COURT_WAITS,),
            then=_lateness,
            stamps="returned_at",
            leaves=_explanation,
        ),
        Move(
            act=Act.EXPLAIN,
            label=mark("Say why it was late"),
            by=DESK,
            of=frozenset(State),
            needs=("words",),
            unless=(NOTHING_TO_EXPLAIN,),
            leaves=lambda _dispute, _entry: {"explained": True},
        ),
        Move(
            act=Act.VISIT,
            label=mark("Note a follow-up visit"),
            by=WATCH,
            of=frozenset({S.AGREED}),
            needs=("words",),
            asks=mark("How the agreement is kept"),
            stamps="visited_at",
        ),
        Move(
            act=Act.RELAPSE,
            label=mark("Note a relapse"),
            by=WATCH,
            of=frozenset({S.AGREED}),
            to=S.ASSIGNED,
            needs=("words",),
            counts="relapses",
            clears=("agreed_at", "follow_up_at"),
        ),
    ),
    not_begun=mark(
        "Disputes are entrusted by who answers for the place: departments, clerks, "
        "dispatchers, chiefs."
    ),
    not_yours=mark("Your role may not do this with disputes of this place."),
    not_from_here=mark("A dispute in this state does not allow this."),
    no_record=mark("There is no such dispute."),
)
"""How a dispute is led from the one who entrusts it to its end."""
