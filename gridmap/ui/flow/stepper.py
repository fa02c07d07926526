"""The seven links of a matter as a line of steps with their times, and where it stands on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st

from gridmap import terms
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.model import Status
from gridmap.words import Words

State = Literal["done", "now", "ahead", "left"]

_REACHED: Mapping[Status, int] = {
    Status.REPORTED: 1,
    Status.ACCEPTED: 2,
    Status.DISPATCHED: 3,
    Status.HANDLING: 4,
    Status.ANSWERED: 5,
    Status.CLOSED: 6,
}
"""How many links are behind a matter in each state of the main line."""


@dataclass(frozen=True, slots=True)
class Link:
    """One of the seven links: the move that makes it, when it was made (0: not yet), and
    how it stands.

    left: it will not be made any more, as the matter was not accepted or voided.
    """

    move: str
    at: int
    state: State


def links(case: Case, *, evaluated_at: int = 0) -> list[Link]:
    """The seven links of `case`, in order.

    A link made before a matter was sent back counts as ahead again, so that the line always
    leads to where it stands.
    """
    times = {
        "report": case.reported_at,
        "accept": case.accepted_at,
        "dispatch": case.dispatched_at,
        "handle": case.handled_at,
        "answer": case.answered_at,
        "close": case.closed_at,
        "evaluate": evaluated_at,
    }
    ended = case.status in {Status.REJECTED, Status.VOIDED}
    status = (
        case.parked_from or Status.ACCEPTED if case.status is Status.PARKED else case.status
    )
    reached = sum(1 for at in times.values() if at) if ended else _REACHED[status]
    if status is Status.CLOSED and evaluated_at:
        reached = len(times)
    found = []
    for number, (move, at) in enumerate(times.items()):
        state: State = (
            "done"
            if number < reached
            else "left"
            if ended
            else "now"
            if number == reached
            else "ahead"
        )
        # A desk may handle a matter itself: the link is behind it without a time of its own.
        found.append(Link(move, at if state == "done" else 0, state))
    return found


def show(case: Case, *, evaluated_at: int, say: Words) -> None:
    """Draw the line; state is told by sign and weight, never by colour alone."""
    signs = {"done": "✓", "now": "●", "ahead": "○", "left": "–"}
    steps = "".join(
        f'<div class="gm-link gm-link-{link.state}"><span '
        f'class="gm-link-sign">{signs[link.state]}</span>'
        f'<span class="gm-link-name">{escape(say(terms.LINKS[link.move]))}</span>'
        f'<span class="gm-link-time">{escape(_when(link, say))}</span></div>'
        for link in links(case, evaluated_at=evaluated_at)
    )
    st.html(f'<div class="gm-links">{steps}</div>')


def _when(link: Link, say: Words) -> str:
    if link.at:
        return say.time(link.at)
    return {"done": say("in one step"), "now": say("next"), "ahead": "", "left": ""}[
        link.state
    ]


def evaluated_at(lines: Mapping[str, list[int]]) -> int:
    """When the matter was evaluated last, from the times of its journal by move; 0: not yet."""
    return max(lines.get(Act.EVALUATE.value, []), default=0)
