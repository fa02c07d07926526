"""Interviews of units that lag: asked by who leads their place, answered by the unit, closed
with a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gridmap.calendar import DAY_S
from gridmap.cases.actors import Reach
from gridmap.cases.records.fields import Field, Mapped, Moment, Place, Reference, Text
from gridmap.cases.records.kinds import Condition, Kind, Move, Situation, in_area
from gridmap.cases.records.record import Code, Entry, Instant, Link, Person, Unit
from gridmap.model import UserRole
from gridmap.words import mark

ANSWER_DAYS = 3
"""Days a unit has to answer where nothing is said."""


class State(StrEnum):
    """How far an interview is."""

    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"


class Act(StrEnum):
    """What can be done with an interview; each is a kind of entry."""

    ASK = "ask"
    ANSWER = "answer"
    CLOSE = "close"
    MOVE = "move"


S = State
OPEN = frozenset({S.ASKED, S.ANSWERED})

STATES = {
    S.ASKED: mark("not answered yet"),
    S.ANSWERED: mark("answered, to be judged"),
    S.CLOSED: mark("closed"),
}


@dataclass(frozen=True, slots=True)
class Interview:
    """How an interview stands, to which the unit `office` is asked, which answers for `area`.

    `words` say what is expected by `due_at`; `rule` and `reason` by which rule of lagging,
    and what was counted.
    """

    id: int
    area: Code
    office: Unit
    words: str
    rule: Link = 0
    reason: Mapping[str, Any] = field(default_factory=dict)
    state: State = State.ASKED
    version: int = 1
    asked_at: Instant = 0
    asked_by: Person = 0
    due_at: Instant = 0
    answer: str = ""
    answered_at: Instant = 0
    answered_by: Person = 0
    verdict: str = ""
    closed_at: Instant = 0
    closed_by: Person = 0
    last_at: Instant = 0


EMPTY = mark("nothing is written here")
WRITE = mark("Write it in a few words.")

FIELDS: tuple[Field, ...] = (
    Place(
        name="area",
        label=mark("Place"),
        rule=mark("There is no such place"),
        cure=mark("Choose a place of the city."),
    ),
    Reference(
        name="office",
        label=mark("Unit"),
        rule=mark("There is no such office."),
        cure=mark("Choose another unit."),
    ),
    Reference(
        name="rule",
        label=mark("Rule"),
        rule=mark("There is no such thing here, or not any more."),
        cure=mark("Leave it out."),
    ),
    Mapped(
        name="reason",
        label=mark("Reason"),
        rule=mark("Not a text"),
        cure=mark("Leave it out."),
    ),
    Moment(
        name="due_at",
        label=mark("To be done by"),
        rule=mark("this time is over already"),
        cure=mark("Give a time to come."),
    ),
    Text(name="words", label=mark("What is expected"), rule=EMPTY, cure=WRITE),
    Text(name="answer", label=mark("Answer to the headquarters"), rule=EMPTY, cure=WRITE),
    Text(name="verdict", label=mark("Verdict"), line=True, rule=EMPTY, cure=WRITE),
)

LEAD = in_area(UserRole.COMMANDER, UserRole.CHIEF)
UNIT = dict.fromkeys(UserRole, Reach.ANYWHERE)

NOT_UNIT = Condition[Interview](
    lambda situation: situation.actor.office != situation.record.office,
    mark("This is answered by those who work in the unit it was given to."),
    status=403,
)
NOT_OVER = Condition[Interview](
    lambda situation: (
        situation.record.state is S.ASKED and situation.record.due_at > situation.at
    ),
    mark("The unit has not answered, and its time is not over."),
)


def _time_to_answer(situation: Situation[Interview]) -> Mapping[str, Any]:
    if situation.order.get("due_at"):
        return {}
    return {"due_at": situation.at + ANSWER_DAYS * DAY_S}


def _by(name: str) -> Any:
    """Leaves who did it in the attribute `name`."""

    def leaves(_interview: Interview, entry: Entry) -> Mapping[str, Any]:
        return {name: entry.actor}

    return leaves


NOT_ASKING = mark(
    "Units are asked to an interview by the commander, or by the chief of their place."
)

INTERVIEW = Kind(
    name="interview",
    record=Interview,
    fields=FIELDS,
    states=STATES,
    remark="",
    lasting=("words",),
    begins=Move(
        act=Act.ASK,
        label=mark("Ask to an interview"),
        by=LEAD,
        needs=("area", "office", "words"),
        takes=("rule", "reason", "due_at"),
        then=_time_to_answer,
        stamps="asked_at",
        leaves=_by("asked_by"),
    ),
    moves=(
        Move(
            act=Act.ANSWER,
            label=mark("Send the answer"),
            by=UNIT,
            of=frozenset({S.ASKED}),
            to=S.ANSWERED,
            needs=("answer",),
            insists=True,
            unless=(NOT_UNIT,),
            stamps="answered_at",
            leaves=_by("answered_by"),
        ),
        Move(
            act=Act.CLOSE,
            label=mark("Close the warning"),
            by=LEAD,
            of=OPEN,
            to=S.CLOSED,
            needs=("verdict",),
            insists=True,
            unless=(NOT_OVER,),
            stamps="closed_at",
            leaves=_by("closed_by"),
        ),
        Move(
            act=Act.MOVE,
            label=mark("Pass over to another unit"),
            by={UserRole.SYSTEM: Reach.ANYWHERE},
            of=OPEN,
            needs=("office", "area"),
        ),
    ),
    not_begun=NOT_ASKING,
    not_yours=NOT_ASKING,
    not_from_here=mark("This warning has been answered already."),
    not_from={S.CLOSED: mark("This warning is closed; it stays on record as it is.")},
    no_record=mark("There is no such interview warning."),
)
"""How a unit is asked, answers, and is let go; a unit that becomes part of another takes its
open interviews along.
"""
