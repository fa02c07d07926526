"""`Clocks`: the limits that run while a matter is on its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from gridmap.model import Status


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
