"""The page of a kind of record that needs nothing of its own: the list of a place, one
record beside it with its moves and journal, and the form for a new one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from gridmap.cases.records.fields import Choice, Field, Flag, Moment, Number, Text
from gridmap.city.records.room import RecordRoom
from gridmap.ui import controls, notices, refusals, session, tables
from gridmap.ui.frame import Page
from gridmap.ui.records import form, timeline
from gridmap.words import plain

MOST_ROWS = 2500


def show(page: Page, room: RecordRoom[Any]) -> None:
    """The records of the place shown, or the form for a new one."""
    say, kind = page.say, room.kind
    parts = {"list": say("List")}
    if room.may_add(page.actor, page.view.area):
        parts["new"] = say(kind.begins.label)
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        part = controls.part(page, parts, key=f"{kind.name}.part", usual="list")
        states = {"": say("All states")}
        states |= {str(state): say(words) for state, words in kind.states.items()}
        controls.menu(say("State"), states, key=f"{kind.name}.state", width=160)
    notices.show()
    if part == "new" and part in parts:
        given = {kind.place: page.view.area}
        form.add(page, room, given, form.PLAIN, then=_opener(kind.name))
        return
    left, right = st.columns([1.62, 1])
    with left:
        _list(page, room)
    with right:
        if page.view.record:
            _one(page, room, page.view.record)
        else:
            st.caption(say("Pick a row to open it."))


def _list(page: Page, room: RecordRoom[Any]) -> None:
    say, kind = page.say, room.kind
    state = st.session_state.get(f"{kind.name}.state") or ""
    records = room.list(page.view.area, state=state).head(MOST_ROWS)
    codes = records[kind.place].drop_duplicates().tolist()
    paths = {code: page.inside(page.city.places.path(code, page.lang)) for code in codes}
    shown = records.assign(
        place=records[kind.place].map(paths),
        state=[say(kind.states[value]) for value in records["state"]],
        last=tables.moments(records["last_at"]),
    )
    columns: dict[str, Any] = {"place": tables.text(width="medium")}
    for declared in kind.fields:
        if declared.name in records and declared.name != kind.place:
            shown[declared.name] = _cells(declared, page, records[declared.name])
            columns[declared.name] = _column(declared, page)
    columns |= {
        "state": tables.text(),
        "last": tables.moment(say("Last step")),
    }
    opener = _opener(kind.name)
    tables.show(
        shown,
        columns,
        key=f"{kind.name}.list",
        say=say,
        height=520,
        on_pick=lambda row: opener(int(row["id"])),
    )


def _one(page: Page, room: RecordRoom[Any], number: int) -> None:
    """One record: what is known of it, its moves, its journal."""
    say, kind = page.say, room.kind
    with st.container(border=True), refusals.caught(page):
        close = {"record": 0}
        st.button(
            say("Close"),
            key=f"{kind.name}.close",
            type="tertiary",
            on_click=session.change,
            kwargs=close,
        )
        record = room.get(page.actor, number)
        state = plain(say(kind.states[record.state]))
        st.markdown(f"**{plain(page.name(kind.area(record)))}** · {state}")
        for declared in kind.fields:
            value = getattr(record, declared.name, None)
            words = timeline.in_words(declared, page, value) if value else ""
            if words:
                st.text(f"{say(declared.label)}: {words}")
        form.moves(page, room, record)
        timeline.history(page, room, number)


def _opener(kind: str) -> Callable[[int], None]:
    """What shows a record beside the list."""

    def opened(number: int) -> None:
        session.change(record=number)
        st.session_state[f"{kind}.part"] = "list"

    return opened


def _column(declared: Field, page: Page) -> Any:
    label = page.say(declared.label)
    match declared:
        case Number():
            return tables.count(label, digits=0 if declared.whole else 2)
        case Moment():
            return tables.moment(label)
        case Flag():
            return tables.flag(label)
    return tables.text(label)


def _cells(declared: Field, page: Page, values: pd.Series) -> Any:
    match declared:
        case Moment():
            return tables.moments(values)
        case Choice():
            return [page.say(declared.words[value]) for value in values]
        case Text() | Number() | Flag():
            return values
    return [timeline.in_words(declared, page, value) for value in values]
