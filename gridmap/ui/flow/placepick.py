"""Choosing a place: search a name, click the map; the point chosen stands on the map as a pin."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from gridmap.codes import level_of, parent
from gridmap.model import Level
from gridmap.ui import city as cities
from gridmap.ui import maps
from gridmap.ui.flow import drafts
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer
from gridmap.words import plain

FOUND = 6
"""Places a search shows."""


def search(page: Page, key: str) -> None:
    """A field for a place name; a place found moves the map there, a grid found puts the
    pin into its middle.
    """
    say = page.say
    name = f"{key}.where"
    text = st.text_input(
        say("Place name or code"),
        key=name,
        placeholder=say("Village, township, grid — or click the map"),
        icon=":material/search:",
        label_visibility="collapsed",
    )
    if not text.strip():
        return
    found = page.city.places.search(text.strip(), say.lang, FOUND)
    if found.empty:
        st.caption(
            say(
                "No place of this name or code. A part of a name is enough; codes have 6 "
                "to 15 digits."
            )
        )
    for code, path in zip(found["code"].tolist(), found["path"].tolist(), strict=True):
        st.button(
            plain(path),
            key=f"{name}.{code}",
            type="tertiary",
            on_click=_go,
            args=(page, key, name, code),
        )


def _go(page: Page, key: str, name: str, code: int) -> None:
    st.session_state[name] = ""
    drafts.change(key, around=code)
    if level_of(code) is Level.GRID:
        put(key, *page.city.places.middle(code))


def put(key: str, lon: float, lat: float) -> None:
    """Make a point the place chosen on the form `key`."""
    drafts.change(key, lon=lon, lat=lat)


def told(page: Page, key: str) -> str:
    """The place chosen in words; empty when there is none, or it lies outside the city."""
    draft = drafts.of(key)
    grid = (
        page.city.places.at(draft.lon, draft.lat)
        if draft.lon is not None and draft.lat is not None
        else 0
    )
    return page.city.places.path(grid, page.lang) if grid else ""


def show_map(
    page: Page, key: str, *, height: int | str, near: pd.DataFrame | None = None
) -> None:
    """The map; a click puts the pin. `near`: matters around (lon, lat), numbered from 1 in
    their order.
    """
    city, draft = page.city, drafts.of(key)
    pins = (
        [(draft.lon, draft.lat, 0)]
        if draft.lon is not None and draft.lat is not None
        else []
    )
    if near is not None and {"lon", "lat"} <= set(near.columns):
        pins += [
            (lon, lat, n)
            for n, (lon, lat) in enumerate(
                zip(near["lon"], near["lat"], strict=True), start=1
            )
        ]
    around = draft.around or page.view.area
    layer = MapLayer(
        cities.package(city),
        selected=city.places.at(draft.lon, draft.lat) if pins and draft.placed else 0,  # type: ignore[arg-type]
        bounds=city.places.bounds(around) if level_of(around) is not Level.CITY else None,
        pins=[(float(lon), float(lat), number) for lon, lat, number in pins],
    )
    clicked = maps.show(layer, key=f"{key}-place", height=height, lang=page.lang)
    if not clicked:
        return
    if not all(map(math.isfinite, clicked.place)) or not city.places.at(*clicked.place):
        st.warning(page.say("This place lies outside the city. Click inside its border."))
        return
    put(key, *clicked.place)
    if level_of(around) < Level.VILLAGE:
        # A pixel of the whole city is a street wide: come near, so that a second click
        # meets the very spot.
        drafts.change(key, around=parent(city.places.at(*clicked.place), Level.VILLAGE))
    st.rerun()
