"""What a map is coloured by, in words: names, units, colours of each measure, the same on
every page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gridmap.city.look.measures import Measure, Values
from gridmap.insight.classes import breaks
from gridmap.model import Level
from gridmap.ui import city as cities
from gridmap.ui import colours
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer
from gridmap.words import Words, mark

NAMES = {
    "per_100_households": mark("Reports per 100 households"),
    "reports": mark("Reports"),
    "per_km2": mark("Reports per km²"),
    "change": mark("Change on the period before"),
    "change_year": mark("Change on last year"),
    "open": mark("Open matters"),
    "open_per_100_households": mark("Open per 100 households"),
    "overdue": mark("Open past the limit"),
    "on_time": mark("Closed on time"),
    "closing": mark("Closing rate"),
    "acceptance": mark("Acceptance rate"),
    "load": mark("Load"),
    "load_per_worker": mark("Load per worker"),
    "load_per_100_households": mark("Load per 100 households"),
    "load_per_km2": mark("Load per km²"),
    "without_worker": mark("Grids without a worker"),
    "shared_worker": mark("Grids sharing a worker"),
    "lacking_role": mark("Missing village roles"),
    "days_unseen": mark("Days since last seen"),
    "silent": mark("Silent grids"),
    "expectation": mark("Reports against expectation"),
}

UNITS = {
    "reports": mark("reports"),
    "per_100_households": mark("per 100 households"),
    "per_km2": mark("per km²"),
    "percent": mark("%"),
    "hours": mark("hours"),
    "hours_per_worker": mark("hours per worker"),
    "hours_per_100_households": mark("hours per 100 households"),
    "hours_per_km2": mark("hours per km²"),
    "roles": mark("roles"),
    "days": mark("days"),
    "grids": mark("grids"),
}

_SCHEMES = {"heat": "activity", "flow": "activity", "workload": "load", "coverage": "lack"}


def names(page: Page, keys: Iterable[str]) -> dict[str, str]:
    """Measures (key → name) for a control."""
    return {key: page.say(NAMES[key]) for key in keys}


def unit(measure: Measure | Values, say: Words) -> str:
    """The unit of a measure, for a legend."""
    return say(UNITS[measure.unit])


def scheme(measure: Measure) -> str:
    """The name of the colours a measure always has."""
    return "balance" if measure.kind == "diverging" else _SCHEMES[measure.group]


def layer(page: Page, key: str, level: Level, *, wall: bool = False) -> MapLayer:
    """The map of the measure `key`: the whole city in its colours, the area shown outlined
    and in view.

    On a `wall` colours are for a dark ground and the legend is short.

    The whole city stays coloured, so that a place is seen against its surroundings and on
    the same scale.
    """
    city, view = page.city, page.view
    values = city.measures.values(
        key, view.selection.within(city.code), level, classes=5 if wall else 6
    )
    return MapLayer(
        cities.package(city),
        level=level,
        codes=values.codes,
        values=values.values,
        breaks=values.breaks,
        colours=colours.classed(scheme(city.measures.get(key)), values.breaks, dark=wall),
        title=page.say(NAMES[key]),
        unit="" if wall and key.endswith(("households", "km2")) else unit(values, page.say),
        **where(page),
    )


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


def where(page: Page) -> dict[str, Any]:
    """Which place a map outlines and shows: nothing outlined and all in view for the whole city."""
    city, area = page.city, page.view.area
    return (
        {} if area == city.code else {"selected": area, "bounds": city.places.bounds(area)}
    )
