"""All matters: a list to filter, to page through, to take along as a file; a row opens its
matter.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame, signin
from gridmap.ui.flow import matterspage

HERE = "pages/matters.py"

page = frame.current()

reported = page.view.which == "reported"
frame.head(
    page, page.say("Matters in {place}", place=page.place), here=HERE, period=reported
)
if page.user is None:
    signin.ask(page.city, say=page.say)
    st.stop()
matterspage.controls_row(page)
matterspage.show(page)
