"""The screen on a wall: dark and large, without controls, refreshing by itself; the last
good picture when that fails.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from gridmap.errors import GridmapError
from gridmap.ui import frame, maps, session, theme
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer
from gridmap.ui.session import Key

MAP_HEIGHT = "calc(100vh - 7.5vh)"


@dataclass(frozen=True, eq=False)
class Picture:
    """What every wall shows at one moment: its title over all, its map on the left."""

    title: str
    layer: MapLayer


Shown = TypeVar("Shown", bound=Picture)


@dataclass(frozen=True)
class Screen(Generic[Shown]):
    """A wall: `make` gives its picture (a `kind`), `beside` draws what stands right of the
    map and tells of any trouble.

    `key` is the map's; `share` the part of the width that the map has.
    """

    key: str
    share: float
    kind: type[Shown]
    make: Callable[[Page], Shown]
    beside: Callable[[Page, Shown, str], None]

    def show(self, page: Page, here: str) -> None:
        """The wall, again and again; Escape, or the address without `screen=wall`, leads back."""
        frame.follow(here)
        theme.wall()
        st.fragment(run_every=page.city.settings.refresh_s)(self._draw)()
        st.button(
            "×",
            key="wall_leave",
            shortcut="Esc",
            on_click=session.change,
            kwargs={"screen": ""},
        )

    def _draw(self) -> None:
        page = frame.current()
        picture, trouble = self._latest(page)
        with st.container(key="wall_title"):
            st.text(picture.title)
        left, right = st.columns([self.share, 1 - self.share])
        with left:
            maps.show(
                picture.layer,
                key=self.key,
                height=MAP_HEIGHT,
                lang=page.lang,
                dark=True,
                wall=True,
            )
        with right:
            self.beside(page, picture, trouble)

    def _latest(self, page: Page) -> tuple[Shown, str]:
        """The picture of now; when it cannot be made, the last one of this session and
        words that say so.
        """
        try:
            picture = self.make(page)
        except (GridmapError, OSError, ValueError, RuntimeError):
            logging.getLogger(__name__).exception("The wall could not be refreshed.")
            kept = st.session_state.get(Key.LAST_GOOD)
            if not isinstance(kept, self.kind):
                raise
            return kept, page.say("The last refresh failed; this is the picture before it.")
        st.session_state[Key.LAST_GOOD] = picture
        return picture, ""


def lines(told: Iterable[str]) -> None:
    """Lines of text in type to be read from afar."""
    with st.container(key="wall_list", gap=None):
        for line in told:
            st.text(line)
