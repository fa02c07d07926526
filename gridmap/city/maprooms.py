"""The rooms that look at the city: places, figures, maps, files."""

from __future__ import annotations

from functools import cached_property

from gridmap.city.hall import Hall
from gridmap.city.intake.faults import Faults
from gridmap.city.intake.imports import Imports
from gridmap.city.look.coverage import Coverage
from gridmap.city.look.export import Export
from gridmap.city.look.grid import Grid
from gridmap.city.look.heat import Heat
from gridmap.city.look.layers import Layers
from gridmap.city.look.measures import Measures
from gridmap.city.look.overview import Overview
from gridmap.city.look.places import Places
from gridmap.city.look.workload import Workload


class MapRooms(Hall):
    """Rooms of the map."""

    @cached_property
    def places(self) -> Places:
        """Names, search, extents."""
        return Places(self._desk)

    @cached_property
    def overview(self) -> Overview:
        """Headline figures and what needs a look."""
        return Overview(self._desk, self.places)

    @cached_property
    def heat(self) -> Heat:
        """Where and when reports come from."""
        return Heat(self._desk, self.places)

    @cached_property
    def coverage(self) -> Coverage:
        """Gaps in coverage."""
        return Coverage(self._desk, self.places)

    @cached_property
    def workload(self) -> Workload:
        """Load and how evenly it falls."""
        return Workload(self._desk, self.places)

    @cached_property
    def faults(self) -> Faults:
        """Files of grids looked through before they are taken."""
        return Faults(self._desk, self.layers)

    @cached_property
    def grid(self) -> Grid:
        """One grid's page."""
        return Grid(self._desk, self.places, self.overview)

    @cached_property
    def layers(self) -> Layers:
        """Reference layers and the base map."""
        return Layers(self._desk, self.places)

    @cached_property
    def measures(self) -> Measures:
        """What a map can be coloured by."""
        return Measures(self._desk)

    @cached_property
    def imports(self) -> Imports:
        """Reports and workers from files, what was refused, and how good the data are."""
        return Imports(self.store, lambda: self._desk.now_s)

    @cached_property
    def export(self) -> Export:
        """Files of the city's figures."""
        return Export(self._desk, self.places, self.workload, self.coverage)
