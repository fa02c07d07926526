"""The forms of a village's clerk: a contract put on the list, and what the collective
earned in a year.
"""

from __future__ import annotations

import streamlit as st

from gridmap.ui import notices, refusals, session
from gridmap.ui.frame import Page
from gridmap.ui.records import form
from gridmap.ui.records.form import Asking
from gridmap.ui.session import Key
from gridmap.ui.town import contractsview
from gridmap.words import mark

KEY = "newcontract"


def show(page: Page) -> None:
    """Both forms side by side."""
    village = contractsview.area_of(page)
    if village != page.view.area or len(str(village)) != 12:
        st.text(
            page.say(
                "Choose a village in the side bar first: contracts and incomes belong to villages."
            )
        )
    left, right = st.columns(2)
    with left:
        _contract(page, village)
    with right:
        _income(page, village)


def _contract(page: Page, village: int) -> None:
    st.subheader(page.say("A contract of {place}", place=page.name(village)))
    asking = Asking(
        button=mark("Put it on the list"),
        says=lambda page, _order, number: page.say(
            "It is on the list under number {number}.", number=number
        ),
    )
    form.add(page, page.city.contracts, {"village": village}, asking, then=_listed)


def _listed(number: int) -> None:
    session.change(contract=number)
    st.session_state["villages.next"] = "contracts"


def _income(page: Page, village: int) -> None:
    say, turn = page.say, st.session_state.get(Key.ROUND, 0)
    st.subheader(say("Collective income of {place}", place=page.name(village)))
    with st.form(f"{KEY}.income.{turn}", enter_to_submit=False):
        year = st.number_input(
            say("Year"), value=page.city.today.year - 1, step=1, key=f"{KEY}.{turn}.year"
        )
        yuan = st.number_input(
            say("Collective income (yuan)"), value=0, step=1_000, key=f"{KEY}.{turn}.yuan"
        )
        words = st.text_input(
            say("Where the figure is from"), key=f"{KEY}.{turn}.from", max_chars=200
        )
        sent = st.form_submit_button(say("Note the income"))
    if sent:
        with refusals.caught(page):
            page.city.contracts.note_income(
                page.actor, village, year=int(year), yuan=int(yuan), words=words or ""
            )
            st.session_state[Key.ROUND] = turn + 1
            notices.done(
                say("Noted. Of several notes on a year the last counts; all are kept.")
            )
