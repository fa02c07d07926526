"""The one city every session of this process shares; built from the demonstration where the
home has none.
"""

from __future__ import annotations

import atexit
import gc
import threading
from dataclasses import replace

import streamlit as st

from gridmap import demo
from gridmap.city.city import City
from gridmap.city.look import maps
from gridmap.city.look.maps import MapPackage
from gridmap.city.look.quality import Quality
from gridmap.settings import Settings
from gridmap.store import Store
from gridmap.words import Words

_BUILDING = threading.Lock()
_SEEN: set[tuple[str, str]] = set()
"""Cities opened by this process: looking for them again would cost each run of a page a
connection.
"""


def settings() -> Settings:
    """The settings in force."""
    return Settings()  # type: ignore[call-arg]  # everything comes from the environment and the file


def open_city(own: Settings, *, say: Words) -> City:
    """The city in the home of `own`; an empty home gets the demonstration first, with its
    progress shown.
    """
    place = (own.url, str(own.home))
    if place not in _SEEN and not Store.exists(own):
        _build(own, say)
    city = _opened(*place, own)
    _SEEN.add(place)
    return city


def warm(own: Settings) -> None:
    """Open the city and its map files in the background, so that the first page finds them;
    an empty home is left alone.
    """

    def work() -> None:
        if Store.exists(own):
            package(_opened(own.url, str(own.home), own))

    threading.Thread(target=work, name="gridmap-warm", daemon=True).start()


@st.cache_resource(show_spinner=False)
def _opened(url: str, home: str, _settings: Settings) -> City:  # noqa: ARG001  (they tell cities apart)
    city = City.open(_settings)
    city.prepare()
    # Streamlit looks through all objects for garbage after each run of a page, which other
    # pages and the next run wait
    # for. What is there by now stays for as long as the server runs: it need not be looked
    # at again.
    gc.collect()
    gc.freeze()
    # At the end they are let go in order again; extensions would call them leaked.
    atexit.register(gc.unfreeze)
    return city


def _build(own: Settings, say: Words) -> None:
    with st.container(key="building"):
        st.subheader(say("Building the demonstration city"))
        st.text(
            say(
                "The home {home} has no city yet. This takes about a minute, once.",
                home=own.home,
            )
        )
        bar = st.progress(0.0)

    def progress(stage: str, done: int, total: int) -> None:
        bar.progress(
            min(done / total, 1.0) if total else 0.0, text=f"{stage} {done:,} / {total:,}"
        )

    with _BUILDING:
        if not Store.exists(own):
            demo.build(own, reports=own.demo_reports, seed=own.demo_seed, progress=progress)
    st.rerun()


def package(city: City) -> MapPackage:
    """The map files of the plan in force with its layers and base map, read once a plan and
    state of the layers.
    """
    return _package(
        str(city.store.home), city.plan.id, city.plan.digest, city.layers.version, city
    )


@st.cache_resource(show_spinner=False, max_entries=4)
def _package(home: str, plan: int, digest: str, layers: str, _city: City) -> MapPackage:  # noqa: ARG001  (they tell states apart)
    files = maps.package(_city.store, plan=plan)
    return replace(files, overlays=_city.layers.overlays(), ground=_city.layers.ground())


def quality(city: City) -> Quality:
    """The figures on the data: they read every month, so they are kept for as long as the
    data stays the same.
    """
    return _quality(str(city.store.home), city.data_version, city)


@st.cache_resource(show_spinner=False, max_entries=4)
def _quality(home: str, version: str, _city: City) -> Quality:  # noqa: ARG001  (they tell states apart)
    return _city.imports.quality()
