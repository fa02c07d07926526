"""Data: what was imported, what was refused and why, and how good the data is."""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame
from gridmap.ui.look import datapage, faultsview, layersview

HERE = "pages/data.py"

page = frame.current()
say = page.say

frame.head(
    page,
    say("What was imported into the city, what was refused, and how good it is"),
    here=HERE,
    period=False,
)
found = datapage.quality(page)
datapage.figures(page, found)
datapage.imports(page)
left, right = st.columns(2)
with left:
    datapage.reasons(page, found)
    datapage.crowded(page, found)
with right:
    datapage.categories(page, found)
layersview.show(page)
faultsview.show(page)
