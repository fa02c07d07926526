"""Map files of the plan in force: built once, found again by name, drawn by browsers."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.codes import Codes, parents
from gridmap.geo import pack
from gridmap.geo.simplify import simplify
from gridmap.model import Level
from gridmap.names import english_name, grid_name
from gridmap.store.base.store import Store
from gridmap.store.plans.plans import Prepared, plan_in_force, read_grids, read_plan
from gridmap.store.plans.units import read_units

Bounds = tuple[float, float, float, float]

FORMAT = 2
"""Part of the files' key: raise it when what is packed changes."""
OVERVIEW_BYTES = 430_000
OVERVIEW_QUANTUM = 5e-5
DETAIL_QUANTUM = 1e-6
TOLERANCES_M = (30.0, 130.0, 200.0, 300.0, 450.0)
"""A small city is drawn sharper; a whole one at the first that keeps the file small and
colouring quick.
"""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A reference layer as maps show it: `file` is its index below `/gridmap/map/`.

    `visible`: shown until a reader switches it off. `fixed` ones belong to what a page
    shows and have no switch.
    """

    id: int
    kind: str
    file: str
    name: str
    name_en: str = ""
    visible: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """A base map of the city's own: `path` of its tiles below the server's address, with
    `{z}`, `{x}` and `{y}`.
    """

    path: str
    crs: str
    min_zoom: int
    max_zoom: int
    bounds: Bounds


@dataclass(frozen=True, slots=True, eq=False)
class MapPackage:
    """The map files of one plan, and what can be shown with it.

    `file` is the overview's name below `/gridmap/map/`; it names the detail files. `codes`
    are the sorted grid codes (int64[n]) in the order the files hold them; `bounds` is west,
    south, east, north in degrees. `overlays` are reference layers in the order they are
    drawn; `ground` the base map of the city's own, if it has one.
    """

    file: str
    plan: str
    codes: Codes
    bounds: Bounds
    overlays: tuple[Overlay, ...] = ()
    ground: Ground | None = None

    def units(self, level: Level) -> Codes:
        """The sorted codes of a level, int64[k]: the order in which values travel."""
        return np.unique(parents(self.codes, level))


def folder(home: Path) -> Path:
    """Where the map files of the city in `home` lie."""
    return home / "map"


def package(store: Store, *, plan: int | None = None) -> MapPackage:
    """The map files of `plan` (default: in force), built when they are not there yet
    (seconds for a whole city).

    Raises NotFoundError when the city has no grids.
    """
    number = plan_in_force(store).id if plan is None else plan
    units = read_units(store)
    place = folder(store.home)
    index = place / f"plan-{_key(read_plan(store, number).digest, units)}.json"
    if not index.exists():
        _make(index, read_grids(store, number), units)
    about = json.loads(index.read_text(encoding="utf-8"))
    codes = pack.decode((place / about["file"]).read_bytes()).codes
    west, south, east, north = about["bounds"]
    return MapPackage(about["file"], index.stem, codes, (west, south, east, north))


def prepare(store: Store, prepared: Prepared) -> None:
    """Build the map files of grids that are about to be put in force, so that pages find
    them (seconds for a city).
    """
    units = read_units(store)
    index = folder(store.home) / f"plan-{_key(prepared.digest, units)}.json"
    if not index.exists():
        _make(index, prepared.table, units)


def _make(index: Path, grids: gpd.GeoDataFrame, units: pd.DataFrame) -> None:
    index.parent.mkdir(parents=True, exist_ok=True)
    write(index, json.dumps(build(grids, units, index.parent)).encode())


def build(grids: gpd.GeoDataFrame, units: pd.DataFrame, place: Path) -> dict[str, Any]:
    """Write the overview and a detail file for each county into the folder `place`.

    `grids`: code, name, geometry (EPSG:4490); `units`: code, name, name_en of the levels
    above. Returns `file` (the overview's name) and `bounds`. Files are named by content and
    appear whole.
    """
    ordered = grids.sort_values("code", ignore_index=True)
    codes = ordered["code"].to_numpy(dtype=np.int64)
    shapes = np.asarray(ordered.geometry.array, dtype=object)
    details = [
        _detail(codes, shapes, county, place)
        for county in np.unique(parents(codes, Level.COUNTY)).tolist()
    ]
    data = _overview(
        codes, shapes, labels=_labels(codes, ordered["name"], units), details=details
    )
    name = pack.name_of(data, "city")
    write(place / name, data)
    return {"file": name, "bounds": [float(edge) for edge in shapely.total_bounds(shapes)]}


def _overview(
    codes: Codes,
    shapes: npt.NDArray[np.object_],
    *,
    labels: pack.Labels,
    details: list[dict[str, Any]],
) -> bytes:
    """The whole city in one file, as sharp as fits."""
    start = 0 if len(codes) < 5_000 else 1
    for tolerance in TOLERANCES_M[start:]:
        simple = simplify(shapes, tolerance)
        data = pack.encode(
            codes,
            simple,
            quantum=OVERVIEW_QUANTUM,
            labels=labels,
            extra={"details": details},
        )
        if len(data) <= OVERVIEW_BYTES:
            break
    return data


def _detail(
    codes: Codes, shapes: npt.NDArray[np.object_], county: int, place: Path
) -> dict[str, Any]:
    inside = parents(codes, Level.COUNTY) == county
    data = pack.encode(codes[inside], shapes[inside], quantum=DETAIL_QUANTUM)
    name = pack.name_of(data, f"county-{county}")
    write(place / name, data)
    box = [round(float(edge), 6) for edge in shapely.total_bounds(shapes[inside])]
    return {"code": county, "file": name, "box": box}


def _labels(codes: Codes, names: Iterable[object], units: pd.DataFrame) -> pack.Labels:
    """Names of the levels above, and of grids that are not simply numbered in their village."""
    zh = {
        int(code): str(name)
        for code, name in zip(units["code"], units["name"], strict=True)
    }
    en = {
        int(code): str(name)
        for code, name in zip(units["code"], units["name_en"], strict=True)
    }
    odd = {
        code: name
        for code, name in zip(codes.tolist(), map(str, names), strict=True)
        if name and not (code % 1000 and name == grid_name(code % 1000))
    }
    return pack.Labels(
        units={"zh": zh, "en": en},
        grids={"zh": odd, "en": {code: english_name(name) for code, name in odd.items()}},
    )


def _key(digest: str, units: pd.DataFrame) -> str:
    """What the files are made from: the polygons of the plan of `digest` and the names of
    the divisions.
    """
    content = hashlib.sha256(f"{FORMAT}:{pack.VERSION}:{digest}".encode())
    content.update(units[["code", "name", "name_en"]].to_csv(index=False).encode())
    return content.hexdigest()[:16]


def write(path: Path, data: bytes) -> None:
    """Write a file named by its content; it appears whole, and one that is there already stays."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    draft.write_bytes(data)
    draft.replace(path)
