"""Limits of the steps and the city's own holidays, edited as tables; open matters are
clocked anew at once.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.ui import categorypick, editing, refusals, tables
from gridmap.ui.frame import Page
from gridmap.words import mark

TIME_UNIT = mark("Time unit")
STEP_FIELDS = {"unit": TIME_UNIT}


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
    st.text(
        say(
            "The most specific category counts. New limits hold for steps that begin from now on."
        )
    )
    paths = page.city.category_paths(page.lang)
    seen = editing.begun(page, page.city.limits.steps(), key="limits.steps")
    table = seen.replace({"category": {"": editing.ALL}})
    categories = {code: categorypick.PATH.join(path) for code, path in paths.items()}
    categories = {
        **{code: code for code in table["category"]},
        **categories,
        editing.ALL: say("All categories"),
    }
    columns: dict[str, Any] = {
        "step": editing.choice(
            {step: say(words) for step, words in terms.LIMIT_STEPS.items()},
            required=True,
        ),
        "category": editing.choice(categories, width="medium"),
        "amount": st.column_config.NumberColumn(
            min_value=0.0, required=True, format="%.4g"
        ),
        "unit": editing.choice(
            {unit: say(words) for unit, words in terms.LIMIT_UNITS.items()},
            say(TIME_UNIT),
            required=True,
        ),
    }
    edited = editing.table(table, columns, key="limits.steps", height=420)
    if st.button(say("Save the limits"), key="limits.steps.save", type="primary"):
        with refusals.caught(page, STEP_FIELDS):
            filled = edited.fillna({"category": ""}).replace(
                {"category": {editing.ALL: ""}}
            )
            page.city.limits.save_steps(page.actor, filled, seen=seen)
            editing.saved(say("The limits have been saved."))


def holidays(page: Page) -> None:
    """The city's own days, which win over the published calendar."""
    say = page.say
    st.subheader(say("The city's own days"))
    st.text(
        say(
            "Days on which offices work or do not, where that differs from the published calendar."
        )
    )
    seen = editing.begun(page, page.city.limits.holidays(), key="limits.days")
    table = seen.assign(day=pd.to_datetime(seen["day"]))
    columns: dict[str, Any] = {
        "day": st.column_config.DateColumn(format="YYYY-MM-DD", required=True),
        "working": st.column_config.CheckboxColumn(default=False),
        "note": st.column_config.TextColumn(max_chars=200),
    }
    edited = editing.table(table, columns, key="limits.days", height=240)
    if st.button(say("Save the days"), key="limits.days.save", type="primary"):
        with refusals.caught(page), st.spinner(say("Open matters are clocked anew …")):
            moved = page.city.limits.save_holidays(page.actor, _tidy(edited), seen=seen)
            editing.saved(
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
    return pd.DataFrame(
        {"day": days, "working": working, "note": edited["note"].fillna("")}
    ).astype({"working": object})


def years(page: Page) -> None:
    """Which years' holidays are known; limits that run into others may still move."""
    say = page.say
    found = page.city.limits.years()
    found["state"] = [
        say("provisional: Monday to Friday")
        if provisional
        else say("published")
        if published
        else say("own table")
        for provisional, published in zip(
            found["provisional"], found["published"], strict=True
        )
    ]
    tables.show(
        found.assign(year=found["year"].astype(str)),
        {
            "year": tables.text(),
            "state": tables.text(say("Holidays")),
            "own_days": tables.count(say("Own days")),
            "open_matters": tables.count(say("Open matters due then")),
        },
        key="limits.years",
        say=say,
    )
