"""What is late: where, with whom, and whom to ring."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap.city.headquarters.figures import LATE
from gridmap.ui import clocks, controls, session, tables
from gridmap.ui.board import Board, show_matters
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page
from gridmap.words import NONE

KEY = "headquarters"
MOST_LATE = 200
MAP_HEIGHT = "max(22rem, calc(100vh - 17rem))"
LATE_WITH = f"{KEY}.late_with"


def late(page: Page) -> None:
    """Where it is late, with whom, and the matters with whom to ring."""
    say, rooms, area = page.say, page.city.headquarters, page.view.area
    units = rooms.late_units(area, page.lang)
    if units.empty:
        st.text(say("Nothing is late in {place}.", place=page.place))
        return
    rows = {
        (int(row["unit"]), bool(row["verify"])): row for row in units.to_dict("records")
    }
    chosen = st.session_state.get(LATE_WITH)
    chosen = chosen if chosen in rows else None
    total = int(rows[chosen]["late"] if chosen else units["late"].sum())
    found = rooms.late(area, page.lang, limit=MOST_LATE, unit=chosen)
    left, right = st.columns([1, 1])
    with left:
        level = controls.level(page)
        if chosen:
            show_matters(
                page,
                found["matter"],
                level,
                key="late",
                title=say(LATE.name),
                height=MAP_HEIGHT,
            )
        else:
            Board(page, "late").show(LATE, level, height=MAP_HEIGHT)
    with right:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(say.plural("{n} matter is late", "{n} matters are late", total))
            if chosen:
                st.button(
                    say("Show all units"),
                    key=f"{KEY}.all_units",
                    type="tertiary",
                    on_click=_late_with,
                    args=(None,),
                )
        _late_units(page, units)
    shown = matterlist.shown(page, found).assign(
        unit_name=found["unit_name"],
        person=[page.person(user) or NONE for user in found["responsible"]],
        phone=found["phone"],
    )
    heads = matterlist.columns(page)
    columns = {name: heads[name] for name in ("left", "due", "what", "where", "state")} | {
        "unit_name": tables.text(width=210),
        "person": tables.text(say("Responsible")),
        "phone": tables.text(),
        "number": heads["number"],
    }
    tables.show(
        shown,
        columns,
        key=f"{KEY}.late.{area}",
        say=say,
        on_pick=lambda row: session.open_matter(int(row["matter"])),
        file="late",
        height=matterlist.HEAD_PX + matterlist.ROW_PX * min(len(shown), 15),
    )
    if total > len(found):
        st.caption(say("The first {n} of {total}.", n=len(found), total=say.exact(total)))


def _late_with(row: dict[str, Any] | None) -> None:
    """Whose late matters map and list show: a row of the units, or all."""
    st.session_state[LATE_WITH] = (int(row["unit"]), bool(row["verify"])) if row else None


def _late_units(page: Page, units: pd.DataFrame) -> None:
    say, now = page.say, page.city.now_s
    shown = units.assign(
        since=[clocks.left(int(due), now, say) for due in units["oldest_due"]],
        whose=[
            say("To be verified") if verify else say("With the unit")
            for verify in units["verify"]
        ],
    )
    columns = {
        "name": tables.text(say("Unit"), width=200),
        "late": tables.count(say("Late")),
        "since": tables.text(say("Longest")),
        "whose": tables.text(),
        "phone": tables.text(),
    }
    tables.show(
        shown,
        columns,
        key=f"{KEY}.late_units",
        say=say,
        height=400,
        file="late-units",
        on_pick=_late_with,
    )
