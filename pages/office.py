"""Administration: people of an area, absences, hand-over, device keys, routing rules,
limits, messages.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame
from gridmap.ui.office import officepage

HERE = "pages/office.py"

page = frame.current()
if not officepage.allowed(page):
    frame.head(page, page.say("Administration"), here=HERE, period=False)
    officepage.refused(page)
    st.stop()

area = officepage.area(page)
told = page.say(
    "Administration of {place}: people, rules, limits, messages", place=page.name(area)
)
frame.head(page, told, here=HERE, period=False, area=area)
officepage.show(page)
