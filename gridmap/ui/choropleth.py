"""A map of one figure per place, in classes, with the area shown outlined."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gridmap.insight import classes
from gridmap.model import Level
from gridmap.ui import city as cities
from gridmap.ui import colours
from gridmap.ui.board import where
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer


def layer(
    page: Page,
    level: Level,
    codes: npt.NDArray[np.int64],
    values: npt.NDArray[np.float64],
    *,
    title: str,
    unit: str = "",
    scheme: str,
) -> MapLayer:
    """`values` of `codes` (places of `level`; NaN: no data) in six classes of the colours
    `scheme`.
    """
    limits = classes.breaks(values, method="quantiles", classes=6)
    return MapLayer(
        cities.package(page.city),
        level=level,
        codes=codes,
        values=values,
        breaks=limits,
        colours=colours.classed(scheme, limits),
        title=title,
        unit=unit,
        **where(page),
    )
