"""`MATTER`: the one table of moves of a matter: from which states, to which, by whom, where,
what has to be said, what stands against it and what comes of it.

The main line follows the seven links of the field (aligned with the national standard on
digital urban management): report, accept, dispatch, handle, report back, verify and close,
evaluate. `docs/workflow.md` is drawn from here.
"""

from __future__ import annotations

from collections.abc import Mapping

from gridmap.cases.actors import Reach
from gridmap.cases.matters import consequences, traces
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.cases.matters.conditions import (
    BAD_RATING,
    HEED_FIRST,
    IS_LINKED,
    NO_WHISTLE,
    NOT_HEEDED,
    NOT_LINKED,
    NOT_PENDING,
    OVERTAKEN,
    PENDING,
    RATED,
    TO_ITSELF,
    TOO_EARLY,
    WITH_OFFICE,
    WITH_OFFICE_ALONE,
    WITH_PERSON,
    YOU_ASKED,
    YOU_HANDLED,
)
from gridmap.cases.matters.fields import FIELDS, REPORT
from gridmap.cases.matters.holding import reaches
from gridmap.cases.records.kinds import Kind, Move
from gridmap.model import OPEN_STATUSES, Status, UserRole
from gridmap.words import mark

R = UserRole
S = Status

STATES: Mapping[Status, str] = {
    S.REPORTED: mark("Reported"),
    S.ACCEPTED: mark("Accepted"),
    S.DISPATCHED: mark("Dispatched"),
    S.HANDLING: mark("In hand"),
    S.CLOSED: mark("Closed"),
    S.REJECTED: mark("Not accepted"),
    S.VOIDED: mark("Voided"),
    S.PARKED: mark("Parked"),
    S.ANSWERED: mark("To be verified"),
}
UNDER_WAY = frozenset({S.ACCEPTED, S.DISPATCHED, S.HANDLING})
BEFORE_ANSWER = UNDER_WAY | {S.REPORTED}
ENDED = frozenset({S.CLOSED, S.REJECTED, S.VOIDED})
ALL = frozenset(Status)

DESK = {R.CLERK: Reach.OFFICE, R.DISPATCHER: Reach.AREA, R.CHIEF: Reach.AREA}
WORK = {R.CLERK: Reach.OFFICE, R.HANDLER: Reach.OFFICE, R.GRID_WORKER: Reach.OFFICE}
CHECK = {R.VERIFIER: Reach.AREA, R.DISPATCHER: Reach.AREA, R.GRID_WORKER: Reach.AREA}
ABOVE = {R.DISPATCHER: Reach.AREA, R.CHIEF: Reach.AREA, R.COMMANDER: Reach.AREA}
OWNER = {
    R.ADMIN: Reach.AREA,
    R.DISPATCHER: Reach.AREA,
    R.CHIEF: Reach.OFFICE,
    R.CLERK: Reach.OFFICE,
}
HOLDERS = {R.CLERK: Reach.OFFICE, R.HANDLER: Reach.OFFICE}
ASKED_BACK = {
    R.PUBLIC: Reach.REPORTER,
    R.GRID_WORKER: Reach.REPORTER,
    R.CLERK: Reach.REPORTER,
}
WHISTLERS = dict.fromkeys(
    (R.CLERK, R.HANDLER, R.GRID_WORKER, R.DISPATCHER, R.CHIEF), Reach.WHISTLER
)
CLOCK = {R.SYSTEM: Reach.ANYWHERE}

EXTENSION = ("extension_by", "extension_for", "extension_until")

MAIN_LINE: tuple[Move[Case], ...] = (
    Move(
        act=Act.ACCEPT,
        label=mark("Accept"),
        by=DESK,
        of=frozenset({S.REPORTED}),
        to=S.ACCEPTED,
        unless=(HEED_FIRST,),
        then=consequences.accepted,
        stamps="accepted_at",
    ),
    Move(
        act=Act.REJECT,
        label=mark("Do not accept"),
        by=DESK,
        of=frozenset({S.REPORTED}),
        to=S.REJECTED,
        needs=("reason",),
        asks=mark("Why it is not accepted"),
        unless=(HEED_FIRST,),
        then=consequences.ended,
    ),
    Move(
        act=Act.DISPATCH,
        label=mark("Dispatch"),
        by={**DESK, R.COMMANDER: Reach.AREA},
        of=frozenset({S.ACCEPTED}),
        to=S.DISPATCHED,
        needs=("office",),
        takes=("person",),
        unless=(HEED_FIRST,),
        not_when=(WITH_OFFICE_ALONE,),
        then=consequences.sent,
        leaves=traces.dispatched,
    ),
    Move(
        act=Act.HANDLE,
        label=mark("Handle"),
        by=WORK,
        of=frozenset({S.ACCEPTED, S.DISPATCHED}),
        to=S.HANDLING,
        takes=("person",),
        unless=(HEED_FIRST,),
        then=consequences.taken_in_hand,
        leaves=traces.taken_in_hand,
    ),
    Move(
        act=Act.ANSWER,
        label=mark("Report back"),
        by=WORK,
        of=frozenset({S.HANDLING}),
        to=S.ANSWERED,
        needs=("reason",),
        asks=mark("What was done"),
        stamps="answered_at",
        leaves=traces.answered,
    ),
    Move(
        act=Act.CLOSE,
        label=mark("Verify and close"),
        by=CHECK,
        of=frozenset({S.ANSWERED}),
        to=S.CLOSED,
        unless=(YOU_HANDLED,),
        stamps="closed_at",
    ),
    Move(
        act=Act.REWORK,
        label=mark("Send back for rework"),
        by=CHECK,
        of=frozenset({S.ANSWERED}),
        to=S.HANDLING,
        needs=("reason",),
        asks=mark("What is still wrong"),
        unless=(YOU_HANDLED,),
        counts="reworks",
        clears=("answered_at",),
    ),
    Move(
        act=Act.EVALUATE,
        label=mark("Evaluate"),
        by={**ASKED_BACK, R.CHIEF: Reach.AREA, R.COMMANDER: Reach.AREA},
        of=frozenset({S.CLOSED}),
        needs=("rating",),
        unless=(YOU_HANDLED, RATED),
        not_when=(BAD_RATING,),
    ),
)
"""From the report to the evaluation, and what turns it back or down on the way."""

PASSED_ON: tuple[Move[Case], ...] = (
    Move(
        act=Act.RETURN,
        label=mark("Return to dispatcher"),
        by=HOLDERS,
        of=frozenset({S.DISPATCHED, S.HANDLING}),
        to=S.ACCEPTED,
        needs=("reason",),
        asks=mark("Why it goes back"),
        then=consequences.sent_back,
    ),
    Move(
        act=Act.TRANSFER,
        label=mark("Transfer"),
        by={**HOLDERS, R.DISPATCHER: Reach.AREA},
        of=BEFORE_ANSWER,
        instead={S.HANDLING: S.DISPATCHED},
        needs=("office", "reason"),
        takes=("person",),
        asks=mark("Why it goes there"),
        unless=(HEED_FIRST,),
        not_when=(WITH_OFFICE,),
        then=consequences.sent,
        leaves=traces.transferred,
    ),
    Move(
        act=Act.WHISTLE,
        label=mark("Whistle"),
        by={**WORK, R.DISPATCHER: Reach.OFFICE, R.CHIEF: Reach.AREA},
        of=BEFORE_ANSWER,
        to=S.ACCEPTED,
        instead={S.REPORTED: S.REPORTED},
        needs=("office", "reason"),
        asks=mark("What cannot be solved here, and what is asked for"),
        unless=(HEED_FIRST,),
        not_when=(WITH_OFFICE,),
        then=consequences.whistled,
        counts="whistles",
        clears=("dispatched_from",),
        leaves=traces.whistled,
    ),
    Move(
        act=Act.HEED,
        label=mark("Answer the whistle"),
        by={
            **HOLDERS,
            R.DISPATCHER: Reach.OFFICE,
            R.CHIEF: Reach.OFFICE,
            R.COMMANDER: Reach.OFFICE,
        },
        of=BEFORE_ANSWER,
        needs=("apt",),
        unless=(NO_WHISTLE,),
        then=consequences.heeded,
        leaves=traces.heeded,
    ),
    Move(
        act=Act.RATE_WHISTLE,
        label=mark("Rate the answer"),
        by=WHISTLERS,
        of=ALL,
        needs=("rating",),
        unless=(NOT_HEEDED,),
        not_when=(BAD_RATING,),
        then=consequences.whistle_rated,
        leaves=traces.whistle_rated,
    ),
)
"""To another office: sent back, sent on, or by a whistle."""

LIMITS: tuple[Move[Case], ...] = (
    Move(
        act=Act.ASK_EXTENSION,
        label=mark("Ask for an extension"),
        by=HOLDERS,
        of=UNDER_WAY,
        needs=("until", "reason"),
        asks=mark("Why more time is needed"),
        unless=(HEED_FIRST, PENDING),
        not_when=(TOO_EARLY,),
        leaves=traces.extension_asked,
    ),
    Move(
        act=Act.GRANT_EXTENSION,
        label=mark("Grant the extension"),
        by=ABOVE,
        of=UNDER_WAY,
        unless=(YOU_ASKED, NOT_PENDING, OVERTAKEN),
        then=consequences.extended,
        clears=EXTENSION,
    ),
    Move(
        act=Act.REFUSE_EXTENSION,
        label=mark("Refuse the extension"),
        by=ABOVE,
        of=UNDER_WAY,
        needs=("reason",),
        asks=mark("Why there is no more time"),
        unless=(YOU_ASKED, NOT_PENDING),
        clears=EXTENSION,
    ),
    Move(
        act=Act.PARK,
        label=mark("Park"),
        by=ABOVE,
        of=UNDER_WAY,
        to=S.PARKED,
        needs=("reason",),
        asks=mark("Why it is parked"),
        then=consequences.parked,
        stamps="parked_at",
        leaves=traces.parked,
    ),
    Move(
        act=Act.RESUME,
        label=mark("Resume"),
        by=ABOVE,
        of=frozenset({S.PARKED}),
        then=consequences.resumed,
        clears=("parked_at", "parked_from"),
        leaves=traces.resumed,
    ),
)
"""More time, and time that stands still."""

FROM_ABOVE: tuple[Move[Case], ...] = (
    Move(
        act=Act.VOID,
        label=mark("Void"),
        by={R.DISPATCHER: Reach.AREA, R.COMMANDER: Reach.AREA},
        of=UNDER_WAY | {S.PARKED, S.ANSWERED},
        to=S.VOIDED,
        needs=("reason",),
        asks=mark("Why it is void"),
        unless=(YOU_HANDLED,),
        then=consequences.ended,
        clears=("parked_at", "parked_from", "step_left", "step_unit"),
    ),
    Move(
        act=Act.SUPERVISE,
        label=mark("Supervise"),
        by={R.COMMANDER: Reach.AREA, R.CHIEF: Reach.AREA},
        of=OPEN_STATUSES,
        needs=("reason",),
        asks=mark("What is expected, and by whom"),
        counts="supervised",
    ),
    Move(
        act=Act.REOPEN,
        label=mark("Reopen"),
        by={**ABOVE, **ASKED_BACK},
        of=ENDED,
        narrows={Reach.REPORTER: frozenset({S.CLOSED, S.REJECTED})},
        to=S.ACCEPTED,
        instead={S.REJECTED: S.REPORTED},
        needs=("reason",),
        asks=mark("Why it is opened again"),
        then=consequences.reopened,
        counts="reopened",
        clears=("closed_at", "answered_at", "dispatched_from", "rating"),
        leaves=traces.reopened,
    ),
    Move(
        act=Act.ASSIGN,
        label=mark("Assign"),
        by=OWNER,
        of=OPEN_STATUSES,
        needs=("person",),
        not_when=(WITH_PERSON,),
        then=consequences.given_to,
    ),
    Move(
        act=Act.HAND_OVER,
        label=mark("Hand over"),
        by={
            R.ADMIN: Reach.AREA,
            R.CHIEF: Reach.OFFICE,
            R.CLERK: Reach.OFFICE,
            R.SYSTEM: Reach.ANYWHERE,
        },
        of=OPEN_STATUSES,
        takes=("person",),
        then=consequences.given_to,
    ),
)
"""Ended, urged on, opened again, and in whose hands it is."""

ALONGSIDE: tuple[Move[Case], ...] = (
    Move(
        act=Act.LINK,
        label=mark("Link to another matter"),
        by={**DESK, R.HANDLER: Reach.OFFICE},
        of=OPEN_STATUSES,
        needs=("parent",),
        unless=(IS_LINKED,),
        not_when=(TO_ITSELF,),
    ),
    Move(
        act=Act.UNLINK,
        label=mark("Unlink"),
        by={**DESK, R.HANDLER: Reach.OFFICE},
        of=ALL,
        unless=(NOT_LINKED,),
        clears=("parent",),
    ),
    Move(
        act=Act.NOTE,
        label=mark("Note"),
        by={**WORK, **CHECK, **ABOVE, R.PUBLIC: Reach.REPORTER},
        of=ALL,
        needs=("reason",),
        asks=mark("Note"),
    ),
)
"""What changes nothing about whose move it is."""

OF_THE_CLOCK: tuple[Move[Case], ...] = (
    Move(act=Act.NEAR_DUE, label=mark("Limit near"), by=CLOCK, of=OPEN_STATUSES),
    Move(act=Act.OVERDUE, label=mark("Limit passed"), by=CLOCK, of=OPEN_STATUSES),
    Move(act=Act.RECLOCK, label=mark("Clock set anew"), by=CLOCK, of=OPEN_STATUSES),
    Move(
        act=Act.RELOCATE,
        label=mark("Put into the grid of a new plan"),
        by=CLOCK,
        of=OPEN_STATUSES,
    ),
)
"""What the city's clock notes."""

MATTER = Kind[Case](
    name="matter",
    record=Case,
    fields=FIELDS,
    states=STATES,
    number="matter",
    stands="status",
    place="grid",
    remark="reason",
    beside=("attachments",),
    reaches=reaches,
    concludes=consequences.step_clock,
    settles=traces.settled,
    # These change nothing a person has seen; a clock set anew does.
    marks=frozenset({Act.NEAR_DUE, Act.OVERDUE, Act.RELOCATE}),
    begins=Move(
        act=Act.REPORT,
        label=mark("Report"),
        by=dict.fromkeys(UserRole, Reach.ANYWHERE),
        needs=("grid", "category"),
        takes=(*(declared.name for declared in REPORT), "office", "parent"),
        then=consequences.reported,
        leaves=traces.reported,
    ),
    moves=(
        *MAIN_LINE,
        *PASSED_ON,
        *LIMITS,
        *FROM_ABOVE,
        *ALONGSIDE,
        *OF_THE_CLOCK,
    ),
    not_begun=mark("Your role may not make this move here."),
    not_yours=mark("Your role may not make this move here."),
    not_from_here=mark("A matter in this state does not allow this move."),
    no_record=mark("There is no such matter."),
)
"""How a matter is led from its report to its end."""
