"""Receipts: handed out large and ready to copy, and asked with later for how the matter stands."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gridmap import terms
from gridmap.model import Status
from gridmap.ui import refusals
from gridmap.ui.flow import drafts
from gridmap.ui.frame import Page
from gridmap.words import NONE, plain

LONGEST = 40
WIDTH = 680


def handed_out(page: Page, key: str, receipt: Any, category: str) -> None:
    """What somebody gets who has reported: the number to ask with, when to expect an end,
    what is next.
    """
    say = page.say
    with st.container(key=f"{key}-receipt", border=True, width=WIDTH):
        st.html(
            f"<style>.st-key-{key}-receipt .stCode code {{ font-size: 2.4rem; line-height: "
            f"1.5; }}</style>"
        )
        st.subheader(say("Your report has been taken in"))
        st.text(
            say("Receipt number: keep it, it is all you need to ask how the matter stands.")
        )
        st.code(receipt.receipt, language=None)
        st.text(say("Case number {number}", number=receipt.number))
        st.text(
            say(
                "It is now with: {office}",
                office=page.city.people.office_name(receipt.office, page.lang),
            )
        )
        st.text(expected(page, category, receipt.due_at, page.city.now_s))
        st.button(
            say("Report something else"),
            key=f"{key}.again",
            type="primary",
            on_click=drafts.anew,
            args=(key,),
        )


def expected(page: Page, category: str, due_at: int, reported_at: int) -> str:
    """Until when a matter is to be settled; until it is accepted, what the limit of its
    category leads one to expect.
    """
    say = page.say
    if due_at:
        return say("To be settled by: {time}", time=say.moment(due_at))
    due = page.city.limits.expected(category, reported_at)
    if not due:
        return say("To be settled by: {time}", time=say("set when the matter is accepted"))
    return say(
        "Expected to be settled by: {time}, if it is accepted in time", time=say.moment(due)
    )


def ask(page: Page, key: str) -> None:
    """A field for a receipt number, and below it how the matter stands."""
    say = page.say
    with (
        st.form(f"{key}.form", border=False, width=WIDTH),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        number = st.text_input(
            say("Receipt number"),
            key=f"{key}.number",
            max_chars=LONGEST,
            placeholder=say("As on your receipt"),
        )
        st.form_submit_button(say("Ask"), type="primary")
    asked = number.strip()
    if not asked:
        st.text(
            say(
                "You get a receipt number when you report. Type it here to see how the "
                "matter stands."
            )
        )
        return
    with refusals.caught(page):
        found = page.city.matters.by_receipt(asked)
        with st.container(border=True, width=WIDTH):
            card(page, found)


def card(page: Page, public: Any) -> None:
    """How a matter stands, as anybody may know who has its receipt."""
    say = page.say
    status = Status(public.status)
    names = page.city.category_paths(page.lang).get(
        public.category_code, (public.category_code,)
    )
    st.subheader(say(terms.STATUSES[status.name.lower()]))
    st.text(" › ".join(names))
    told = (
        (say("Case number"), public.number),
        (say("Reported"), say.moment(public.reported_at)),
        (say("Accepted"), say.moment(public.accepted_at)),
        (say("Closed"), say.moment(public.closed_at)),
        (say("Whose move it is"), _office(page, public, status)),
    )
    for name, value in told:
        left, right = st.columns([1, 2.4])
        left.caption(name)
        right.text(value or NONE)
    if status.is_open:
        st.text(expected(page, public.category_code, public.due_at, public.reported_at))
    if public.rating:
        st.text(say("Rated {rating} of 5", rating=public.rating))
    if status in (Status.REJECTED, Status.VOIDED):
        st.caption(
            plain(
                say(
                    "If this is not right, report it anew and say why, or call your service centre."
                )
            )
        )


def _office(page: Page, public: Any, status: Status) -> str:
    return (
        page.city.people.office_name(public.office, page.lang) if status.is_open else NONE
    )
