"""One contract: its step and figures, what can be done with it, its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from gridmap.cases.contracts import RULES, Act, Contract, Order, State
from gridmap.ui import drill, notices, refusals, session, signin
from gridmap.ui.frame import Page
from gridmap.ui.town.villagewords import (
    CONTRACT_ACTS,
    CONTRACT_KINDS,
    CONTRACT_WORDS,
    STEPS,
    money,
)
from gridmap.words import Words, mark, plain

FIGURES = {
    "area_written": mark("Area as written (mu)"),
    "price_before": mark("Price as written (yuan per mu and year)"),
    "area_measured": mark("Area as measured (mu)"),
    "price_after": mark("New price (yuan per mu and year)"),
}


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
        contract = page.city.contracts.get(number)
        told = [
            plain(contract.title),
            plain(say(CONTRACT_KINDS[contract.kind])),
            plain(say(STEPS[contract.state])),
        ]
        st.markdown(f"**{' · '.join(told)}**")
        st.button(
            plain(page.city.places.path(contract.village, page.lang)),
            key="contract.village",
            type="tertiary",
            on_click=drill.opener("village"),
            args=({"village": contract.village},),
        )
        _figures(page, contract)
        _moves(page, contract)
        with st.expander(say("What happened so far")):
            _history(page, number)


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


def _moves(page: Page, contract: Contract) -> None:
    say = page.say
    if page.user is None:
        signin.ask(page.city, say=say)
        return
    acts = page.city.contracts.possible(page.actor, contract.id)
    if not acts:
        st.text(say("There is nothing for you to do here now."))
        return
    here = f"contract.{contract.id}.{contract.version}"
    names = {str(act): say(CONTRACT_ACTS[act]) for act in acts}
    chosen = st.pills(
        say("What to do"),
        list(names),
        default=next(iter(names)),
        required=True,
        format_func=names.__getitem__,
        key=f"{here}.act",
        label_visibility="collapsed",
    )
    _form(page, contract, Act(chosen or next(iter(names))), here)


def _form(page: Page, contract: Contract, act: Act, here: str) -> None:
    say, needs = page.say, RULES[act].needs
    usual = {
        "area_written": contract.area_written,
        "price_before": contract.price_before,
        "area_measured": contract.area_measured or contract.area_written,
        "price_after": contract.price_before,
    }
    figures: dict[str, float] = {}
    words, irregular = "", False
    with st.form(f"{here}.{act}", border=False, enter_to_submit=False):
        for name in (name for name in FIGURES if name in needs):
            figures[name] = st.number_input(
                say(FIGURES[name]),
                value=usual[name],
                step=1.0,
                format="%.2f",
                key=f"{here}.{act}.{name}",
            )
        if act is Act.REVIEW:
            found = {
                True: say("irregular: to be cleared"),
                False: say("regular: to be kept"),
            }
            irregular = bool(
                st.radio(
                    say("The contract is"),
                    list(found),
                    format_func=found.__getitem__,
                    key=f"{here}.irregular",
                )
            )
        if "words" in needs:
            words = st.text_area(
                say(CONTRACT_WORDS[act]),
                key=f"{here}.{act}.words",
                max_chars=2000,
                height=80,
            )
        sent = st.form_submit_button(say(CONTRACT_ACTS[act]), type="primary")
    if sent:
        with refusals.caught(page):
            order = Order(act, words=words or "", irregular=irregular, **figures)
            page.city.contracts.act(
                page.actor, contract.id, order, version=contract.version
            )
            notices.done(say("Done: {what}", what=say(CONTRACT_ACTS[act])))


def _history(page: Page, number: int) -> None:
    say = page.say
    for row in page.city.contracts.history(number).to_dict("records"):
        who, what = signin.person(row["actor_name"], say), CONTRACT_ACTS[row["act"]]
        told = (say.time(row["at"]), say(what), who)
        st.caption(plain(" · ".join(part for part in told if part)))
        for line in (_told(say, row["data"]), str(row["data"].get("words", ""))):
            if line:
                st.text(line)


def _told(say: Words, data: Mapping[str, Any]) -> str:
    """The figures an entry gave."""
    return "\n".join(
        f"{say(label)}: {say.exact(data[name], 2)}"
        for name, label in FIGURES.items()
        if name in data
    )
