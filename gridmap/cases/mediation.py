"""Mediation of a dispute: its states, who may do what in which, and the next line of its journal.

Mediation comes first; arbitration and court are recorded outcomes after it. A dispute names
no person: its parties are told by their roles (`PARTIES`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gridmap.cases.actors import Actor
from gridmap.errors import RefusedError
from gridmap.model import UserRole
from gridmap.words import mark

R = UserRole


class Source(StrEnum):
    """Who entrusts disputes to mediation."""

    PETITION = "petition"
    POLICE = "police"
    COURT = "court"


class Kind(StrEnum):
    """What a dispute is about; the specialities of mediators are the same."""

    LABOUR = "labour"
    FAMILY = "family"
    NEIGHBOURS = "neighbours"
    CONTRACT = "contract"
    LAND = "land"
    MEDICAL = "medical"
    PROPERTY = "property"


KIND_OF_CATEGORY = {
    "D01": Kind.LABOUR,
    "D02": Kind.FAMILY,
    "D03": Kind.NEIGHBOURS,
    "D04": Kind.CONTRACT,
    "D05": Kind.LAND,
    "D06": Kind.MEDICAL,
    "D07": Kind.PROPERTY,
}
"""The kind of a matter's dispute by the beginning of its category."""

PARTIES = (
    "employer",
    "employee",
    "spouse",
    "parent",
    "child",
    "neighbour",
    "buyer",
    "seller",
    "creditor",
    "debtor",
    "villager",
    "village_committee",
    "developer",
    "patient",
    "hospital",
    "owner",
    "tenant",
    "landlord",
    "property_manager",
    "school",
)
"""What a party can be called; nothing else is kept of it."""


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


S = State
OPEN = frozenset({S.ENTRUSTED, S.ASSIGNED, S.MEDIATING})
"""States in which a mediator, or who assigns one, still has to act."""
_IN_HAND = frozenset({S.ASSIGNED, S.MEDIATING})
_ENDED = frozenset(State) - OPEN


class Act(StrEnum):
    """What can be done with a dispute; each is a kind of line in its journal."""

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


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table; `target` None leaves the state. `needs`: mediator, words, until
    must be given.
    """

    act: Act
    sources: frozenset[State]
    target: State | None
    by: frozenset[UserRole]
    needs: frozenset[str] = frozenset()


_SOURCES = frozenset({R.HANDLER, R.CLERK, R.DISPATCHER, R.CHIEF, R.COMMANDER})
_DESK = frozenset({R.CLERK, R.DISPATCHER, R.CHIEF})
_ALL = frozenset({*_DESK, R.HANDLER, R.GRID_WORKER})
_WORDS = frozenset({"words"})
RULES: Mapping[Act, Rule] = {
    rule.act: rule
    for rule in (
        Rule(
            Act.ASSIGN, frozenset({S.ENTRUSTED}), S.ASSIGNED, _DESK, frozenset({"mediator"})
        ),
        Rule(Act.HOLD, _IN_HAND, S.MEDIATING, _DESK, _WORDS),
        Rule(
            Act.AGREE,
            frozenset({S.MEDIATING}),
            S.AGREED,
            _DESK,
            frozenset({"words", "until"}),
        ),
        Rule(Act.FAIL, frozenset({S.MEDIATING}), S.FAILED, _DESK, _WORDS),
        Rule(Act.HAND_OVER, _IN_HAND, None, _DESK, frozenset({"mediator", "words"})),
        Rule(Act.ARBITRATE, frozenset({S.FAILED}), S.ARBITRATION, _DESK, _WORDS),
        Rule(Act.SUE, frozenset({S.FAILED, S.ARBITRATION}), S.COURT, _DESK, _WORDS),
        Rule(Act.WITHDRAW, OPEN, S.WITHDRAWN, _SOURCES, _WORDS),
        Rule(Act.RETURN, _ENDED, None, _DESK),
        Rule(Act.EXPLAIN, frozenset(State), None, _DESK, _WORDS),
        Rule(Act.VISIT, frozenset({S.AGREED}), None, _ALL, _WORDS),
        Rule(Act.RELAPSE, frozenset({S.AGREED}), S.ASSIGNED, _ALL, _WORDS),
    )
}
"""The table, in the order in which a page offers the moves. To entrust: `_SOURCES`, in a
place they answer for.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a dispute's journal; `data` holds all that was decided, so that a replay
    needs no rules.
    """

    number: int
    act: Act
    at: int
    actor: int
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants done: `mediator` by number, `words` (what came of it, or why),
    `until`: day of the follow-up visit, Unix seconds.
    """

    act: Act
    mediator: int = 0
    words: str = ""
    until: int = 0


@dataclass(frozen=True, slots=True)
class Dispute:
    """How a dispute stands. Instants in Unix seconds, 0 = not; `matter` 0: linked to none.

    `slip` is the court's referral number with the day it is due back; `late`: it went back
    after that day, `explained`: the reason was given. `agreed_at` is of the agreement in
    force, `follow_up_at` when it is to be visited.
    """

    id: int
    area: int
    source: Source
    kind: Kind
    matter: int = 0
    slip: str = ""
    return_due_at: int = 0
    version: int = 0
    state: State = State.ENTRUSTED
    mediator: int = 0
    entrusted_at: int = 0
    sessions: int = 0
    agreed_at: int = 0
    ended_at: int = 0
    follow_up_at: int = 0
    visited_at: int = 0
    relapses: int = 0
    returned_at: int = 0
    late: bool = False
    explained: bool = False
    last_at: int = 0

    @property
    def is_open(self) -> bool:
        """Whether mediation still goes on."""
        return self.state in OPEN


NOT_FROM_HERE = mark("A dispute in this state does not allow this.")
NOT_YOURS = mark("Your role may not do this with disputes of this place.")
NEEDED = mark("This move needs: {fields}.")
NO_SLIP = mark("No court waits for a referral slip of this dispute.")
SAME_MEDIATOR = mark("This mediator has the dispute already.")
NOTHING_TO_EXPLAIN = mark("No slip of this dispute went back late without a reason.")
NOT_LATER = mark("The follow-up visit has to lie ahead.")


def begin(actor: Actor, *, at: int, data: Mapping[str, Any]) -> Line:
    """The first line of a dispute entrusted at `at`; `data`: area, source, kind; matter,
    slip, return_due_at.
    """
    return Line(
        1,
        Act.ENTRUST,
        at,
        actor.user,
        {name: value for name, value in data.items() if value},
    )


def may_entrust(actor: Actor, area: int) -> bool:
    """Whether `actor` may entrust disputes of `area`."""
    return actor.role in _SOURCES and actor.covers(area)


def possible(dispute: Dispute, actor: Actor) -> tuple[Act, ...]:
    """What `actor` could do now, in the order of the table."""
    return tuple(act for act in RULES if not _against(dispute, actor, act))


def decide(dispute: Dispute, actor: Actor, order: Order, *, now: int) -> Line:
    """The line `order`, given at `now`, writes. Raises RefusedError with the reason and
    what is possible instead.

    A slip that goes back late is taken all the same, and flagged; its reason may come with
    it or later (EXPLAIN).
    """
    at = max(now, dispute.last_at)
    why, status = (
        _against(dispute, actor, order.act) or _incomplete(dispute, order, at) or ("", 0)
    )
    if why:
        values = {"fields": ", ".join(_missing(order))} if why == NEEDED else {}
        raise RefusedError(why, possible=possible(dispute, actor), status=status, **values)
    said = {"mediator": order.mediator, "words": order.words.strip()}
    data = {
        name: value
        for name, value in said.items()
        if value and (name in RULES[order.act].needs or name == "words")
    }
    if order.act is Act.AGREE:
        data["follow_up_at"] = order.until
    target = RULES[order.act].target
    if target is not None and target is not dispute.state:
        data["state"] = str(target)
    if order.act is Act.RETURN and at > dispute.return_due_at:
        data["late"] = True
    if actor.instead_of:
        data["instead_of"] = actor.instead_of
    return Line(dispute.version + 1, order.act, at, actor.user, data)


Why = tuple[str, int] | None


def _against(dispute: Dispute, actor: Actor, act: Act) -> Why:
    rule = RULES.get(act)
    if rule is None or actor.role not in rule.by or not actor.covers(dispute.area):
        return NOT_YOURS, 403
    if dispute.state not in rule.sources:
        return NOT_FROM_HERE, 409
    if act is Act.RETURN and (not dispute.slip or dispute.returned_at):
        return NO_SLIP, 409
    if act is Act.EXPLAIN and (not dispute.late or dispute.explained):
        return NOTHING_TO_EXPLAIN, 409
    return None


def _missing(order: Order) -> list[str]:
    given = {"mediator": order.mediator, "words": order.words.strip(), "until": order.until}
    return [name for name in sorted(RULES[order.act].needs) if not given[name]]


def _incomplete(dispute: Dispute, order: Order, at: int) -> Why:
    if _missing(order):
        return NEEDED, 409
    if order.act is Act.HAND_OVER and order.mediator == dispute.mediator:
        return SAME_MEDIATOR, 409
    if order.act is Act.AGREE and order.until <= at:
        return NOT_LATER, 409
    return None
