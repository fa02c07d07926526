"""Workload: how much falls on each township, village, grid and worker, and how evenly."""

from __future__ import annotations

import streamlit as st

from gridmap.ui import controls, drill, frame, measures
from gridmap.ui.look import loads

HERE = "pages/workload.py"

page = frame.current(counted=True)
say, view = page.say, page.view

frame.head(
    page, say("Work that falls on {place}, in hours of effort", place=page.place), here=HERE
)
with st.container(horizontal=True, vertical_alignment="center", key="controls"):
    measure = controls.choose(
        page, "measure", measures.names(page, loads.COLUMNS), label=say("Measured by")
    )
    shown = loads.level(page)

left, right = st.columns([1.7, 1])
with left:
    drill.show_map(
        page, measures.layer(page, measure, shown), key="load", height=controls.MAP_HEIGHT
    )
with right:
    loads.bars(page, measure, shown)

left, right = st.columns([1.7, 1])
with left:
    loads.table(page, shown)
    loads.workers(page)
with right:
    loads.evenness(page)
