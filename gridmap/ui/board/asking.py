"""`Asking`: what a board asks the city: for whom, about which period, narrowed to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from gridmap.city.base.figure import Figure
from gridmap.city.look.figures import Total
from gridmap.insight.selection import Selection
from gridmap.ui.frame import Page


@dataclass(frozen=True)
class Asking:
    """What is asked on a page; `key` names its map and tables.

    `today`: as things stand today, whatever period is chosen. `lacks`: figures are what is
    lacking, so that maps mark grids yes or no and colour larger places by their share.
    `narrow`: what every question is narrowed to. `wall`: dark, and short in words. `title`:
    what the map is called where the figure's name does not say what the page counts.
    """

    page: Page
    key: str
    today: bool = False
    lacks: bool = False
    wall: bool = False
    title: str = ""
    narrow: Mapping[str, Any] = field(default_factory=dict)

    def asked(self, area: int | None = None) -> Selection:
        """The question about `area`, by default the one shown."""
        page = self.page
        place = page.view.area if area is None else area
        if self.today:
            return page.city.figures.today(place)
        return page.view.selection.within(place)

    def together(self, figures: Iterable[Figure]) -> pd.DataFrame:
        """Figures of the area shown: key, numerator, denominator, value."""
        keys = [figure.key for figure in figures]
        return self.page.city.figures.whole(keys, self.asked(), **self.narrow)

    def total(self, figure: Figure) -> Total:
        """Numerator, denominator and value of the area shown."""
        return self.page.city.figures.total(figure.key, self.asked(), **self.narrow)
