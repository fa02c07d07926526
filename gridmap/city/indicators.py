"""`indicators`: every share with its numerator, its denominator, and the matters behind both."""

from __future__ import annotations

from gridmap.city.desk import Desk
from gridmap.city.places import Places


class Indicators:
    """Shares of the city that open their matters."""

    def __init__(self, desk: Desk, places: Places) -> None:
        self._desk = desk
        self._places = places
