"""Grid: one grid at close range."""

from __future__ import annotations

import streamlit as st

from gridmap.model import Level
from gridmap.ui import drill, figures, frame
from gridmap.ui.board import Board
from gridmap.ui.look import gridpage

HERE = "pages/grid.py"

page = frame.current(counted=True)
city, say, view = page.city, page.say, page.view

if view.area_level is not Level.GRID:
    frame.head(
        page,
        say("Choose a grid on the map, or find it by name or code in the side bar"),
        here=HERE,
    )
    rate = city.figures.get("per_100_households")
    Board(page, "choose").show(rate, Level.GRID, at_least=Level.GRID)
    st.stop()

frame.head(page, say("One grid at close range"), here=HERE)
gridpage.about(page)
near = city.grid.neighbours(view.area, view.selection, lang=page.lang)
left, right = st.columns([1, 1.15])
with left:
    drill.show_map(
        page, gridpage.around(page, near), key="around", height=430, at_least=Level.GRID
    )
    gridpage.people(page)
with right:
    with st.container(key="across"):
        figures.show(page, city.grid.figures(view.area, view.selection))
    gridpage.year(page)
    gridpage.trend(page)

left, right = st.columns(2)
with left:
    gridpage.categories(page)
with right:
    gridpage.neighbours(page, near)
gridpage.recent(page)
gridpage.boundary(page)
