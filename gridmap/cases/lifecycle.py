"""Deciding a move: allowed or refused with the reason and what is possible, and the journal
line it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from gridmap.cases.actors import Actor
from gridmap.cases.case import Case, Step
from gridmap.cases.holding import reaches
from gridmap.cases.moves import RULES, Act
from gridmap.errors import RefusedError
from gridmap.model import Status
from gridmap.words import mark


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants done to a matter; which fields a move needs stands in `moves.RULES`.

    `until` is an instant in Unix seconds, `rating` 1 to 5, `attachments` numbers of photos
    uploaded before.
    """

    move: Act
    office: int = 0
    person: int = 0
    reason: str = ""
    until: int = 0
    rating: int = 0
    apt: bool | None = None
    parent: int = 0
    attachments: tuple[int, ...] = ()


class Clocks(Protocol):
    """Limits on the city's calendar (`deadlines.Deadlines`). Instants in Unix seconds, 0:
    no limit.
    """

    def whole(self, category: str, start: int) -> int:
        """When the category's own limit, begun at `start`, runs out."""

    def step(self, step: str, category: str, start: int) -> int:
        """When the limit of a step (accept, dispatch, handle, verify, heed) runs out."""

    def left(self, category: str, start: int, due: int) -> tuple[float, str]:
        """What is left at `start` of a limit that runs out at `due`: amount (negative:
        late) and unit.
        """

    def step_left(
        self, step: str, category: str, start: int, due: int
    ) -> tuple[float, str]:
        """What is left at `start` of the limit of a step that runs out at `due`: amount
        (negative: late) and unit.
        """

    def run(self, amount: float, unit: str, start: int) -> int:
        """When `amount` `unit` begun at `start` run out."""


NEXT_STEP: Mapping[Status, str] = {
    Status.REPORTED: "accept",
    Status.ACCEPTED: "dispatch",
    Status.DISPATCHED: "handle",
    Status.ANSWERED: "verify",
}
"""The step whose limit runs in each state; in hand, the matter's own limit runs."""

UNKNOWN = mark("There is no such move.")
NOT_FROM_HERE = mark("A matter in this state does not allow this move.")
NOT_YOURS = mark("Your role may not make this move here.")
YOU_HANDLED = mark("Who handled a matter may not verify, void or rate it.")
YOU_ASKED = mark("Who asked for an extension may not decide on it.")
NEEDED = mark("This move needs: {fields}.")
HEED_FIRST = mark("Answer the whistle first.")
NO_WHISTLE = mark("There is no whistle to answer.")
NOT_HEEDED = mark("A whistle is rated once, after it was answered.")
PENDING = mark("An extension has been asked for already.")
NOT_PENDING = mark("Nobody has asked for an extension.")
RATED = mark("This has been rated already.")
BAD_RATING = mark("A rating is a whole number from 1 to 5.")
NOT_LATER = mark("The new limit has to be later than the present one.")
SAME_OFFICE = mark("It is with this office already.")
SAME_PERSON = mark("It is with this person already.")
NOT_LINKED = mark("This matter is not linked to another.")
LINKED = mark("This matter is linked already, or to itself.")
BUT = {"handled": YOU_HANDLED, "asked": YOU_ASKED}


def possible(case: Case, actor: Actor) -> tuple[Act, ...]:
    """The moves `actor` could make now, in the order of the table."""
    return tuple(move for move in RULES if _against(case, actor, move) is None)


def begin(
    category: str,
    grid: int,
    *,
    reporter: Actor,
    office: int,
    at: int,
    reported_at: int,
    clocks: Clocks,
    department: str = "",
    parent: int = 0,
    attachments: tuple[int, ...] = (),
    rule: int = 0,
) -> Step:
    """The first journal line of a report of `category` (code) in `grid` that came in at
    `at` and goes to `office`.

    The clocks run from when it came in: nobody could act on it before. The limit of the
    matter itself is what the reporter may expect; it is set anew when the matter is
    accepted. `rule` is the routing rule that chose the office.
    """
    data = {
        "grid": grid,
        "category": category,
        "status": int(Status.REPORTED),
        "office": office,
        "reporter": reporter.user,
        "department": department,
        "instead_of": reporter.instead_of,
        "reported_at": reported_at,
        "due_at": clocks.whole(category, at),
        "step_due_at": clocks.step(NEXT_STEP[Status.REPORTED], category, at),
        "parent": parent,
        "attachments": list(attachments),
        "rule": rule,
    }
    kept = {
        name: value for name, value in data.items() if value or name in {"status", "office"}
    }
    return Step(1, Act.REPORT, at, reporter.user, kept)


def decide(case: Case, actor: Actor, order: Order, *, now: int, clocks: Clocks) -> Step:
    """The journal line of `order`, given at `now`. Raises RefusedError with the reason and
    the possible moves.

    Time never runs backwards in a journal: a clock behind the last line is taken as standing at it.
    """
    at = max(now, case.last_at)
    why = (
        _against(case, actor, order.move)
        or _incomplete(order)
        or _contradiction(case, order, at)
    )
    if why:
        text, status, values = why
        raise RefusedError(text, possible=possible(case, actor), status=status, **values)
    said, carries = _said(order), RULES[order.move].carries
    data = {
        name: value
        for name, value in said.items()
        if name in carries and (value or value is False)
    }
    if actor.instead_of:
        data["instead_of"] = actor.instead_of
    return Step(
        case.version + 1,
        order.move,
        at,
        actor.user,
        data | _consequences(case, actor, order, at, clocks),
    )


Why = tuple[str, int, dict[str, Any]] | None


def _against(case: Case, actor: Actor, move: Act) -> Why:
    """What stands against `actor` making `move`, whatever the order says."""
    rule = RULES.get(move)
    if rule is None:
        return UNKNOWN, 409, {}
    reach = rule.by.get(actor.role)
    if reach is None or not reaches(actor, case, reach):
        return NOT_YOURS, 403, {}
    if not rule.allows(case.status, reach):
        return NOT_FROM_HERE, 409, {}
    for but in rule.but:
        excluded = (
            case.handled_by if but == "handled" else (case.extension_by, case.extension_for)
        )
        if not actor.persons.isdisjoint(excluded):
            return BUT[but], 403, {}
    text = _CONDITIONS[move](case) if move in _CONDITIONS else ""
    return (text, 409, {}) if text else None


def _heeded(case: Case) -> str:
    return HEED_FIRST if case.whistle_open else ""


def _rateable(case: Case) -> str:
    blown = case.whistle
    return "" if blown is not None and blown.heeded_at and not blown.rating else NOT_HEEDED


def _grantable(case: Case) -> str:
    if not case.extension_by:
        return NOT_PENDING
    return NOT_LATER if case.extension_until <= case.due_at else ""


_CONDITIONS: Mapping[Act, Callable[[Case], str]] = {
    Act.ACCEPT: _heeded,
    Act.REJECT: _heeded,
    Act.ASK_EXTENSION: lambda case: _heeded(case) or (PENDING if case.extension_by else ""),
    Act.DISPATCH: _heeded,
    Act.HANDLE: _heeded,
    Act.TRANSFER: _heeded,
    Act.WHISTLE: _heeded,
    Act.HEED: lambda case: "" if case.whistle_open else NO_WHISTLE,
    Act.RATE_WHISTLE: _rateable,
    Act.GRANT_EXTENSION: _grantable,
    Act.REFUSE_EXTENSION: lambda case: "" if case.extension_by else NOT_PENDING,
    Act.EVALUATE: lambda case: RATED if case.rating else "",
    Act.LINK: lambda case: LINKED if case.parent else "",
    Act.UNLINK: lambda case: "" if case.parent else NOT_LINKED,
}


def _incomplete(order: Order) -> Why:
    given = _said(order) | {"reason": order.reason.strip()}
    missing = [
        name
        for name in sorted(RULES[order.move].needs)
        if not given[name] and given[name] is not False
    ]
    return (NEEDED, 409, {"fields": ", ".join(missing)}) if missing else None


def _contradiction(case: Case, order: Order, at: int) -> Why:
    if "rating" in RULES[order.move].needs and not 1 <= order.rating <= 5:
        return BAD_RATING, 409, {}
    if order.move is Act.ASK_EXTENSION and order.until <= max(at, case.due_at):
        return NOT_LATER, 409, {}
    if (
        order.move in {Act.DISPATCH, Act.TRANSFER, Act.WHISTLE}
        and order.office == case.office
    ):
        same = order.move is not Act.DISPATCH or not order.person
        return (SAME_OFFICE, 409, {}) if same else None
    if order.move is Act.ASSIGN and order.person == case.person:
        return SAME_PERSON, 409, {}
    if order.move is Act.LINK and order.parent == case.matter:
        return LINKED, 409, {}
    return None


def _said(order: Order) -> dict[str, Any]:
    """What the order says, as JSON values."""
    return {
        "office": order.office,
        "person": order.person,
        "reason": order.reason,
        "until": order.until,
        "rating": order.rating,
        "apt": order.apt,
        "parent": order.parent,
        "attachments": list(order.attachments),
    }


def _consequences(
    case: Case, actor: Actor, order: Order, at: int, clocks: Clocks
) -> dict[str, Any]:
    """What the move decides beside what was said: the state after it, whose move it is, and
    the clocks.
    """
    move = order.move
    status = _status_after(case, move)
    told: dict[str, Any] = {"status": int(status)} if status is not case.status else {}
    told |= _holder(case, actor, order)
    due = _due(case, order, at, clocks)
    told |= due
    moved = (
        status is not case.status
        or told.get("office", case.office) != case.office
        or move is Act.HEED
    )
    if moved or (status is Status.HANDLING and "due_at" in due):
        blown = move is Act.WHISTLE or (case.whistle_open and move is not Act.HEED)
        told["step_due_at"] = _step_due(
            case, status, told.get("due_at", case.due_at), at, clocks, blown=blown
        )
    told |= _step_stopped(case, at, clocks) if move is Act.PARK else {}
    told |= _step_resumed(case, at, clocks) if move is Act.RESUME else {}
    undispatched = (
        status is Status.ACCEPTED and not case.dispatched_at and not case.whistle_open
    )
    if move is Act.ACCEPT or (move is Act.RESUME and undispatched):
        told["dispatch_due_at"] = told["step_due_at"]
    if move is Act.RATE_WHISTLE:
        told["whistle_rating"] = order.rating
        told["rating"] = case.rating  # the whistle's, not the matter's
    return told


def _step_stopped(case: Case, at: int, clocks: Clocks) -> dict[str, Any]:
    """What is left of the limit of the step a parked matter was at; in hand, the whole
    limit is all there is.
    """
    step = "heed" if case.whistle_open else NEXT_STEP.get(case.status, "")
    if not step or not case.step_due_at:
        return {}
    amount, unit = clocks.step_left(step, case.category, at, case.step_due_at)
    left = {"step_left": amount, "step_unit": unit}
    return left | (
        {"dispatch_due_at": 0}
        if case.status is Status.ACCEPTED and not case.dispatched_at
        else {}
    )


def _step_resumed(case: Case, at: int, clocks: Clocks) -> dict[str, Any]:
    if not case.step_unit:
        return {}
    return {
        "step_due_at": clocks.run(case.step_left, case.step_unit, at),
        "step_left": 0.0,
        "step_unit": "",
    }


def _status_after(case: Case, move: Act) -> Status:
    if move is Act.RESUME:
        return case.parked_from or Status.ACCEPTED
    return RULES[move].after(case.status)


def _holder(case: Case, actor: Actor, order: Order) -> dict[str, Any]:  # noqa: PLR0911  (one line a move)
    """Office and person after the move, where it changes them."""
    taken = {"office": actor.office} if case.office == 0 and actor.office else {}
    match order.move:
        case Act.DISPATCH | Act.TRANSFER | Act.WHISTLE:
            return {
                "office": order.office,
                "person": order.person if order.move is not Act.WHISTLE else 0,
            }
        case Act.RETURN | Act.REOPEN:
            return {"office": case.dispatched_from, "person": 0}
        case Act.HEED if order.apt is False and case.whistle:
            return {"office": case.whistle.from_office, "person": 0}
        case Act.ACCEPT:
            return taken
        case Act.HANDLE:
            return {**taken, "person": order.person or case.person or actor.user}
        case Act.ASSIGN | Act.HAND_OVER:
            return {"person": order.person}
    return {}


def _due(case: Case, order: Order, at: int, clocks: Clocks) -> dict[str, Any]:
    match order.move:
        case Act.ACCEPT | Act.REOPEN:
            return {"due_at": clocks.whole(case.category, at)}
        case Act.REJECT | Act.VOID:
            return {"due_at": 0}
        case Act.GRANT_EXTENSION:
            return {"due_at": case.extension_until}
        case Act.PARK if case.due_at:
            amount, unit = clocks.left(case.category, at, case.due_at)
            return {"due_left": amount, "left_unit": unit, "due_at": 0}
        case Act.RESUME if case.left_unit:
            return {
                "due_at": clocks.run(case.due_left, case.left_unit, at),
                "due_left": 0.0,
                "left_unit": "",
            }
    return {}


def _step_due(
    case: Case, status: Status, due: int, at: int, clocks: Clocks, *, blown: bool
) -> int:
    """When the present step has to be done; with a whistle `blown`, the answer to it is the
    step.
    """
    if status is Status.HANDLING:
        return due
    step = NEXT_STEP.get(status)
    if step is None:
        return 0
    return clocks.step("heed" if blown else step, case.category, at)
