"""`people`: who acts: users, offices, chiefs, absences, hand-over, device keys."""

from __future__ import annotations

from gridmap.city.absences import Absences
from gridmap.city.handover import Handovers
from gridmap.city.mergers import Mergers
from gridmap.city.roster import Roster


class People(Absences, Handovers, Mergers, Roster):
    """Users and offices of the city, and what may be done about them."""
