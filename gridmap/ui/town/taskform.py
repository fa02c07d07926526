"""The form that gives a task to the grids of one or more places."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import streamlit as st

from gridmap.calendar import TIME_ZONE, to_epoch
from gridmap.city.town.newtask import NewTask
from gridmap.ui import notices, refusals, session
from gridmap.ui.frame import Page
from gridmap.ui.session import Key

KEY = "newtask"


def show(page: Page, kinds: Mapping[str, str]) -> None:
    """What is asked, where, until when."""
    say, turn = page.say, st.session_state.get(Key.ROUND, 0)
    here, below = page.view.area, page.city.places.children(page.view.area, page.lang)
    names = {
        here: page.place,
        **{
            int(code): str(name)
            for code, name in zip(below["code"], below["name"], strict=True)
        },
    }
    with st.form(f"{KEY}.{turn}", enter_to_submit=False):
        left, right = st.columns(2)
        kind = left.selectbox(
            say("Kind"),
            list(kinds),
            format_func=kinds.__getitem__,
            key=f"{KEY}.{turn}.kind",
        )
        title = right.text_input(say("Title"), key=f"{KEY}.{turn}.title", max_chars=200)
        areas = left.multiselect(
            say("Places; each is done grid by grid"),
            list(names),
            default=[here],
            format_func=names.__getitem__,
            key=f"{KEY}.{turn}.areas",
        )
        due = right.date_input(
            say("To be done by"),
            value=page.city.today + timedelta(days=7),
            min_value=page.city.today,
            key=f"{KEY}.{turn}.due",
            format="YYYY-MM-DD",
        )
        checklist = st.text_area(
            say("Checklist: one question a line, answered yes or no"),
            key=f"{KEY}.{turn}.checklist",
            height=110,
        )
        text = st.text_area(
            say("Words for who does it"),
            key=f"{KEY}.{turn}.text",
            height=80,
            max_chars=2000,
        )
        sent = st.form_submit_button(say("Give the task"), type="primary")
    if not sent:
        return
    client = st.session_state.setdefault(f"{KEY}.{turn}.client", uuid.uuid4().hex)
    with refusals.caught(page):
        number = page.city.tasks.make(
            page.actor,
            NewTask(
                kind=kind or "",
                title=title or "",
                areas=tuple(int(area) for area in areas),
                checklist=tuple((checklist or "").splitlines()),
                due_at=_evening(due) if isinstance(due, date) else 0,
                text=text or "",
                client_id=client,
            ),
        )
        st.session_state[Key.ROUND] = turn + 1
        parts = len(page.city.tasks.parts(number, page.view.area))
        session.change(task=number)
        notices.done(
            say.plural("The task is in {n} grid.", "The task is in {n} grids.", parts)
        )


def _evening(day: date) -> int:
    return to_epoch(datetime(day.year, day.month, day.day, 23, 59, tzinfo=TIME_ZONE))
