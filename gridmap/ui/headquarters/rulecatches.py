"""What the rules of lagging catch: units and matters on a map, the rules beside it; a click
on either narrows the other.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap.city.headquarters.figures import CAUGHT_MATTERS, CAUGHT_UNITS
from gridmap.insight.lag import MEASURES
from gridmap.ui import controls, tables
from gridmap.ui.board import Board
from gridmap.ui.frame import Page

KEY = "catches"
RULE, SHOWN = f"{KEY}.rule", f"{KEY}.shown"
MAP_HEIGHT = "max(20rem, calc(100vh - 22rem))"
FIGURES = {"matters": CAUGHT_MATTERS, "units": CAUGHT_UNITS}
"""What the map can show."""


def table(page: Page, rules: pd.DataFrame | None) -> None:
    """How much each rule catches in the area shown, by the rules in force or by `rules`
    tried; a row narrows the map.
    """
    say = page.say
    found = page.city.catches.by_rule(page.view.area, rules=rules)
    st.subheader(
        say("What the rules tried would catch")
        if rules is not None
        else say("What the rules catch now")
    )
    if found.empty:
        st.text(say("No rule is in use."))
        return
    shown = found.assign(
        what=[say(MEASURES[one].name) for one in found["measure"]],
        limit=[f"≥ {value:g}" for value in found["threshold"]],
        due=[say("interview") if one else say("supervision") for one in found["interview"]],
    )
    columns = {
        "rule": tables.count(say("Rule"), width=44),
        "what": tables.text(say("Measure"), width=250),
        "limit": tables.text(say("Threshold"), width=72),
        "days": tables.count(width=86),
        "due": tables.text(say("What follows"), width=88),
        "units": tables.count(say("Units"), width=54),
        "matters": tables.count(width=66),
    }
    names = {
        0: say("All rules"),
        **{
            int(row["rule"]): f"{row['rule']} · {row['what']}"
            for row in shown.to_dict("records")
        },
    }
    if st.session_state.get(RULE) not in names:
        st.session_state[RULE] = 0
    st.selectbox(
        say("Rule"),
        list(names),
        format_func=names.__getitem__,
        key=RULE,
        label_visibility="collapsed",
    )
    tables.show(shown, columns, key=f"{KEY}.rules", say=say, height=250, on_pick=_take)


def _take(row: dict[str, Any]) -> None:
    st.session_state[RULE] = int(row["rule"])


def map_(page: Page, rules: pd.DataFrame | None) -> None:
    """Where they catch it, over the whole city; a click opens a place."""
    say = page.say
    named = {key: say(figure.name) for key, figure in FIGURES.items()}
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = controls.menu(say("Shown on the map"), named, key=SHOWN, width=210)
        level = controls.matters_level(page)
    narrow = {"rule": int(st.session_state.get(RULE) or 0), "rules": rules}
    board = Board(page, KEY, today=True, narrow=narrow)
    board.show(FIGURES[chosen], level, height=MAP_HEIGHT)
