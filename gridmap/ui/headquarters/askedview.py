"""What is asked of the unit of who is signed in: warnings and tasks, answered here."""

from __future__ import annotations

import streamlit as st

from gridmap.cases.interviews import Act
from gridmap.cases.sessions import OrderAct
from gridmap.ui import clocks, session
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import warningsview
from gridmap.ui.records import form
from gridmap.ui.records.form import Asking
from gridmap.words import mark, plain

KEY = "supervision"
SENT = mark("The answer has been sent to the headquarters.")
ANSWERING = Asking(says=lambda page, _order, _number: page.say(SENT))


def mine(page: Page) -> None:
    """Warnings and tasks to the unit of the person signed in, to be answered here."""
    say, city = page.say, page.city
    warned, given = (
        city.interviews.of_unit(page.actor, page.lang),
        city.orders.of_unit(page.actor, page.lang),
    )
    if warned.empty and given.empty:
        st.text(say("The headquarters asks nothing of your unit."))
        return
    for row in warned.to_dict("records"):
        with st.container(border=True):
            _title(say("Interview warning"), clocks.left(row["due_at"], city.now_s, say))
            warningsview.words_of(page, row)
            form.card(page, city.interviews, int(row["id"]), Act.ANSWER, ANSWERING)
    for row in given.to_dict("records"):
        with st.container(border=True):
            _title(say("Task of a session"), clocks.left(row["due_at"], city.now_s, say))
            st.text(row["task"])
            if row["answer"]:
                st.text(say("Answered: {words}", words=row["answer"]))
            form.card(page, city.orders, int(row["id"]), OrderAct.ANSWER, ANSWERING)
            st.button(
                say("Open the matter"),
                key=f"{KEY}.open.{row['id']}",
                type="tertiary",
                on_click=session.open_matter,
                args=(int(row["matter"]),),
            )


def asked(page: Page) -> int:
    """How many warnings and tasks wait for an answer of the unit."""
    warned = page.city.interviews.of_unit(page.actor)
    given = page.city.orders.of_unit(page.actor)
    return int((warned["answered_at"] == 0).sum() + (given["answered_at"] == 0).sum())


def _title(what: str, left: str) -> None:
    st.markdown(f"**{plain(what)}** · {plain(left)}")
