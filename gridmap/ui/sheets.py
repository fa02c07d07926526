"""The table on the screen as an Excel file, beside its CSV."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from gridmap.city.base.files import writing
from gridmap.words import Words


def offer(table: pd.DataFrame, *, key: str, say: Words) -> None:
    """A quiet link that downloads `table` as an Excel file."""
    st.download_button(
        say("Data (Excel)"),
        data=lambda: _xlsx(table),
        file_name=f"gridmap-{key}.xlsx",
        key=f"{key}.xlsx",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )


def _xlsx(table: pd.DataFrame) -> bytes:
    """What stands in the file; times lose their zone, which Excel does not know."""
    plain = table.copy()
    for name in plain.columns:
        if isinstance(plain[name].dtype, pd.DatetimeTZDtype):
            local = plain[name].dt.tz_convert("Asia/Shanghai")
            plain[name] = local.dt.strftime("%Y-%m-%d %H:%M").fillna("")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        with writing(path, "xlsx") as writer:
            writer.write(plain)
        return path.read_bytes()
