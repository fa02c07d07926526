"""How the centres of a place are manned today: windows without their unit on a map, by
place, and one by one.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.city.town.figures import WINDOWS_MISSING
from gridmap.codes import level_of, within
from gridmap.model import Level
from gridmap.ui import drill, tables
from gridmap.ui.board import Board
from gridmap.ui.frame import Page

KEY = "rota"
MAP_HEIGHT = "max(22rem, calc(100vh - 24rem))"
DEEPEST = Level.VILLAGE
"""Villages are the smallest places with a centre."""


def counted(page: Page, area: int) -> None:
    """The map, the count by place and each window without its unit, of `area` or of the
    place in it that is open.
    """
    say = page.say
    opened = page.view.area if within([page.view.area], area)[0] else area
    page = replace(page, view=replace(page.view, area=opened))
    st.subheader(say("Centres of {place} today", place=page.place))
    level = _level(page)
    counts = page.city.windows.counts(opened, page.city.today, level=level)
    left, right = st.columns([1, 1.25])
    with left:
        board = Board(page, f"{KEY}.map", today=True)
        board.show(WINDOWS_MISSING, level, height=MAP_HEIGHT)
    with right:
        if counts.empty:
            st.text(say("No windows are planned in this place yet."))
            return
        _places(page, counts)
        _missing(page)


def _level(page: Page) -> Level:
    """The places that are coloured: one level further down than the area shown, chosen
    otherwise by a control.
    """
    say, own = page.say, min(level_of(page.view.area), DEEPEST)
    options = [
        level for level in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE) if level > own
    ] or [DEEPEST]
    names = {level: say(terms.LEVELS[level]) for level in options}
    chosen = st.segmented_control(
        say("Level"),
        options,
        default=options[0],
        required=True,
        format_func=names.__getitem__,
        key=f"{KEY}.level.{own}",
        label_visibility="collapsed",
        persist_state="page",
    )
    return Level(chosen or options[0])


def _places(page: Page, counts: pd.DataFrame) -> None:
    say = page.say
    counts = counts.sort_values(
        ["missing", "area"], ascending=[False, True], ignore_index=True
    )
    shown = counts.assign(place=page.city.places.names(counts["area"], page.lang))
    columns = {
        "place": tables.text(say("Place"), width=150),
        "centres": tables.count(say("Centres")),
        "windows": tables.count(say("Windows")),
        "on_duty": tables.count(say("On duty today")),
        "present": tables.count(say("Manned")),
        "missing": tables.count(say("Without their unit")),
    }
    tables.show(
        shown,
        columns,
        key=f"{KEY}.counts",
        say=say,
        height=250,
        on_pick=drill.opener("area"),
    )


def _missing(page: Page) -> None:
    say, city = page.say, page.city
    missing = city.windows.missing(page.view.area, city.today, page.lang)
    if missing.empty:
        st.text(say("Every window on duty has its unit."))
        return
    shown = missing.assign(
        centre=[
            city.people.office_name(int(office), page.lang) for office in missing["office"]
        ],
        kind_name=[say(terms.WINDOW_KINDS[kind]) for kind in missing["kind"]],
    )
    columns = {
        "centre": tables.text(say("Centre"), width=190),
        "platform": tables.text(say("Platform"), width=110),
        "unit": tables.text(say("Unit that is missing"), width=170),
        "kind_name": tables.text(say("Kind"), width=80),
    }
    tables.show(
        shown,
        columns,
        key=f"{KEY}.missing",
        say=say,
        height=250,
        on_pick=drill.opener("office_area"),
    )
