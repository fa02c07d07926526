"""Supervision: what is asked of one's unit, units that lag by the rules, interview
warnings, the rules.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame, signin
from gridmap.ui.headquarters import supervisionpage

HERE = "pages/supervision.py"

page = frame.current()
frame.head(
    page,
    page.say("Supervision of units in {place}", place=page.place),
    here=HERE,
    period=False,
)
if page.user is None:
    signin.ask(page.city, say=page.say)
    st.stop()
supervisionpage.show(page)
