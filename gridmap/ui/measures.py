"""Maps of numbers a page has counted itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gridmap.insight.classes import breaks
from gridmap.model import Level
from gridmap.ui import city as cities
from gridmap.ui import colours
from gridmap.ui.board import where
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer


def counted(
    page: Page,
    level: Level,
    codes: Iterable[int],
    values: Any,
    *,
    title: str,
    unit: str,
    wall: bool = False,
) -> MapLayer:
    """A map of numbers of a page's own: `values` float[n] of the places `codes` of `level`,
    the others without data.

    On a `wall` colours are for a dark ground.
    """
    limits = breaks(values)
    return MapLayer(
        cities.package(page.city),
        level=level,
        codes=[int(code) for code in codes],
        values=values,
        breaks=limits,
        colours=colours.classed("activity", limits, dark=wall),
        title=title,
        unit=unit,
        **where(page),
    )


def matters(page: Page, level: Level, numbers: Iterable[int], *, title: str) -> MapLayer:
    """Where the matters of a table lie, counted per place of `level`."""
    places = page.city.matters.places(numbers, level)
    return counted(
        page,
        level,
        places["code"],
        places["matters"].to_numpy(float),
        title=title,
        unit=page.say("matters"),
    )
