"""`Case`: how a matter stands, as its journal tells it, and `Step`, one line of that journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gridmap.cases.moves import Act
from gridmap.model import Status


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a journal: what was done, when, by whom, and what came of it.

    `data` holds everything the move decided, as JSON values: status (the state after it),
    office, person, reason, due_at, step_due_at, until, rating, apt, parent, attachments, …
    so that a replay needs neither calendar nor rules. `number` counts from 1 within the
    matter; `actor` is a user's id, 0 for the city's clock.
    """

    number: int
    move: Act
    at: int
    actor: int
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Whistle:
    """A whistle: blown at journal step `step`, answered at `heeded_at`; on its way while
    that and `lapsed_at` are 0.
    """

    step: int
    from_office: int
    to_office: int
    by: int
    at: int
    due_at: int
    heeded_at: int = 0
    apt: bool | None = None
    rating: int = 0
    lapsed_at: int = 0
    """When the matter ended before anybody answered."""


@dataclass(frozen=True, slots=True)
class Case:
    """How one matter stands. Instants in Unix seconds, 0 = not; users and offices by
    number, 0 = none.

    `office` 0 is the dispatcher's queue of the area. `since` is when the present step
    began, `last_at` when the last line of the journal was written. `handled_by` are all who
    handled it, or in whose name it was handled.
    """

    matter: int
    grid: int
    category: str
    version: int = 0
    status: Status = Status.REPORTED
    office: int = 0
    person: int = 0
    reporter: int = 0
    since: int = 0
    step_due_at: int = 0
    due_at: int = 0
    reported_at: int = 0
    accepted_at: int = 0
    dispatch_due_at: int = 0
    dispatched_at: int = 0
    handled_at: int = 0
    answered_at: int = 0
    closed_at: int = 0
    parked_at: int = 0
    parked_from: Status | None = None
    due_left: float = 0.0
    """What was left of the limit when it was parked, in `left_unit`."""
    left_unit: str = ""
    step_left: float = 0.0
    """What was left of the step's limit when it was parked, in `step_unit`; "" where no
    step but the whole ran.
    """
    step_unit: str = ""
    dispatched_from: int = 0
    """The office a return goes back to."""
    department: str = ""
    handled_by: tuple[int, ...] = ()
    extension_by: int = 0
    """Who asked for the open extension."""
    extension_for: int = 0
    """In whose name, when a stand-in asked."""
    extension_until: int = 0
    whistle: Whistle | None = None
    """The latest whistle."""
    whistles: int = 0
    reworks: int = 0
    supervised: int = 0
    reopened: int = 0
    rating: int = 0
    parent: int = 0
    last_at: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to move."""
        return self.status.is_open

    @property
    def whistle_open(self) -> bool:
        """Whether a whistle waits for an answer."""
        return (
            self.whistle is not None
            and not self.whistle.heeded_at
            and not self.whistle.lapsed_at
        )


def replay(matter: int, steps: Iterable[Step]) -> Case:
    """The case its journal tells of. Raises ValueError when the journal is empty or has a hole."""
    case: Case | None = None
    for step in steps:
        case = apply(
            case
            or Case(
                matter=matter,
                grid=int(step.data["grid"]),
                category=str(step.data["category"]),
            ),
            step,
        )
    if case is None:
        raise ValueError(f"Matter {matter} has no journal.")
    return case


def apply(case: Case, step: Step) -> Case:
    """`case` after `step`; whether the step was allowed has been decided before it was written."""
    if step.number != case.version + 1:
        raise ValueError(
            f"Step {step.number} does not follow step {case.version} of matter {case.matter}."
        )
    told = {name: step.data[name] for name in _TOLD if name in step.data}
    if "status" in step.data:
        told["status"] = Status(step.data["status"])
    moved = (
        told.get("status", case.status) is not case.status
        or told.get("office", case.office) != case.office
    )
    if moved:
        told["since"] = step.at
    told |= _marks(case, step)
    after = replace(
        case,
        version=step.number,
        last_at=max(case.last_at, step.at, told.get("since", 0)),
        **told,
    )
    return _settled(after, step, moved=moved)


_TOLD = (
    "grid",
    "office",
    "person",
    "reporter",
    "step_due_at",
    "due_at",
    "dispatch_due_at",
    "department",
    "due_left",
    "left_unit",
    "step_left",
    "step_unit",
    "parent",
    "rating",
)
_IMPORTED = (
    "accepted_at",
    "dispatched_at",
    "handled_at",
    "answered_at",
    "closed_at",
    "parked_at",
)
"""What the first line of a matter that was imported tells beside."""
_OVER = frozenset(
    {Status.ANSWERED, Status.PARKED, Status.CLOSED, Status.REJECTED, Status.VOIDED}
)
"""States in which nobody waits for an extension any more."""


def _settled(after: Case, step: Step, *, moved: bool) -> Case:
    """`after` without what has lost its object: an extension asked elsewhere, a whistle of
    a matter that ended.

    Whoever is in charge while it is in hand counts among those who handled it.
    """
    if (
        after.status is Status.HANDLING
        and after.person
        and after.person not in after.handled_by
    ):
        after = replace(after, handled_by=(*after.handled_by, after.person))
    if after.extension_by and moved and (after.status in _OVER or "office" in step.data):
        after = replace(after, extension_by=0, extension_for=0, extension_until=0)
    if after.whistle is not None and after.whistle_open and not after.is_open:
        after = replace(after, whistle=replace(after.whistle, lapsed_at=step.at))
    return after


def _marks(case: Case, step: Step) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912  (one line a move)
    """What a move leaves behind beside the values it names."""
    at, data = step.at, step.data
    match step.move:
        case Act.REPORT:
            return _begun(step)
        case Act.ACCEPT:
            return {"accepted_at": at}
        case Act.DISPATCH:
            return {
                "dispatched_at": case.dispatched_at or at,
                "dispatched_from": case.office,
            }
        case Act.TRANSFER:
            return {"dispatched_from": case.dispatched_from or case.office}
        case Act.HANDLE:
            # A desk that takes a matter in hand itself has dispatched it to itself.
            first = {
                "dispatched_at": case.dispatched_at or at,
                "handled_at": case.handled_at or at,
            }
            return first | {"handled_by": _handlers(case, step)}
        case Act.ANSWER:
            return {"answered_at": at, "handled_by": _handlers(case, step)}
        case Act.REWORK:
            return {"answered_at": 0, "reworks": case.reworks + 1}
        case Act.CLOSE:
            return {"closed_at": at}
        case Act.VOID:
            return {"parked_at": 0, "parked_from": None, "step_left": 0.0, "step_unit": ""}
        case Act.REOPEN:
            return _reopened(case, step)
        case Act.WHISTLE:
            blown = Whistle(
                step.number,
                case.office,
                int(data["office"]),
                step.actor,
                at,
                int(data["step_due_at"]),
            )
            return {"whistle": blown, "whistles": case.whistles + 1, "dispatched_from": 0}
        case Act.HEED if case.whistle:
            return {"whistle": replace(case.whistle, heeded_at=at, apt=bool(data["apt"]))}
        case Act.RATE_WHISTLE if case.whistle:
            return {"whistle": replace(case.whistle, rating=int(data["whistle_rating"]))}
        case Act.ASK_EXTENSION:
            asked = {
                "extension_by": step.actor,
                "extension_for": int(data.get("instead_of", 0)),
            }
            return asked | {"extension_until": int(data["until"])}
        case Act.GRANT_EXTENSION | Act.REFUSE_EXTENSION:
            return {"extension_by": 0, "extension_for": 0, "extension_until": 0}
        case Act.PARK:
            return {"parked_at": at, "parked_from": case.status}
        case Act.RESUME:
            waits = {}
            if case.whistle is not None and case.whistle_open and "step_unit" in data:
                waits = {"whistle": replace(case.whistle, due_at=int(data["step_due_at"]))}
            return {"parked_at": 0, "parked_from": None} | waits
        case Act.SUPERVISE:
            return {"supervised": case.supervised + 1}
        case Act.UNLINK:
            return {"parent": 0}
    return {}


def _begun(step: Step) -> dict[str, Any]:
    imported = {name: int(step.data[name]) for name in _IMPORTED if name in step.data}
    reported = int(step.data.get("reported_at", step.at))
    return {
        "reported_at": reported,
        "since": max(step.at, *imported.values(), 0),
        **imported,
    }


def _reopened(case: Case, step: Step) -> dict[str, Any]:
    accepted = step.data.get("status") == Status.ACCEPTED
    return {
        "closed_at": 0,
        "answered_at": 0,
        "reopened": case.reopened + 1,
        "accepted_at": case.accepted_at or (step.at if accepted else 0),
        "dispatched_from": 0,
        "rating": 0,
    }


def _handlers(case: Case, step: Step) -> tuple[int, ...]:
    """Everybody who has handled it, in whose name, and who was in charge; each once, in the
    order they came.
    """
    charged = int(step.data.get("person", case.person))
    persons = (*case.handled_by, step.actor, int(step.data.get("instead_of", 0)), charged)
    return tuple(dict.fromkeys(person for person in persons if person))
