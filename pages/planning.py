"""Redrawing: drafts of the grids on the map, what they would mean, their review, and
putting them in force.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame
from gridmap.ui.plans import draftpick, drawpage

HERE = "pages/planning.py"

page = frame.current()
say = page.say
frame.head(
    page,
    say("Drafts of the grids: draw, see what would change, have it approved"),
    here=HERE,
    period=False,
)
if not page.city.drafts.may_read(page.actor):
    draftpick.refused(page)
    st.stop()
draft = draftpick.show(page)
if draft is None:
    draftpick.nothing(page)
else:
    drawpage.show(page, draft)
