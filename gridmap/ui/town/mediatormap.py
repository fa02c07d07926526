"""Where mediators work and what lies with them: a map and the places beside it; a click on
either narrows the list.
"""

from __future__ import annotations

import streamlit as st

from gridmap.city.town.figures import (
    MEDIATORS,
    MEDIATORS_LOAD,
    MEDIATORS_OPEN,
    OF_MEDIATORS,
)
from gridmap.model import Level
from gridmap.ui import controls
from gridmap.ui.board import Board
from gridmap.ui.frame import Page

KEY = "mediators"
MEASURE = f"{KEY}.measure"
MAP_HEIGHT = "max(20rem, calc(100vh - 32rem))"
MEASURES = (MEDIATORS_LOAD, MEDIATORS_OPEN, MEDIATORS)
"""What the map can show."""


def measure(page: Page) -> None:
    """What the map shows."""
    names = {figure.key: page.say(figure.name) for figure in MEASURES}
    controls.menu(page.say("Shown on the map"), names, key=MEASURE, width=220)


def show(page: Page, level: Level) -> None:
    """The map of the whole city, and the places of `level` in the area shown, those without
    any mediator and then those with the most to do on top; each opens a place.
    """
    board, chosen = Board(page, KEY), st.session_state.get(MEASURE)
    left, right = st.columns([1.3, 1])
    with left:
        figure = page.city.figures.get(chosen or MEDIATORS_LOAD.key)
        board.show(figure, level, height=MAP_HEIGHT)
    with right:
        board.places(OF_MEDIATORS, level, by=MEDIATORS_LOAD, height=400)
