"""The application: the list of pages when Streamlit runs it, pages and routes together when a server imports it."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gridmap.api import routes
from gridmap.ui import frame
from gridmap.ui.words import Words, mark

PAGES = {
    "pages/overview.py": (mark("Overview"), ":material/dashboard:"),
    "pages/heatmap.py": (mark("Heatmap"), ":material/local_fire_department:"),
    "pages/coverage.py": (mark("Coverage"), ":material/grid_on:"),
    "pages/workload.py": (mark("Workload"), ":material/balance:"),
    "pages/grid.py": (mark("Grid"), ":material/hexagon:"),
    "pages/data.py": (mark("Data"), ":material/database:"),
}


def run() -> None:
    """One run of the page that is open."""
    st.set_page_config(page_title="gridmap", page_icon=":material/grid_view:", layout="wide")
    say: Words = frame.start().say
    pages = [
        st.Page(path, title=say(title), icon=icon, default=not number)
        for number, (path, (title, icon)) in enumerate(PAGES.items())
    ]
    st.navigation(pages).run()


if get_script_run_ctx() is not None:
    run()
else:
    app = st.App(__file__, routes=routes(base=st.config.get_option("server.baseUrlPath") or ""))
