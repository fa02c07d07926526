"""What is on screen, to take along: a table as CSV and Excel, written by the city's own
writers, so that no cell runs as a formula.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from gridmap.calendar import TIME_ZONE
from gridmap.city.base.files import Format, writing
from gridmap.words import Words, mark

CSV: Mapping[Format, str] = {"csv": mark("Data (CSV)")}
DATA: Mapping[Format, str] = {**CSV, "xlsx": mark("Data (Excel)")}
ALL_ROWS: Mapping[Format, str] = {
    "csv": mark("All rows as CSV"),
    "xlsx": mark("All rows as Excel"),
}
"""What the links say where the screen shows a part of the rows."""

Table = pd.DataFrame | Callable[[], pd.DataFrame]


def links(
    table: Table,
    *,
    key: str,
    say: Words,
    labels: Mapping[Format, str] = DATA,
    name: str = "",
) -> None:
    """Quiet links that download `table`, one a format of `labels`, as `gridmap-name`.

    `table` has its columns under their headings; where it is costly, hand in what makes it:
    a file is made when it is asked for. Without a `name` the file is called by the `key`.
    """
    with st.container(horizontal=True, gap="medium"):
        for kind, label in labels.items():
            st.download_button(
                say(label),
                data=partial(file, table, kind),
                file_name=f"gridmap-{name or key}.{kind}",
                key=f"{key}.{kind}",
                type="tertiary",
                icon=":material/download:",
                on_click="ignore",
            )


def under_headings(frame: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """`columns` (field → column configuration or heading) of `frame`, called as on screen."""
    headings = {
        name: config if isinstance(config, str) else str(config.get("label") or name)
        for name, config in columns.items()
    }
    return frame[list(columns)].rename(columns=headings)


def file(table: Table, kind: Format) -> bytes:
    """`table` as a file; times as the screen shows them, in the city and to the minute."""
    frame = table if isinstance(table, pd.DataFrame) else table()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table.{kind}"
        with writing(path, kind) as writer:
            writer.write(_in_the_city(frame))
        return path.read_bytes()


def _in_the_city(frame: pd.DataFrame) -> pd.DataFrame:
    shown = frame.copy()
    for name in frame.select_dtypes("datetimetz").columns:
        local = frame[name].dt.tz_convert(TIME_ZONE)
        shown[name] = local.dt.strftime("%Y-%m-%d %H:%M").fillna("")
    return shown
