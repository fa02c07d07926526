"""The rooms of the headquarters: what was done, what is late, who is asked to answer for it."""

from __future__ import annotations

from functools import cached_property

from gridmap.city.flowrooms import FlowRooms
from gridmap.city.headquarters.assignments import Assignments
from gridmap.city.headquarters.briefing import Briefings
from gridmap.city.headquarters.catches import Catches
from gridmap.city.headquarters.headquarters import Headquarters
from gridmap.city.headquarters.ladder import Ladder
from gridmap.city.headquarters.lagging import Lagging
from gridmap.city.headquarters.sessions import Sessions
from gridmap.city.town.centres import Centres


class HqRooms(FlowRooms):
    """Rooms of the headquarters; they know those of the flow."""

    @cached_property
    def headquarters(self) -> Headquarters:
        """Daily clearing, and what is late with whom."""
        return Headquarters(self._desk, self.people, self.matters)

    @cached_property
    def briefing(self) -> Briefings:
        """The morning briefing."""
        return Briefings(self._desk, self.places, self.windows, self.headquarters)

    @cached_property
    def ladder(self) -> Ladder:
        """At which level matters are solved, and hand-offs that go wrong."""
        return Ladder(self._desk, self.places, self.people, self.matters)

    @cached_property
    def centres(self) -> Centres:
        """What the one-stop centres took in and what became of it."""
        return Centres(self._desk, self.places, self.people, self.matters)

    @cached_property
    def sessions(self) -> Sessions:
        """Joint-judgement sessions of the working groups."""
        return Sessions(self._desk, self.people, self.matters, self.limits)

    @cached_property
    def lagging(self) -> Lagging:
        """Rules of lagging, supervision and interview warnings."""
        return Lagging(self._desk, self.people, self.limits)

    @cached_property
    def assignments(self) -> Assignments:
        """What sessions have given the working groups and is not done."""
        return Assignments(self._desk, self.sessions)

    @cached_property
    def catches(self) -> Catches:
        """How many units and matters the rules of lagging catch, and where."""
        return Catches(self._desk, self.matters, self.lagging)
