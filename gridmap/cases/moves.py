"""The one table of moves: from which states, to which, by whom, where, and what has to be said.

The main line follows the seven links of the field (aligned with the national standard on
digital urban management): report, accept, dispatch, handle, report back, verify and close,
evaluate. `docs/workflow.md` is drawn from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gridmap.cases.actors import Reach
from gridmap.model import OPEN_STATUSES, Status, UserRole

R = UserRole
S = Status


class Act(StrEnum):
    """Everything that can happen to a matter; each is a kind of event in its journal."""

    REPORT = "report"
    ACCEPT = "accept"
    REJECT = "reject"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    ANSWER = "answer"
    CLOSE = "close"
    REWORK = "rework"
    EVALUATE = "evaluate"
    RETURN = "return"
    TRANSFER = "transfer"
    WHISTLE = "whistle"
    HEED = "heed"
    RATE_WHISTLE = "rate_whistle"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    PARK = "park"
    RESUME = "resume"
    VOID = "void"
    SUPERVISE = "supervise"
    REOPEN = "reopen"
    ASSIGN = "assign"
    HAND_OVER = "hand_over"
    LINK = "link"
    UNLINK = "unlink"
    NOTE = "note"
    NEAR_DUE = "near_due"
    OVERDUE = "overdue"
    RECLOCK = "reclock"
    RELOCATE = "relocate"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    `target` None leaves the state as it is; `instead` names the states from which it leads
    elsewhere. `needs` names fields of the order that must be given: reason, office, person,
    until, rating, apt, parent; `takes` those that may be given beside a reason and
    attachments. `but` names the persons who may not make it: handled (who handled may not
    verify), asked (who asked may not approve). `reporter` narrows the states for who acts
    as the reporter only.
    """

    move: Act
    sources: frozenset[Status]
    target: Status | None
    by: Mapping[UserRole, Reach]
    needs: frozenset[str] = field(default_factory=frozenset)
    but: frozenset[str] = field(default_factory=frozenset)
    takes: frozenset[str] = field(default_factory=frozenset)
    instead: Mapping[Status, Status] = field(default_factory=dict)
    reporter: frozenset[Status] | None = None

    @property
    def carries(self) -> frozenset[str]:
        """All fields of an order that mean something to this move; others are left out of
        the journal.
        """
        return self.needs | self.takes | {"reason", "attachments"}

    def allows(self, status: Status, reach: Reach) -> bool:
        """Whether it may be made in `status` by somebody who stands to the matter as `reach`."""
        narrowed = self.reporter if reach is Reach.REPORTER else None
        return status in (self.sources if narrowed is None else narrowed)

    def after(self, status: Status) -> Status:
        """The state it leads to from `status`; leaving the register (resume) leads back to
        the state before.
        """
        return self.instead.get(status, status if self.target is None else self.target)


_DESK = {R.CLERK: Reach.OFFICE, R.DISPATCHER: Reach.AREA, R.CHIEF: Reach.AREA}
_WORK = {R.CLERK: Reach.OFFICE, R.HANDLER: Reach.OFFICE, R.GRID_WORKER: Reach.OFFICE}
_CHECK = {R.VERIFIER: Reach.AREA, R.DISPATCHER: Reach.AREA, R.GRID_WORKER: Reach.AREA}
_ABOVE = {R.DISPATCHER: Reach.AREA, R.CHIEF: Reach.AREA, R.COMMANDER: Reach.AREA}
_OWNER = {
    R.ADMIN: Reach.AREA,
    R.DISPATCHER: Reach.AREA,
    R.CHIEF: Reach.OFFICE,
    R.CLERK: Reach.OFFICE,
}
_CLOCK = {R.SYSTEM: Reach.ANYWHERE}
_UNDER_WAY = frozenset({S.ACCEPTED, S.DISPATCHED, S.HANDLING})
_ENDED = frozenset({S.CLOSED, S.REJECTED, S.VOIDED})
_ALL = frozenset(Status)


_ASKED_BACK = {
    R.PUBLIC: Reach.REPORTER,
    R.GRID_WORKER: Reach.REPORTER,
    R.CLERK: Reach.REPORTER,
}
_HOLDERS = {R.CLERK: Reach.OFFICE, R.HANDLER: Reach.OFFICE}


def _rule(
    move: Act,
    sources: frozenset[Status] | Status,
    target: Status | None,
    by: Mapping[UserRole, Reach],
    *needs: str,
    but: str = "",
    takes: str = "",
    instead: Mapping[Status, Status] | None = None,
    reporter: frozenset[Status] | None = None,
) -> Rule:
    found = frozenset({sources}) if isinstance(sources, Status) else sources
    return Rule(
        move,
        found,
        target,
        by,
        frozenset(needs),
        frozenset(but.split()),
        frozenset(takes.split()),
        instead or {},
        reporter,
    )


RULES: Mapping[Act, Rule] = {
    rule.move: rule
    for rule in (
        _rule(Act.ACCEPT, S.REPORTED, S.ACCEPTED, _DESK),
        _rule(Act.REJECT, S.REPORTED, S.REJECTED, _DESK, "reason"),
        _rule(
            Act.DISPATCH,
            S.ACCEPTED,
            S.DISPATCHED,
            {**_DESK, R.COMMANDER: Reach.AREA},
            "office",
            takes="person",
        ),
        _rule(
            Act.HANDLE,
            frozenset({S.ACCEPTED, S.DISPATCHED}),
            S.HANDLING,
            _WORK,
            takes="person",
        ),
        _rule(Act.ANSWER, S.HANDLING, S.ANSWERED, _WORK, "reason"),
        _rule(Act.CLOSE, S.ANSWERED, S.CLOSED, _CHECK, but="handled"),
        _rule(Act.REWORK, S.ANSWERED, S.HANDLING, _CHECK, "reason", but="handled"),
        _rule(
            Act.EVALUATE,
            S.CLOSED,
            None,
            {**_ASKED_BACK, R.CHIEF: Reach.AREA, R.COMMANDER: Reach.AREA},
            "rating",
            but="handled",
        ),
        _rule(
            Act.RETURN,
            frozenset({S.DISPATCHED, S.HANDLING}),
            S.ACCEPTED,
            _HOLDERS,
            "reason",
        ),
        _rule(
            Act.TRANSFER,
            _UNDER_WAY | {S.REPORTED},
            None,
            {**_HOLDERS, R.DISPATCHER: Reach.AREA},
            "office",
            "reason",
            takes="person",
            instead={S.HANDLING: S.DISPATCHED},
        ),
        _rule(
            Act.WHISTLE,
            _UNDER_WAY | {S.REPORTED},
            S.ACCEPTED,
            {**_WORK, R.DISPATCHER: Reach.OFFICE, R.CHIEF: Reach.AREA},
            "office",
            "reason",
            instead={S.REPORTED: S.REPORTED},
        ),
        _rule(
            Act.HEED,
            _UNDER_WAY | {S.REPORTED},
            None,
            {
                **_HOLDERS,
                R.DISPATCHER: Reach.OFFICE,
                R.CHIEF: Reach.OFFICE,
                R.COMMANDER: Reach.OFFICE,
            },
            "apt",
        ),
        _rule(
            Act.RATE_WHISTLE,
            _ALL,
            None,
            dict.fromkeys(
                (R.CLERK, R.HANDLER, R.GRID_WORKER, R.DISPATCHER, R.CHIEF), Reach.WHISTLER
            ),
            "rating",
        ),
        _rule(Act.ASK_EXTENSION, _UNDER_WAY, None, _HOLDERS, "until", "reason"),
        _rule(Act.GRANT_EXTENSION, _UNDER_WAY, None, _ABOVE, but="asked"),
        _rule(Act.REFUSE_EXTENSION, _UNDER_WAY, None, _ABOVE, "reason", but="asked"),
        _rule(Act.PARK, _UNDER_WAY, S.PARKED, _ABOVE, "reason"),
        _rule(Act.RESUME, S.PARKED, None, _ABOVE),
        _rule(
            Act.VOID,
            _UNDER_WAY | {S.PARKED, S.ANSWERED},
            S.VOIDED,
            {R.DISPATCHER: Reach.AREA, R.COMMANDER: Reach.AREA},
            "reason",
            but="handled",
        ),
        _rule(
            Act.SUPERVISE,
            OPEN_STATUSES,
            None,
            {R.COMMANDER: Reach.AREA, R.CHIEF: Reach.AREA},
            "reason",
        ),
        _rule(
            Act.REOPEN,
            _ENDED,
            S.ACCEPTED,
            {**_ABOVE, **_ASKED_BACK},
            "reason",
            instead={S.REJECTED: S.REPORTED},
            reporter=frozenset({S.CLOSED, S.REJECTED}),
        ),
        _rule(Act.ASSIGN, OPEN_STATUSES, None, _OWNER, "person"),
        _rule(
            Act.HAND_OVER,
            OPEN_STATUSES,
            None,
            {
                R.ADMIN: Reach.AREA,
                R.CHIEF: Reach.OFFICE,
                R.CLERK: Reach.OFFICE,
                R.SYSTEM: Reach.ANYWHERE,
            },
            takes="person",
        ),
        _rule(Act.LINK, OPEN_STATUSES, None, {**_DESK, R.HANDLER: Reach.OFFICE}, "parent"),
        _rule(Act.UNLINK, _ALL, None, {**_DESK, R.HANDLER: Reach.OFFICE}),
        _rule(
            Act.NOTE,
            _ALL,
            None,
            {**_WORK, **_CHECK, **_ABOVE, R.PUBLIC: Reach.REPORTER},
            "reason",
        ),
        _rule(Act.NEAR_DUE, OPEN_STATUSES, None, _CLOCK),
        _rule(Act.OVERDUE, OPEN_STATUSES, None, _CLOCK),
        _rule(Act.RECLOCK, OPEN_STATUSES, None, _CLOCK),
        _rule(Act.RELOCATE, OPEN_STATUSES, None, _CLOCK),
    )
}
"""Every move but `REPORT`, which makes the matter and is open to everybody."""
