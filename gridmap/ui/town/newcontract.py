"""The forms of a village's clerk: a contract put on the list, and what the collective
earned in a year.
"""

from __future__ import annotations

import uuid

import streamlit as st

from gridmap.cases.contracts import Kind
from gridmap.city.town.newcontract import NewContract
from gridmap.ui import notices, refusals, session
from gridmap.ui.frame import Page
from gridmap.ui.session import Key
from gridmap.ui.town import contractsview
from gridmap.ui.town.villagewords import CONTRACT_KINDS

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
    say, turn = page.say, st.session_state.get(Key.ROUND, 0)
    st.subheader(say("A contract of {place}", place=page.name(village)))
    kinds = {str(key): say(words) for key, words in CONTRACT_KINDS.items()}
    with st.form(f"{KEY}.{turn}", enter_to_submit=False):
        title = st.text_input(
            say("Number or name of the contract (no names of persons)"),
            key=f"{KEY}.{turn}.title",
            max_chars=200,
        )
        kind = st.selectbox(
            say("What is let"),
            list(kinds),
            format_func=kinds.__getitem__,
            key=f"{KEY}.{turn}.kind",
        )
        area = st.number_input(
            say("Area as written (mu)"),
            value=0.0,
            step=1.0,
            format="%.2f",
            key=f"{KEY}.{turn}.area",
        )
        price = st.number_input(
            say("Price as written (yuan per mu and year)"),
            value=0.0,
            step=10.0,
            format="%.2f",
            key=f"{KEY}.{turn}.price",
        )
        sent = st.form_submit_button(say("Put it on the list"), type="primary")
    if not sent:
        return
    client = st.session_state.setdefault(f"{KEY}.{turn}.client", uuid.uuid4().hex)
    with refusals.caught(page):
        new = NewContract(
            village, kind or str(Kind.FARMLAND), title or "", area, price, client
        )
        number = page.city.contracts.add(page.actor, new)
        st.session_state[Key.ROUND] = turn + 1
        session.change(contract=number)
        st.session_state["villages.next"] = "contracts"
        notices.done(say("It is on the list under number {number}.", number=number))


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
