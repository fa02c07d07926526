"""Joint-judgement sessions on a page: held matter by matter, tasks followed up, minutes to
print, the working groups.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap.cases.sessions import STATES
from gridmap.ui import controls, notices, tables
from gridmap.ui.board import show_matters
from gridmap.ui.controls import Parts
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import grouptasks, sessionorders, sessionview
from gridmap.ui.records import form
from gridmap.ui.records.form import Asking
from gridmap.ui.session import Key
from gridmap.words import mark

KEY = "sessions"
MAP_HEIGHT = "max(20rem, calc(100vh - 24rem))"
MAPPED = f"{KEY}.mapped"


def sessions(page: Page) -> None:
    """Where the matters of the sessions lie, the list, and the session chosen of it."""
    say, rooms = page.say, page.city.sessions
    listed = rooms.list(page.view.area)
    if rooms.may_add(page.actor, page.view.area):
        with st.expander(say("Begin a session"), icon=":material/add:", key=f"{KEY}.new"):
            _begin(page)
    if listed.empty:
        st.text(say("No session has been held for {place} yet.", place=page.place))
        return
    chosen = st.session_state.get(Key.SESSION)
    known = listed["id"].tolist()
    number = int(chosen or 0) if chosen in known else int(known[0])
    minutes = rooms.minutes(page.actor, number, page.lang)
    left, right = st.columns([1, 1.6])
    with left:
        _map(page, known, number)
    with right:
        _list(page, listed)
    with st.container(border=True):
        sessionview.show(page, minutes)


def _map(page: Page, listed: list[int], chosen: int) -> None:
    """The matters on the lists of all sessions listed, or of the one chosen; a click
    narrows the list to a place.
    """
    say = page.say
    names = {"all": say("All sessions"), "one": say("The session chosen")}
    with st.container(horizontal=True, vertical_alignment="center"):
        mapped = st.segmented_control(
            say("Matters of"),
            list(names),
            default="all",
            required=True,
            format_func=names.__getitem__,
            key=MAPPED,
            label_visibility="collapsed",
            persist_state="page",
        )
        level = controls.matters_level(page)
    numbers = page.city.sessions.on_lists([chosen] if mapped == "one" else listed)
    title = say("Matters judged together")
    show_matters(page, numbers, level, key=KEY, title=title, height=MAP_HEIGHT)


def _begin(page: Page) -> None:
    asking = Asking(says=lambda page, _order, _number: page.say("The session is open."))
    place = {"area": page.view.area}
    form.add(page, page.city.sessions, place, asking, then=_choose, across=1)


def _choose(number: int) -> None:
    st.session_state[Key.SESSION] = number


def _list(page: Page, listed: pd.DataFrame) -> None:
    say = page.say
    shown = listed.assign(
        stand=[say(STATES[state]) for state in listed["state"]],
        opened=tables.moments(listed["opened_at"]),
        by=[page.person(user) for user in listed["opened_by"].tolist()],
    )
    columns = {
        "opened": tables.moment(say("Opened"), width=116),
        "title": tables.text(say("What it is about"), width=170),
        "stand": tables.text(say("State"), width=95),
        "matters": tables.count(width=60),
        "tasks": tables.count(width=52),
        "undone": tables.count(width=64),
        "by": tables.text(say("Held by"), width=85),
    }
    tables.show(
        shown,
        columns,
        key=f"{KEY}.list",
        say=say,
        on_pick=_pick,
        height=400,
        file=KEY,
    )


def _pick(row: dict[str, Any]) -> None:
    _choose(int(row["id"]))
    st.session_state[MAPPED] = "one"


PARTS: Parts = {
    "sessions": (mark("Sessions"), sessions),
    "tasks": (mark("Follow up"), sessionorders.follow_up),
    "groups": (mark("Working groups"), grouptasks.show),
}


def show(page: Page) -> None:
    """The sessions, the one chosen, the tasks that are not done, the groups."""
    notices.show()
    controls.parts(page, PARTS, key=f"{KEY}.part")(page)
