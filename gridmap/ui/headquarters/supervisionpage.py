"""Supervision on a page: what is asked of one's unit, whom the rules find, interview warnings, the rules themselves."""

from __future__ import annotations

import streamlit as st

from gridmap.ui import notices
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import askedview, laggingview, lagrulesview, warningsview

KEY = "supervision"


def show(page: Page) -> None:
    """The part chosen; who works in a unit that is asked sees that first."""
    say = page.say
    notices.show()
    asked = askedview.asked(page)
    names = {
        "mine": say("Asked of my unit ({n})", n=asked),
        "lagging": say("Who lags"),
        "warnings": say("Interview warnings"),
        "rules": say("Rules"),
    }
    part = st.segmented_control(
        say("Part of the page"), list(names), default="mine" if asked else "lagging", required=True, format_func=names.__getitem__,
        key=f"{KEY}.part", label_visibility="collapsed", persist_state="page",
    )  # fmt: skip
    {"mine": askedview.mine, "warnings": warningsview.warnings, "rules": lagrulesview.rules}.get(
        str(part), laggingview.lagging
    )(page)
