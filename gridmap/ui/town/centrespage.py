"""The one-stop centres on a page: what each took in and what became of it, and who sits in
its windows today.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from gridmap.city.town.centres import DESKS
from gridmap.city.town.figures import CENTRE_ACCEPTED
from gridmap.codes import level_of
from gridmap.insight.centres import PARTS
from gridmap.model import Level
from gridmap.ui import controls, frame, session, tables
from gridmap.ui.board import Board
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page
from gridmap.ui.town import rotamap, rotaview
from gridmap.words import mark

KEY = "centres"
NAMES = {
    "accepted": mark("Accepted"),
    "transferred": mark("Transferred"),
    "across": mark("Across several units"),
    "handled": mark("Handled"),
    "completed": mark("Completed"),
}
HELP = {
    "accepted": mark("Taken in at a window of a centre and accepted in the period."),
    "transferred": mark(
        "Passed on by its first desk before the end of the period; known of matters with a journal."
    ),
    "across": mark(
        "Has lain with three units or more, under the one receipt the person holds."
    ),
    "handled": mark("Taken in hand before the end of the period."),
    "completed": mark("Closed before the end of the period."),
}
MAP_HEIGHT = "max(22rem, calc(100vh - 24rem))"
LEVELS = {"county": Level.COUNTY, "township": Level.TOWNSHIP, "village": Level.VILLAGE}


def show(page: Page) -> None:
    """Figures, the centres as map and table, the matters behind a figure, the rota."""
    total = page.city.centres.total(page.view.selection)
    _figures(page, total)
    if total["accepted"]:
        _centres(page)
        _behind(page)
    else:
        st.text(
            page.say(
                "No window took anything in in this period. Choose a longer one, or a "
                "larger place in the side bar."
            )
        )
    _rota(page)


def _figures(page: Page, total: Any) -> None:
    say = page.say
    for column, part in zip(st.columns(len(PARTS)), PARTS, strict=True):
        share = None if part == "accepted" else say.share(total[part], total["accepted"])
        column.metric(
            say(NAMES[part]),
            say.exact(total[part]),
            share,
            height="stretch",
            delta_color="off",
            delta_arrow="off",
            border=True,
            help=say(HELP[part]),
        )


def _centres(page: Page) -> None:
    say, view = page.say, page.view
    level = max(LEVELS.get(view.level, level_of(view.area).below), Level.COUNTY)
    level = Level(min(level, Level.VILLAGE))
    table = page.city.centres.figures(view.selection, level, page.lang)
    left, right = st.columns([1, 1.25])
    with left:
        Board(page, KEY).show(CENTRE_ACCEPTED, level, height=MAP_HEIGHT)
    with right:
        names = {
            name: say(words)
            for name, words in (
                ("county", mark("Districts")),
                ("township", mark("Towns")),
                ("village", mark("Villages")),
            )
        }
        controls.choose(page, "level", names, label=say("Level"), usual=level.name.lower())
        columns: dict[str, Any] = {
            "centre_name": tables.text(say("Centre"), width=170),
            **{
                part: tables.count(say(NAMES[part]), help=say(HELP[part])) for part in PARTS
            },
            "share": tables.share(
                say("Share"), help=say("Completed of accepted"), width=70
            ),
        }
        shown = table.assign(
            share=100.0 * table["completed"] / table["accepted"],
            centre_name=table["centre_name"].where(table["centre"] > 0, table["name"]),
        )
        tables.show(
            shown,
            columns,
            key=f"{KEY}.table.{level}",
            say=say,
            height=430,
            file=KEY,
            on_pick=lambda row: frame.open_area(int(row["place"])),
        )
        st.caption(
            say(
                "A district has what its own windows and those of its towns and villages "
                "took in. A click on a row opens the place."
            )
        )


def _behind(page: Page) -> None:
    say = page.say
    part = st.segmented_control(
        say("Which matters"),
        list(PARTS),
        default="across",
        required=True,
        key=f"{KEY}.which",
        format_func=lambda name: say(NAMES[name]),
        label_visibility="collapsed",
        persist_state="page",
    )
    found = page.city.centres.matters(page.view.selection, part)
    if not found.empty:
        matterlist.show(page, found, key=f"{KEY}.matters.{part}", height=300)


def _rota(page: Page) -> None:
    """The windows of the place's own centre, or how those of the places below are manned."""
    say, area = page.say, page.view.area
    kind = DESKS.get(level_of(area))
    centre = page.city.people.desk_of(area, kind) if kind else 0
    st.subheader(say("Windows today"))
    if centre:
        rotaview.today(page, centre)
        rotaview.week(page, centre)
    rotamap.counted(page, area)
    if page.user is not None and centre:
        st.button(
            say("Open its window"),
            key=f"{KEY}.window",
            type="tertiary",
            on_click=_window,
            args=(centre,),
        )


def _window(centre: int) -> None:
    session.change(office=centre)
    session.go("pages/window.py")
