"""Drill-down, the same on every page: a click on the map, a bar or a row opens the place clicked."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gridmap.codes import level_of
from gridmap.model import Level
from gridmap.ui import frame, maps, session
from gridmap.ui.frame import Page


def show_map(page: Page, values: Any, *, key: str, height: int) -> None:
    """The map of `values`; a click opens the place under the pointer, one level further down."""
    clicked = maps.show(page.city, values, key=key, height=height, selected=page.view.area, lang=page.say.lang)
    if clicked is None:
        return
    grid = page.city.places.at(clicked.lon, clicked.lat)
    if not grid:
        return
    frame.open_area(session.drill(page.view.area, grid))
    st.rerun()


def opener(field: str = "code") -> Any:
    """What a clicked bar or row does: open the place in its `field`."""

    def take(row: dict[str, Any]) -> None:
        frame.open_area(int(row[field]))

    return take


def below(page: Page) -> Level:
    """The level of the places one sees inside the area shown."""
    return min(level_of(page.view.area).below, Level.GRID)
