"""Drill-down, the same on every page: a click on the map, a bar or a row opens the place
clicked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from gridmap.model import Level
from gridmap.ui import frame, maps
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer
from gridmap.ui.view import drill


def show_map(
    page: Page,
    layer: MapLayer,
    *,
    key: str,
    height: int | str,
    at_least: Level = Level.COUNTY,
) -> None:
    """The map `layer`; a click opens the place under the pointer, one level further down or
    at once `at_least`.

    Who has zoomed in to where smaller places are told apart opens the one they see.
    """
    clicked = maps.show(layer, key=key, height=height, lang=page.lang)
    grid = page.city.places.at(*clicked.place) if clicked else 0
    if clicked and grid:
        frame.open_area(drill(page.view.area, grid, at_least=max(at_least, clicked.seen)))
        st.rerun()


def opener(field: str = "code") -> Callable[[dict[str, Any]], None]:
    """What a clicked bar or row does: open the place in its `field`."""

    def take(row: dict[str, Any]) -> None:
        frame.open_area(int(row[field]))

    return take
