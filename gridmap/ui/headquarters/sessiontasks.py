"""Tasks of sessions: given to a unit by a working group, followed up, their answers judged."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from gridmap.calendar import TIME_ZONE, WORK_HOURS, to_epoch
from gridmap.city.flow.matters import MatterFilter
from gridmap.city.headquarters.sessionrecords import Record
from gridmap.ui import (
    clocks,
    controls,
    notices,
    refusals,
    session,
    tables,
)
from gridmap.ui.board import show_matters
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page

KEY = "sessions"
LONGEST = 2_000
MAP_HEIGHT = "max(20rem, calc(100vh - 24rem))"


def assign(page: Page, record: Record) -> None:
    """Give a task. A group first, then the unit: its departments over the place of the
    matter, or any unit there.
    """
    say, head, rooms = page.say, record.head, page.city.sessions
    st.subheader(say("Give a task"))
    names = record.numbers
    table = rooms.groups(page.lang)
    every = {
        0: say("no group"),
        **dict(zip(table["id"].tolist(), table["name"], strict=True)),
    }
    first, second, third = st.columns(3)
    matter = first.selectbox(
        say("About"),
        list(names),
        format_func=names.__getitem__,
        key=f"{KEY}.about.{head.id}",
    )
    group = second.selectbox(
        page.field("group_name"),
        list(every),
        format_func=every.__getitem__,
        key=f"{KEY}.group.{head.id}",
    )
    units = rooms.units_for(int(matter or 0), page.lang)
    if group:
        departments = set(table.set_index("id").loc[group, "departments"])
        offices = page.city.people.directory.offices
        units = {
            number: name
            for number, name in units.items()
            if offices[number].department in departments
        } or units
    office = third.selectbox(
        page.field("unit"),
        list(units),
        format_func=units.__getitem__,
        key=f"{KEY}.unit.{head.id}.{matter}.{group}",
    )
    with st.form(f"{KEY}.assign.{head.id}", border=False):
        task = st.text_area(
            page.field("task"),
            max_chars=LONGEST,
            height=70,
            key=f"{KEY}.task.{head.id}",
        )
        due = moment(page, page.field("due"), f"{KEY}.due.{head.id}")
        if st.form_submit_button(say("Give the task"), type="primary"):
            with refusals.caught(page):
                rooms.assign(
                    page.actor,
                    head.id,
                    int(matter or 0),
                    office=int(office or 0),
                    task=task,
                    due_at=due,
                    group=int(group or 0),
                )
                notices.done(
                    say("The task has been given; the unit finds it under Supervision.")
                )


def listed(page: Page, found: pd.DataFrame, numbers: dict[int, str], *, key: str) -> None:
    """Tasks with their units and how they stand; `numbers`: matter → case number. A row
    opens its matter.
    """
    say, now = page.say, page.city.now_s

    def stand(row: dict[str, Any]) -> str:
        if row["done_at"]:
            return say("done {time}", time=say.time(row["done_at"]))
        return (
            say("answered, to be judged")
            if row["answered_at"]
            else clocks.left(row["due_at"], now, say)
        )

    rows = [
        {str(name): value for name, value in row.items()}
        for row in found.to_dict("records")
    ]
    shown = found.assign(
        number=[numbers.get(one) or str(one) for one in found["matter"].tolist()],
        stand=[stand(row) for row in rows],
        due=tables.moments(found["due_at"]),
    )
    columns = {
        "office_name": tables.text(width=170),
        "task": tables.text(width=180),
        "due": tables.moment(width=116),
        "stand": tables.text(width=130),
        "answer": tables.text(width=180),
        "group_name": tables.text(width=130),
        "number": tables.text(width=180),
    }
    tables.show(
        shown,
        columns,
        key=key,
        say=say,
        file=key.replace(".", "-"),
        height=matterlist.HEAD_PX + matterlist.ROW_PX * min(len(shown), 12),
        on_pick=lambda row: session.open_matter(int(row["matter"])),
    )


def tasks(page: Page) -> None:
    """What sessions have given and is not done; the leader judges answers."""
    say, rooms = page.say, page.city.sessions
    found = rooms.undone(page.view.area, page.lang)
    if found.empty:
        st.text(say("Every task given by a session is done."))
        return
    about = page.city.matters.find(
        MatterFilter(ids=tuple(found["matter"].tolist())), limit=1000
    )
    numbers = dict(zip(about["matter"].tolist(), about["number"], strict=True))
    left, right = st.columns([1, 1.6])
    with left:
        show_matters(
            page,
            numbers,
            controls.matters_level(page),
            key=f"{KEY}.tasks",
            title=say("Matters with a task that is not done"),
            height=MAP_HEIGHT,
        )
    with right:
        listed(page, found, numbers, key=f"{KEY}.undone")
        _to_judge(page, found)


def _to_judge(page: Page, found: pd.DataFrame) -> None:
    """What was answered, for who judges it."""
    say, rooms = page.say, page.city.sessions
    for row in found[found["answered_at"] > 0].to_dict("records"):
        if not rooms.may_lead(page.actor, page.view.area):
            break
        with st.container(border=True):
            st.text(f"{row['office_name']} · {row['task']}")
            st.text(row["answer"])
            again = st.text_input(
                say("What is still missing"),
                max_chars=LONGEST,
                key=f"{KEY}.again.{row['id']}",
            )
            with st.container(horizontal=True), refusals.caught(page):
                if st.button(say("Done"), key=f"{KEY}.accept.{row['id']}", type="primary"):
                    rooms.accept(page.actor, int(row["id"]))
                    notices.done(say("The task is done."))
                if st.button(say("Ask again"), key=f"{KEY}.reject.{row['id']}"):
                    rooms.reject(page.actor, int(row["id"]), again)
                    notices.done(say("The unit has been asked again."))


def moment(page: Page, label: str, key: str) -> int:
    """A day and an hour to come, as Unix seconds; by default the end of the next day's
    office hours.
    """
    opens = datetime(2000, 1, 1, tzinfo=TIME_ZONE) + timedelta(hours=WORK_HOURS[-1][1])
    day, hour = st.columns(2)
    chosen = day.date_input(
        label,
        value=page.city.today + timedelta(days=1),
        min_value=page.city.today,
        key=f"{key}.day",
        format="YYYY-MM-DD",
    )
    at = hour.time_input(page.say("Time"), value=opens.time(), key=f"{key}.time")
    return to_epoch(datetime.combine(chosen, at, TIME_ZONE)) if chosen and at else 0
