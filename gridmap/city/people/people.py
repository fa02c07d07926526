"""`people`: who acts: users, offices, chiefs, absences, hand-over, device keys."""

from __future__ import annotations

from gridmap.city.people.absences import Absences
from gridmap.city.people.handover import Handovers
from gridmap.city.people.mergers import Mergers
from gridmap.city.people.roster import Roster


class People(Absences, Handovers, Mergers, Roster):
    """Users and offices of the city, and what may be done about them."""
