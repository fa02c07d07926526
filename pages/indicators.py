"""Indicators: shares with both their counts, by place, and with one click the matters
behind them.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame
from gridmap.ui.headquarters import indicatorspage

HERE = "pages/indicators.py"

page = frame.current(counted=True)

frame.head(page, page.say("Indicators of {place}", place=page.place), here=HERE)
indicatorspage.table(page)
one = indicatorspage.chosen(page)
left, right = st.columns([1.2, 1])
with left:
    indicatorspage.places(page, one)
with right:
    indicatorspage.words(page, one)
indicatorspage.matters(page, one)
