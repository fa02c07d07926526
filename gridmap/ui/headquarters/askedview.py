"""What is asked of the unit of who is signed in: warnings and tasks, answered here."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gridmap.cases.sessions import OrderAct
from gridmap.ui import clocks, notices, refusals, session
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import warningsview
from gridmap.ui.records import form
from gridmap.ui.records.form import Asking
from gridmap.words import mark, plain

KEY = "supervision"
SENT = mark("The answer has been sent to the headquarters.")
ANSWERING = Asking(says=lambda page, _order, _number: page.say(SENT))
LONGEST = 2_000


def mine(page: Page) -> None:
    """Warnings and tasks to the unit of the person signed in, to be answered here."""
    say, city = page.say, page.city
    warned, given = (
        city.lagging.of_unit(page.actor, page.lang),
        city.orders.of_unit(page.actor, page.lang),
    )
    if warned.empty and given.empty:
        st.text(say("The headquarters asks nothing of your unit."))
        return
    for row in warned.to_dict("records"):
        with st.container(border=True):
            _title(say("Interview warning"), clocks.left(row["due_at"], city.now_s, say))
            warningsview.words_of(page, row)
            if not row["answered_at"]:
                _answer(
                    page,
                    f"warning.{row['id']}",
                    lambda words, number=int(row["id"]): city.lagging.answer(
                        page.actor, number, words
                    ),
                )
    for row in given.to_dict("records"):
        with st.container(border=True):
            _title(say("Task of a session"), clocks.left(row["due_at"], city.now_s, say))
            st.text(row["task"])
            if row["answer"]:
                st.text(say("Answered: {words}", words=row["answer"]))
            _answer_order(page, int(row["id"]))
            st.button(
                say("Open the matter"),
                key=f"{KEY}.open.{row['id']}",
                type="tertiary",
                on_click=session.open_matter,
                args=(int(row["matter"]),),
            )


def asked(page: Page) -> int:
    """How many warnings and tasks wait for an answer of the unit."""
    warned = page.city.lagging.of_unit(page.actor)
    given = page.city.orders.of_unit(page.actor)
    return int((warned["answered_at"] == 0).sum() + (given["answered_at"] == 0).sum())


def _title(what: str, left: str) -> None:
    st.markdown(f"**{plain(what)}** · {plain(left)}")


def _answer_order(page: Page, number: int) -> None:
    """The form of the answer to an order of a session."""
    orders = page.city.orders
    order, possible = orders.get(page.actor, number), orders.possible(page.actor, number)
    form.explain(page, orders, order, possible)
    if OrderAct.ANSWER in possible:
        form.move(page, orders, order, OrderAct.ANSWER, ANSWERING)


def _answer(page: Page, key: str, send: Any) -> None:
    say = page.say
    with st.form(f"{KEY}.{key}", border=False):
        words = st.text_area(
            say("Answer to the headquarters"),
            max_chars=LONGEST,
            height=80,
            key=f"{KEY}.{key}.words",
        )
        if st.form_submit_button(say("Send the answer"), type="primary"):
            with refusals.caught(page):
                send(words)
                notices.done(say(SENT))
