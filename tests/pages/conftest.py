"""The application on the small city: `open_page(path, lang, **parameters)` runs a page and
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
    open it.
    """
    yield _opener(small_city.home, monkeypatch)
    st.cache_resource.clear()


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
    """As `open_page`, on the city of `own_city`."""
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

    def run(path: str = "", lang: str = "zh", **parameters: str) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=PATIENCE_S)
        for name, value in {"lang": lang, **parameters}.items():
            app.query_params[name] = value
        app.run()
        if path:
            app.switch_page(path).run()
        assert not app.exception, app.exception
        assert not app.error, [error.value for error in app.error]
        return app

    return run
