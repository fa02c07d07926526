"""Headquarters: the daily clearing of every unit, what is late and with whom, the morning
briefing; also as a wall.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame, signin
from gridmap.ui.headquarters import headquarterspage, hqwall

HERE = "pages/headquarters.py"

page = frame.current()
if page.view.screen == "wall":
    hqwall.show(page, HERE)
    st.stop()
frame.head(
    page,
    page.say(
        "Headquarters of {place}: cleared day by day, what is late, whom to ring",
        place=page.place,
    ),
    here=HERE,
    period=False,
)
if page.user is None:
    signin.ask(page.city, say=page.say)
    st.stop()
headquarterspage.show(page)
