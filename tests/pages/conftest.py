"""The application on the small city: `open_page(path, lang, acting=…, at_part=…, **parameters)` runs
a page for a user of the demonstration (none: nobody is signed in), chooses a part of it, and
returns what it shows.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from gridmap.city.city import City
from gridmap.settings import Settings
from gridmap.ui.session import Key

APP = str(Path(__file__).resolve().parents[2] / "app.py")
PATIENCE_S = 120


@pytest.fixture(scope="session")
def city(small_city):
    """The front desk of the small city, for what the pages should show."""
    opened = City.open(small_city)
    yield opened
    opened.close()


@pytest.fixture
def open_page(small_city, monkeypatch) -> Callable[..., AppTest]:
    """Run a page of the application as a person with `lang` and the URL parameters would
    open it. The application keeps its city for the next test: nobody changes the small one.
    """
    return _opener(small_city.home, monkeypatch)


@pytest.fixture(scope="module")
def own_city(small_city, tmp_path_factory) -> City:
    """The front desk of a copy of the small city, which the tests of a module may change."""
    home = tmp_path_factory.mktemp("own_city") / "home"
    shutil.copytree(small_city.home, home)
    opened = City.open(Settings(home=home))
    yield opened
    opened.close()


@pytest.fixture
def open_own(own_city, monkeypatch) -> Callable[..., AppTest]:
    """As `open_page`, on the city of `own_city`, which the application opens anew."""
    st.cache_resource.clear()
    yield _opener(own_city.settings.home, monkeypatch)
    st.cache_resource.clear()


def _opener(home: Path, monkeypatch) -> Callable[..., AppTest]:
    monkeypatch.setenv("GRIDMAP_HOME", str(home))
    monkeypatch.chdir(Path(APP).parent)
    # As on a server that somebody has visited: AppTest forgets at each run that the
    # application lists its pages itself.
    whole = PagesManager.__init__

    def visited(self, *args, **kwargs):
        whole(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", visited)

    def run(
        path: str = "",
        lang: str = "zh",
        *,
        acting: int = 0,
        at_part: str = "",
        **parameters: str,
    ) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=PATIENCE_S)
        for name, value in {"lang": lang, **parameters}.items():
            app.query_params[name] = value
        if acting:
            app.session_state[Key.USER] = acting
        if path:
            app.switch_page(path)
        app.run()
        if at_part:
            app.button_group(key=f"{Path(path).stem}.part").set_value(at_part).run()
        assert not app.exception, app.exception
        assert not app.error, [error.value for error in app.error]
        return app

    return run
