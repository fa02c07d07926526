"""`watch`: what the clock does by itself: near-due and overdue matters, messages, columns, contacts that expire."""

from __future__ import annotations

from gridmap.city.desk import Desk
from gridmap.city.limits import Limits
from gridmap.city.outbox import Outbox


class Watch:
    """The city's clockwork."""

    def __init__(self, desk: Desk, limits: Limits, outbox: Outbox) -> None:
        self._desk = desk
        self._limits = limits
        self._outbox = outbox
