"""Reference layers and the base map on the data page: what there is, brought in, shown from
the start, removed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from gridmap import terms
from gridmap.model import LayerKind
from gridmap.ui import notices, refusals, tables
from gridmap.ui.frame import Page
from gridmap.ui.look import faultsview

KEY = "layers"


def show(page: Page) -> None:
    """The layers, and for planners the form that brings one in."""
    say, city = page.say, page.city
    st.subheader(say("Reference layers"))
    notices.show()
    found = city.layers.all()
    found["called"] = found["name" if page.lang == "zh" else "name_en"]
    found["what"] = [say(terms.LAYER_KINDS[kind]) for kind in found["kind"]]
    if found.empty:
        st.text(
            say(
                "No roads, buildings or water yet. Bring a file in below, or with `gridmap "
                "import layer`."
            )
        )
    else:
        tables.show(
            found,
            _columns(page),
            key=KEY,
            say=say,
        )
    ground = city.layers.basemap()
    if ground is not None:
        st.text(
            say(
                "Base map: {name}, zoom {low} to {high}",
                name=ground.name,
                low=ground.min_zoom,
                high=ground.max_zoom,
            )
        )
    if city.layers.may_change(page.actor):
        with st.expander(say("Bring in or remove a layer")):
            _form(page)
            _remove(page, dict(zip(found["id"].tolist(), found["called"], strict=True)))


def _columns(page: Page) -> dict[str, Any]:
    say = page.say
    return {
        "called": tables.text(say("Layer")),
        "what": tables.text(say("Kind")),
        "rows": tables.count(say("Features")),
        "visible": tables.flag(say("Shown at first")),
        "file": tables.text(say("File")),
    }


def _form(page: Page) -> None:
    say = page.say
    with st.form(f"{KEY}.form"):
        given: Any = st.file_uploader(
            say("GeoJSON, GeoPackage, zipped Shapefile, GeoParquet or FlatGeobuf"),
            type=faultsview.KINDS,
            key=f"{KEY}.file",
        )
        first, second, third, fourth = st.columns(4)
        name = first.text_input(say("Name"), key=f"{KEY}.name")
        kind: Any = second.selectbox(
            say("Kind"),
            list(LayerKind),
            format_func=lambda kind: say(terms.LAYER_KINDS[kind.value]),
            key=f"{KEY}.kind",
        )
        crs = third.selectbox(
            say("Coordinate system"),
            list(faultsview.SYSTEMS),
            key=f"{KEY}.crs",
            format_func=lambda name: (
                faultsview.SYSTEMS[name] if name else say("as the file says")
            ),
        )
        households = fourth.text_input(say("Column of households"), key=f"{KEY}.households")
        visible = st.checkbox(say("Shown at first"), key=f"{KEY}.visible")
        asked = st.form_submit_button(say("Bring in"), type="primary")
    if asked and given is None:
        st.warning(say("Choose a file first."))
    elif asked:
        with (
            refusals.caught(page),
            st.spinner(say("Reading the file …")),
            tempfile.TemporaryDirectory() as folder,
        ):
            path = Path(folder) / Path(given.name).name
            path.write_bytes(given.getvalue())
            done = page.city.layers.bring_in(
                page.actor,
                path,
                name=name or path.stem,
                kind=kind,
                visible=visible,
                crs=crs,
                households_column=households.strip(),
            )
            notices.done(
                say(
                    "{kept} features brought in, {outside} lie outside the city.",
                    kept=say.exact(done.kept),
                    outside=say.exact(done.outside),
                )
            )


def _remove(page: Page, names: dict[int, str]) -> None:
    say = page.say
    if not names:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            say("Layer"),
            list(names),
            format_func=names.__getitem__,
            key=f"{KEY}.which",
            width=320,
        )
        if st.button(say("Remove"), key=f"{KEY}.remove"):
            with refusals.caught(page):
                page.city.layers.drop(page.actor, int(number))
                notices.done(say("The layer is gone."))
