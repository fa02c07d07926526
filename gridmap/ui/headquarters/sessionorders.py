"""Orders of sessions: given to a unit by a working group, followed up, their answers judged."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap.cases.records.record import Order
from gridmap.cases.sessions import Act, OrderAct
from gridmap.city.flow.matters import MatterFilter
from gridmap.city.headquarters.sessions import Minutes
from gridmap.ui import (
    clocks,
    controls,
    session,
    tables,
)
from gridmap.ui.board import show_matters
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page
from gridmap.ui.records import form
from gridmap.ui.records.form import Asking

KEY = "sessions"
MAP_HEIGHT = "max(20rem, calc(100vh - 24rem))"


def give(page: Page, minutes: Minutes) -> None:
    """Give an order. A group first, then the unit: its departments over the place of the
    matter, or any unit there.
    """
    say, head, rooms = page.say, minutes.head, page.city.sessions
    st.subheader(say("Give a task"))
    names = minutes.numbers
    table = page.city.orders.groups(page.lang)
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
        called = {
            number: name
            for number, name in units.items()
            if offices[number].department in departments
        }
        units = called or units
    office = third.selectbox(
        page.field("unit"),
        list(units),
        format_func=units.__getitem__,
        key=f"{KEY}.unit.{head.id}.{matter}.{group}",
    )
    given = {"matter": matter, "group": group, "office": office}
    form.move(page, rooms, head, Act.GIVE, GIVING, given=given)


def listed(page: Page, found: pd.DataFrame, numbers: dict[int, str], *, key: str) -> None:
    """Orders with their units and how they stand; `numbers`: matter → case number. A row
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


def follow_up(page: Page) -> None:
    """What sessions have given and is not done; the leader judges answers."""
    say = page.say
    found = page.city.orders.undone(page.view.area, page.lang)
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


def _to_judge(page: Page, orders: pd.DataFrame) -> None:
    """What was answered, for who judges it."""
    rooms = page.city.orders
    for row in orders[orders["answered_at"] > 0].to_dict("records"):
        possible = rooms.possible(page.actor, int(row["id"]))
        if not possible:
            continue
        order = rooms.get(page.actor, int(row["id"]))
        with st.container(border=True):
            st.text(f"{row['office_name']} · {row['task']}")
            st.text(row["answer"])
            form.explain(page, rooms, order, possible)
            for act in possible:
                form.move(page, rooms, order, act, JUDGING)


def _judged(page: Page, order: Order, _number: int) -> str:
    if order.act == OrderAct.ACCEPT:
        return page.say("The task is done.")
    return page.say("The unit has been asked again.")


JUDGING = Asking(says=_judged)
GIVING = Asking(
    says=lambda page, _order, _number: page.say(
        "The task has been given; the unit finds it under Supervision."
    )
)
