"""`limits`: how long each category and each step may take, on the city's calendar."""

from __future__ import annotations

from gridmap.city.desk import Desk


class Limits:
    """Time limits and holidays of the city."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
