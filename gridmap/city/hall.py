"""`Hall`: what every group of rooms opens from."""

from __future__ import annotations

from gridmap.city.base.desk import Desk


class Hall:
    """The desk of an open city and what is told by it alone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.settings = desk.settings
        self.store = desk.store
        self.clock = desk.clock
        self.code = desk.code
        self.demonstration = desk.demonstration
