"""The screen on a wall: dark and large, without controls, refreshing by itself; the last good picture when that fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from gridmap.errors import GridmapError
from gridmap.ui import frame, session, theme
from gridmap.ui.frame import Page
from gridmap.ui.session import Key

Picture = TypeVar("Picture")
Draw = Callable[[Page], None]


def show(page: Page, here: str, draw: Draw) -> None:
    """Let `draw` fill the wall again and again; Escape, or the address without `screen=wall`, leads back."""
    frame.follow(here)
    theme.wall()
    st.fragment(run_every=page.city.settings.refresh_s)(_again)(draw)
    st.button("×", key="wall_leave", shortcut="Esc", on_click=session.change, kwargs={"screen": ""})


def _again(draw: Draw) -> None:
    draw(frame.current())


def latest(page: Page, make: Callable[[Page], Picture], kind: type[Picture]) -> tuple[Picture, str]:
    """The picture of now; when it cannot be made, the last one (a `kind`) of this session and words that say so."""
    try:
        picture = make(page)
    except (GridmapError, OSError, ValueError, RuntimeError):
        logging.getLogger(__name__).exception("The wall could not be refreshed.")
        kept = st.session_state.get(Key.LAST_GOOD)
        if not isinstance(kept, kind):
            raise
        return kept, page.say("The last refresh failed; this is the picture before it.")
    st.session_state[Key.LAST_GOOD] = picture
    return picture, ""
