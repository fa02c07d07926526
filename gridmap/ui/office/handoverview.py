"""Hand-over: everything one person has passes to another in one dated step; first what that
is, then the step.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gridmap.model import UserRole
from gridmap.ui import notices, refusals
from gridmap.ui.frame import Page
from gridmap.ui.office import userpick


def show(page: Page) -> None:
    """Who, to whom, what moves, why; then the step."""
    say = page.say
    st.text(
        say(
            "Open matters, device keys and grids pass over together, today, in one step "
            "that the journals show."
        )
    )
    left, right = st.columns(2)
    with left:
        source = userpick.show(page, say("Hands over"), key="handover.source", active=False)
    with right:
        target = userpick.show(
            page,
            page.field("target"),
            key="handover.target",
            fits=lambda table: _fits(page, source, table),
        )
    if not source:
        st.text(
            say("Choose who hands over: what would move is shown before anything is done.")
        )
        return
    with refusals.caught(page):
        would = page.city.handovers.would_move(source)
        columns = st.columns(3)
        columns[0].metric(say("Open matters"), say.exact(would.matters), border=True)
        columns[1].metric(say("Device keys"), say.exact(would.keys), border=True)
        columns[2].metric(say("Grids"), say.exact(would.grids), border=True)
    with st.form("handover.form", border=False):
        reason = st.text_input(page.field("reason"), max_chars=200, key="handover.reason")
        sent = st.form_submit_button(say("Hand over now"), type="primary")
    if not sent:
        return
    if not target:
        st.error(say("Choose who takes over."))
        return
    with refusals.caught(page):
        done = page.city.handovers.hand_over(
            page.actor, source=source, target=target, reason=reason
        )
        notices.done(
            say(
                "Handed over from {giver} to {taker}: {matters} matters, {keys} device "
                "keys, {grids} grids.",
                giver=page.person(source),
                taker=page.person(target),
                matters=say.exact(done.matters),
                keys=say.exact(done.keys),
                grids=say.exact(done.grids),
            )
        )


def _fits(page: Page, source: int, table: pd.DataFrame) -> pd.Series:
    """Who may take over: the same role, and but for grid workers the same office."""
    if not source:
        return pd.Series(data=True, index=table.index)
    giver = page.city.people.user(source)
    same = (table["role"] == giver.role.value) & (table["id"] != source)
    return (
        same
        if giver.role is UserRole.GRID_WORKER
        else same & (table["office"] == giver.office)
    )
