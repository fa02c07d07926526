"""One contract: its step and figures, what can be done with it, its record."""

from __future__ import annotations

import streamlit as st

from gridmap.cases.contracts import ASSETS, STATES, Contract, State
from gridmap.ui import drill, refusals, session
from gridmap.ui.frame import Page
from gridmap.ui.records import form, timeline
from gridmap.ui.records.form import Asking
from gridmap.ui.town.villagewords import money
from gridmap.words import Words, plain


def show(page: Page, number: int) -> None:
    """The contract `number`, and the moves of who is signed in."""
    say = page.say
    st.button(
        say("Close"),
        key="contract.close",
        type="tertiary",
        on_click=session.change,
        kwargs={"contract": 0},
    )
    with refusals.caught(page):
        contract = page.city.contracts.get(page.actor, number)
        head = [
            plain(contract.title),
            plain(say(ASSETS[contract.kind])),
            plain(say(STATES[contract.state])),
        ]
        st.markdown(f"**{' · '.join(head)}**")
        st.button(
            plain(page.city.places.path(contract.village, page.lang)),
            key="contract.village",
            type="tertiary",
            on_click=drill.opener("village"),
            args=({"village": contract.village},),
        )
        _figures(page, contract)
        form.moves(page, page.city.contracts, contract, _asking(contract))
        timeline.history(page, page.city.contracts, number)


def _figures(page: Page, contract: Contract) -> None:
    """Written and measured, before and after, side by side."""
    say = page.say
    rows = [
        (
            say("Area"),
            say("{n} mu", n=say.exact(contract.area_written, 1)),
            say("{n} mu", n=say.exact(contract.area_measured, 1))
            if contract.area_measured
            else "",
        ),
        (
            say("Price"),
            _price(say, contract.price_before),
            _price(say, contract.price_after) if contract.state is State.CLEARED else "",
        ),
        (
            say("Rent a year"),
            money(say, contract.rent_before),
            money(say, contract.rent_after) if contract.state is State.CLEARED else "",
        ),
    ]
    for name, before, after in rows:
        st.text(f"{name}: {before} → {after}" if after else f"{name}: {before}")
    if contract.state is State.REVIEWED:
        found = (
            say("irregular: to be cleared")
            if contract.irregular
            else say("regular: to be kept")
        )
        st.text(say("Review: {found}", found=found))
    if contract.relapses:
        st.warning(say.plural("{n} relapse", "{n} relapses", contract.relapses))


def _price(say: Words, price: float) -> str:
    return say("{price} yuan per mu and year", price=say.exact(price, 2))


def _asking(contract: Contract) -> Asking:
    """A measured area is offered as it was written, a new price as the old one."""
    return Asking(
        usual={
            "area_measured": contract.area_measured or contract.area_written,
            "price_after": contract.price_before,
        }
    )
