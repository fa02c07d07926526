"""`Case`: how a matter stands, as its journal tells it."""

from __future__ import annotations

from dataclasses import dataclass

from gridmap.model import Status


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
    def id(self) -> int:
        """The number of the matter."""
        return self.matter

    @property
    def state(self) -> Status:
        """Where it stands."""
        return self.status

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
