"""The daily clearing: units of the place on a day, the two weeks up to it, the matters
behind a number.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.city.headquarters.headquarters import QUEUE
from gridmap.insight.clearing import PARTS
from gridmap.ui import charts, controls, tables
from gridmap.ui.board import show_matters
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page
from gridmap.ui.session import Key
from gridmap.words import mark

KEY = "headquarters"
PART_NAMES = {
    "carried_in": mark("Carried in"),
    "new": mark("New"),
    "closed": mark("Done with"),
    "passed_on": mark("of these passed on"),
    "carried_out": mark("Carried out"),
}
KINDS = {**terms.OFFICE_KINDS, QUEUE: mark("Dispatcher's queue")}


def clearing(page: Page) -> None:
    """The units of the place on a day, the two weeks up to it, and the matters behind a number."""
    say, rooms, area = page.say, page.city.headquarters, page.view.area
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        day = _day(page)
        kind = _kind(page)
    table = rooms.clearing(area, day, page.lang)
    table = table if kind == "" else table[table["kind"] == kind].reset_index(drop=True)
    left, right = st.columns([2.2, 1])
    with left:
        if table.empty:
            st.text(
                say(
                    "No unit held a matter on this day. Choose another day, or a larger "
                    "place in the side bar."
                )
            )
        else:
            _units(page, table, day)
    with right:
        _course(page, rooms.days(area, day), day)
    if not table.empty:
        _behind(page, table, day)


def _day(page: Page) -> date:
    today = page.city.today
    first = page.city.first_day or today
    found = st.date_input(
        page.say("Day"),
        value=today,
        min_value=min(first, today),
        max_value=today,
        key=f"{KEY}.day",
        format="YYYY-MM-DD",
        label_visibility="collapsed",
        width=150,
    )
    return found if isinstance(found, date) else today


def _kind(page: Page) -> str:
    names = {
        "": page.say("All units"),
        **{kind: page.say(KINDS[kind]) for kind in page.city.headquarters.kinds()},
    }
    found = st.selectbox(
        page.say("Kind of unit"),
        list(names),
        format_func=names.__getitem__,
        key=f"{KEY}.kind",
        width=220,
        label_visibility="collapsed",
    )
    return str(found or "")


def _units(page: Page, table: pd.DataFrame, day: date) -> None:
    say = page.say
    shown = table.assign(
        kind=[say(KINDS[kind]) for kind in table["kind"]],
        oldest=tables.moments(table["oldest_at"]),
    )
    columns: dict[str, Any] = {
        "name": tables.text(say("Unit"), width=190),
        **{part: tables.count(say(PART_NAMES[part])) for part in PARTS},
        "oldest": tables.moment(say("Oldest of these reported"), width=118),
        "phone": tables.text(),
        "kind": tables.text(say("Kind of unit")),
    }
    tables.show(
        shown,
        columns,
        key=f"{KEY}.units.{day}",
        say=say,
        height=430,
        on_pick=_pick,
        file="clearing",
    )
    st.caption(
        say(
            "Carried in + new − done with = carried out, for every unit and day. A click "
            "on a row shows its matters."
        )
    )


def _pick(row: dict[str, Any]) -> None:
    st.session_state[Key.UNIT] = int(row["unit"])


def _course(page: Page, days: pd.DataFrame, day: date) -> None:
    say = page.say
    last = days.iloc[-1]
    st.text(
        say(
            "The whole of {place} on {day}: {carried_in} carried in, {new} new, {closed} "
            "closed, {carried_out} carried out.",
            place=page.place,
            day=say.day(day),
            **{part: say.exact(int(last[part])) for part in PARTS},
        )
    )
    told = days.melt("day", ["new", "closed", "carried_out"], "part", "value")
    told = told.assign(
        name=[
            say(PART_NAMES[part]) if part != "closed" else say("Closed")
            for part in told["part"]
        ]
    )
    charts.show(
        charts.lines(told, unit=say("matters")),
        days,
        key=f"{KEY}.days",
        say=say,
        alt_text=say("New, closed and carried out on the last 14 days"),
    )


def _behind(page: Page, table: pd.DataFrame, day: date) -> None:
    """The matters behind a number of one unit, or of all shown."""
    say = page.say
    names = {
        -1: say("The whole of {place}", place=page.place),
        **dict(zip(table["unit"].tolist(), table["name"], strict=True)),
    }
    chosen = st.session_state.get(Key.UNIT, -1)
    st.session_state[f"{KEY}.unit"] = chosen if chosen in names else -1
    with st.container(horizontal=True, vertical_alignment="center"):
        unit = st.selectbox(
            say("Unit"),
            list(names),
            format_func=names.__getitem__,
            key=f"{KEY}.unit",
            width=360,
            label_visibility="collapsed",
            on_change=_take_unit,
        )
        part = st.segmented_control(
            say("Which matters"),
            list(PARTS),
            default="carried_out",
            required=True,
            key=f"{KEY}.which",
            format_func=lambda name: say(PART_NAMES[name]),
            label_visibility="collapsed",
        )
    found = page.city.headquarters.matters(
        page.view.area, day, part, None if unit == -1 else [int(unit or 0)]
    )
    st.subheader(say.plural("{n} matter", "{n} matters", len(found)))
    if found.empty:
        st.text(say("No matter here. Choose another number of the table."))
        return
    left, right = st.columns([1, 1.9])
    with left:
        level = controls.matters_level(page)
        show_matters(
            page,
            found["matter"],
            level,
            key=f"{KEY}.behind",
            title=say(PART_NAMES[part]),
            height="max(20rem, calc(100vh - 24rem))",
        )
    with right:
        matterlist.show(page, found, key=f"{KEY}.matters.{day}.{unit}.{part}", height=520)


def _take_unit() -> None:
    st.session_state[Key.UNIT] = st.session_state[f"{KEY}.unit"]
