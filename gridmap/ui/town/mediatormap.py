"""Where mediators work and what lies with them: a map and the places beside it; a click on
either narrows the list.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from gridmap.model import Level
from gridmap.ui import choropleth, controls, drill, tables
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer
from gridmap.words import mark

KEY = "mediators"
MEASURE = f"{KEY}.measure"
MAP_HEIGHT = "max(20rem, calc(100vh - 32rem))"
MEASURES = {
    "load": (mark("Open disputes per 100 mediators"), mark("disputes"), "load"),
    "open": (mark("Open disputes"), mark("disputes"), "load"),
    "mediators": (mark("Mediators in office"), mark("people"), "activity"),
}
"""What the map can show: title, unit, colours."""


def measure(page: Page) -> None:
    """What the map shows."""
    say = page.say
    named = {key: say(title) for key, (title, _, _) in MEASURES.items()}
    controls.menu(say("Shown on the map"), named, key=MEASURE, width=220)


def show(page: Page, level: Level) -> None:
    """The map of the whole city, and the places of `level` in the area shown; each opens a
    place.
    """
    left, right = st.columns([1.3, 1])
    with left:
        drill.show_map(page, _layer(page, level), key=KEY, height=MAP_HEIGHT)
    with right:
        _places(page, level)


def _layer(page: Page, level: Level) -> MapLayer:
    say, found = page.say, page.city.mediators.loads(page.city.code, level)
    name = st.session_state.get(MEASURE) or "load"
    title, unit, scheme = MEASURES[name]
    return choropleth.layer(
        page,
        level,
        found["code"].to_numpy(np.int64),
        found[name].to_numpy(np.float64),
        title=say(title),
        unit=say(unit),
        scheme=scheme,
    )


def _places(page: Page, level: Level) -> None:
    """The places with the most lying with each mediator first; those without any mediator
    before them.
    """
    say = page.say
    found = page.city.mediators.loads(page.view.area, max(level, page.view.area_level))
    found = found.sort_values(
        ["load", "code"], ascending=[False, True], na_position="first", ignore_index=True
    )
    shown = found.assign(place=page.city.places.names(found["code"], page.lang))
    columns = {
        "place": tables.text(say("Place"), width=150),
        "mediators": tables.count(say("In office"), width=78),
        "open": tables.count(say("Open disputes"), width=96),
        "load": tables.count(
            say("Per 100"), digits=1, help=say("Open disputes per 100 mediators"), width=76
        ),
        "room": tables.count(say("Room for more"), width=100),
        "stranded": tables.count(say("Waiting for a hand-over"), width=150),
    }
    tables.show(
        shown, columns, key=f"{KEY}.places", say=say, height=400, on_pick=drill.opener()
    )
