"""`outbox`: messages to the outside, each sent once, tried again, or put aside where everybody sees it."""

from __future__ import annotations

from gridmap.city.desk import Desk


class Outbox:
    """Messages on their way to other systems."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
