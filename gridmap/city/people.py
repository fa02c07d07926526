"""`people`: who acts: users, offices, chiefs, absences, hand-over, device keys."""

from __future__ import annotations

from gridmap.city.absences import Absences
from gridmap.city.keys import Keys
from gridmap.city.roster import Roster


class People(Absences, Keys, Roster):
    """Users and offices of the city, and what may be done about them."""
