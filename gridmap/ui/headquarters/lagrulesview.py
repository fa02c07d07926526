"""The rules by which units lag: read, or edited and tried before they are saved."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.insight.lag import MEASURES
from gridmap.ui import editing, refusals, tables
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import laggingview, rulecatches
from gridmap.ui.session import Key
from gridmap.words import mark

KEY = "supervision"
KIND = mark("Kind of unit")
RULE_FIELDS = {"kind": KIND}


def rules(page: Page) -> None:
    """What the rules catch on a map; beside it the rules and how much each catches."""
    left, right = st.columns([1, 1.75])
    with right:
        tried = _rules(page)
        rulecatches.table(page, tried)
    with left:
        rulecatches.map_(page, tried)


def _rules(page: Page) -> pd.DataFrame | None:
    """The rules as a table to edit, tried before they are saved; others read them. The
    rules tried as they stand, if any.
    """
    say, rooms = page.say, page.city.lagging
    may = rooms.may_change_rules(page.actor)
    st.text(
        say(
            "A unit lags when the measure reaches the threshold and at least so many "
            "matters are counted."
        )
    )
    seen = rooms.rules()
    if may:
        seen = editing.begun(page, seen, key=f"{KEY}.rules")
    table = seen.drop(columns=["position"]).replace({"kind": {"": editing.ALL}})
    kinds = {
        editing.ALL: say("every unit"),
        **{kind: say(words) for kind, words in terms.OFFICE_KINDS.items()},
    }
    columns: dict[str, Any] = {
        "measure": editing.choice(
            {key: say(one.name) for key, one in MEASURES.items()},
            required=True,
            width="large",
        ),
        "threshold": st.column_config.NumberColumn(min_value=0.0, required=True),
        "least": st.column_config.NumberColumn(
            min_value=1, step=1, required=True, default=1
        ),
        "days": st.column_config.NumberColumn(
            min_value=1, step=1, required=True, default=30
        ),
        "kind": editing.choice(kinds, say(KIND), width="medium", default=editing.ALL),
        "interview": st.column_config.CheckboxColumn(default=False),
        "active": st.column_config.CheckboxColumn(default=True),
    }
    if not may:
        shown = table.assign(
            measure=[say(MEASURES[one].name) for one in table["measure"]],
            kind=[kinds[one] for one in table["kind"]],
        )
        named = tables.named(columns, say)
        heads = {name: str(column["label"]) for name, column in named.items()}
        tables.show(shown, heads, key=f"{KEY}.read", say=say, file="lag-rules")
        return None
    edited = editing.table(table, columns, key=f"{KEY}.rules", height=260).replace(
        {"kind": {editing.ALL: ""}}
    )
    digest = hashlib.sha256(
        edited.to_json(orient="split", default_handler=str).encode()
    ).hexdigest()
    with st.container(horizontal=True):
        tried = st.button(say("Try: whom would they find now?"), key=f"{KEY}.try")
        saved = st.button(
            say("Save the rules"),
            key=f"{KEY}.save",
            type="primary",
            disabled=not tried and st.session_state.get(Key.TRIED) != digest,
            help=say("Rules are saved once they were tried as they stand."),
        )
    if tried:
        st.session_state.pop(Key.TRIED, None)
        with refusals.caught(page, RULE_FIELDS):
            found = rooms.found(page.view.area, page.lang, rules=edited)
            st.session_state[Key.TRIED] = digest
            st.text(
                say.plural(
                    "They would find {n} unit.",
                    "They would find {n} units.",
                    found["office"].nunique(),
                )
            )
            if not found.empty:
                laggingview.listed(page, found, key="tried")
    if saved:
        with refusals.caught(page, RULE_FIELDS):
            rooms.save_rules(page.actor, edited, seen=seen)
            st.session_state.pop(Key.TRIED, None)
            editing.saved(say("The rules have been saved."))
    return edited if st.session_state.get(Key.TRIED) == digest else None
