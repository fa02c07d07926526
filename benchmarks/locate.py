"""Locating points in grids: gridmap against geopandas, SedonaDB and DuckDB on the same
grids and points.

Each contender runs in a process of its own (`python -m benchmarks.locate CONTENDER FOLDER
COUNT`), so that its peak memory is its own; reading the input and importing libraries are
not timed.
"""

# ruff: noqa: PLC0415  (a contender loads its own libraries only: they count in its memory)

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from benchmarks import _coverage

COUNTS = (1_000_000, 8_600_000)
OUTSIDE = 0
RUNS = 5
PATIENCE_S = 20
FLOORS = {"sjoin": 40, "sedonadb": 12}
"""How many times faster than these gridmap has to be at the largest count."""


class World:
    """The grids and the first `count` points saved in `folder`."""

    def __init__(self, folder: Path, count: int) -> None:
        self.codes = np.load(folder / "codes.npy")
        self.polygons = shapely.from_wkb(
            np.load(folder / "polygons.npy", allow_pickle=True)
        )
        self.lon = np.load(folder / "lon.npy", mmap_mode="r")[:count].copy()
        self.lat = np.load(folder / "lat.npy", mmap_mode="r")[:count].copy()

    def grids(self) -> gpd.GeoDataFrame:
        """Grids as a frame: code, geometry."""
        return gpd.GeoDataFrame({"code": self.codes}, geometry=self.polygons, crs=4490)

    def points(self) -> gpd.GeoDataFrame:
        """Points as a frame: row, geometry."""
        geometry = gpd.points_from_xy(self.lon, self.lat, crs=4490)
        return gpd.GeoDataFrame({"row": np.arange(len(self.lon))}, geometry=geometry)


Answer = tuple[float, np.ndarray]  # seconds, code of each point


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The fastest of RUNS runs, and what the last gave; no run is begun after PATIENCE_S."""
    seconds: list[float] = []
    while len(seconds) < RUNS and sum(seconds) < PATIENCE_S:
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def gridmap(world: World) -> Answer:
    """The index is built before, as it is when a plan comes into force."""
    from gridmap.geo import GridIndex

    index = GridIndex(world.codes, world.polygons)
    return _timed(lambda: index.locate(world.lon, world.lat))


def gridmap_with_building(world: World) -> Answer:
    """Building the index, then locating."""
    from gridmap.geo import GridIndex
    from gridmap.geo.locate import warm

    warm()
    return _timed(
        lambda: GridIndex(world.codes, world.polygons).locate(world.lon, world.lat)
    )


def sjoin(world: World) -> Answer:
    """`geopandas.sjoin`, the points built before."""
    grids, points = world.grids(), world.points()
    seconds, joined = _timed(
        lambda: gpd.sjoin(points, grids, how="inner", predicate="intersects")
    )
    return seconds, _lowest(world, joined["row"].to_numpy(), joined["code"].to_numpy())


def sjoin_with_building(world: World) -> Answer:
    """Building the points from longitudes and latitudes, then `geopandas.sjoin`."""
    grids = world.grids()
    seconds, joined = _timed(
        lambda: gpd.sjoin(world.points(), grids, how="inner", predicate="intersects")
    )
    return seconds, _lowest(world, joined["row"].to_numpy(), joined["code"].to_numpy())


def sedonadb(world: World) -> Answer:
    """SedonaDB's spatial join, the points built and in its memory before."""
    import sedonadb as library

    session = library.connect()
    table = pd.DataFrame(
        {"row": np.arange(len(world.lon)), "lon": world.lon, "lat": world.lat}
    )
    session.create_data_frame(table).to_view("places")
    session.create_data_frame(
        world.grids().set_crs(None, allow_override=True)
    ).to_memtable().to_view("grids")
    session.sql(
        'SELECT "row", ST_Point(lon, lat) AS place FROM places'
    ).to_memtable().to_view("points")
    query = (
        'SELECT p."row", g.code FROM points p JOIN grids g ON '
        "ST_Intersects(g.geometry, p.place)"
    )
    seconds, joined = _timed(
        lambda: pa.RecordBatchReader.from_stream(session.sql(query)).read_all()
    )
    return seconds, _lowest(world, joined["row"].to_numpy(), joined["code"].to_numpy())


def duckdb_spatial(world: World) -> Answer:
    """DuckDB's spatial join, the points built and in its memory before."""
    import duckdb

    session = duckdb.connect()
    session.execute("LOAD spatial")
    raw = pd.DataFrame({"code": world.codes, "wkb": shapely.to_wkb(world.polygons)})
    places = pd.DataFrame(
        {"row": np.arange(len(world.lon)), "lon": world.lon, "lat": world.lat}
    )
    session.register("raw", raw)
    session.register("places", places)
    session.execute(
        "CREATE TABLE grids AS SELECT code, ST_GeomFromWKB(wkb) AS geometry FROM raw"
    )
    session.execute(
        'CREATE TABLE points AS SELECT "row", ST_Point(lon, lat) AS place FROM places'
    )
    query = (
        'SELECT p."row", g.code FROM points p JOIN grids g ON '
        "ST_Intersects(g.geometry, p.place)"
    )
    seconds, joined = _timed(lambda: session.execute(query).fetchnumpy())
    return seconds, _lowest(world, joined["row"], joined["code"])


def _lowest(world: World, row: np.ndarray, code: np.ndarray) -> np.ndarray:
    """A join gives a row for every grid that touches a point; the rule is the lowest code."""
    lowest = np.full(len(world.lon), np.iinfo(np.int64).max)
    np.minimum.at(lowest, row, code)
    return np.where(lowest == np.iinfo(np.int64).max, OUTSIDE, lowest)


CONTENDERS = {
    "gridmap": (gridmap, "**gridmap**, index built before"),
    "gridmap_with_building": (
        gridmap_with_building,
        "**gridmap**, with building its index",
    ),
    "sjoin": (sjoin, "geopandas.sjoin, points built before"),
    "sjoin_with_building": (
        sjoin_with_building,
        "geopandas.sjoin, with building the points",
    ),
    "sedonadb": (sedonadb, "SedonaDB, points built before"),
    "duckdb": (duckdb_spatial, "DuckDB spatial, points built before"),
}


def _contend(name: str, folder: Path, count: int) -> None:
    """Run one contender here, save its answers, print its time and this process's peak memory."""
    seconds, answers = CONTENDERS[name][0](World(folder, count))
    np.save(folder / f"{name}.npy", answers)
    status = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines()
    )
    print(
        json.dumps({"seconds": seconds, "peak_mib": int(status["VmHWM"].split()[0]) / 1024})
    )


def _measure(name: str, folder: Path, count: int) -> dict[str, float] | str:
    """Run one contender in a process of its own; its figures, or why there are none."""
    command = [sys.executable, "-m", "benchmarks.locate", name, str(folder), str(count)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    reason = done.stderr.strip().splitlines()
    missing = "ModuleNotFoundError" in done.stderr or "Install it first" in done.stderr
    return "absent" if missing else f"failed: {reason[-1] if reason else done.returncode}"


def _table(folder: Path, count: int) -> dict[str, float]:
    """Print one count's table; seconds by contender."""
    print(f"\n### {count:,} points\n")
    print(
        "| contender | seconds | million points/s | gridmap is faster by | peak MiB | "
        "equal answers |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    seconds: dict[str, float] = {}
    for name, (_, title) in CONTENDERS.items():
        figures = _measure(name, folder, count)
        if isinstance(figures, str):
            print(f"| {title} | {figures} | | | | |", flush=True)
            continue
        seconds[name] = figures["seconds"]
        different = int(
            (np.load(folder / f"{name}.npy") != np.load(folder / "gridmap.npy")).sum()
        )
        agreement = f"{1 - different / count:.4%}" + (
            f" ({different:,} differ)" if different else ""
        )
        print(
            f"| {title} | {seconds[name]:.3f} | {count / seconds[name] / 1e6:.2f} "
            f"| {seconds[name] / seconds['gridmap']:.0f} × | {figures['peak_mib']:,.0f} | "
            f"{agreement} |",
            flush=True,
        )
    return seconds


def main() -> None:
    """Print the tables and whether the floors hold; raises when one does not."""
    source, codes, polygons = _coverage.grids()
    vertices = shapely.get_num_coordinates(polygons)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "codes.npy", codes)
        np.save(folder / "polygons.npy", shapely.to_wkb(polygons), allow_pickle=True)
        lon, lat = _coverage.points(polygons, max(COUNTS), np.random.default_rng(1))
        np.save(folder / "lon.npy", lon)
        np.save(folder / "lat.npy", lat)
        print("## Locating\n")
        print(
            f"{len(codes):,} grids of {source}, {vertices.mean():.0f} vertices each on average. "
            f"Best of {RUNS} runs, of fewer where they take longer than {PATIENCE_S} s together."
        )
        for count in COUNTS:
            seconds = _table(folder, count)
    print()
    for name, floor in FLOORS.items():
        if name in seconds:
            ratio = seconds[name] / seconds["gridmap"]
            print(f"- {CONTENDERS[name][1]}: {ratio:.0f} ×, at least {floor} × wanted")
            if ratio < floor:
                raise RuntimeError(
                    f"only {ratio:.0f} times faster than {name}, {floor} wanted"
                )


if __name__ == "__main__":
    _contend(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
