"""The headquarters on a page: the daily clearing of every unit, what is late and with whom,
the morning briefing.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import controls, session
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import briefingview, clearingview, lateview

KEY = "headquarters"


def parts(page: Page) -> str:
    """Which part of the page is open; beside it, the way to the wall."""
    say = page.say
    names = {
        "clearing": say("Daily clearing"),
        "late": say("What is late"),
        "briefing": say("Morning briefing"),
    }
    with st.container(horizontal=True, vertical_alignment="center", key="parts"):
        part = controls.part(page, names, key=f"{KEY}.part", usual="clearing")
        st.space("stretch")
        st.button(
            say("Full screen"),
            icon=":material/fullscreen:",
            type="tertiary",
            on_click=session.change,
            kwargs={"screen": "wall"},
        )
    return str(part)


def show(page: Page, part: str) -> None:
    """The part chosen."""
    {
        "clearing": clearingview.clearing,
        "late": lateview.late,
        "briefing": briefingview.briefing,
    }[part](page)
