"""The journal of a matter as a timeline: what was done, when, by whom, why, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.cases.matters.acts import Act
from gridmap.cases.records.record import Entry
from gridmap.model import Status, UserRole
from gridmap.ui.frame import Page
from gridmap.ui.signin import person
from gridmap.words import Words, plain


def show(page: Page, journal: pd.DataFrame) -> None:
    """Every line of `journal` (columns of `city.matters.journal`), newest first."""
    with st.container(key="journal", gap=None):
        for line in journal.iloc[::-1].to_dict("records"):
            _line(
                page,
                str(line["move"]),
                int(line["at"]),
                _who(page, line),
                dict(line["data"] or {}),
            )


def lines(page: Page, steps: Iterable[Entry]) -> None:
    """Journal lines as they come, oldest first: what happened meanwhile."""
    for step in steps:
        _line(
            page,
            str(step.act),
            step.at,
            _named(page.person(step.actor), step.act, page.say),
            dict(step.data),
        )


def _line(page: Page, move: str, at: int, who: str, data: Mapping[str, Any]) -> None:
    say = page.say
    name = say(terms.MOVES.get(move, move))
    with st.container(gap=None):
        st.markdown(f"**{plain(name)}** · {plain(say.time(at))} · {plain(who)}")
        told = details(page, move, data)
        if told:
            st.caption(plain(say.listing(told)))
        if data.get("reason"):
            st.text(str(data["reason"]))


def details(page: Page, move: str, data: Mapping[str, Any]) -> list[str]:
    """What came of a line, in words: the state and the holder it led to, new limits,
    ratings, photos.
    """
    say, people = page.say, page.city.people
    told: list[tuple[str, Callable[[Any], str]]] = [
        (
            "status",
            lambda value: say(
                "now: {state}", state=say(terms.STATUSES[Status(int(value)).name.lower()])
            ),
        ),
        (
            "office",
            lambda value: say(
                "to {office}", office=people.office_name(int(value), page.lang)
            ),
        ),
        ("person", lambda value: say("with {person}", person=page.person(int(value)))),
        ("until", lambda value: say("asked until {time}", time=say.time(int(value)))),
        ("due_at", lambda value: say("limit {time}", time=say.time(int(value)))),
        (
            "step_due_at",
            lambda value: say("limit of this step {time}", time=say.time(int(value))),
        ),
        ("apt", lambda value: say("judged apt") if value else say("judged not apt")),
        ("whistle_rating", lambda value: say("rated {rating} of 5", rating=int(value))),
        ("rating", lambda value: say("rated {rating} of 5", rating=int(value))),
        ("attachments", lambda value: say.plural("{n} photo", "{n} photos", len(value))),
        (
            "grid",
            lambda value: say(
                "in {grid}", grid=page.city.places.path(int(value), page.lang)
            ),
        ),
        (
            "instead_of",
            lambda value: say("in place of {person}", person=page.person(int(value))),
        ),
    ]
    return [words(data[name]) for name, words in told if _worth_telling(move, name, data)]


def _worth_telling(move: str, name: str, data: Mapping[str, Any]) -> bool:
    """Whether a value adds something: an office 0 is the queue and a judgement "no" counts,
    other nothings do not.
    """
    value = data.get(name)
    if name in {"status", "office", "apt"}:
        return value is not None
    if name == "rating":
        return bool(value) and move == Act.EVALUATE.value
    if name == "grid":
        return move == Act.RELOCATE.value
    return bool(value)


def _who(page: Page, line: Mapping[Any, Any]) -> str:
    return _named(
        person(str(line["actor_name"] or ""), page.say), str(line["move"]), page.say
    )


def _named(name: str, move: str, say: Words) -> str:
    """Who did it: a name, the reporter who needs none, or the platform itself."""
    if name:
        return name
    return (
        say("without a name")
        if move == Act.REPORT
        else say(terms.USER_ROLES[UserRole.SYSTEM.value])
    )
