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
from gridmap.demo.people import short_name
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
        found = _inside(shape, wanted, rng)
        if not len(found):
            continue
        points.append(found)
        households.append(rng.multinomial(count, np.full(len(found), 1 / len(found))))
    shapes = (
        shapely.points(np.concatenate(points)) if points else np.array([], dtype=object)
    )
    counts = np.concatenate(households) if households else np.array([], dtype=np.int64)
    return _frame([""] * len(shapes), counts, shapes)


def _inside(
    shape: shapely.Geometry, wanted: int, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """At most `wanted` points inside a polygon, float64[k, 2], at least one where one is wanted."""
    west, south, east, north = shape.bounds
    shapely.prepare(shape)
    drawn = rng.uniform((west, south), (east, north), size=(max(wanted, 1) * _TRIES, 2))[
        : wanted * _TRIES
    ]
    found = drawn[shapely.contains_xy(shape, drawn[:, 0], drawn[:, 1])][:wanted]
    if wanted and not len(found):
        found = shapely.get_coordinates(shapely.point_on_surface(shape))
    return np.asarray(found, dtype=np.float64)


def _between(
    units: gpd.GeoDataFrame, names: dict[int, str], pattern: str
) -> gpd.GeoDataFrame:
    """Lines along the borders that two units share, named after both."""
    shapes = np.asarray(units.geometry.array, dtype=object)
    found = list(_borders(shapes))
    codes = units["code"].to_numpy(np.int64)
    called = [
        pattern.format(
            *(short_name(names.get(int(codes[row]), str(codes[row]))) for row in pair)
        )
        for pair, _ in found
    ]
    lines = np.array([line for _, line in found], dtype=object)
    return _frame(called, np.full(len(lines), -1), lines)


def _borders(
    shapes: npt.NDArray[np.object_],
) -> Iterator[tuple[tuple[int, int], shapely.Geometry]]:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="touches")
    for left, right in zip(
        first[first < second].tolist(), second[first < second].tolist(), strict=True
    ):
        line = shapely.line_merge(shapely.intersection(shapes[left], shapes[right]))
        parts = [part for part in shapely.get_parts(line) if part.length >= SHORTEST_DEG]
        if parts:
            yield (
                (left, right),
                parts[0] if len(parts) == 1 else shapely.multilinestrings(parts),
            )


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
