"""Overview: the city at a glance: the map, five figures, and the ten places that need a look."""

from __future__ import annotations

import streamlit as st

from gridmap.ui import controls, drill, figures, frame, measures, session
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

if view.screen == "wall":
    wall.show(page, HERE)
    st.stop()

frame.head(
    page, say("What is reported, open and late in {place}", place=page.place), here=HERE
)
left, right = st.columns([3.1, 1])
with left:
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        measure = controls.choose(
            page,
            "measure",
            measures.names(page, MEASURES),
            label=say("Coloured by"),
            menu=MENU_WIDTH,
        )
        level = controls.level(page)
        st.space("stretch")
        st.button(
            say("Full screen"),
            icon=":material/fullscreen:",
            type="tertiary",
            on_click=session.change,
            kwargs={"screen": "wall"},
        )
    drill.show_map(
        page, measures.layer(page, measure, level), key="city", height=controls.MAP_HEIGHT
    )
with right, st.container(key="figures"):
    figures.show(city.overview.headline(view.selection), say=say)

st.subheader(say("Places that need a look"))
attention.show(page)
