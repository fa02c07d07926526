"""`visits`: a grid worker was there."""

from __future__ import annotations

from gridmap.city.desk import Desk


class Visits:
    """Check-ins on the round."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
