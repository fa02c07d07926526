"""Sessions: joint judgement at the headquarters, tasks given and followed up, minutes,
working groups.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame, signin
from gridmap.ui.headquarters import sessionspage

HERE = "pages/sessions.py"

page = frame.current()
frame.head(
    page,
    page.say("Joint-judgement sessions for {place}", place=page.place),
    here=HERE,
    period=False,
)
if page.user is None:
    signin.ask(page.city, say=page.say)
    st.stop()
sessionspage.show(page)
