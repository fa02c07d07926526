"""The working groups on a page: their open tasks on a map, the groups beside it, the tasks
behind a group below.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap.calendar import TIME_ZONE
from gridmap.city.headquarters.figures import UNDONE
from gridmap.ui import clocks, controls, session, tables
from gridmap.ui.board import Board
from gridmap.ui.frame import Page
from gridmap.words import NONE

KEY = "groups"
CHOSEN = f"{KEY}.chosen"
ALL = -1
MAP_HEIGHT = "max(20rem, calc(100vh - 24rem))"


def show(page: Page) -> None:
    """Map and groups side by side; a group narrows map and tasks, a place narrows groups
    and tasks.
    """
    say = page.say
    table = page.city.assignments.by_group(page.view.area, page.lang)
    if table.empty:
        st.text(say("No working group has been set up yet."))
        return
    names = _departments(page)
    every = {one for row in table["departments"] for one in row}
    own = int((table["id"] > 0).sum())
    st.text(
        say(
            "{groups} working groups, {departments} departments",
            groups=own,
            departments=len(every),
        )
    )
    left, right = st.columns([1, 1.6])
    with right:
        group = _choose(page, table)
        _groups(page, table, names)
        _tasks(page, group)
    with left:
        board = Board(page, KEY, today=True, narrow={"group": group})
        board.show(UNDONE, controls.matters_level(page), height=MAP_HEIGHT)


def _choose(page: Page, table: pd.DataFrame) -> int | None:
    """The group whose tasks are shown; None: all."""
    say = page.say
    names = {
        ALL: say("All working groups"),
        **{int(row["id"]): _name(page, row) for row in table.to_dict("records")},
    }
    if st.session_state.get(CHOSEN) not in names:
        st.session_state[CHOSEN] = ALL
    chosen = st.selectbox(
        say("Working group"),
        list(names),
        format_func=names.__getitem__,
        key=CHOSEN,
        label_visibility="collapsed",
    )
    return None if chosen == ALL else int(chosen)


def _name(page: Page, row: Any) -> str:
    return row["name"] or page.say("no group")


def _take(row: dict[str, Any]) -> None:
    st.session_state[CHOSEN] = int(row["id"])


def _groups(page: Page, table: pd.DataFrame, names: dict[str, str]) -> None:
    say = page.say
    shown = table.assign(
        name=[_name(page, row) for row in table.to_dict("records")],
        members=[
            say.listing([names.get(one, one) for one in row])
            for row in table["departments"]
        ],
    )
    columns = {
        "name": tables.text(say("Working group"), width=200),
        "open": tables.count(say("not done"), width=70),
        "late": tables.count(say("late"), width=60),
        "answered": tables.count(say("answered, to be judged"), width=152),
        "members": tables.text(say("Departments"), width=258),
    }
    if page.lang == "zh":
        columns["duty"] = tables.text(say("Duty"), width=240)
    tables.show(
        shown,
        columns,
        key=f"{KEY}.list",
        say=say,
        height=440,
        on_pick=_take,
        file="working-groups",
    )


def _tasks(page: Page, group: int | None) -> None:
    """The tasks behind the numbers; a row opens its matter."""
    say, now = page.say, page.city.now_s
    found = page.city.assignments.open(page.view.area, page.lang, group=group)
    st.subheader(say("Tasks that are not done"))
    if found.empty:
        st.text(say("Every task given by a session is done."))
        return
    shown = found.assign(
        due=pd.to_datetime(found["due_at"], unit="s", utc=True).dt.tz_convert(TIME_ZONE),
        stand=[
            say("answered, to be judged") if answered else clocks.left(due, now, say)
            for answered, due in zip(
                found["answered_at"].tolist(), found["due_at"].tolist(), strict=True
            )
        ],
        group_named=[name or NONE for name in found["group_name"]],
    )
    columns = {
        "office_name": tables.text(width=170),
        "task": tables.text(width=200),
        "due": tables.moment(width=116),
        "stand": tables.text(width=130),
        "group_named": tables.text(say("Working group"), width=130),
    }
    tables.show(
        shown,
        columns,
        key=f"{KEY}.tasks",
        say=say,
        height=250,
        on_pick=lambda row: session.open_matter(int(row["matter"])),
    )


def _departments(page: Page) -> dict[str, str]:
    """Names of departments in the page's language, without their county."""
    if page.lang == "zh":
        return {}
    table = page.city.people.offices()
    table = table[table["department"] != ""].drop_duplicates("department")
    return {
        row["department"]: str(row["name_en"]).removeprefix(
            f"{page.name(int(row['area']))} "
        )
        for row in table.to_dict("records")
    }
