"""The rooms where matters move: people, desks, clocks, messages."""

from __future__ import annotations

from functools import cached_property

from gridmap.city.base.limits import Limits
from gridmap.city.flow.cards import Cards
from gridmap.city.flow.inbox import Inbox
from gridmap.city.flow.matters import Matters
from gridmap.city.flow.outbox import Outbox
from gridmap.city.flow.photos import Photos
from gridmap.city.flow.routing import Routing
from gridmap.city.flow.visits import Visits
from gridmap.city.flow.watch import Watch
from gridmap.city.headquarters.indicators import Indicators
from gridmap.city.maprooms import MapRooms
from gridmap.city.people.people import People
from gridmap.city.plans.planning import Planning
from gridmap.city.town.windows import Windows


class FlowRooms(MapRooms):
    """Rooms of the flow; they know those of the map."""

    @cached_property
    def cards(self) -> Cards:
        """Matters as phones and other systems list them."""
        return Cards(self._desk)

    @cached_property
    def inbox(self) -> Inbox:
        """What waits for a person and their office."""
        return Inbox(self._desk, self.matters)

    @cached_property
    def indicators(self) -> Indicators:
        """Shares that open their matters."""
        return Indicators(self._desk, self.places, self.matters)

    @cached_property
    def limits(self) -> Limits:
        """Time limits and holidays."""
        return Limits(self._desk)

    @cached_property
    def matters(self) -> Matters:
        """Reports taken in, and every move of a matter."""
        return Matters(self._desk, self.people, self.routing, self.limits)

    @cached_property
    def outbox(self) -> Outbox:
        """Messages to other systems."""
        return Outbox(self._desk)

    @cached_property
    def people(self) -> People:
        """Users, offices, absences, device keys."""
        return People(self._desk, self.places)

    @cached_property
    def photos(self) -> Photos:
        """Pictures of matters."""
        return Photos(self._desk)

    @cached_property
    def planning(self) -> Planning:
        """Drafts of plans, their review, what is in force."""
        return Planning(self._desk, self.people, self.layers)

    @cached_property
    def routing(self) -> Routing:
        """Which desk a matter goes to."""
        return Routing(self._desk, self.people)

    @cached_property
    def visits(self) -> Visits:
        """Check-ins of grid workers."""
        return Visits(self._desk)

    @cached_property
    def watch(self) -> Watch:
        """What the clock does by itself."""
        return Watch(self._desk, self.limits, self.outbox, self.planning)

    @cached_property
    def windows(self) -> Windows:
        """The rota of the one-stop centres."""
        return Windows(self._desk, self.people)
