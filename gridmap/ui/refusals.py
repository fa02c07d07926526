"""What went wrong with something a person asked for, in the page's words: every fault, what
else is possible, what changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from gridmap import terms
from gridmap.errors import (
    ConflictError,
    Fault,
    ForbiddenError,
    GridmapError,
    InputError,
    NotFoundError,
    RefusedError,
    StaleError,
)
from gridmap.ui.frame import Page
from gridmap.words import Words, mark, plain

FIELDS = {
    **terms.ORDER_FIELDS,
    "category": mark("Category"),
    "lon": mark("Place"),
    "lat": mark("Place"),
    "lon, lat": mark("Place"),
    "text": mark("Words of the report"),
    "address": mark("Address"),
    "contact": mark("Contact"),
    "photo": mark("Photo"),
    "photos": mark("Photo"),
    "platform": mark("Platform"),
    "unit": mark("Unit"),
    "kind": mark("Kind"),
    "weekdays": mark("Weekdays"),
    "window": mark("Window"),
    "starts": mark("First day"),
    "ends": mark("Last day"),
    "stand_in": mark("Stand-in"),
    "target": mark("Takes over"),
    "matters": mark("Matters"),
    "days": mark("Past matters"),
    "label": mark("Label"),
    "areas": mark("Places"),
    "area": mark("Place"),
    "first": mark("First desk"),
    "department": mark("Department"),
    "position": mark("Order"),
    "step": mark("Step of the flow"),
    "amount": mark("Limit"),
    "day": mark("Date"),
    "working": mark("Working day"),
    "note": mark("Note"),
    "words": mark("Words"),
    "title": mark("Title"),
    "checklist": mark("Checklist"),
    "answers": mark("Answers"),
    "due_at": mark("To be done by"),
    "grid": mark("Grid"),
    "mediator": mark("Mediator"),
    "source": mark("Source"),
    "parties": mark("Parties"),
    "slip": mark("Referral slip (court)"),
    "return_due_at": mark("Due back"),
    "matter": mark("Matter"),
    "name": mark("Name"),
    "specialities": mark("Specialities"),
    "capacity": mark("Capacity"),
    "roles": mark("Who is present"),
    "judgement": mark("Judgement"),
    "task": mark("What is to be done"),
    "decision": mark("Decision"),
    "village": mark("Village"),
    "area_written": mark("Area as written (mu)"),
    "price_before": mark("Price as written (yuan per mu and year)"),
    "area_measured": mark("Area as measured (mu)"),
    "price_after": mark("New price (yuan per mu and year)"),
    "year": mark("Year"),
    "yuan": mark("Collective income (yuan)"),
    "proposals": mark("Proposals"),
    "notice_days": mark("Days on public notice"),
    "follow_up_at": mark("Follow-up by"),
    "resume_at": mark("Without decision: goes on"),
    "answer": mark("Answer of the unit"),
    "verdict": mark("Verdict"),
    "measure": mark("Measure"),
    "threshold": mark("Threshold"),
    "least": mark("At least so many matters"),
}
"""What the fields of forms are called on a page."""


@contextmanager
def caught(page: Page) -> Iterator[None]:
    """Show a foreseen error of the block where it happened; the page goes on below it."""
    try:
        yield
    except GridmapError as error:
        show(page, error)


def show(page: Page, error: GridmapError) -> None:
    """Say what went wrong and what to do about it."""
    say = page.say
    if isinstance(error, InputError):
        st.error(say("Please put this right:"))
        st.text("\n".join(fault(say, one) for one in error.faults))
    elif isinstance(error, RefusedError):
        st.error(plain(say(error.why, **_in_words(say, error.values))))
        if error.possible:
            moves = [
                say(terms.MOVES[move]) for move in error.possible if move in terms.MOVES
            ]
            st.text(say("Possible now: {moves}", moves=say.listing(moves)))
    elif isinstance(error, StaleError):
        st.warning(
            say(
                "Somebody else has changed this meanwhile. Look at how it stands now, then "
                "decide again."
            )
        )
    elif isinstance(error, ForbiddenError):
        st.error(say("Your role may not do this here."))
        _detail(say, error)
    elif isinstance(error, NotFoundError):
        st.error(say("There is no such thing here, or not any more."))
        _detail(say, error)
    elif isinstance(error, ConflictError):
        st.error(say("This is there already, with another content."))
        _detail(say, error)
    else:
        st.error(say("This cannot be done just now."))
        _detail(say, error)


def _in_words(say: Words, values: dict[str, Any]) -> dict[str, Any]:
    """What fills a reason, with the names of fields as the forms call them."""
    if "fields" not in values:
        return values
    names = [say(FIELDS.get(name, name)) for name in str(values["fields"]).split(", ")]
    return values | {"fields": say.listing(names)}


def fault(say: Words, one: Fault) -> str:
    """One line: row, field, value, what is wrong, what to do."""
    place = [say("row {row}", row=one.row)] if one.row else []
    place += [say(FIELDS.get(one.field, one.field))] if one.field else []
    value = f" “{one.value}”" if one.value else ""
    colon, stop = ("：", "。") if say.lang == "zh" else (": ", ". ")
    head = say.listing(place) + colon if place else ""
    return f"{head}{say(one.rule)}{value}{stop}{say(one.cure) if one.cure else ''}"


def _detail(say: Words, error: GridmapError) -> None:
    """The error's own sentence where this language has it."""
    told = say(str(error)) if str(error) else ""
    if told and (say.lang == "en" or told != str(error)):
        st.text(told)
