"""`Weights`: what lies in grids and weighs: buildings by households, reports by hours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.city.look.layers import Layers
from gridmap.city.look.maps import Bounds
from gridmap.city.plans.pastroom import PastRoom
from gridmap.planning import Plan, Points


class Weights:
    """Points with their weights, for shares and splits."""

    def __init__(self, *, layers: Layers, past: PastRoom) -> None:
        self._layers = layers
        self._past = past

    def buildings(self, bounds: Bounds) -> Points | None:
        """The buildings with households within these bounds; None where there is no such layer."""
        table = self._layers.buildings(bounds)
        return Points.of_buildings(table) if len(table) else None

    def buildings_on(self, plan: Plan, codes: npt.NDArray[np.int64]) -> Points | None:
        """The buildings in grids of a plan."""
        if not len(codes):
            return None
        west, south, east, north = shapely.total_bounds(plan.shapes[plan.rows(codes)])
        return self.buildings((west, south, east, north))

    def reports(self, plan: int, codes: npt.NDArray[np.int64]) -> Points:
        """The reports up to yesterday in grids of the published plan of this number, each
        weighing the hours of its category.
        """
        held = self._past.on(plan, self._past.period())
        return self._past.reports(held, codes)
