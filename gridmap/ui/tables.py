"""Tables: rows that open what they stand for, columns that say their unit, the whole table
for download.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import pandas as pd
import streamlit as st
from pandas.api.types import is_float_dtype

from gridmap import terms
from gridmap.calendar import TIME_ZONE
from gridmap.ui import exports
from gridmap.words import NONE, Words

ROW_PX, HEAD_PX = 35, 38


def show(
    frame: pd.DataFrame,
    columns: Mapping[str, Any],
    *,
    key: str,
    say: Words,
    height: int | Literal["stretch"] | None = None,
    on_pick: Callable[[dict[str, Any]], None] | None = None,
    offer: bool = True,
    file: str = "",
) -> None:
    """Show `columns` (field → column configuration or heading) of `frame` in their order,
    see `named`; `offer` it as CSV and Excel, called `file`, or by its key.

    `height` in pixels at most; "stretch" fills what the screen has left below the head of a
    page; None: as the rows need. A row that is picked, or clicked anywhere, is handed to
    `on_pick`, once, with all its fields.
    """

    def take() -> None:
        picked = st.session_state[key]["selection"]
        rows = [row for row, _ in picked["cells"]] or picked["rows"]
        if on_pick and rows and rows[0] < len(frame):
            on_pick({str(name): value for name, value in frame.iloc[rows[0]].items()})

    columns = named(columns, say)
    kind = "tall_table" if height == "stretch" else "table"
    with st.container(key=f"{kind}_{key}", gap=None):
        st.dataframe(
            _rounded(frame, columns),
            key=key,
            hide_index=True,
            column_order=list(columns),
            column_config=dict(columns),
            height=_height(height, len(frame)),
            on_select=take if on_pick else "ignore",
            selection_mode=("single-row", "single-cell"),
            placeholder=NONE,
        )
        if offer:
            taken = exports.under_headings(frame, columns)
            exports.links(taken, key=key, say=say, name=file)


def named(columns: Mapping[str, Any], say: Words) -> dict[str, Any]:
    """`columns` with a heading each: one without its own is called as its field is
    everywhere (`terms.FIELDS`).
    """
    return {
        name: column
        if isinstance(column, str) or column.get("label") is not None
        else column | {"label": say(terms.FIELDS[name])}
        for name, column in columns.items()
    }


def _height(
    most: int | Literal["stretch"] | None, rows: int
) -> int | Literal["stretch", "auto", "content"]:
    """No empty lines below a short table."""
    if not isinstance(most, int):
        return most or "auto"
    return "content" if HEAD_PX + ROW_PX * rows <= most else most


def _rounded(frame: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Whole numbers where a column shows counts: a localized number is shown with all its
    digits.
    """
    whole = [
        name
        for name, config in columns.items()
        if not isinstance(config, str)
        and (config.get("type_config") or {}).get("format") == "localized"
    ]
    return frame.assign(
        **{name: frame[name].round() for name in whole if is_float_dtype(frame[name])}
    )


def count(
    label: str | None = None,
    *,
    help: str | None = None,  # noqa: A002  (Streamlit's own word)
    digits: int = 0,
    width: int | None = None,
) -> Any:
    """A column of numbers with thousands separators."""
    shown = "localized" if not digits else f"%.{digits}f"
    return st.column_config.NumberColumn(label, help=help, format=shown, width=width)


def share(
    label: str | None = None,
    *,
    help: str | None = None,  # noqa: A002
    width: int | None = None,
) -> Any:
    """A column of shares in percent, 0 to 100."""
    return st.column_config.NumberColumn(label, help=help, format="%.1f%%", width=width)


def text(
    label: str | None = None,
    *,
    help: str | None = None,  # noqa: A002
    width: str | int | None = None,
) -> Any:
    """A column of words."""
    return st.column_config.TextColumn(label, help=help, width=width)  # type: ignore[arg-type]


def day(label: str | None = None) -> Any:
    """A column of days."""
    return st.column_config.DateColumn(label, format="YYYY-MM-DD")


def moment(label: str | None = None, *, width: int | None = None) -> Any:
    """A column of times in the city."""
    return st.column_config.DatetimeColumn(
        label, format="YYYY-MM-DD HH:mm", timezone="Asia/Shanghai", width=width
    )


def moments(seconds: pd.Series) -> pd.Series:
    """Unix seconds as times in the city, for a column of `moment`; 0, or none: empty."""
    numbers = pd.to_numeric(seconds)
    return pd.to_datetime(numbers.where(numbers > 0), unit="s", utc=True).dt.tz_convert(
        TIME_ZONE
    )


def flag(label: str | None = None) -> Any:
    """A column of yes or no."""
    return st.column_config.CheckboxColumn(label)
