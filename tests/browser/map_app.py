"""One page with one map of the small city, its inputs taken from widgets and the URL."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

sys.path.insert(0, str(Path(__file__).resolve().parent))

import world

from gridmap.api import routes
from gridmap.geo.locate import GridIndex
from gridmap.insight.classes import breaks
from gridmap.model import Level
from gridmap.ui import colours, maps

HOME = Path(os.environ["GRIDMAP_HOME"])


@st.cache_resource
def city() -> tuple[world.MapPackage, GridIndex]:
    frame = world.grids()
    index = GridIndex(
        frame["code"].to_numpy(dtype=np.int64),
        np.asarray(frame.geometry.array, dtype=object),
    )
    return world.package(HOME), index


def run() -> None:
    st.set_page_config(layout="wide")
    package, index = city()
    query = st.query_params
    level = Level(int(query.get("level", Level.GRID)))
    day = st.number_input("day", value=1)
    units = package.units(level)
    values = np.arange(len(units), dtype=float) * day % 37
    values[:3] = np.nan
    limits = breaks(values, classes=5)
    layer = maps.MapLayer(
        package,
        level,
        units,
        values,
        limits,
        colours.scheme("activity", len(limits) - 1),
        title=world.HOSTILE if "hostile" in query else "上报",
        unit="件",
        selected=int(query.get("area", 0)),
        markers=maps.Markers(units[:4], np.array([0, 1, 2, 0]), ("甲", world.HOSTILE, "丙"))
        if "marks" in query
        else None,
        heat=maps.Heat(np.eye(24), package.bounds) if "heat" in query else None,
    )
    clicked = maps.show(
        layer, key="main", height=520, lang=query.get("lang", "zh"), dark="dark" in query
    )
    st.session_state.runs = st.session_state.get("runs", 0) + 1
    if clicked:
        st.session_state.clicks = st.session_state.get("clicks", 0) + 1
        st.session_state.place = int(
            index.locate(np.array([clicked.lon]), np.array([clicked.lat]))[0]
        )
    st.text(f"runs={st.session_state.runs}")
    st.text(
        f"clicks={st.session_state.get('clicks', 0)} place={st.session_state.get('place', 0)}"
    )
    if query.get("area"):
        st.text(f"area={query['area']}")


if get_script_run_ctx() is not None:
    run()
else:
    app = st.App(__file__, routes=routes())
