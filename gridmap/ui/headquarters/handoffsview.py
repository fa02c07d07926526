"""Hand-offs that go wrong: matters sent back and forth, and handed on without a clock."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gridmap.ui import controls, session, tables
from gridmap.ui.board import show_matters
from gridmap.ui.frame import Page

KEY = "whistles"
MAP_HEIGHT = "max(20rem, calc(100vh - 20rem))"


def pingpong(page: Page) -> None:
    """Matters that went back and forth between two desks."""
    say = page.say
    names = {
        1: say("at least once"),
        2: say("at least twice"),
        3: say("at least three times"),
    }
    fewest = st.segmented_control(
        say("Came back"),
        list(names),
        default=1,
        required=True,
        format_func=names.__getitem__,
        key=f"{KEY}.fewest",
        persist_state="page",
    )
    found = page.city.ladder.pingpong(
        page.view.selection, page.lang, fewest=int(fewest or 1)
    )
    if found.empty:
        st.text(
            say("No matter handed on in this period came back so often between two desks.")
        )
        return
    st.text(
        say.plural(
            "{n} matter came back between two desks",
            "{n} matters came back between two desks",
            len(found),
        )
    )
    shown = found.assign(last=tables.moments(found["last_at"]))
    columns = {
        "number": tables.text(),
        "returns": tables.count(say("Returns"), width=60),
        "office_name": tables.text(say("One desk"), width=150),
        "other_name": tables.text(say("Other desk"), width=150),
        "last": tables.moment(say("Last return")),
    }
    left, right = st.columns([1, 1.5])
    with left:
        show_matters(
            page,
            found["matter"],
            controls.matters_level(page),
            key=f"{KEY}.pingpong",
            title=say("Back and forth"),
            height=MAP_HEIGHT,
        )
    with right:
        tables.show(
            shown,
            columns,
            key=f"{KEY}.pingpong.list",
            say=say,
            on_pick=_open,
            file="back-and-forth",
            height=460,
        )
    st.caption(
        say(
            "A matter sent on that comes back to the desk that sent it has returned once. "
            "A click on a row opens its matter."
        )
    )


def unclocked(page: Page) -> None:
    """Hand-offs after which no limit ran."""
    say = page.say
    found = page.city.ladder.unclocked(page.view.selection, page.lang)
    if found.empty:
        st.text(say("After every hand-off of this period a limit ran."))
        st.caption(
            say(
                "A hand-off lacks a clock where neither the step nor the category has a "
                "limit; limits are set under Administration."
            )
        )
        return
    shown = found.assign(
        at=tables.moments(found["since"]),
        still=[
            say("lies there still") if not until else say("gone on")
            for until in found["until"]
        ],
    )
    columns = {
        "number": tables.text(),
        "from_name": tables.text(say("Handed on by"), width=150),
        "office_name": tables.text(say("Came to"), width=150),
        "at": tables.moment(say("When")),
        "still": tables.text(say("Now")),
    }
    left, right = st.columns([1, 1.5])
    with left:
        show_matters(
            page,
            found["matter"],
            controls.matters_level(page),
            key=f"{KEY}.unclocked",
            title=say("Without a clock"),
            height=MAP_HEIGHT,
        )
    with right:
        tables.show(
            shown,
            columns,
            key=f"{KEY}.unclocked.list",
            say=say,
            on_pick=_open,
            file="without-a-clock",
            height=460,
        )


def _open(row: dict[str, Any]) -> None:
    session.open_matter(int(row["matter"]))
