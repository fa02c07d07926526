"""The rooms of townships and villages: mediation, tasks going down, village work."""

from __future__ import annotations

from functools import cached_property

from gridmap.city.flowrooms import FlowRooms
from gridmap.city.town.contracts import Contracts
from gridmap.city.town.deliberations import Deliberations
from gridmap.city.town.mediation import Mediation
from gridmap.city.town.tasks import Tasks


class TownRooms(FlowRooms):
    """Rooms of townships and villages; they know those of the flow."""

    @cached_property
    def contracts(self) -> Contracts:
        """The clean-up of village contracts, and what it brings."""
        return Contracts(self._desk, self.people)

    @cached_property
    def deliberations(self) -> Deliberations:
        """Meetings of joint households and village councils."""
        return Deliberations(self._desk, self.people, self.matters)

    @cached_property
    def mediation(self) -> Mediation:
        """Disputes entrusted to mediators."""
        return Mediation(self._desk, self.matters, self.people)

    @cached_property
    def tasks(self) -> Tasks:
        """Visits, checks and law popularisation asked of grids."""
        return Tasks(self._desk, self.matters, self.people)
