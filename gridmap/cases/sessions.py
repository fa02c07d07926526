"""Joint judgement at the headquarters: a session with the matters judged together, and the
orders it gives to units.

A session is held by who leads its place: matters come on its list and are judged, orders are
given about them; it may be adjourned, and ends with a decision. An order is answered by its
unit, and the answer accepted, or the unit asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gridmap.calendar import WORK_HOURS
from gridmap.cases.actors import Reach
from gridmap.cases.records.fields import (
    Field,
    Lines,
    Moment,
    Place,
    Reference,
    References,
    Text,
)
from gridmap.cases.records.kinds import Condition, Kind, Move, Situation, in_area
from gridmap.cases.records.record import Code, Entry, Instant, Link, Order, Person, Unit
from gridmap.cases.texts import LONGEST_LINE
from gridmap.model import UserRole
from gridmap.words import mark

MOST_ROLES = 60
LONGEST_ROLE = 100
LONGEST_NUMBER = 60

EMPTY = mark("nothing is written here")
WRITE = mark("Write it in a few words.")
NO_MATTER = mark("there is no such matter in this place")
LEAVE_OUT = mark("Leave it out.")

LEAD = in_area(UserRole.COMMANDER, UserRole.CHIEF)
"""Who holds sessions and judges the answers to their orders, in the places they answer for."""
NOT_LEADING = mark("Sessions are held by the commander, or by the chief of the place.")


class State(StrEnum):
    """How far a session is."""

    OPEN = "open"
    ADJOURNED = "adjourned"
    CLOSED = "closed"


class Act(StrEnum):
    """What can be done with a session; each is a kind of entry."""

    OPEN = "opened"
    PICK = "picked"
    DROP = "dropped"
    JUDGE = "judged"
    GIVE = "assigned"
    ADJOURN = "adjourned"
    RESUME = "resumed"
    CLOSE = "closed"


STATES = {
    State.OPEN: mark("Open session"),
    State.ADJOURNED: mark("Adjourned"),
    State.CLOSED: mark("Closed session"),
}


@dataclass(frozen=True, slots=True)
class Session:
    """How a session stands: `matters` are on its list, in their order, each with the
    judgement at the same place of `judgements` ("": none yet); about those in `ordered`
    something was given to do.
    """

    id: int
    title: str
    area: Code
    roles: tuple[str, ...]
    state: State = State.OPEN
    version: int = 1
    opened_at: Instant = 0
    opened_by: Person = 0
    matters: tuple[int, ...] = ()
    judgements: tuple[str, ...] = ()
    ordered: tuple[int, ...] = ()
    resumes_at: Instant = 0
    decision: str = ""
    closed_at: Instant = 0
    closed_by: Person = 0
    last_at: Instant = 0


def _until(label: str) -> Moment:
    return Moment(
        name="until",
        label=label,
        hour=WORK_HOURS[-1][1],
        timed=True,
        rule=mark("this time is over already"),
        cure=mark("Give a time to come."),
    )


TITLE = Text(
    name="title",
    label=mark("What it is about"),
    most=LONGEST_LINE,
    line=True,
    rule=EMPTY,
    cure=WRITE,
)
AREA = Place(
    name="area",
    label=mark("Place"),
    rule=mark("Not a place of the city"),
    cure=mark("Choose a place in the side bar."),
)
ROLES = Lines(
    name="roles",
    label=mark("Who is present, by role, a line each"),
    most=MOST_ROLES,
    longest=LONGEST_ROLE,
    rule=mark("nobody is present"),
    cure=mark("Name who is present, by role."),
)
MATTERS = References(
    name="matters",
    label=mark("Late or supervised matters"),
    rule=NO_MATTER,
    cure=LEAVE_OUT,
)
NUMBER = Text(
    name="number",
    label=mark("or a case number"),
    most=LONGEST_NUMBER,
    line=True,
    rule=NO_MATTER,
    cure=LEAVE_OUT,
)
MATTER = Reference(
    name="matter",
    label=mark("Matter"),
    rule=NO_MATTER,
    cure=mark("Put it on the list first."),
)
GROUP = Reference(
    name="group",
    label=mark("Working group"),
    rule=mark("there is no such working group"),
    cure=mark("Choose one of the working groups, or none."),
)
OFFICE = Reference(
    name="office",
    label=mark("Unit"),
    rule=mark("a matter of this place is not given to this unit"),
    cure=mark("Choose a unit that answers for the place of the matter."),
)
TASK = Text(name="task", label=mark("What is to be done"), rule=EMPTY, cure=WRITE)
REASON = Text(name="reason", label=mark("Reason"), most=LONGEST_LINE, line=True)
DECISION = Text(
    name="decision",
    label=mark("Decision"),
    rule=mark("a session is not closed without a decision"),
    cure=mark("Write down what was decided, or adjourn the session."),
)
WORDS = Text(name="words", label=mark("Words"), rule=EMPTY, cure=WRITE)

SESSION_FIELDS: tuple[Field, ...] = (
    TITLE,
    AREA,
    ROLES,
    MATTERS,
    NUMBER,
    MATTER,
    GROUP,
    OFFICE,
    TASK,
    _until(mark("Goes on at")),
    REASON,
    DECISION,
    WORDS,
)


def _new(situation: Situation[Session]) -> Mapping[str, Any]:
    """The matters named that were not on the list yet; `context` has those named."""
    known = situation.record.matters
    named = dict.fromkeys(situation.context)
    return {"matters": [matter for matter in named if matter not in known]}


NOTHING_NEW = Condition[Session](
    lambda situation: not _new(situation)["matters"],
    mark("Nothing named here is new on the list."),
)
NOT_LISTED = Condition[Session](
    lambda situation: situation.order.get("matter") not in situation.record.matters,
    mark("this matter is not on the list of the session"),
    field="matter",
    cure=mark("Put it on the list first."),
)
NO_LIST = Condition[Session](
    lambda situation: not situation.record.matters, mark("No matter is on the list yet.")
)
HAS_ORDERS = Condition[Session](
    lambda situation: situation.order.get("matter") in situation.record.ordered,
    mark("Something has been given to do about this matter; it stays on the list."),
)


def _picked(session: Session, entry: Entry) -> Mapping[str, Any]:
    new = tuple(entry.data["matters"])
    return {
        "matters": session.matters + new,
        "judgements": session.judgements + ("",) * len(new),
    }


def _dropped(session: Session, entry: Entry) -> Mapping[str, Any]:
    place = session.matters.index(entry.data["matter"])
    return {
        "matters": session.matters[:place] + session.matters[place + 1 :],
        "judgements": session.judgements[:place] + session.judgements[place + 1 :],
    }


def _judged(session: Session, entry: Entry) -> Mapping[str, Any]:
    judgements = list(session.judgements)
    judgements[session.matters.index(entry.data["matter"])] = entry.data["words"]
    return {"judgements": tuple(judgements)}


def _ordered(session: Session, entry: Entry) -> Mapping[str, Any]:
    return {"ordered": tuple(dict.fromkeys((*session.ordered, entry.data["matter"])))}


def _adjourned(_session: Session, entry: Entry) -> Mapping[str, Any]:
    return {"resumes_at": entry.data["until"]}


def judged_otherwise(entry: Entry, order: Order) -> bool:
    """Whether `entry` judges the matter that `order` judges, in other words.

    Several people hold a session at once: nothing else that one of them does makes another's
    order stale.
    """
    if not entry.act == order.act == Act.JUDGE:
        return False
    words = str(order.get("words")).strip()
    same_matter = entry.data["matter"] == order.get("matter")
    return bool(same_matter and entry.data["words"] != words)


HELD = frozenset({State.OPEN})

SESSION = Kind(
    name="session",
    record=Session,
    fields=SESSION_FIELDS,
    states=STATES,
    lasting=("title", "area"),
    clashes=judged_otherwise,
    begins=Move(
        act=Act.OPEN,
        label=mark("Begin"),
        line=mark("Session opened"),
        by=LEAD,
        needs=("title", "area", "roles"),
        stamps="opened_at",
        signs="opened_by",
    ),
    moves=(
        Move(
            act=Act.PICK,
            label=mark("Put on the list"),
            line=mark("Matters put on the list"),
            by=LEAD,
            of=HELD,
            takes=("matters", "number"),
            not_when=(NOTHING_NEW,),
            then=_new,
            leaves=_picked,
        ),
        Move(
            act=Act.DROP,
            label=mark("Take off the list"),
            line=mark("Matter taken off the list"),
            by=LEAD,
            of=HELD,
            needs=("matter",),
            unless=(NO_LIST,),
            not_when=(HAS_ORDERS, NOT_LISTED),
            leaves=_dropped,
        ),
        Move(
            act=Act.JUDGE,
            label=mark("Note the judgement"),
            line=mark("Judged"),
            by=LEAD,
            of=HELD,
            needs=("matter", "words"),
            insists=True,
            asks=mark("Judgement"),
            unless=(NO_LIST,),
            not_when=(NOT_LISTED,),
            leaves=_judged,
        ),
        Move(
            act=Act.GIVE,
            label=mark("Give the task"),
            line=mark("Task given"),
            by=LEAD,
            of=HELD,
            needs=("matter", "office", "task", "until"),
            takes=("group",),
            insists=True,
            unless=(NO_LIST,),
            not_when=(NOT_LISTED,),
            leaves=_ordered,
        ),
        Move(
            act=Act.CLOSE,
            label=mark("Close the session"),
            line=mark("Session closed"),
            by=LEAD,
            of=HELD,
            to=State.CLOSED,
            needs=("decision",),
            insists=True,
            stamps="closed_at",
            signs="closed_by",
        ),
        Move(
            act=Act.ADJOURN,
            label=mark("Adjourn"),
            line=mark("Adjourned"),
            by=LEAD,
            of=HELD,
            to=State.ADJOURNED,
            needs=("until",),
            takes=("reason",),
            insists=True,
            leaves=_adjourned,
        ),
        Move(
            act=Act.RESUME,
            label=mark("Resume"),
            line=mark("Resumed"),
            by=LEAD,
            of=frozenset({State.ADJOURNED}),
            to=State.OPEN,
            clears=("resumes_at",),
        ),
    ),
    not_begun=NOT_LEADING,
    not_yours=NOT_LEADING,
    not_from_here=mark("This session is open already."),
    not_from={
        State.CLOSED: mark("This session is closed; its record stays as it is."),
        State.ADJOURNED: mark("This session is adjourned. Resume it first."),
    },
    no_record=mark("There is no such session."),
)
"""How a session is held."""


class OrderState(StrEnum):
    """How far an order is."""

    GIVEN = "given"
    ANSWERED = "answered"
    DONE = "done"


class OrderAct(StrEnum):
    """What can be done with an order; each is a kind of entry."""

    GIVE = "assigned"
    ANSWER = "answered"
    ASK_AGAIN = "asked_again"
    ACCEPT = "done"


@dataclass(frozen=True, slots=True)
class SessionOrder:
    """How an order stands that a session in `area` gave to the unit `office`, called by a
    working `group` or directly (0), about a matter: the `task`, by `due_at`.
    """

    id: int
    session: Link
    area: Code
    matter: Link
    office: Unit
    task: str
    group: Link = 0
    state: OrderState = OrderState.GIVEN
    version: int = 1
    given_at: Instant = 0
    given_by: Person = 0
    due_at: Instant = 0
    answer: str = ""
    answered_at: Instant = 0
    answered_by: Person = 0
    done_at: Instant = 0
    done_by: Person = 0
    last_at: Instant = 0


def _other_unit(situation: Situation[SessionOrder]) -> bool:
    office = situation.actor.office
    return not office or office != situation.record.office


OTHER_UNIT = Condition(
    _other_unit,
    mark("This is answered by those who work in the unit it was given to."),
    status=403,
)


def _order_given(_order: SessionOrder, entry: Entry) -> Mapping[str, Any]:
    return {"due_at": entry.data["until"]}


def _answered(_order: SessionOrder, entry: Entry) -> Mapping[str, Any]:
    return {"answer": entry.data["words"]}


ORDER = Kind(
    name="order",
    record=SessionOrder,
    fields=(
        Reference(name="session", label=mark("Session")),
        AREA,
        MATTER,
        GROUP,
        OFFICE,
        TASK,
        _until(mark("Due")),
        WORDS,
    ),
    states={
        OrderState.GIVEN: mark("not answered yet"),
        OrderState.ANSWERED: mark("answered, to be judged"),
        OrderState.DONE: mark("Done"),
    },
    lasting=("session", "matter", "task"),
    begins=Move(
        act=OrderAct.GIVE,
        label=mark("Give the task"),
        line=mark("Task given"),
        by=LEAD,
        needs=("session", "area", "matter", "office", "task", "until"),
        takes=("group",),
        stamps="given_at",
        signs="given_by",
        leaves=_order_given,
    ),
    moves=(
        Move(
            act=OrderAct.ANSWER,
            label=mark("Send the answer"),
            line=mark("Unit answered"),
            by=dict.fromkeys(UserRole, Reach.ANYWHERE),
            of=frozenset({OrderState.GIVEN}),
            to=OrderState.ANSWERED,
            needs=("words",),
            insists=True,
            asks=mark("Answer to the headquarters"),
            unless=(OTHER_UNIT,),
            stamps="answered_at",
            signs="answered_by",
            leaves=_answered,
        ),
        Move(
            act=OrderAct.ACCEPT,
            label=mark("Done"),
            line=mark("Answer accepted"),
            by=LEAD,
            of=frozenset({OrderState.ANSWERED}),
            to=OrderState.DONE,
            stamps="done_at",
            signs="done_by",
        ),
        Move(
            act=OrderAct.ASK_AGAIN,
            label=mark("Ask again"),
            line=mark("Asked again"),
            by=LEAD,
            of=frozenset({OrderState.ANSWERED}),
            to=OrderState.GIVEN,
            needs=("words",),
            insists=True,
            asks=mark("What is still missing"),
            clears=("answer", "answered_at", "answered_by"),
        ),
    ),
    not_begun=NOT_LEADING,
    not_yours=NOT_LEADING,
    not_from_here=mark("This is done already."),
    not_from={
        OrderState.GIVEN: mark("This has not been answered yet."),
        OrderState.ANSWERED: mark(
            "This has been answered; the headquarters judges the answer."
        ),
    },
    no_record=mark("There is no such task."),
)
"""How an order is followed up."""


def given(session: Session, order: Order) -> Order:
    """What makes the record of the order that `order` lets `session` give."""
    return Order(OrderAct.GIVE, **order.values, session=session.id, area=session.area)
