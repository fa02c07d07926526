"""The wall: the overview dark and large, without controls, refreshing by itself; the last good data when that fails."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import streamlit as st

from gridmap.errors import GridmapError
from gridmap.ui import figures, frame, maps, measures, session, theme
from gridmap.ui.frame import Page
from gridmap.ui.look import attention
from gridmap.ui.maps import MapLayer
from gridmap.ui.session import LEVELS, Key

LINES = 7
"""Places that fit below the figures in type to be read from afar."""


@dataclass(frozen=True, eq=False)
class Picture:
    """Everything the wall shows at one moment."""

    title: str
    layer: MapLayer
    figures: list[Any]
    lines: list[str]


def show(page: Page, here: str) -> None:
    """The wall; Escape, or the address without `screen=wall`, leads back."""
    frame.follow(here)
    theme.wall()
    st.fragment(run_every=page.city.settings.refresh_s)(_refresh)()
    st.button("×", key="wall_leave", shortcut="Esc", on_click=session.change, kwargs={"screen": ""})


def _refresh() -> None:
    page = frame.current()
    picture, trouble = _latest(page)
    with st.container(key="wall_title"):
        st.text(picture.title)
    left, right = st.columns([0.57, 0.43])
    with left:
        maps.show(picture.layer, key="wall", height="calc(100vh - 7.5vh)", lang=page.lang, dark=True, wall=True)
    with right:
        figures.show(picture.figures, say=page.say, dark=True)
        with st.container(key="wall_list", gap=None):
            for line in [trouble, *picture.lines][:LINES] if trouble else picture.lines:
                st.text(line)


def _latest(page: Page) -> tuple[Picture, str]:
    """The picture of now; when it cannot be made, the last one of this session and words that say so."""
    try:
        picture = _picture(page)
    except (GridmapError, OSError, ValueError, RuntimeError):
        logging.getLogger(__name__).exception("The wall could not be refreshed.")
        kept: Picture | None = st.session_state.get(Key.LAST_GOOD)
        if kept is None:
            raise
        return kept, page.say("The last refresh failed; this is the picture before it.")
    st.session_state[Key.LAST_GOOD] = picture
    return picture, ""


def _picture(page: Page) -> Picture:
    say, view = page.say, page.view
    measure = view.measure or "per_100_households"
    layer = measures.layer(
        page, measure, LEVELS.get(view.level) or page.city.measures.finest(view.selection), wall=True
    )
    title = " · ".join([page.place, say.period(view.start, view.end), frame.freshness(page)])
    found = attention.found(page, LINES)
    lines = [say("{name}: {why}", name=name, why=why) for name, why in zip(found["name"], found["why"], strict=True)]
    return Picture(title, layer, page.city.overview.headline(view.selection), lines)
