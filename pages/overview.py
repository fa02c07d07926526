"""Overview: the city at a glance: the map, five figures, and the ten places that need a look."""

from __future__ import annotations

import streamlit as st

from gridmap.ui import controls, figures, frame, session
from gridmap.ui.board import Board
from gridmap.ui.look import attention, wall

HERE = "pages/overview.py"
MENU_WIDTH = 215
MEASURES = (
    "per_100_households",
    "reports",
    "change",
    "open",
    "overdue",
    "on_time",
    "silent",
    "days_unseen",
)

page = frame.current(counted=True)
city, say, view = page.city, page.say, page.view
board = Board(page, "city")

if view.screen == "wall":
    wall.show(page, HERE)
    st.stop()

frame.head(
    page, say("What is reported, open and late in {place}", place=page.place), here=HERE
)
left, right = st.columns([3.1, 1])
with left:
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        shown = map(city.figures.get, MEASURES)
        measure = board.choose(shown, "measure", label=say("Coloured by"), menu=MENU_WIDTH)
        level = controls.level(page)
        st.space("stretch")
        st.button(
            say("Full screen"),
            icon=":material/fullscreen:",
            type="tertiary",
            on_click=session.change,
            kwargs={"screen": "wall"},
        )
    board.show(measure, level)
with right, st.container(key="figures"):
    figures.show(page, city.overview.headline(view.selection))

st.subheader(say("Places that need a look"))
attention.show(page)
