"""Deliberation: joint households or the village council talk a matter over, decide,
publish, and follow up.

A meeting that ends without a decision is kept as *adjourned* with the day it goes on, and
stands on the open list until a meeting decides. An objection while the decision is on
public notice does the same. It is changed only by adding an entry to its record; who was
present is kept as roles and numbers, never as names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from gridmap.calendar import DAY_S
from gridmap.cases.actors import Actor
from gridmap.cases.records.record import Entry
from gridmap.errors import RefusedError
from gridmap.model import UserRole
from gridmap.words import mark

R = UserRole


class Kind(StrEnum):
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


ROLES = (
    "household_representative",
    "villager_representative",
    "village_cadre",
    "party_branch",
    "supervision_committee",
    "grid_worker",
    "police_officer",
    "legal_adviser",
    "mediator",
    "township_cadre",
    "department",
)
"""Who may be present, by role."""

_TABLE: Mapping[Act, tuple[frozenset[State], frozenset[UserRole]]] = {
    Act.MEET: (frozenset({State.ADJOURNED}), frozenset({R.GRID_WORKER, R.CLERK, R.CHIEF})),
    Act.OBJECT: (frozenset({State.DECIDED}), frozenset({R.GRID_WORKER, R.CLERK, R.CHIEF})),
    Act.FOLLOW_UP: (frozenset({State.DECIDED}), frozenset({R.CLERK, R.CHIEF})),
    Act.LINK: (frozenset(State), frozenset({R.GRID_WORKER, R.CLERK, R.CHIEF})),
    Act.UNLINK: (frozenset(State), frozenset({R.CLERK, R.CHIEF})),
}
"""From which states, by whom; always in a place they answer for."""


@dataclass(frozen=True, slots=True)
class Order:
    """What happened: of a meeting `roles` (role → how many), `proposals`, and what it came to.

    With a `decision`: days of public notice and the day of the follow-up; without one:
    `resume_at`, when it goes on. Instants in Unix seconds. `matter` is for LINK and UNLINK.
    """

    act: Act
    roles: Mapping[str, int] = field(default_factory=dict)
    proposals: tuple[str, ...] = ()
    decision: str = ""
    notice_days: int = 0
    follow_up_at: int = 0
    resume_at: int = 0
    words: str = ""
    matter: int = 0


@dataclass(frozen=True, slots=True)
class Deliberation:
    """How it stands; instants in Unix seconds, 0 = not. `decision` is the one in force, ""
    while there is none.
    """

    id: int
    area: int
    kind: Kind
    title: str
    state: State = State.ADJOURNED
    version: int = 1
    meetings: int = 1
    objections: int = 0
    decision: str = ""
    met_at: int = 0
    resume_at: int = 0
    decided_at: int = 0
    notice_until: int = 0
    follow_up_at: int = 0
    done_at: int = 0
    last_at: int = 0


NOT_FROM_HERE = mark("As this deliberation stands, this cannot be done.")
NOT_YOURS = mark("Your role may not do this with deliberations of this place.")
NOTICE_RUNS = mark("The decision is still on public notice; the follow-up comes after it.")
NOTICE_OVER = mark("The public notice is over; objections had to come before its end.")


def may_hold(actor: Actor, area: int) -> bool:
    """Whether `actor` may record meetings held in `area`."""
    return actor.role in _TABLE[Act.MEET][1] and actor.covers(area)


def begin(
    actor: Actor, order: Order, *, area: int, kind: str, title: str, now: int
) -> Entry:
    """The first entry: the first meeting, checked before (see `city.newmeeting`)."""
    told = {"area": area, "kind": kind, "title": title}
    return Entry(1, Act.MEET, now, actor.user, told | _meeting(order, now))


def possible(found: Deliberation, actor: Actor, *, now: int) -> tuple[Act, ...]:
    """What `actor` could do at `now`."""
    return tuple(act for act in Act if not _against(found, actor, act, now))


def decide(found: Deliberation, actor: Actor, order: Order, *, now: int) -> Entry:
    """The entry `order`, given at `now`, writes. Raises RefusedError with the reason."""
    at = max(now, found.last_at)
    why = _against(found, actor, order.act, at)
    if why:
        raise RefusedError(why[0], status=why[1])
    if order.act is Act.MEET:
        data = _meeting(order, at)
    elif order.act in {Act.LINK, Act.UNLINK}:
        data = {"matter": order.matter}
    else:
        data = {"words": order.words.strip()}
        if order.act is Act.OBJECT:
            data["resume_at"] = order.resume_at
    if actor.instead_of:
        data["instead_of"] = actor.instead_of
    return Entry(found.version + 1, order.act, at, actor.user, data)


def _meeting(order: Order, at: int) -> dict[str, Any]:
    """What is kept of a meeting: a decision goes on public notice, no decision has the day
    it goes on.
    """
    told: dict[str, Any] = {
        "roles": {role: number for role, number in order.roles.items() if number > 0},
        "proposals": [one.strip() for one in order.proposals if one.strip()],
    }
    if order.words.strip():
        told["words"] = order.words.strip()
    if not order.decision.strip():
        return told | {"resume_at": order.resume_at}
    until = at + order.notice_days * DAY_S
    return told | {
        "decision": order.decision.strip(),
        "notice_until": until,
        "follow_up_at": order.follow_up_at,
    }


def _against(
    found: Deliberation, actor: Actor, act: Act, now: int
) -> tuple[str, int] | None:
    sources, by = _TABLE[act]
    if actor.role not in by or not actor.covers(found.area):
        return NOT_YOURS, 403
    if found.state not in sources:
        return NOT_FROM_HERE, 409
    if act is Act.FOLLOW_UP and now <= found.notice_until:
        return NOTICE_RUNS, 409
    if act is Act.OBJECT and now > found.notice_until:
        return NOTICE_OVER, 409
    return None


def replay(number: int, entries: Iterable[Entry]) -> Deliberation:
    """The deliberation its record tells of. Raises ValueError when the record is empty or
    has a hole.
    """
    found: Deliberation | None = None
    for entry in entries:
        found = apply(found, entry) if found else _begun(number, entry)
    if found is None:
        raise ValueError(f"Deliberation {number} has no record.")
    return found


def _begun(number: int, entry: Entry) -> Deliberation:
    told = entry.data
    begun = Deliberation(
        number, int(told["area"]), Kind(told["kind"]), str(told["title"]), last_at=entry.at
    )
    return replace(begun, **_after_meeting(entry))


def apply(found: Deliberation, entry: Entry) -> Deliberation:
    """`found` after `entry`; whether it was allowed has been decided before it was written."""
    if entry.number != found.version + 1:
        raise ValueError(
            f"Entry {entry.number} does not follow {found.version} of deliberation {found.id}."
        )
    changed: dict[str, Any] = {}
    match entry.act:
        case Act.MEET:
            changed = {"meetings": found.meetings + 1, **_after_meeting(entry)}
        case Act.OBJECT:
            changed = {
                "state": State.ADJOURNED,
                "objections": found.objections + 1,
                "decision": "",
                "decided_at": 0,
                "notice_until": 0,
                "follow_up_at": 0,
                "resume_at": int(entry.data["resume_at"]),
            }
        case Act.FOLLOW_UP:
            changed = {"state": State.DONE, "done_at": entry.at}
    return replace(
        found, version=entry.number, last_at=max(found.last_at, entry.at), **changed
    )


def _after_meeting(entry: Entry) -> dict[str, Any]:
    told = entry.data
    if "decision" not in told:
        return {
            "state": State.ADJOURNED,
            "met_at": entry.at,
            "resume_at": int(told["resume_at"]),
        }
    return {
        "state": State.DECIDED,
        "met_at": entry.at,
        "resume_at": 0,
        "decision": str(told["decision"]),
        "decided_at": entry.at,
        "notice_until": int(told["notice_until"]),
        "follow_up_at": int(told["follow_up_at"]),
    }
