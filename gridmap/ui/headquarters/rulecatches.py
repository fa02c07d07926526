"""What the rules of lagging catch: units and matters on a map, the rules beside it; a click
on either narrows the other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from gridmap.insight.lag import MEASURES
from gridmap.model import Level
from gridmap.ui import choropleth, controls, drill, tables
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer
from gridmap.words import mark

KEY = "catches"
RULE, SHOWN = f"{KEY}.rule", f"{KEY}.shown"
MAP_HEIGHT = "max(20rem, calc(100vh - 22rem))"
PARTS = {
    "matters": (mark("Matters the rules catch"), mark("matters")),
    "units": (mark("Units the rules catch"), mark("units")),
}


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
        "days": tables.count(say("Period, days"), width=86),
        "due": tables.text(say("What follows"), width=88),
        "units": tables.count(say("Units"), width=54),
        "matters": tables.count(say("Matters"), width=66),
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
    named = {key: say(title) for key, (title, _) in PARTS.items()}
    with st.container(horizontal=True, vertical_alignment="center"):
        part = controls.menu(say("Shown on the map"), named, key=SHOWN, width=210)
        level = controls.level(
            page,
            usual=Level.TOWNSHIP if page.view.area_level < Level.TOWNSHIP else None,
            menu=130,
        )
    drill.show_map(page, _layer(page, level, part, rules), key=KEY, height=MAP_HEIGHT)


def _layer(page: Page, level: Level, part: str, rules: pd.DataFrame | None) -> MapLayer:
    say, rule = page.say, int(st.session_state.get(RULE) or 0)
    found = page.city.catches.per_area(level, rule=rule, rules=rules)
    title, unit = PARTS[part]
    return choropleth.layer(
        page,
        level,
        found["code"].to_numpy(np.int64),
        found[part].to_numpy(np.float64),
        title=say(title),
        unit=say(unit),
        scheme="load",
    )
