"""Workload: how much falls on each township, village, grid and worker, and how evenly."""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame
from gridmap.ui.board import Board
from gridmap.ui.look import loads

HERE = "pages/workload.py"

page = frame.current(counted=True)
say = page.say
board = Board(page, "load")

frame.head(
    page, say("Work that falls on {place}, in hours of effort", place=page.place), here=HERE
)
with st.container(horizontal=True, vertical_alignment="center", key="controls"):
    measure = board.choose(loads.MEASURES, "measure", label=say("Measured by"))
    shown = loads.level(page)

left, right = st.columns([1.7, 1])
with left:
    board.show(measure, shown)
with right:
    nothing = say("No load in this period.")
    board.bars(measure, shown, key="bars", nothing=nothing, median=True)

left, right = st.columns([1.7, 1])
with left:
    board.places(loads.OF_PLACES, shown, by=loads.LOAD, height=360)
    loads.workers(page)
with right:
    loads.evenness(page)
