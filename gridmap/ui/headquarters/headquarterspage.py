"""The headquarters on a page: the daily clearing of every unit, what is late and with whom,
the morning briefing.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import controls, session
from gridmap.ui.controls import Parts
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import briefingview, clearingview, lateview
from gridmap.words import mark

PARTS: Parts = {
    "clearing": (mark("Daily clearing"), clearingview.clearing),
    "late": (mark("What is late"), lateview.late),
    "briefing": (mark("Morning briefing"), briefingview.briefing),
}


def show(page: Page) -> None:
    """The part chosen; beside the choice, the way to the wall."""
    with st.container(horizontal=True, vertical_alignment="center", key="parts"):
        show_part = controls.parts(page, PARTS, key="headquarters.part")
        st.space("stretch")
        st.button(
            page.say("Full screen"),
            icon=":material/fullscreen:",
            type="tertiary",
            on_click=session.change,
            kwargs={"screen": "wall"},
        )
    show_part(page)
