"""Maps of figures: the whole city in their colours, the area shown outlined and in view."""

from __future__ import annotations

from typing import Any

from gridmap.city.base.figure import Figure
from gridmap.model import Level
from gridmap.ui import city as cities
from gridmap.ui import colours
from gridmap.ui.board.asking import Asking
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer

UNMARKED = "#ece9ee"


def layer(asking: Asking, figure: Figure, level: Level) -> MapLayer:
    """The map of a figure: the whole city in its colours, the area shown outlined and in
    view.

    The whole city stays coloured, so that a place is seen against its surroundings and
    on the same scale.
    """
    page, city = asking.page, asking.page.city
    title = figure.brief if asking.lacks else figure.name
    if figure.mapped:
        figure = city.figures.get(figure.mapped)
        title = figure.name
    elif asking.lacks and level is Level.GRID:
        return _marked(asking, figure)
    share = asking.lacks and bool(figure.base)
    drawn = city.figures.values(
        figure.key,
        asking.asked(city.code),
        level,
        share=share,
        classes=5 if asking.wall else 6,
        **asking.narrow,
    )
    return MapLayer(
        cities.package(city),
        level=level,
        codes=drawn.codes,
        values=drawn.values,
        breaks=drawn.breaks,
        colours=colours.classed(figure.scheme, drawn.breaks, dark=asking.wall),
        title=asking.title or page.say(title),
        unit=_unit(asking, figure, share=share),
        **where(page),
    )


def _marked(asking: Asking, figure: Figure) -> MapLayer:
    """Grids yes or no."""
    page, package = asking.page, cities.package(asking.page.city)
    name = page.say(figure.brief)
    marked = page.city.figures.marked(
        figure.key, asking.asked(page.city.code), **asking.narrow
    )
    return MapLayer(
        package,
        codes=package.codes,
        values=marked.astype(float),
        breaks=(0.0, 1.0, 2.0),
        colours=(UNMARKED, colours.scheme(figure.scheme, 6)[4]),
        labels=(page.say("no gap"), name),
        title=name,
        **where(page),
    )


def _unit(asking: Asking, figure: Figure, *, share: bool) -> str:
    """The unit in the legend; on a wall the name of a rate says it already."""
    if share:
        return asking.page.say("%")
    if asking.wall and figure.shows == "rate":
        return ""
    return asking.page.say(figure.shown_unit) if figure.shown_unit else ""


def where(page: Page) -> dict[str, Any]:
    """Which place a map outlines and shows: nothing outlined and all in view for the whole city."""
    city, area = page.city, page.view.area
    if area == city.code:
        return {}
    return {"selected": area, "bounds": city.places.bounds(area)}
