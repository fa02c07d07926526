"""What an edit meets that others made first: each clash is told, nothing drawn is lost."""

from __future__ import annotations

from collections.abc import Iterable

from gridmap.calendar import from_epoch
from gridmap.errors import ConflictError, StaleError
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans.drafts import DraftStep, Lock
from gridmap.words import mark

LOCKED = mark(
    "{name} is working on this grid until {time}. Wait, or ask them to give it up."
)
HELD = (
    "{name} is working on this grid until {time}. What you drew is kept as step {step}; "
    "take it up afterwards."
)
TAKEN = mark("Another draft was given the same new codes at this moment. Do it once more.")


class TakenError(ConflictError):
    """Another draft was given the same new codes first."""

    def __init__(self) -> None:
        super().__init__(TAKEN)


class OvertakenError(StaleError):
    """Somebody saved another edit of the same grids first; `step` is where one's own was
    kept, beside the draft.

    `grids` are those both changed, `since` the steps made meanwhile.
    """

    def __init__(self, step: int, grids: Iterable[int], since: Iterable[DraftStep]) -> None:
        self.step, self.grids = step, tuple(sorted(grids))
        super().__init__(self.words(), since)

    def words(self) -> str:
        """What happened, in a sentence."""
        return store_drafts.CHANGED


class HeldError(OvertakenError):
    """Somebody else holds one of the grids (`lock`); one's own edit was kept beside the
    draft all the same.
    """

    def __init__(
        self,
        lock: Lock,
        name: str,
        step: int,
        grids: Iterable[int],
        since: Iterable[DraftStep],
    ) -> None:
        self.lock, self.name = lock, name
        super().__init__(step, grids, since)

    def words(self) -> str:
        """Who holds the grid and until when, and where one's own edit is."""
        return HELD.format(name=self.name, time=until(self.lock), step=self.step)


def until(lock: Lock) -> str:
    """The hour and minute a lock ends."""
    return f"{from_epoch(lock.until):%H:%M}"
