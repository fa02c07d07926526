"""Units that lag: whom the rules find now, the matters that count against them, what is
done about it.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap.cases.interviews import Act
from gridmap.cases.records.record import Order
from gridmap.city.flow.matters import MatterFilter
from gridmap.insight.lag import MEASURES
from gridmap.ui import controls, notices, refusals, tables
from gridmap.ui.board import show_matters
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import rowpick
from gridmap.words import NONE

KEY = "supervision"
LONGEST = 2_000
MAP_HEIGHT = "max(20rem, calc(100vh - 22rem))"
FOUND = f"{KEY}.chosen"
ALL = ""
MOST_MATTERS = 200


def lagging(page: Page) -> None:
    """Whom the rules find now, and what is done about it."""
    say = page.say
    found = page.city.lagging.found(page.view.area, page.lang)
    if found.empty:
        st.text(say("By the rules in force no unit lags in {place}.", place=page.place))
        return
    found = found.assign(
        which=[f"{row['office']}.{row['rule']}" for row in found.to_dict("records")]
    )
    told = zip(found["which"], found["name"], found["measure"], strict=True)
    names = {
        ALL: say("All units found"),
        **{one: f"{name} · {say(MEASURES[key].name)}" for one, name, key in told},
    }
    left, right = st.columns([1, 1.75])
    with right:
        chosen = rowpick.choose(names, FOUND, say("Unit and rule"))
        listed(
            page, found, key="found", on_pick=lambda row: rowpick.take(FOUND, row["which"])
        )
    rows = found if chosen == ALL else found[found["which"] == chosen]
    matters = list(dict.fromkeys(matter for row in rows["matters"] for matter in row))
    with left:
        show_matters(
            page,
            matters,
            controls.matters_level(page),
            key=f"{KEY}.lagging",
            title=say("Matters that count against units"),
            height=MAP_HEIGHT,
        )
    st.subheader(
        say.plural(
            "{n} matter counts against it", "{n} matters count against it", len(matters)
        )
    )
    behind = page.city.matters.find(MatterFilter(ids=tuple(matters)), limit=MOST_MATTERS)
    matterlist.show(page, behind, key=f"{KEY}.matters", height=260)
    if len(behind) < len(matters):
        st.caption(
            say("The first {n} of {total}.", n=len(behind), total=say.exact(len(matters)))
        )
    if chosen != ALL and page.city.interviews.may_ask(
        page.actor, int(rows["office"].iloc[0])
    ):
        _act(page, rows.iloc[0], matters)


def _act(page: Page, row: Any, matters: list[int]) -> None:
    say, rooms = page.say, page.city.lagging
    with st.form(f"{KEY}.act", border=False):
        words = st.text_area(
            say("What is expected, and until when"),
            max_chars=LONGEST,
            height=80,
            key=f"{KEY}.act.words",
        )
        with st.container(horizontal=True):
            pressed = st.form_submit_button(say("Supervise these matters"))
            asked = st.form_submit_button(
                say("Ask to an interview"), type="primary", disabled=bool(row["asked"])
            )
    if row["asked"]:
        st.caption(say("This unit has been asked already."))
    if pressed:
        with refusals.caught(page):
            count = rooms.supervise(page.actor, matters, words)
            notices.done(
                say.plural(
                    "{n} matter put under supervision.",
                    "{n} matters put under supervision.",
                    count,
                )
            )
    if asked:
        with refusals.caught(page):
            reason = {
                name: row[name]
                for name in (
                    "measure",
                    "threshold",
                    "days",
                    "numerator",
                    "denominator",
                    "value",
                )
            }
            plain_values = {
                name: value.item() if hasattr(value, "item") else value
                for name, value in reason.items()
            }
            order = Order(
                Act.ASK,
                office=int(row["office"]),
                words=words,
                rule=int(row["rule"]),
                reason=plain_values,
            )
            page.city.interviews.add(page.actor, order)
            notices.done(
                say("The unit has been asked; it finds the warning under Supervision.")
            )


def listed(page: Page, found: pd.DataFrame, *, key: str, on_pick: Any = None) -> None:
    """Units and rules with what was counted."""
    say = page.say
    shown = found.assign(
        what=[say(MEASURES[one].name) for one in found["measure"]],
        told=[
            f"{value:.1f} %" if MEASURES[one].share else f"{value:.0f}"
            for one, value in zip(found["measure"], found["value"], strict=True)
        ],
        counts=[
            say("{numerator} of {denominator}", numerator=a, denominator=b)
            for a, b in zip(found["numerator"], found["denominator"], strict=True)
        ],
        limit=[f"≥ {value:g}" for value in found["threshold"]],
        due=[say("interview") if one else say("supervision") for one in found["interview"]],
        stand=[say("asked already") if one else NONE for one in found["asked"]],
    )
    columns = {
        "name": tables.text(say("Unit"), width=165),
        "what": tables.text(say("Measure"), width=165),
        "told": tables.text(say("Value"), width=58),
        "counts": tables.text(say("Of how many"), width=84),
        "limit": tables.text(say("Threshold"), width=68),
        "due": tables.text(say("What follows"), width=85),
        "stand": tables.text(width=92),
    }
    tables.show(
        shown,
        columns,
        key=f"{KEY}.{key}",
        say=say,
        file=f"lagging-{key}",
        height=400,
        on_pick=on_pick,
    )
