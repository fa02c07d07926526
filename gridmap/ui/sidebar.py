"""The side bar: language, who is signed in and what waits for them, place search, period,
category, state, plan version.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from gridmap import terms
from gridmap.cases.actors import Actor
from gridmap.city.city import City
from gridmap.store.people.people import User
from gridmap.ui import boxes, session, signin
from gridmap.ui.session import Key
from gridmap.ui.view import OF_TIME, PERIODS, View
from gridmap.words import LANGUAGES, Words, plain

IN_TIME = -1
"""Stands for the plan of its time in the list of plans."""
FOUND = 8
"""Places a search shows."""


def show(
    city: City,
    view: View,
    *,
    actor: Actor,
    user: User | None,
    say: Words,
    open_area: Callable[[int], None],
    plan_name: Callable[[City, str, Words], str],
) -> None:
    """Draw the side bar; every control changes the view or who acts, and nothing else."""
    with st.sidebar:
        st.segmented_control(
            say("Language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key=Key.LANGUAGE,
            label_visibility="collapsed",
            on_change=session.bound(Key.LANGUAGE, "lang", view.lang),
        )
        signin.show(city, actor, user, say=say)
        if user:
            boxes.links(city, actor, say=say)
        _search(city, say, open_area)
        _period(city, view, say)
        _categories(city, view, say)
        st.multiselect(
            say("State"),
            list(terms.STATUSES),
            format_func=lambda name: say(terms.STATUSES[name]),
            key=Key.STATUSES,
            placeholder=say("All states"),
            on_change=session.bound(Key.STATUSES, "statuses", list(view.statuses), tuple),
        )
        _plan(city, view, say, plan_name)


def _search(city: City, say: Words, open_area: Callable[[int], None]) -> None:
    text = st.text_input(
        say("Find a place"),
        key=Key.SEARCH,
        placeholder=say("Name or code"),
        icon=":material/search:",
    )
    if not text.strip():
        return
    found = city.places.search(text.strip(), say.lang, FOUND)
    features = city.layers.search(text.strip(), say.lang, FOUND)
    if found.empty and features.empty:
        st.caption(
            say(
                "No place of this name or code. A part of a name is enough; codes have 6 "
                "to 15 digits."
            )
        )
    for code, path in zip(found["code"].tolist(), found["path"].tolist(), strict=True):
        st.button(
            plain(path),
            key=f"{Key.SEARCH}.{code}",
            type="tertiary",
            on_click=_found,
            args=(open_area, code),
        )

    for row in features[features["grid"] > 0].to_dict("records"):
        st.button(
            plain(f"{row['name']} · {row['layer_name']} · {row['path']}"),
            key=f"{Key.SEARCH}.{row['layer']}.{row['id']}",
            type="tertiary",
            on_click=_found,
            args=(open_area, int(row["grid"]), (int(row["layer"]), int(row["id"]))),
        )


def _found(
    open_area: Callable[[int], None], code: int, feature: tuple[int, int] | None = None
) -> None:
    """Open the place, or the grid that a feature lies in, with the feature pointed at on
    its map.
    """
    st.session_state[Key.SEARCH] = ""
    st.session_state[Key.FOCUS] = (code, feature) if feature else None
    open_area(code)


def _period(city: City, view: View, say: Words) -> None:
    st.selectbox(
        say("Period"),
        list(PERIODS),
        format_func=lambda name: say(PERIODS[name]),
        key=Key.PERIOD,
        on_change=session.bound(Key.PERIOD, "period", view.period),
    )
    if view.period != "custom":
        return
    today = city.today
    first = min(city.first_day or today - timedelta(days=365), view.start)
    st.session_state[Key.DATES] = (view.start, view.end)
    st.date_input(
        say("First and last day"),
        min_value=first,
        max_value=max(today, view.end),
        key=Key.DATES,
        format="YYYY-MM-DD",
        on_change=_take_dates,
    )


def _take_dates() -> None:
    picked = st.session_state[Key.DATES]
    ends = (
        [day for day in picked if isinstance(day, date)]
        if isinstance(picked, tuple)
        else [picked]
    )
    if len(ends) == 2:
        session.change(start=ends[0], end=ends[1])


def _categories(city: City, view: View, say: Words) -> None:
    paths = city.category_paths(say.lang)
    st.multiselect(
        say("Category"),
        list(paths),
        format_func=lambda code: " › ".join(paths.get(code, (code,))),
        key=Key.CATEGORIES,
        placeholder=say("All categories"),
        on_change=session.bound(
            Key.CATEGORIES,
            "categories",
            [code for code in view.categories if code in paths],
            tuple,
        ),
    )


def _plan(
    city: City, view: View, say: Words, plan_name: Callable[[City, str, Words], str]
) -> None:
    plans = city.plans()
    rows = zip(
        plans["id"].tolist(),
        plans["name"].tolist(),
        plans["valid_from"].tolist(),
        strict=True,
    )
    names = {
        int(number): f"{day} {plan_name(city, name, say)}" for number, name, day in rows
    }
    # The box is narrow: what is chosen stands whole below it.
    whole = names | {
        0: names[city.plan.id],
        IN_TIME: say("Each report by the plan of its time"),
    }
    names |= {0: say("Plan in force"), IN_TIME: say("Plan of its time")}
    order = [
        0,
        IN_TIME,
        *(number for number in names if number not in {0, IN_TIME, city.plan.id}),
    ]
    chosen = IN_TIME if view.basis == OF_TIME else view.plan
    st.session_state[Key.PLAN] = chosen if chosen in order else 0
    st.selectbox(
        say("Figures counted by"),
        order if len(plans) > 1 else [0],
        format_func=lambda number: names[number],
        key=Key.PLAN,
        on_change=_take_plan,
        help=say(
            "Reports made under other plans are put into the grids of the plan chosen "
            "here, by their coordinates."
        ),
    )
    st.caption(plain(whole[st.session_state[Key.PLAN]]))


def _take_plan() -> None:
    picked = int(st.session_state[Key.PLAN])
    session.change(plan=max(picked, 0), basis=OF_TIME if picked == IN_TIME else "")
