"""The journal of a record of any kind: what was done, when, by whom, and what was said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import singledispatch
from typing import Any

import streamlit as st

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
from gridmap.cases.records.kinds import Kind
from gridmap.cases.records.record import Entry
from gridmap.city.records.room import RecordRoom
from gridmap.ui import signin
from gridmap.ui.frame import Page
from gridmap.words import plain


def history(page: Page, room: RecordRoom[Any], number: int) -> None:
    """Every entry of a record, oldest first, behind a fold."""
    with st.expander(page.say("What happened so far")):
        for row in room.history(page.actor, number).to_dict("records"):
            entry = Entry(row["number"], row["act"], row["at"], 0, row["data"])
            _entry(page, room.kind, entry, row["actor_name"])


def entries(page: Page, kind: Kind[Any], since: Iterable[Entry]) -> None:
    """Entries as they come, oldest first: what happened meanwhile."""
    for entry in since:
        _entry(page, kind, entry, page.city.people.name(entry.actor))


def _entry(page: Page, kind: Kind[Any], entry: Entry, name: str) -> None:
    say = page.say
    head = (say.time(entry.at), say(kind.line(entry.act)), signin.person(name, say))
    st.caption(plain(" · ".join(part for part in head if part)))
    for line in _lines(page, kind, entry.data):
        st.text(line)


def _lines(page: Page, kind: Kind[Any], data: Mapping[str, Any]) -> Iterator[str]:
    """What was said, a line a field; the words by themselves, at the end."""
    for declared in kind.fields:
        if declared.name not in data or declared.name == kind.remark:
            continue
        words = in_words(declared, page, data[declared.name])
        if words:
            yield f"{page.say(declared.label)}: {words}"
    if data.get(kind.remark):
        yield str(data[kind.remark])


@singledispatch
def in_words(field: Field, page: Page, value: Any) -> str:
    """A value of `field` for reading; "" where it says nothing to a reader."""
    return ""


@in_words.register
def _(field: Text, page: Page, value: Any) -> str:
    return str(value)


@in_words.register
def _(field: Number, page: Page, value: Any) -> str:
    return page.say.exact(value, 0 if field.whole else 2)


@in_words.register
def _(field: Flag, page: Page, value: Any) -> str:
    return page.say(field.yes if value else field.no)


@in_words.register
def _(field: Choice, page: Page, value: Any) -> str:
    return page.say(field.words.get(value, str(value)))


@in_words.register
def _(field: Choices, page: Page, value: Any) -> str:
    return page.say.listing([page.say(field.words.get(key, key)) for key in value])


@in_words.register
def _(field: Counts, page: Page, value: Any) -> str:
    return page.say.listing(
        [f"{page.say(field.words.get(key, key))} {number}" for key, number in value.items()]
    )


@in_words.register
def _(field: Lines, page: Page, value: Any) -> str:
    return "\n".join(f"– {line}" for line in value)


@in_words.register
def _(field: Moment, page: Page, value: Any) -> str:
    return page.say.time(int(value))
