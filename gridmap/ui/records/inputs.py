"""The widget of each type of field: how it is drawn, and what it holds.

A widget's key is the form's key and the field's name; what it holds is read back from there
when the form is sent, so that it can be kept for a second try.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import singledispatch
from typing import Any

import streamlit as st

from gridmap.calendar import TIME_ZONE, to_epoch
from gridmap.cases.records.fields import (
    Choice,
    Choices,
    Counts,
    Field,
    Flag,
    Lines,
    Moment,
    Number,
    Text,
)
from gridmap.ui.frame import Page

Draw = Callable[[Page, Any, str], None]
"""Draws a field a page asks for in its own way: the page, the record (None: a new one), the
key of the widget, whose value is the field's.
"""

WIDE = (Counts, Lines, Text)
"""Fields that take the whole width of a form with several a row, but for texts of one line."""


def is_wide(field: Field) -> bool:
    """Whether a field takes the whole width of a form."""
    return isinstance(field, WIDE) and not (isinstance(field, Text) and field.line)


@dataclass(frozen=True)
class Slot:
    """Where a widget stands: the page, its `key` and `label`, and what it holds at first."""

    page: Page
    key: str
    label: str
    usual: Any = None


@singledispatch
def draw(field: Field, slot: Slot) -> None:
    """Draw the widget of `field` in `slot`."""
    kind = type(field).__name__
    raise TypeError(f"A page asks for {slot.key}, a {kind}, in its own way.")


@singledispatch
def read(field: Field, key: str) -> Any:
    """What the widget under `key` holds, as the field's value."""
    return st.session_state.get(key)


def held(key: str) -> Any:
    """What the widget under `key` holds, or those whose keys begin with it, as it is."""
    if key in st.session_state:
        return st.session_state[key]
    parts = {
        str(name).removeprefix(f"{key}."): value
        for name, value in st.session_state.items()
        if str(name).startswith(f"{key}.")
    }
    return parts or None


def seed(key: str, value: Any) -> None:
    """Give the widget under `key`, or those whose keys begin with it, a value where there is
    none yet.
    """
    if isinstance(value, dict):
        for name, part in value.items():
            seed(f"{key}.{name}", part)
    elif value is not None and key not in st.session_state:
        st.session_state[key] = value


@draw.register
def _(field: Text, slot: Slot) -> None:
    seed(slot.key, slot.usual)
    if field.line:
        st.text_input(slot.label, max_chars=field.most, key=slot.key)
    else:
        st.text_area(slot.label, max_chars=field.most, height=80, key=slot.key)


@draw.register
def _(field: Number, slot: Slot) -> None:
    seed(slot.key, int(slot.usual or 0) if field.whole else float(slot.usual or 0.0))
    if field.whole:
        st.number_input(slot.label, step=1, key=slot.key)
    else:
        st.number_input(slot.label, step=1.0, format="%.2f", key=slot.key)


@draw.register
def _(field: Flag, slot: Slot) -> None:
    words = {True: slot.page.say(field.yes), False: slot.page.say(field.no)}
    seed(slot.key, True if slot.usual is None else bool(slot.usual))
    st.radio(slot.label, list(words), format_func=words.__getitem__, key=slot.key)


@draw.register
def _(field: Choice, slot: Slot) -> None:
    words = {str(option): slot.page.say(text) for option, text in field.words.items()}
    seed(slot.key, slot.usual)
    st.selectbox(slot.label, list(words), format_func=words.__getitem__, key=slot.key)


@draw.register
def _(field: Choices, slot: Slot) -> None:
    words = {str(option): slot.page.say(text) for option, text in field.words.items()}
    seed(slot.key, slot.usual)
    st.multiselect(
        slot.label,
        list(words),
        format_func=words.__getitem__,
        key=slot.key,
        placeholder=slot.page.say("Choose from the list"),
    )


@draw.register
def _(field: Counts, slot: Slot) -> None:
    with st.expander(slot.label, expanded=True):
        columns = st.columns(4)
        for place, option in enumerate(field.options):
            seed(f"{slot.key}.{option}", (slot.usual or {}).get(option, 0))
            columns[place % 4].number_input(
                slot.page.say(field.words[option]),
                min_value=0,
                step=1,
                key=f"{slot.key}.{option}",
            )


@read.register
def _(field: Counts, key: str) -> dict[str, int]:
    return {
        option: int(st.session_state.get(f"{key}.{option}") or 0)
        for option in field.options
    }


@draw.register
def _(field: Lines, slot: Slot) -> None:
    seed(slot.key, "\n".join(slot.usual) if slot.usual else None)
    st.text_area(slot.label, height=80, key=slot.key)


@read.register
def _(field: Lines, key: str) -> tuple[str, ...]:
    return tuple((st.session_state.get(key) or "").splitlines())


@draw.register
def _(field: Moment, slot: Slot) -> None:
    if field.timed:
        _day_and_hour(field, slot)
        return
    seed(slot.key, slot.usual if isinstance(slot.usual, date) else None)
    if slot.key not in st.session_state:
        st.session_state[slot.key] = None
    st.date_input(slot.label, key=slot.key, format="YYYY-MM-DD")


@read.register
def _(field: Moment, key: str) -> int:
    day: Any = st.session_state.get(f"{key}.day" if field.timed else key)
    hour: Any = st.session_state.get(f"{key}.hour") if field.timed else _clock(field)
    if not isinstance(day, date) or not isinstance(hour, time):
        return 0
    return to_epoch(datetime.combine(day, hour, TIME_ZONE))


def _day_and_hour(field: Moment, slot: Slot) -> None:
    """A day to come and its hour; at first the next day at the field's hour."""
    today = slot.page.city.today
    seed(f"{slot.key}.day", today + timedelta(days=1))
    seed(f"{slot.key}.hour", _clock(field))
    day, hour = st.columns(2)
    day.date_input(slot.label, min_value=today, key=f"{slot.key}.day", format="YYYY-MM-DD")
    hour.time_input(slot.page.say("Time"), key=f"{slot.key}.hour")


def _clock(field: Moment) -> time:
    """The hour a day stands for."""
    seconds = round(field.hour * 3600)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
