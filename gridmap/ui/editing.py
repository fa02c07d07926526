"""Tables that are edited: columns of choices shown in words, and the state of an edit that begins anew once saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gridmap.ui import notices
from gridmap.ui.session import Key

ALL = "*"
"""Stands in menus of tables for "every category" and "no department": they cannot show an empty choice."""


def table(frame: pd.DataFrame, columns: Mapping[str, Any], *, key: str, height: int) -> pd.DataFrame:
    """`columns` (field → column configuration) of `frame` to be edited, rows added and removed; as edited."""
    edited: pd.DataFrame = st.data_editor(
        frame,
        num_rows="dynamic",
        hide_index=True,
        height=height,
        key=f"{key}.{st.session_state.get(Key.ROUND, 0)}",
        column_order=list(columns),
        column_config=dict(columns),
    )
    return edited


def choice(label: str, names: Mapping[Any, str], **options: Any) -> Any:
    """A column whose values are chosen from `names`, value → words."""
    return st.column_config.SelectboxColumn(
        label, options=list(names), format_func=lambda value: names.get(value, str(value)), **options
    )


def choices(label: str, names: Mapping[str, str]) -> Any:
    """A column with any number of `names` in each row."""
    return st.column_config.MultiselectColumn(
        label, options=list(names), format_func=lambda value: names.get(value, value)
    )


def saved(words: str) -> None:
    """Begin anew from what was saved, and say so."""
    st.session_state[Key.ROUND] = st.session_state.get(Key.ROUND, 0) + 1
    notices.done(words)
