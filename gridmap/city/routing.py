"""`routing`: which desk a new matter goes to first, and which department after it."""

from __future__ import annotations

from gridmap.city.desk import Desk
from gridmap.city.people import People


class Routing:
    """The ordered rules of the city, applied and tried out."""

    def __init__(self, desk: Desk, people: People) -> None:
        self._desk = desk
        self._people = people
