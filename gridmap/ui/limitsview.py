"""Limits of the steps and the city's own holidays, edited as tables; open matters are clocked anew at once."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.ui import categorypick, refusals, tables
from gridmap.ui.frame import Page
from gridmap.ui.session import Key

ALL = "*"
"""Stands in menus of the tables for every category and for no department: they cannot show an empty choice."""


def show(page: Page) -> None:
    """Limits left, days right."""
    left, right = st.columns([1.3, 1])
    with left:
        steps(page)
    with right:
        holidays(page)


def steps(page: Page) -> None:
    """How long each step may take, for all categories or for some."""
    say = page.say
    st.subheader(say("Limits of steps"))
    st.text(say("The most specific category counts. New limits hold for steps that begin from now on."))
    paths = page.city.category_paths(page.lang)
    table = page.city.limits.steps().replace({"category": {"": ALL}})
    categories = {ALL: say("All categories"), **{code: categorypick.PATH.join(path) for code, path in paths.items()}}
    categories |= {code: code for code in table["category"] if code not in categories}
    edited = st.data_editor(
        table,
        num_rows="dynamic",
        hide_index=True,
        height=420,
        key=f"limits.steps.{st.session_state.get(Key.ROUND, 0)}",
        column_config={
            "step": st.column_config.SelectboxColumn(
                say("Step of the flow"), options=list(terms.LIMIT_STEPS), required=True,
                format_func=lambda step: say(terms.LIMIT_STEPS.get(step, step)),
            ),
            "category": st.column_config.SelectboxColumn(
                say("Category"), options=list(categories), format_func=lambda code: categories.get(code, code), width="medium"
            ),
            "amount": st.column_config.NumberColumn(say("Limit"), min_value=0.0, required=True, format="%.4g"),
            "unit": st.column_config.SelectboxColumn(
                say("Time unit"), options=list(terms.LIMIT_UNITS), required=True,
                format_func=lambda unit: say(terms.LIMIT_UNITS.get(unit, unit)),
            ),
        },
    )  # fmt: skip
    if st.button(say("Save the limits"), key="limits.steps.save", type="primary"):
        with refusals.caught(page):
            page.city.limits.save_steps(page.actor, edited.fillna({"category": ""}).replace({"category": {ALL: ""}}))
            _done(say("The limits have been saved."))


def holidays(page: Page) -> None:
    """The city's own days, which win over the published calendar."""
    say = page.say
    st.subheader(say("The city's own days"))
    st.text(say("Days on which offices work or do not, where that differs from the published calendar."))
    table = page.city.limits.holidays()
    table["day"] = pd.to_datetime(table["day"])
    edited = st.data_editor(
        table,
        num_rows="dynamic",
        hide_index=True,
        height=240,
        key=f"limits.days.{st.session_state.get(Key.ROUND, 0)}",
        column_config={
            "day": st.column_config.DateColumn(say("Date"), format="YYYY-MM-DD", required=True),
            "working": st.column_config.CheckboxColumn(say("Working day"), default=False),
            "note": st.column_config.TextColumn(say("Note"), max_chars=200),
        },
    )
    if st.button(say("Save the days"), key="limits.days.save", type="primary"):
        with refusals.caught(page), st.spinner(say("Open matters are clocked anew …")):
            moved = page.city.limits.save_holidays(page.actor, _tidy(edited))
            _done(
                say.plural(
                    "The days have been saved; {n} open matter has a new limit.",
                    "The days have been saved; {n} open matters have a new limit.",
                    moved,
                )
            )
    years(page)


def _tidy(edited: pd.DataFrame) -> pd.DataFrame:
    days = [None if pd.isna(day) else pd.Timestamp(day).date() for day in edited["day"]]
    working = [bool(value) if pd.notna(value) else False for value in edited["working"]]
    return pd.DataFrame({"day": days, "working": working, "note": edited["note"].fillna("")}).astype(
        {"working": object}
    )


def years(page: Page) -> None:
    """Which years' holidays are known; limits that run into others may still move."""
    say = page.say
    found = page.city.limits.years()
    found["state"] = [
        say("provisional: Monday to Friday") if provisional else say("published") if published else say("own table")
        for provisional, published in zip(found["provisional"], found["published"], strict=True)
    ]
    tables.show(
        found.assign(year=found["year"].astype(str)),
        {
            "year": tables.text(say("Year")),
            "state": tables.text(say("Holidays")),
            "own_days": tables.count(say("Own days")),
            "open_matters": tables.count(say("Open matters due then")),
        },
        key="limits.years",
        say=say,
    )


def _done(words: str) -> None:
    st.session_state[Key.ROUND] = st.session_state.get(Key.ROUND, 0) + 1
    st.session_state[Key.NOTICE] = words
    st.rerun()
