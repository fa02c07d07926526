"""The application: the list of pages when Streamlit runs it, pages and routes together when
a server imports it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from starlette.middleware import Middleware
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gridmap.api import routes
from gridmap.api.hints import Hints
from gridmap.ui import city as cities
from gridmap.ui import frame
from gridmap.ui.menu import HIDDEN, PAGES
from gridmap.words import Words


def menu(say: Words) -> dict[str, list[StreamlitPage]]:
    """The pages by group; the first of all is the one that opens."""
    here = Path(__file__).parent
    return {
        say(group): [
            st.Page(
                path,
                title=say(title),
                default=path == frame.OVERVIEW_PAGE,
                visibility=_seen(path),
            )
            for path, title in pages.items()
            if (here / path).exists()
        ]
        for group, pages in PAGES.items()
    }


def _seen(path: str) -> Literal["visible", "hidden"]:
    return "hidden" if path in HIDDEN else "visible"


def run() -> None:
    """One run of the page that is open."""
    # A named icon would make the browser ask a font server outside for its picture; a file
    # of our own does not.
    st.set_page_config(page_title="gridmap", page_icon=str(frame.ICON), layout="wide")
    page = frame.start()
    with frame.guarded(page.say):
        st.navigation(
            menu(page.say), position="hidden" if page.view.screen else "top"
        ).run()


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """While the server runs: the city is opened as soon as it starts, not when the first
    page asks.
    """
    cities.warm(cities.settings())
    yield {}


if get_script_run_ctx(suppress_warning=True) is not None:
    run()
else:
    mounted_at = st.config.get_option("server.baseUrlPath") or ""
    hints = Middleware(Hints, static=Path(st.__file__).parent / "static", base=mounted_at)
    app = st.App(
        __file__, routes=routes(base=mounted_at), lifespan=lifespan, middleware=[hints]
    )
