"""Every figure of the city, by its key: what the rooms declare, together."""

from __future__ import annotations

from collections.abc import Mapping

from gridmap.city.base.figure import Figure
from gridmap.city.headquarters.figures import FIGURES as OF_HEADQUARTERS
from gridmap.city.look.gaps import GAPS
from gridmap.city.look.loads import GINI, PEAK, WORKERS
from gridmap.city.look.measures import CLOSED, MEASURES
from gridmap.city.look.unled import VACANT_CHIEFS
from gridmap.city.town.figures import FIGURES as OF_TOWNS

FIGURES: Mapping[str, Figure] = {
    figure.key: figure
    for figure in (
        *MEASURES,
        CLOSED,
        WORKERS,
        GINI,
        PEAK,
        *GAPS,
        *VACANT_CHIEFS,
        *OF_HEADQUARTERS,
        *OF_TOWNS,
    )
}
