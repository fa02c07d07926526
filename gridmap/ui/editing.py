"""Tables that are edited: columns of choices shown in words, and the state of an edit that
begins anew once saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gridmap.city.base.seen import alike
from gridmap.ui import notices, session, tables
from gridmap.ui.frame import Page
from gridmap.ui.session import Key
from gridmap.words import Words

ALL = "*"
"""Stands in menus of tables for "every category" and "no department": they cannot show an
empty choice.
"""


def begun(page: Page, now: pd.DataFrame, *, key: str) -> pd.DataFrame:
    """The table to edit, as it was when this person began: edits are told by rows, and
    would fall on others.

    `now` is the table as it stands. Where somebody else has saved it since, that is said,
    with a way to begin again.
    """
    kept = st.session_state.setdefault(Key.SEEN, {})
    name = _widget(key)
    if name not in kept or not _has_edits(name):
        kept[name] = now
    elif not alike(kept[name], now):
        st.warning(
            page.say(
                "Somebody else has saved this table since you began. What you have typed "
                "cannot be saved over it."
            )
        )
        st.button(
            page.say("Begin again from how it stands now"),
            key=f"{key}.again",
            on_click=_next_round,
        )
    table: pd.DataFrame = kept[name].copy()
    return table


def _has_edits(widget: str) -> bool:
    return any((st.session_state.get(widget) or {}).values())


def _widget(key: str) -> str:
    return f"{key}.{st.session_state.get(Key.ROUND, 0)}"


def _next_round() -> None:
    st.session_state[Key.ROUND] = st.session_state.get(Key.ROUND, 0) + 1
    st.session_state.pop(Key.SEEN, None)


def table(
    frame: pd.DataFrame, columns: Mapping[str, Any], *, key: str, height: int
) -> pd.DataFrame:
    """`columns` (field → column configuration, see `tables.named`) of `frame` to be edited,
    rows added and removed; as edited.
    """
    columns = tables.named(columns, Words(session.now().lang))
    edited: pd.DataFrame = st.data_editor(
        frame,
        num_rows="dynamic",
        hide_index=True,
        height=height,
        key=_widget(key),
        column_order=list(columns),
        column_config=dict(columns),
    )
    return edited


def choice(names: Mapping[Any, str], label: str | None = None, **options: Any) -> Any:
    """A column whose values are chosen from `names`, value → words."""
    return st.column_config.SelectboxColumn(
        label,
        options=list(names),
        format_func=lambda value: names.get(value, str(value)),
        **options,
    )


def choices(names: Mapping[str, str]) -> Any:
    """A column with any number of `names` in each row."""
    return st.column_config.MultiselectColumn(
        options=list(names), format_func=lambda value: names.get(value, value)
    )


def saved(words: str) -> None:
    """Begin anew from what was saved, and say so."""
    _next_round()
    notices.done(words)
