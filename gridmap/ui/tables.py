"""Tables: rows that open what they stand for, columns that say their unit, the whole table for download."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gridmap.ui import charts
from gridmap.ui.words import Words


def show(
    frame: pd.DataFrame,
    columns: Mapping[str, Any],
    *,
    key: str,
    say: Words,
    height: int | str = "auto",
    opens: str = "",
) -> int:
    """Show `columns` (field → column configuration or heading) of `frame` in their order; offer it as CSV.

    With `opens`, a row can be picked: returns the number in its field `opens`, or 0.
    """
    with st.container(key=f"table_{key}", gap=None):
        event = st.dataframe(
            frame,
            key=key,
            hide_index=True,
            column_order=list(columns),
            column_config=dict(columns),
            height=height,  # type: ignore[arg-type]  # "auto" is allowed
            on_select="rerun" if opens else "ignore",
            selection_mode="single-row",
            placeholder="—",
        )
        charts.offer(frame[list(columns)].rename(columns=_headings(columns)), key=key, say=say)
    rows = event["selection"]["rows"] if opens else []
    return int(frame.iloc[rows[0]][opens]) if rows and rows[0] < len(frame) else 0


def _headings(columns: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: config if isinstance(config, str) else str(config.get("label") or name)
        for name, config in columns.items()
    }


def count(label: str, *, help: str | None = None, digits: int = 0) -> Any:  # noqa: A002  (Streamlit's own word)
    """A column of numbers with thousands separators."""
    return st.column_config.NumberColumn(label, help=help, format="localized" if not digits else f"%.{digits}f")


def share(label: str, *, help: str | None = None) -> Any:  # noqa: A002
    """A column of shares from 0 to 1, shown in percent."""
    return st.column_config.NumberColumn(label, help=help, format="percent")


def text(label: str, *, help: str | None = None, width: str | None = None) -> Any:  # noqa: A002
    """A column of words."""
    return st.column_config.TextColumn(label, help=help, width=width)  # type: ignore[arg-type]
