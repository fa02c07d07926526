"""The boxes of an inbox by name and count, as links wherever somebody who is signed in looks."""

from __future__ import annotations

import streamlit as st

from gridmap import terms
from gridmap.cases.actors import Actor
from gridmap.city.city import City
from gridmap.city.flow.inbox import BOXES
from gridmap.ui import session
from gridmap.words import Words

URGENT = frozenset({"overdue", "whistled"})
"""Boxes that are written bold when anything lies in them."""


def links(city: City, actor: Actor, *, say: Words) -> None:
    """A quiet link a box: its name and how many matters lie in it; a click opens it."""
    found = city.inbox.counts(actor)
    with st.container(key="boxes", horizontal=True, gap=None):
        for box in BOXES:
            st.button(
                label(box, found[box], say),
                key=f"box.{box}",
                type="tertiary",
                on_click=open_box,
                args=(box,),
            )


def label(box: str, count: int, say: Words) -> str:
    """Name and count of a box, in Markdown."""
    words = f"{say(terms.BOXES[box])} {say.exact(count)}"
    return f"**{words}**" if count and box in URGENT else words


def open_box(box: str) -> None:
    """Show a box of the inbox."""
    session.change(box=box)
    session.go(session.INBOX_PAGE)
