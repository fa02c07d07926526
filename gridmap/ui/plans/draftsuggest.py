"""Proposals for a place: asked for, explained, looked at on the map, taken into the draft
or made one of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.codes import parent
from gridmap.errors import GridmapError
from gridmap.model import Level
from gridmap.planning.evensplit import Weight
from gridmap.planning.suggest import Proposal
from gridmap.store.plans.drafts import Draft
from gridmap.ui import charts, refusals, session, tables
from gridmap.ui.frame import Page
from gridmap.ui.plans import draftbalance, editorstate
from gridmap.words import mark, plain

MOST_TOLD = 6
EVENED: dict[Weight, str] = {
    "households": terms.FIELDS["households"],
    "load": mark("Load (hours of work)"),
}
"""What grids can be made even in."""


@dataclass(frozen=True)
class Asked:
    """What was asked for a draft as it stood (`head`), and the proposals."""

    draft: int
    head: int
    words: str
    found: tuple[Proposal, ...]


def show(page: Page, draft: Draft) -> None:
    """The question, then the proposals from the most even to the least change."""
    _ask(page, draft)
    asked = _of(draft)
    if asked is None:
        return
    st.caption(plain(asked.words))
    if not asked.found:
        st.text(
            page.say(
                "Nothing need change within this tolerance. Choose a smaller one, or another place."
            )
        )
        return
    _proposals(page, draft, asked)


def _ask(page: Page, draft: Draft) -> None:
    say, city = page.say, page.city
    townships = draftbalance.places(page, draft)[:-2]
    locked = editorstate.of(draft.id).picks
    with st.form("draft.suggest", border=False):
        villages = sorted(
            {
                int(code) // 1000
                for code in city.drawings.plan(draft).codes
                if int(code) // 10**6 in townships
            }
        )
        area = st.selectbox(
            say("Township or village"),
            [*townships, *villages],
            format_func=lambda code: page.name(int(code)),
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            by = st.selectbox(
                say("Balance"),
                list(EVENED),
                format_func=lambda name: say(EVENED[name]),
                width=190,
            )
            percent = st.number_input(say("Tolerance (%)"), 1, 90, 10, width=130)
            go = st.form_submit_button(say("Suggest"), type="primary")
        st.caption(
            say.plural(
                "{n} grid chosen on the map keeps its borders.",
                "{n} grids chosen on the map keep their borders.",
                len(locked),
            )
            if locked
            else say("Grids chosen on the map keep their borders; none is chosen.")
        )
    if not go or area is None:
        return
    with refusals.caught(page), st.spinner(say("Looking for better borders …")):
        found = city.proposals.suggest(
            page.actor,
            int(area),
            draft=draft,
            by="load" if by == "load" else "households",
            tolerance=percent / 100,
            locked=locked,
        )
        words = f"{page.name(int(area))} · {say(EVENED[by])} · {percent} %"
        st.session_state[session.Key.PROPOSALS] = Asked(
            draft.id, draft.head, words, tuple(found)
        )
        editorstate.change(draft.id, proposal=0)


def _of(draft: Draft) -> Asked | None:
    """The proposals, as long as the draft stands where they were made."""
    asked: Asked | None = st.session_state.get(session.Key.PROPOSALS)
    return (
        asked
        if asked is not None and (asked.draft, asked.head) == (draft.id, draft.head)
        else None
    )


def preview(draft: Draft) -> Proposal | None:
    """The proposal looked at on the map, while its panel is open: elsewhere it would look drawn."""
    if st.session_state.get(session.Key.PANEL) != "suggest":
        return None
    asked, number = _of(draft), editorstate.of(draft.id).proposal
    return asked.found[number - 1] if asked and 1 <= number <= len(asked.found) else None


def _proposals(page: Page, draft: Draft, asked: Asked) -> None:
    say = page.say
    shown = pd.DataFrame(
        {
            "number": range(1, len(asked.found) + 1),
            "off": [
                f"{say.percent(one.before, 0)} → {say.percent(one.after, 0)}"
                for one in asked.found
            ],
            "moved": [
                f"{say.exact(one.moved)} ({say.percent(one.moved_share)})"
                for one in asked.found
            ],
            "borders": [len(one.transfers) for one in asked.found],
        }
    )
    columns = {
        "number": tables.count(say("No.")),
        "off": tables.text(say("Largest deviation")),
        "moved": tables.text(say("Change grid")),
        "borders": tables.count(say("Borders")),
    }
    tables.show(
        shown,
        columns,
        key="draft.proposals",
        say=say,
        offer=False,
        on_pick=lambda row: _preview(page, draft, asked, int(row["number"])),
    )
    _trade_off(page, draft, asked)
    chosen = preview(draft)
    if chosen is None:
        st.caption(say("Choose a row: the map shows it."))
        return
    st.text(_explained(page, chosen))
    with st.container(horizontal=True):
        city = page.city
        if city.drafts.may_edit(page.actor, draft):
            st.button(
                say("Take it into this draft"),
                key="draft.proposal.take",
                on_click=_taken,
                args=(page, draft, chosen),
            )
        if city.drafts.may_draw(page.actor) and st.button(
            say("Make this a draft"), key="draft.proposal.make", type="primary"
        ):
            with refusals.caught(page):
                made = city.proposals.draft_of(
                    page.actor, chosen, asked.words[:60], draft=draft
                )
                session.change(draft=made.id)
                st.rerun()


def _taken(page: Page, draft: Draft, chosen: Proposal) -> None:
    """Make it a step of the draft; why it was refused stands beside the map."""
    try:
        page.city.proposals.take(page.actor, draft, chosen)
        editorstate.change(draft.id, proposal=0, picks=(), error=None, notice="")
    except GridmapError as error:
        editorstate.change(draft.id, error=error, notice="")


def _trade_off(page: Page, draft: Draft, asked: Asked) -> None:
    """How even the place gets against how many households change grid, from as it is to the
    most even.
    """
    say, picked = page.say, editorstate.of(draft.id).proposal
    rows = [(0, 0.0, asked.found[0].before, say("as it is"), False)]
    rows += [
        (at, one.moved_share, one.after, str(at), at == picked)
        for at, one in enumerate(asked.found, start=1)
    ]
    frame = pd.DataFrame(
        rows, columns=["number", "moved", "off", "label", "picked"]
    ).sort_values("moved")

    def pick(row: dict[str, Any]) -> None:
        if row["number"]:
            _preview(page, draft, asked, int(row["number"]))

    charts.show(
        charts.trade_off(frame, say=say),
        frame.drop(columns="picked"),
        key=f"draft.trade_off.{picked}",
        say=say,
        alt_text=say(
            "Proposals: largest deviation against the share of households that change grid"
        ),
        on_pick=pick,
    )


def _preview(page: Page, draft: Draft, asked: Asked, number: int) -> None:
    steps = asked.found[number - 1].transfers
    point = page.city.drawings.plan(draft).grid(steps[0].giver).shape.representative_point()
    editorstate.change(draft.id, proposal=number, place=(float(point.x), float(point.y)))


def _explained(page: Page, one: Proposal) -> str:
    say = page.say
    told = [
        say(
            "Aimed at: no grid more than {share} off the mean of its village.",
            share=say.percent(one.tolerance, 0),
        ),
        say(
            "{share} of the households of the place change grid.",
            share=say.percent(one.moved_share),
        ),
    ]
    if one.refused:
        told.append(
            say(
                "{n} changes of borders were left out: the rules do not allow them.",
                n=one.refused,
            )
        )
    told += [
        say(
            "{village}: {giver} hands {n} to {taker}",
            village=page.name(parent(step.giver, Level.VILLAGE)),
            giver=f"{step.giver % 1000:03d}",
            taker=f"{step.taker % 1000:03d}",
            n=say.exact(step.weight),
        )
        for step in one.transfers[:MOST_TOLD]
    ]
    if len(one.transfers) > MOST_TOLD:
        told.append(say("and {n} more", n=len(one.transfers) - MOST_TOLD))
    return "\n".join(told)
