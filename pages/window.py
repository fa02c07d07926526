"""Window: of a one-stop centre of a district, town or village: its queue, matters taken in
for people, its rota.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame
from gridmap.ui.town import windowpage

HERE = "pages/window.py"

page = frame.current()
centre = windowpage.office(page)
if not centre:
    frame.head(page, page.say("Window of a one-stop centre"), here=HERE, period=False)
    windowpage.refused(page)
    st.stop()

name = page.city.people.office_name(centre, page.lang)
area = page.city.people.office(centre).area
frame.head(
    page, page.say("Window of {office}", office=name), here=HERE, period=False, area=area
)
windowpage.show(page, centre)
