"""What went wrong with something a person asked for, in the page's words: every fault, what
else is possible, what changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from gridmap.words import Words, plain

_AS_USUAL: Mapping[str, str] = {}


@contextmanager
def caught(page: Page, called: Mapping[str, str] = _AS_USUAL) -> Iterator[None]:
    """Show a foreseen error of the block where it happened; the page goes on below it.

    `called`: what the form calls its fields, where they are not called as everywhere.
    """
    try:
        yield
    except GridmapError as error:
        show(page, error, called)


def show(
    page: Page,
    error: GridmapError,
    called: Mapping[str, str] = _AS_USUAL,
    moves: Mapping[Any, str] = terms.MOVES,
) -> None:
    """Say what went wrong and what to do about it; `called`: the form's names of fields,
    `moves`: the names of the moves.
    """
    say = page.say
    if isinstance(error, InputError):
        st.error(say("Please put this right:"))
        st.text("\n".join(fault(say, one, called) for one in error.faults))
    elif isinstance(error, RefusedError):
        st.error(plain(say(error.why, **_in_words(say, error.values, called))))
        if error.possible:
            instead = [say(moves[act]) for act in error.possible if act in moves]
            st.text(say("Possible now: {moves}", moves=say.listing(instead)))
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


def _in_words(
    say: Words, values: dict[str, Any], called: Mapping[str, str]
) -> dict[str, Any]:
    """What fills a reason, with the names of fields as the forms call them."""
    if "fields" not in values:
        return values
    names = [_name(say, name, called) for name in str(values["fields"]).split(", ")]
    return values | {"fields": say.listing(names)}


def _name(say: Words, field: str, called: Mapping[str, str]) -> str:
    return say(called.get(field) or terms.FIELDS.get(field, field))


def fault(say: Words, one: Fault, called: Mapping[str, str] = _AS_USUAL) -> str:
    """One line: row, field, value, what is wrong, what to do."""
    place = [say("row {row}", row=one.row)] if one.row else []
    place += [_name(say, one.field, called)] if one.field else []
    value = f" “{one.value}”" if one.value else ""
    colon, stop = ("：", "。") if say.lang == "zh" else (": ", ". ")
    head = say.listing(place) + colon if place else ""
    return f"{head}{say(one.rule)}{value}{stop}{say(one.cure) if one.cure else ''}"


def _detail(say: Words, error: GridmapError) -> None:
    """The error's own sentence where this language has it."""
    told = say(str(error)) if str(error) else ""
    if told and (say.lang == "en" or told != str(error)):
        st.text(told)
