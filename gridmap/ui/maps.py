"""Maps on pages: what to draw, handed to the browser through folium and streamlit-folium.

The map's script is constant for a plan, a language and a ground, so the browser keeps map,
geometry and view; each run sends only values. Everything travels as base64: no name, no
title, nothing anybody typed is ever part of a script.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import folium
import numpy as np
import numpy.typing as npt
import shapely
import shapely.geometry
import streamlit as st
from branca.element import MacroElement
from folium.template import Template

from gridmap import webfiles
from gridmap.city.look.maps import Bounds, Ground, MapPackage
from gridmap.model import Level
from gridmap.settings import Settings
from gridmap.ui import colours as palette
from gridmap.ui import drawtools
from gridmap.words import Words

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Heat:
    """A smoothed density: `array` float[h, w], north first, ≥ 0; `bounds` west, south,
    east, north of its outer edges.

    `top`: the value drawn in the strongest colour (default: the largest).
    """

    array: npt.NDArray[Any]
    bounds: Bounds
    top: float | None = None


@dataclass(frozen=True)
class Markers:
    """Small signs on places: `codes` int64[m] of any level, `kinds` int[m], and for each
    kind its words and colour.
    """

    codes: npt.NDArray[np.int64]
    kinds: npt.NDArray[Any]
    labels: Sequence[str]
    colours: Sequence[str] = palette.OKABE_ITO


@dataclass(frozen=True)
class DraftShapes:
    """A draft over the plan: the polygons it made or changed, painted over the base.

    `codes` int64[k] with `shapes` (EPSG:4490) and `fills` (a colour each, "" for the
    draft's own); `picks` are grids chosen, `theirs` grids somebody else is working on;
    `taken`: number of the last drawing that was read.
    """

    codes: Sequence[int] = ()
    shapes: Sequence[shapely.Geometry] = ()
    fills: Sequence[str] = ()
    picks: Sequence[int] = ()
    theirs: Sequence[int] = ()
    taken: int = 0


@dataclass(frozen=True)
class Answer:
    """What a person did on a map: a click (longitude, latitude), or a line or polygon drawn
    (EPSG:4490); each once.
    """

    click: tuple[float, float] | None = None
    drawing: shapely.Geometry | None = None


@dataclass(frozen=True)
class MapLayer:
    """What a map shows.

    `codes` int64[n] of `level` with `values` float[n] (NaN: no data, also for places that
    are left out), coloured by `breaks` (k + 1 limits; infinite ends allowed) with `colours`
    (k). With `labels` (k) values are class numbers 0 … k − 1 instead. No colours: a plain
    map. `selected`: code of the outlined place, 0 for none. `bounds`: where to look when it
    changes; None: the whole city. With `heat`, `breaks` and `colours` are its legend.
    """

    package: MapPackage
    level: Level = Level.GRID
    codes: Sequence[int] | npt.NDArray[np.int64] = ()
    values: Sequence[float] | npt.NDArray[Any] = ()
    breaks: Sequence[float] | Floats = ()
    colours: Sequence[str] = ()
    labels: Sequence[str] | None = None
    title: str = ""
    unit: str = ""
    note: str = ""
    selected: int = 0
    bounds: Bounds | None = None
    heat: Heat | None = None
    markers: Markers | None = None
    pins: Sequence[tuple[float, float, int]] = ()
    """Longitude, latitude and number of exact places; number 0 is the place chosen."""
    focus: tuple[int, int] | None = None
    """Layer and number of the feature pointed at; its layer is switched on."""
    draft: DraftShapes | None = None


@dataclass(frozen=True)
class Click:
    """Where somebody clicked, in degrees, and the finest level whose places they could tell
    apart there.

    `seen` is the city's level as long as the map shows what the page made it show.
    """

    lon: float
    lat: float
    seen: Level = Level.CITY

    @property
    def place(self) -> tuple[float, float]:
        """Longitude and latitude."""
        return self.lon, self.lat


class _Attach(MacroElement):
    """Starts our drawing on the folium map; `config` is base64."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        gridmap.attach({{ this._parent.get_name() }}, "{{ this.config }}");
        {% endmacro %}
        """
    )

    def __init__(self, config: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "GridmapAttach"
        self.config = config


class _Paint(folium.FeatureGroup):
    """Hands values to the drawing; in the browser it is an empty layer that
    streamlit-folium may add and remove.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = gridmap.paint({{ this._parent.get_name() }}, {{ this.parts }});
        {% endmacro %}
        """
    )

    def __init__(self, parts: str) -> None:
        super().__init__(name="values", control=False)
        self.parts = parts


def show(
    layer: MapLayer,
    *,
    key: str,
    height: int | str,
    lang: str,
    dark: bool = False,
    wall: bool = False,
) -> Click | None:
    """Draw `layer` and return a click, once for each, else None.

    `key` names the map on its page (it keeps its view); `height` is in pixels or a CSS
    length such as `calc(100vh - 9rem)`. `dark` draws on a dark ground, `wall` with type to
    be read from afar.
    """
    drawn = base_map(layer.package, key=key, lang=lang, dark=dark, wall=wall)
    return fresh_click(
        _place(drawn, layer, key=key, height=height, wanted=["last_clicked"]), key=key
    )


def show_drawing(layer: MapLayer, *, key: str, height: int | str, lang: str) -> None:
    """As `show`, with tools to draw a line or a polygon; `drawn_on` tells what a person
    did, before the map is drawn.
    """
    drawn = base_map(layer.package, key=key, lang=lang, dark=False, wall=False, tools=True)
    _place(
        drawn, layer, key=key, height=height, wanted=["last_clicked", "last_active_drawing"]
    )


def drawn_on(key: str) -> Answer:
    """What a person did on the map `key` to make this run happen; each thing once.

    It is known before the map is drawn again, so that one run both takes it and shows what
    came of it.
    """
    answer: dict[str, Any] | None = st.session_state.get(key)
    click = fresh_click(answer, key=key)
    return Answer((click.lon, click.lat) if click else None, fresh_drawing(answer, key=key))


def last_drawing(key: str) -> int:
    """The number of the last drawing read from the map `key`."""
    return int(st.session_state.get(f"gridmap.drawing.{key}", 0))


def fresh_drawing(answer: dict[str, Any] | None, *, key: str) -> shapely.Geometry | None:
    """The line or polygon in streamlit-folium's `answer`; None when there is none or it was
    taken.
    """
    feature = (answer or {}).get("last_active_drawing")
    number = int(((feature or {}).get("properties") or {}).get("number") or 0)
    if not feature or number <= last_drawing(key):
        return None
    st.session_state[f"gridmap.drawing.{key}"] = number
    shape: shapely.Geometry = shapely.geometry.shape(feature["geometry"])
    return shape


def _place(
    drawn: folium.Map, layer: MapLayer, *, key: str, height: int | str, wanted: list[str]
) -> dict[str, Any] | None:
    """Put the map on the page; what streamlit-folium answers."""
    # Imported before the server runs, the component would be registered nowhere and its
    # frame would not be found.
    from streamlit_folium import st_folium  # noqa: PLC0415

    pixels = height if isinstance(height, int) else 700
    box = st.container(key=f"{key}-map")
    with box:
        if isinstance(height, str):
            _stretch(key, height)
        answer: dict[str, Any] | None = st_folium(
            drawn,
            key=key,
            height=pixels,
            use_container_width=True,
            returned_objects=wanted,
            feature_group_to_add=_Paint(parts(layer)),
        )
    return answer


def base_map(
    package: MapPackage, *, key: str, lang: str, dark: bool, wall: bool, tools: bool = False
) -> folium.Map:
    """The folium map that stays: our own scripts and files, no tiles, our drawing attached;
    `tools` to draw with.
    """
    west, south, east, north = package.bounds
    drawn = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        tiles=None,
        zoom_start=9,
        zoom_snap=0.25,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=110,
        double_click_zoom=False,
        min_zoom=7,
        max_zoom=18,
        attribution_control=False,
    )
    base = _mount()
    drawn.default_js = [
        (name, webfiles.address(file, base=base))
        for name, file in (("leaflet", "leaflet/leaflet.js"), ("map", "map.js"))
    ]
    drawn.default_css = [
        (name, webfiles.address(file, base=base))
        for name, file in (("leaflet_css", "leaflet/leaflet.css"), ("map_css", "map.css"))
    ]
    config = {
        "url": f"{base}/gridmap/map/{package.file}",
        "keep": f"gridmap:{key}:{package.plan}",
        "bounds": _corners(package.bounds),
        "lang": lang,
        "dark": dark,
        "wall": wall,
        "words": _words(lang),
        "layers": [] if wall else [asdict(overlay) for overlay in package.overlays],
        "tiles": _own_tiles(package.ground, base) or _tiles(Settings()),  # type: ignore[call-arg]  # everything comes from the environment and the file
    }
    if tools:
        config["drawing"] = drawtools.words(lang)
    drawn.add_child(_Attach(_text(config)))
    if tools:
        drawn.add_child(drawtools.tools(base))
    return drawn


def parts(layer: MapLayer) -> str:
    """The values of `layer` as a script argument: an object of base64 strings."""
    meta: dict[str, Any] = {
        "level": int(layer.level),
        "breaks": [
            float(value) if math.isfinite(value) else None for value in layer.breaks
        ],
        "colours": list(layer.colours),
        "labels": list(layer.labels) if layer.labels is not None else None,
        "title": layer.title,
        "unit": layer.unit,
        "note": layer.note,
        "selected": int(layer.selected),
        "bounds": _corners(layer.bounds) if layer.bounds else None,
        "draft": _draft(layer.draft) if layer.draft else None,
        "pins": [[float(lon), float(lat), int(number)] for lon, lat, number in layer.pins],
        "focus": list(layer.focus) if layer.focus else None,
    }
    found = {}
    if len(layer.codes):
        found["values"] = _base64(_in_order(layer).astype("<f4").tobytes())
    if layer.heat:
        meta["heat"], found["heat"] = _heat(layer.heat, layer.colours)
    if layer.markers:
        meta["markers"] = {
            "codes": [int(code) for code in layer.markers.codes],
            "kinds": [int(kind) for kind in layer.markers.kinds],
            "labels": list(layer.markers.labels),
            "colours": list(layer.markers.colours)[: len(layer.markers.labels)],
        }
    found["meta"] = _text(meta)
    return json.dumps(found)


def fresh_click(answer: dict[str, Any] | None, *, key: str) -> Click | None:
    """The click in streamlit-folium's `answer`; None when there is none or it was taken.

    The component repeats its last answer at every run; our script numbers the clicks.
    """
    place = (answer or {}).get("last_clicked")
    if not place:
        return None
    seen = f"gridmap.click.{key}"
    mark = (place.get("click"), place["lng"], place["lat"])
    if st.session_state.get(seen) == mark:
        return None
    st.session_state[seen] = mark
    seen = place.get("seen")
    return Click(
        float(place["lng"]),
        float(place["lat"]),
        Level(seen) if seen in set(Level) else Level.CITY,
    )


def _in_order(layer: MapLayer) -> Floats:
    """Values in the order of the package's units; NaN where there is none."""
    units = layer.package.units(layer.level)
    codes = np.asarray(layer.codes, dtype=np.int64)
    at = np.searchsorted(units, codes)
    known = (at < len(units)) & (units[np.minimum(at, len(units) - 1)] == codes)
    found = np.full(len(units), np.nan)
    found[at[known]] = np.asarray(layer.values, dtype=np.float64)[known]
    return found


def _draft(draft: DraftShapes) -> dict[str, Any]:
    """Rings as flat lists of degrees, a millionth of a degree fine."""
    rings = [[_flat(ring) for ring in _rings(shape)] for shape in draft.shapes]
    fills = draft.fills or [""] * len(rings)
    grids = [
        {"code": int(code), "fill": fill, "rings": found}
        for code, fill, found in zip(draft.codes, fills, rings, strict=True)
    ]
    return {
        "origin": rings[0][0][:2] if rings else None,
        "grids": grids,
        "picks": [int(code) for code in draft.picks],
        "theirs": [int(code) for code in draft.theirs],
        "taken": draft.taken,
    }


def _rings(shape: shapely.Geometry) -> list[shapely.Geometry]:
    return [ring for part in shapely.get_parts(shape) for ring in shapely.get_rings(part)]


def _flat(ring: shapely.Geometry) -> list[float]:
    flat: list[float] = np.round(shapely.get_coordinates(ring)[:-1], 6).ravel().tolist()
    return flat


def _heat(heat: Heat, colours: Sequence[str]) -> tuple[dict[str, Any], str]:
    array = np.nan_to_num(np.asarray(heat.array, dtype=np.float64))
    top = heat.top if heat.top is not None else float(array.max(initial=0.0))
    scaled = (
        np.clip(np.rint(array * (255 / top)), 0, 255) if top > 0 else np.zeros_like(array)
    )
    height, width = array.shape
    about = {
        "width": width,
        "height": height,
        "bounds": list(heat.bounds),
        "ramp": palette.ramp(list(colours)),
    }
    return about, _base64(scaled.astype(np.uint8).tobytes())


def _words(lang: str) -> dict[str, Any]:
    say = Words(lang)
    return {
        "no_data": say("No data"),
        "rank": say("Rank {rank} of {count}").format(rank="{rank}", count="{count}"),
        "whole_city": say("Whole city"),
        "trouble": say("The map could not be loaded; reload the page."),
        "layers": say("Layers"),
        "base_map": say("Base map"),
        "zoom_in": say("zoom in"),
        "levels": [
            say("City"),
            say("Counties"),
            say("Townships"),
            say("Villages"),
            say("Grids"),
        ],
    }


def _own_tiles(ground: Ground | None, base: str) -> dict[str, Any] | None:
    """The base map brought into the city, if there is one; Leaflet enlarges its last zoom."""
    if ground is None:
        return None
    return {
        "url": f"{base}{ground.path}",
        "crs": ground.crs,
        "minNativeZoom": ground.min_zoom,
        "maxNativeZoom": ground.max_zoom,
        "bounds": _corners(ground.bounds),
    }


def _tiles(settings: Settings) -> dict[str, str] | None:
    """The base map of the settings, if any; Tianditu by its key."""
    if settings.base_map_url:
        return {"url": settings.base_map_url, "crs": settings.base_map_crs}
    if settings.tianditu_key:
        query = (
            "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default"
            "&TILEMATRIXSET=w&FORMAT=tiles"
        )
        place = "TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
        return {
            "url": f"https://t0.tianditu.gov.cn/vec_w/wmts?{query}&{place}&tk={settings.tianditu_key}",
            "crs": "wgs84",
        }
    return None


def _stretch(key: str, height: str) -> None:
    """Let the page's style, not a number of pixels, give the map its height."""
    st.html(f"<style>.st-key-{key}-map iframe {{ height: {height} !important; }}</style>")


def _mount() -> str:
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def _corners(bounds: Bounds) -> list[list[float]]:
    west, south, east, north = bounds
    return [[south, west], [north, east]]


def _text(value: object) -> str:
    return _base64(json.dumps(value, ensure_ascii=False).encode())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
