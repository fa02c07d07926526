"""A small city drawn by hand: 2 counties of 6 townships of 4 villages of 4 grids, on a
lattice with rough borders.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridmap.city.look.maps import MapPackage, build
from gridmap.codes import parents
from gridmap.geo.crs import GEOGRAPHIC
from gridmap.model import Level
from gridmap.names import english_name

WEST, SOUTH, STEP = 113.8, 35.2, 0.01
COLUMNS, ROWS = 24, 8
HOSTILE = (
    "${document.title='owned'}`</script><img src=x "
    "onerror=\"document.title='owned'\">\u2028C:\\2019"
)
"""A name that breaks out of template literals, script elements and markup where any of them
is built from text.
"""
PLAIN = {410702: "红旗区", 410711: "牧野区"}


def grids() -> gpd.GeoDataFrame:
    """code, name, geometry: every cell's borders are shared with its neighbours, vertex for
    vertex.
    """
    random = np.random.default_rng(7)
    across = _rough(random, COLUMNS, ROWS + 1)
    upward = _rough(random, COLUMNS + 1, ROWS)
    rows = []
    for column in range(COLUMNS):
        for row in range(ROWS):
            corner = np.array([column, row], dtype=float)
            south = corner + _edge(across[column, row], along=0)
            north = corner + np.array((0, 1)) + _edge(across[column, row + 1], along=0)
            west = corner + _edge(upward[column, row], along=1)
            east = corner + np.array((1, 0)) + _edge(upward[column + 1, row], along=1)
            ring = np.concatenate((south, east, north[::-1], west[::-1]))
            rows.append((_code(column, row), shapely.Polygon(ring * STEP + (WEST, SOUTH))))
    frame = gpd.GeoDataFrame(
        rows, columns=["code", "geometry"], crs=GEOGRAPHIC
    ).sort_values("code", ignore_index=True)
    frame.insert(1, "name", "")
    frame.loc[0, "name"] = HOSTILE
    return frame


def units() -> pd.DataFrame:
    """code, name, name_en of the levels above; one village has a hostile name."""
    codes = grids()["code"].to_numpy(dtype=np.int64)
    names = dict(PLAIN)
    for level, kind in ((Level.TOWNSHIP, "镇"), (Level.VILLAGE, "村")):
        for number, code in enumerate(np.unique(parents(codes, level)).tolist()):
            names[code] = (
                f"{'东南西北中前后上下大小新'[number % 12]}{'庄屯店寨楼岗'[number // 12 % 6]}{kind}"
            )
    names[min(code for code in names if code > 10**11)] = HOSTILE
    frame = pd.DataFrame({"code": list(names), "name": list(names.values())})
    return frame.assign(name_en=[english_name(name) for name in frame["name"]])


def package(home: Path) -> MapPackage:
    """The map files of this city, written below `home`."""
    place = home / "map"
    place.mkdir(parents=True, exist_ok=True)
    about = build(grids(), units(), place)
    west, south, east, north = about["bounds"]
    codes = grids()["code"].to_numpy(dtype=np.int64)
    return MapPackage(about["file"], "plan-world", codes, (west, south, east, north))


def middle(code: int) -> tuple[float, float]:
    """Longitude and latitude in the middle of a grid or larger place."""
    frame = grids()
    inside = frame["code"].astype(str).str.startswith(str(code))
    point = shapely.union_all(frame.geometry[inside].array).representative_point()
    return float(point.x), float(point.y)


def _code(column: int, row: int) -> int:
    county = tuple(PLAIN)[column // 12]
    township = 100 + column % 12 // 4 * 2 + row // 4
    village = 1 + column % 4 // 2 * 2 + row % 4 // 2
    grid = 1 + column % 2 + 2 * (row % 2)
    return ((county * 1000 + township) * 1000 + village) * 1000 + grid


def _rough(random: np.random.Generator, columns: int, rows: int) -> np.ndarray:
    return random.uniform(-0.07, 0.07, (columns, rows, 7))


def _edge(bends: np.ndarray, *, along: int) -> np.ndarray:
    points = np.zeros((9, 2))
    points[:, along] = np.linspace(0, 1, 9)
    points[1:-1, 1 - along] = bends
    return points
