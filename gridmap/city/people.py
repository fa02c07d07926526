"""`people`: who acts: users, offices, chiefs, absences, hand-over, device keys."""

from __future__ import annotations

from gridmap.city.absences import Absences
from gridmap.city.keys import Keys


class People(Absences, Keys):
    """Users and offices of the city, and what may be done about them."""
