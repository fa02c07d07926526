"""Files of a draft: for QGIS, as a map sheet, households moved as a spreadsheet; made when
asked for.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from gridmap.reports.mapsheet import map_sheets
from gridmap.store.plans.drafts import Draft
from gridmap.ui.frame import Page

FORMATS = {"gpkg": "GeoPackage", "geojson": "GeoJSON", "zip": "Shapefile"}


def show(page: Page, draft: Draft) -> None:
    """A button a file."""
    say, city = page.say, page.city
    st.caption(
        say("The GeoPackage opens in QGIS; edited there it comes back under “New draft”.")
    )
    with st.container(horizontal=True):
        for suffix, name in FORMATS.items():
            _offer(
                name,
                f"draft-{draft.id}.{suffix}",
                lambda path: city.planfiles.write(path, draft=draft),
            )
    st.caption(
        say(
            "Crosswalk: which share of the area, households and reports of an old grid "
            "lies in which new one."
        )
    )
    with st.container(horizontal=True):
        for suffix, name in {"csv": "CSV", "xlsx": "Excel"}.items():
            _offer(
                say("Crosswalk ({format})", format=name),
                f"crosswalk-{draft.id}.{suffix}",
                lambda path: city.outcomes.write_crosswalk(path, draft),
            )
    st.caption(
        say(
            "Household counts from old to new grids, and the map sheet of the places that change."
        )
    )
    with st.container(horizontal=True):
        _offer(
            say("Households moved (Excel)"),
            f"draft-{draft.id}.xlsx",
            lambda path: city.outcomes.write_moved(path, draft),
        )
        _offer(
            say("Map sheet (PDF)"),
            f"draft-{draft.id}.pdf",
            lambda path: map_sheets(city.sheets.of(draft, page.lang), path),
        )


def _offer(label: str, name: str, write: Callable[[Path], object]) -> None:
    """A download whose file is made when the button is clicked."""

    def data() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            write(path)
            return path.read_bytes()

    st.download_button(
        label, data, file_name=name, key=f"draft.file.{name}", on_click="ignore"
    )
