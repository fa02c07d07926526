"""One-stop centres: what each accepted, transferred, handled and completed, and who sits in
its windows today.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame, signin
from gridmap.ui.town import centrespage

HERE = "pages/centres.py"

page = frame.current()
frame.head(
    page,
    page.say(
        "One-stop centres of {place}: what they took in, and what became of it",
        place=page.place,
    ),
    here=HERE,
)
if page.user is None:
    signin.ask(page.city, say=page.say)
    st.stop()
centrespage.show(page)
