"""Whistle ladder: where matters are solved, how long they travel up each rung, and
hand-offs that go wrong.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame, signin
from gridmap.ui.headquarters import whistlespage

HERE = "pages/whistles.py"

page = frame.current()
frame.head(page, page.say("The whistle ladder in {place}", place=page.place), here=HERE)
if page.user is None:
    signin.ask(page.city, say=page.say)
    st.stop()
whistlespage.show(page)
