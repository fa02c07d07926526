"""`people`: who acts: users, offices, chiefs, absences, hand-over, device keys."""

from __future__ import annotations

from gridmap.city.desk import Desk
from gridmap.city.places import Places


class People:
    """Users and offices of the city, and what may be done about them."""

    def __init__(self, desk: Desk, places: Places) -> None:
        self._desk = desk
        self._places = places
