"""The whistle ladder on a page: where matters are solved, how long they travel up, ratings, hand-offs that go wrong."""

from __future__ import annotations

import streamlit as st

from gridmap.ui.frame import Page
from gridmap.ui.headquarters import handoffsview, ladderview

KEY = "whistles"


def parts(page: Page) -> str:
    """Which part of the page is open."""
    say = page.say
    names = {"ladder": say("Ladder"), "pingpong": say("Back and forth"), "unclocked": say("Without a clock")}
    return str(
        st.segmented_control(
            say("Part of the page"), list(names), default="ladder", required=True, format_func=names.__getitem__,
            key=f"{KEY}.part", label_visibility="collapsed", persist_state="page",
        )
    )  # fmt: skip


def show(page: Page, part: str) -> None:
    """The part chosen."""
    {"ladder": ladderview.ladder, "pingpong": handoffsview.pingpong, "unclocked": handoffsview.unclocked}[part](page)
