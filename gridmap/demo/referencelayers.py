"""The demonstration's reference layers, all generated and named so: roads and ditches along
borders, buildings of a township.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.demo.clock import NOW
from gridmap.demo.population import short_name
from gridmap.geo.crs import GEOGRAPHIC
from gridmap.model import LayerKind
from gridmap.store import Store
from gridmap.store.look.layers import LayerAbout, put_layer

FILE = "demonstration"
HOUSEHOLDS_A_BUILDING = 24
SHORTEST_DEG = 0.002
"""Borders shorter than this, some 200 m, carry no road."""
_TRIES = 40


def add_layers(
    store: Store,
    grids: gpd.GeoDataFrame,
    villages: gpd.GeoDataFrame,
    townships: gpd.GeoDataFrame,
    names: dict[int, str],
    *,
    rng: np.random.Generator,
) -> None:
    """Store the layers: roads between the villages of one county, ditches between its
    townships, buildings of one of them.

    `grids`: code, households, geometry; `villages`, `townships`: code, geometry; `names`:
    code → name.
    """
    county = int(villages["code"].min()) // 10**6
    inside = grids[grids["code"] // 10**9 == county]
    homes = inside.groupby(inside["code"] // 10**6)["households"].sum()
    township = int(homes.idxmax())
    roads = _between(villages[villages["code"] // 10**6 == county], names, "{}—{}路")
    water = _between(townships[townships["code"] // 10**3 == county], names, "{}—{}渠")
    houses = buildings(inside[inside["code"] // 10**6 == township], rng)
    made = (
        (LayerAbout("河渠（生成）", LayerKind.WATER, FILE, "Ditches (generated)"), water),
        (LayerAbout("道路（生成）", LayerKind.ROADS, FILE, "Roads (generated)"), roads),
        (
            LayerAbout(
                f"{short_name(names[township])}楼栋（生成）",
                LayerKind.BUILDINGS,
                FILE,
                "Buildings of a township (generated)",
            ),
            houses,
        ),
    )
    with store.write() as connection:
        for about, features in made:
            if len(features):
                put_layer(connection, about, features, now=NOW)


def buildings(grids: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Points inside `grids` (code, households, geometry) whose households add up to those
    of each: name, households, geometry.
    """
    points, households = [], []
    for count, shape in zip(grids["households"].tolist(), grids.geometry, strict=True):
        wanted = -(-count // HOUSEHOLDS_A_BUILDING)
        places = _inside(shape, wanted, rng)
        if not len(places):
            continue
        points.append(places)
        households.append(rng.multinomial(count, np.full(len(places), 1 / len(places))))
    if not points:
        return _frame([], np.array([], dtype=np.int64), np.array([], dtype=object))
    shapes = shapely.points(np.concatenate(points))
    return _frame([""] * len(shapes), np.concatenate(households), shapes)


def _inside(
    shape: shapely.Geometry, wanted: int, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """At most `wanted` points inside a polygon, float64[k, 2], at least one where one is wanted."""
    west, south, east, north = shape.bounds
    shapely.prepare(shape)
    tries = rng.uniform((west, south), (east, north), size=(max(wanted, 1) * _TRIES, 2))
    drawn = tries[: wanted * _TRIES]
    places = drawn[shapely.contains_xy(shape, drawn[:, 0], drawn[:, 1])][:wanted]
    if wanted and not len(places):
        places = shapely.get_coordinates(shapely.point_on_surface(shape))
    return np.asarray(places, dtype=np.float64)


def _between(
    units: gpd.GeoDataFrame, names: dict[int, str], pattern: str
) -> gpd.GeoDataFrame:
    """Lines along the borders that two units share, named after both."""
    shapes = np.asarray(units.geometry.array, dtype=object)
    borders = list(_borders(shapes))
    codes = units["code"].to_numpy(np.int64)
    unit_names = [short_name(names.get(code, str(code))) for code in codes.tolist()]
    line_names = [
        pattern.format(unit_names[left], unit_names[right]) for (left, right), _ in borders
    ]
    lines = np.array([line for _, line in borders], dtype=object)
    return _frame(line_names, np.full(len(lines), -1), lines)


def _borders(
    shapes: npt.NDArray[np.object_],
) -> Iterator[tuple[tuple[int, int], shapely.Geometry]]:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="touches")
    once = first < second
    for left, right in zip(first[once].tolist(), second[once].tolist(), strict=True):
        line = shapely.line_merge(shapely.intersection(shapes[left], shapes[right]))
        parts = [part for part in shapely.get_parts(line) if part.length >= SHORTEST_DEG]
        if parts:
            together = parts[0] if len(parts) == 1 else shapely.multilinestrings(parts)
            yield (left, right), together


def _frame(
    names: list[str], households: npt.NDArray[np.int64], shapes: npt.NDArray[np.object_]
) -> gpd.GeoDataFrame:
    table = pd.DataFrame(
        {
            "name": pd.Series(names, dtype=object),
            "households": np.asarray(households, dtype=np.int64),
        }
    )
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(list(shapes), crs=GEOGRAPHIC))
