"""The headquarters as a wall: the briefing's figures and the late matters, dark and large, refreshing by itself."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from html import escape

import streamlit as st

from gridmap.errors import GridmapError
from gridmap.reports import briefing as printed
from gridmap.ui import frame, maps, session, theme
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import headquarterspage
from gridmap.ui.maps import MapLayer
from gridmap.ui.session import LEVELS, Key

LINES = 7
"""Late matters that fit below the figures in type to be read from afar."""
FIGURES = 6
_STYLE = """<style>
.gm-hq { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.8vh; }
.gm-hq .gm-figure:first-child { grid-column: auto; }
.stApp .gm-hq .gm-name { font-size: 2.7vh; min-height: 6.6vh; align-items: flex-start; }
.stApp .st-key-wall_list { max-height: 58vh; }
</style>"""


@dataclass(frozen=True, eq=False)
class Picture:
    """Everything the wall shows at one moment."""

    title: str
    layer: MapLayer
    figures: list[tuple[str, str, str]]
    heading: str
    lines: list[str]


def show(page: Page, here: str) -> None:
    """The wall; Escape leads back."""
    frame.follow(here)
    theme.wall()
    st.fragment(run_every=page.city.settings.refresh_s)(_refresh)()
    st.button("×", key="wall_leave", shortcut="Esc", on_click=session.change, kwargs={"screen": ""})


def _refresh() -> None:
    page = frame.current()
    picture, trouble = _latest(page)
    with st.container(key="wall_title"):
        st.text(picture.title)
    left, right = st.columns([0.46, 0.54])
    with left:
        maps.show(picture.layer, key="hqwall", height="calc(100vh - 7.5vh)", lang=page.lang, dark=True, wall=True)
    with right:
        st.html(_STYLE)
        st.html(f'<div class="gm-hq">{"".join(map(_card, picture.figures))}</div>')
        with st.container(key="wall_list", gap=None):
            for line in [trouble or picture.heading, *picture.lines]:
                st.text(line)


def _card(figure: tuple[str, str, str]) -> str:
    name, value, before = map(escape, figure)
    return (
        f'<div class="gm-figure"><div class="gm-name">{name}</div><div class="gm-line"><span class="gm-value">{value}</span></div>'
        f'<div class="gm-change">{before}</div></div>'
    )


def _latest(page: Page) -> tuple[Picture, str]:
    """The picture of now; when it cannot be made, the last one of this session and words that say so."""
    try:
        picture = _picture(page)
    except (GridmapError, OSError, ValueError, RuntimeError):
        logging.getLogger(__name__).exception("The wall of the headquarters could not be refreshed.")
        kept = st.session_state.get(Key.LAST_GOOD)
        if not isinstance(kept, Picture):
            raise
        return kept, page.say("The last refresh failed; this is the picture before it.")
    st.session_state[Key.LAST_GOOD] = picture
    return picture, ""


def _picture(page: Page) -> Picture:
    say, view = page.say, page.view
    told = page.city.briefing.of(view.area, page.lang)
    level = LEVELS.get(view.level) or page.city.measures.finest(view.selection)
    layer = headquarterspage.late_layer(page, level, wall=True)
    figures = [
        (
            say(printed.LABELS[line.key]),
            say.exact(line.value),
            "" if line.before < 0 else say("the day before: {n}", n=say.exact(line.before)),
        )
        for line in told.lines
    ]
    lines = [
        f"{row['what']} · {printed.lateness(row, told.at, say).partition(chr(10))[0]} · {row['unit_name']} · {row['phone']}"
        for row in told.late.head(LINES).to_dict("records")
    ]
    heading = say("{shown} of {total} late matters, the longest late first", shown=len(lines), total=told.late_count)
    title = " · ".join([say("Headquarters"), page.place, frame.freshness(page)])
    return Picture(title, layer, figures[:FIGURES], heading if lines else say("Nothing is late."), lines)
