"""The forms of deliberations: what a page asks in its own way beside the declared fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import streamlit as st

from gridmap.cases.deliberations import DELIBERATION, Act, Deliberation
from gridmap.cases.records.record import Order
from gridmap.ui import session
from gridmap.ui.frame import Page
from gridmap.ui.records import form
from gridmap.ui.records.form import Asking
from gridmap.ui.session import Key
from gridmap.words import mark

MATTERS = mark("Case numbers of matters it is about, separated by commas")
NOTICE_DAYS = 7


def first(page: Page) -> None:
    """The form for the first meeting on something, held in the place shown."""
    area = page.view.area
    st.text(
        page.say(
            "A meeting held in {place}. For another village or grid, open it in the side "
            "bar first.",
            place=page.place,
        )
    )
    asking = Asking(
        draws={"matters": lambda page, _record, key: _numbers(page, MATTERS, key)},
        reads={"matters": lambda page, text: _named(page, text, area)},
        usual=_usual(page),
        says=_outcome,
    )
    form.add(page, page.city.deliberations, {"area": area}, asking, then=_recorded)


def moves(page: Page, deliberation: Deliberation, matters: Sequence[int]) -> None:
    """What who is signed in can do with a deliberation about `matters`."""
    asking = Asking(
        draws={"matter": lambda page, _record, key: _matter(page, matters, key)},
        reads={"matter": lambda page, chosen: _chosen(page, chosen, deliberation.area)},
        usual=_usual(page),
        says=_outcome,
        without=frozenset() if matters else frozenset({Act.UNLINK}),
    )
    form.moves(page, page.city.deliberations, deliberation, asking)


def begin(village: int, case_number: str) -> None:
    """Open the form for a first meeting about the matter `case_number` of a village."""
    turn = st.session_state.get(Key.ROUND, 0)
    st.session_state[f"{DELIBERATION.name}.new.{turn}.matters"] = case_number
    st.session_state["villages.next"] = "record"
    session.change(area=village)
    session.go("pages/villages.py")


def _usual(page: Page) -> dict[str, Any]:
    return {
        "notice_days": NOTICE_DAYS,
        "follow_up_at": page.city.today + timedelta(days=30),
    }


def _recorded(number: int) -> None:
    session.change(deliberation=number)
    st.session_state["villages.next"] = "meetings"


def _outcome(page: Page, order: Order, _number: int) -> str:
    """What a meeting came to; other moves are told in the usual words."""
    if order.act != Act.MEET:
        return ""
    if DELIBERATION.says(order, "decision"):
        return page.say("The decision is recorded and on public notice.")
    return page.say(
        "The meeting is recorded as adjourned; it stays on the open list until a meeting decides."
    )


def _numbers(page: Page, label: str, key: str) -> None:
    st.text_input(page.say(label), key=key)


def _named(page: Page, text: Any, area: int) -> tuple[int, ...]:
    return page.city.deliberations.named(text or "", area)


def _matter(page: Page, matters: Sequence[int], key: str) -> None:
    """The matter to link is named, the one to unlink chosen from those it is about."""
    label = page.say("Case number of the matter")
    if not key.endswith(f".{Act.UNLINK}.matter"):
        st.text_input(label, key=key, max_chars=60)
        return
    names = page.city.deliberations.case_numbers(matters)
    st.selectbox(label, list(matters), format_func=names.__getitem__, key=key)


def _chosen(page: Page, chosen: Any, area: int) -> int:
    if isinstance(chosen, str):
        return next(iter(_named(page, chosen, area)), 0)
    return int(chosen or 0)
