"""The headquarters as a wall: the briefing's figures and the late matters, dark and large,
refreshing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import streamlit as st

from gridmap.city.headquarters.figures import LATE
from gridmap.reports import briefing as printed
from gridmap.ui import frame, screen
from gridmap.ui.board import Board
from gridmap.ui.frame import Page
from gridmap.ui.view import LEVELS

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
class Picture(screen.Picture):
    """Everything the wall shows at one moment."""

    figures: list[tuple[str, str, str]]
    heading: str
    lines: list[str]


def show(page: Page, here: str) -> None:
    """The wall; Escape leads back."""
    screen.Screen("hqwall", 0.46, Picture, _picture, _beside).show(page, here)


def _beside(_page: Page, picture: Picture, trouble: str) -> None:
    st.html(_STYLE)
    st.html(f'<div class="gm-hq">{"".join(map(_card, picture.figures))}</div>')
    screen.lines([trouble or picture.heading, *picture.lines])


def _card(figure: tuple[str, str, str]) -> str:
    name, value, before = map(escape, figure)
    return (
        f'<div class="gm-figure"><div class="gm-name">{name}</div><div '
        f'class="gm-line"><span class="gm-value">{value}</span></div>'
        f'<div class="gm-change">{before}</div></div>'
    )


def _picture(page: Page) -> Picture:
    say, view = page.say, page.view
    told = page.city.briefing.of(view.area, page.lang)
    level = LEVELS.get(view.level) or page.city.figures.finest(view.selection)
    layer = Board(page, "hqwall", wall=True).layer(LATE, level)
    figures = [
        (
            say(printed.LABELS[line.key]),
            say.exact(line.value),
            "" if line.before < 0 else say("the day before: {n}", n=say.exact(line.before)),
        )
        for line in told.lines
    ]
    lines = [
        (
            f"{row['what']} · {printed.lateness(row, told.at, say).partition(chr(10))[0]} · "
            f"{row['unit_name']} · {row['phone']}"
        )
        for row in told.late.head(LINES).to_dict("records")
    ]
    heading = say(
        "{shown} of {total} late matters, the longest late first",
        shown=len(lines),
        total=told.late_count,
    )
    title = " · ".join([say("Headquarters"), page.place, frame.freshness(page)])
    return Picture(
        title,
        layer,
        figures[:FIGURES],
        heading if lines else say("Nothing is late."),
        lines,
    )
