"""`windows`: the one-stop centres' platforms and units, who is on duty, and windows without their unit."""

from __future__ import annotations

from gridmap.city.desk import Desk
from gridmap.city.people import People


class Windows:
    """The rota of the centres."""

    def __init__(self, desk: Desk, people: People) -> None:
        self._desk = desk
        self._people = people
