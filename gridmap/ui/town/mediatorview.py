"""The mediators of a place: their load, who has left with disputes still open, the
hand-over in one step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gridmap.cases.disputes import SUBJECTS
from gridmap.model import Level
from gridmap.ui import drill, notices, refusals, signin, tables
from gridmap.ui.frame import Page
from gridmap.ui.session import Key
from gridmap.ui.town import mediatormap
from gridmap.ui.town.mediationwords import MEDIATORS

KEY = "mediators"
MOST_ROWS = 4000


def show(page: Page, level: Level) -> None:
    """Their load on a map of `level`, who has left, the list, and what who leads the place
    can change.
    """
    say = page.say
    found = page.city.mediators.listed(page.view.area)
    active = found[found["active"]] if len(found) else found
    st.text(
        say(
            "{n} mediators in office, {open} disputes open with them",
            n=say.exact(len(active)),
            open=say.exact(int(active["open"].sum()) if len(active) else 0),
        )
    )
    mediatormap.show(page, level)
    gone = found[~found["active"] & (found["open"] > 0)] if len(found) else found
    for row in gone.to_dict("records"):
        _left(page, row)
    if found.empty:
        st.text(say("No mediator serves this place. Who leads it adds one below."))
    else:
        _listed(page, found)
    if page.city.mediators.may_lead(page.actor, page.view.area):
        left, right = st.columns(2)
        with left:
            _add(page)
        with right:
            _retire(page, active)


def _left(page: Page, row: Mapping[Any, Any]) -> None:
    """A mediator who has left with open disputes, and the hand-over."""
    say, number = page.say, int(row["open"])
    name = signin.person(row["name"], say)
    st.warning(
        say.plural(
            "{name} has left; {n} dispute is still open and waits for a hand-over.",
            "{name} has left; {n} disputes are still open and wait for a hand-over.",
            number,
            name=name,
        )
    )
    if not page.city.mediators.may_lead(page.actor, int(row["area"])):
        return
    if st.button(say("Hand over to those proposed"), key=f"{KEY}.hand_over.{row['id']}"):
        with refusals.caught(page):
            moved = page.city.mediation.hand_over(
                page.actor, int(row["id"]), say("The mediator has left.")
            )
            notices.done(
                say.plural(
                    "{n} dispute handed over.", "{n} disputes handed over.", len(moved)
                )
            )


def _listed(page: Page, found: pd.DataFrame) -> None:
    say = page.say
    ordered = found.sort_values(
        ["open", "id"], ascending=[False, True], ignore_index=True
    ).head(MOST_ROWS)
    shown = ordered.assign(
        person=[signin.person(name, say) for name in ordered["name"]],
        kind_name=[say(MEDIATORS[kind]) for kind in ordered["kind"]],
        place=[
            page.inside(page.city.places.path(code, page.lang) or page.name(code))
            for code in ordered["area"].tolist()
        ],
        knows=[
            say.listing([say(SUBJECTS[kind]) for kind in kinds])
            for kinds in ordered["specialities"]
        ],
    )
    columns = {
        "person": tables.text(say("Mediator")),
        "kind_name": tables.text(say("Kind")),
        "place": tables.text(say("Place"), width="medium"),
        "knows": tables.text(say("Specialities"), width="medium"),
        "open": tables.count(say("Open")),
        "capacity": tables.count(say("Capacity")),
        "active": tables.flag(say("In office")),
    }
    tables.show(
        shown, columns, key=f"{KEY}.list", say=say, height=420, on_pick=drill.opener("area")
    )


def _add(page: Page) -> None:
    say, turn = page.say, st.session_state.get(Key.ROUND, 0)
    st.subheader(say("Add a mediator for {place}", place=page.place))
    kinds = {str(key): say(words) for key, words in MEDIATORS.items()}
    known = {str(key): say(words) for key, words in SUBJECTS.items()}
    with st.form(f"{KEY}.add.{turn}", enter_to_submit=False):
        name = st.text_input(say("Name"), key=f"{KEY}.name.{turn}", max_chars=40)
        kind = st.selectbox(
            say("Kind"),
            list(kinds),
            format_func=kinds.__getitem__,
            key=f"{KEY}.kind.{turn}",
        )
        chosen = st.multiselect(
            say("Specialities"),
            list(known),
            format_func=known.__getitem__,
            key=f"{KEY}.knows.{turn}",
        )
        room = st.number_input(
            say("Open disputes at a time"), 1, 50, 5, key=f"{KEY}.room.{turn}"
        )
        sent = st.form_submit_button(say("Add"), type="primary")
    if sent:
        with refusals.caught(page):
            page.city.mediators.add(
                page.actor,
                name=name or "",
                kind=kind or "",
                area=page.view.area,
                specialities=tuple(chosen),
                capacity=int(room),
            )
            st.session_state[Key.ROUND] = turn + 1
            notices.done(say("The mediator has been added."))


def _retire(page: Page, active: pd.DataFrame) -> None:
    say = page.say
    st.subheader(say("A mediator leaves"))
    names = {
        int(row["id"]): f"{signin.person(row['name'], say)} · {page.name(int(row['area']))}"
        for row in active.to_dict("records")
    }
    if not names:
        return
    with st.form(f"{KEY}.retire", enter_to_submit=False):
        chosen = st.selectbox(
            say("Mediator"), list(names), format_func=names.__getitem__, key=f"{KEY}.who"
        )
        day = st.date_input(
            say("Last day"), value=page.city.today, key=f"{KEY}.last", format="YYYY-MM-DD"
        )
        sent = st.form_submit_button(say("Note the last day"))
    if sent and chosen:
        with refusals.caught(page):
            page.city.mediators.retire(page.actor, int(chosen), day)
            notices.done(
                say("Noted. What is still open is listed until it is handed over.")
            )
