"""What is on screen, to take along: CSV and Excel of a table under its headings."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from gridmap.city.base.files import Format, writing
from gridmap.ui.frame import Page


def offer(page: Page, frame: pd.DataFrame, columns: Mapping[str, Any], *, key: str) -> None:
    """Two quiet links that download `columns` (field → column configuration or heading) of
    `frame`.
    """
    heads = {
        name: config if isinstance(config, str) else str(config.get("label") or name)
        for name, config in columns.items()
    }
    table = frame[list(columns)].rename(columns=heads)
    labels: dict[Format, str] = {
        "csv": page.say("All rows as CSV"),
        "xlsx": page.say("All rows as Excel"),
    }
    with st.container(horizontal=True, gap="medium"):
        for kind, label in labels.items():
            st.download_button(
                label,
                data=_file(table, kind),
                file_name=f"gridmap-{key}.{kind}",
                key=f"{key}.{kind}",
                type="tertiary",
                icon=":material/download:",
                on_click="ignore",
            )


def _file(table: pd.DataFrame, kind: Format) -> Callable[[], bytes]:
    """Made when it is asked for, by the city's own writers, so that no cell runs as a formula."""

    def make() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"table.{kind}"
            with writing(path, kind) as writer:
                writer.write(table)
            return path.read_bytes()

    return make
