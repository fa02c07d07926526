"""`matters`: reports taken in and every move of a matter, given by a signed-in person."""

from __future__ import annotations

from gridmap.city.desk import Desk
from gridmap.city.limits import Limits
from gridmap.city.people import People
from gridmap.city.routing import Routing


class Matters:
    """Matters in motion."""

    def __init__(self, desk: Desk, people: People, routing: Routing, limits: Limits) -> None:
        self._desk = desk
        self._people = people
        self._routing = routing
        self._limits = limits
