"""The demonstration's geography as a pure function: divisions and outlines in, four nested
partitions out.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.demo import density, partition, rings
from gridmap.demo.mesh import Mesh, build_mesh
from gridmap.demo.plane import to_plane
from gridmap.demo.shares import apportion
from gridmap.demo.vertices import within_limits
from gridmap.geo.crs import GEOGRAPHIC

GRIDS = 15_000
CELLS_PER_GRID = 14

ZONES = {410771: (410702, 410721), 410772: (410721, 410702), 410773: (410725,)}
"""Development zones without a published outline, and the counties they are carved from."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Geography:
    """Four levels of one planar partition, EPSG:4490.

    `counties`, `townships`, `villages`: columns code, geometry; `grids`: code, mass
    (relative number of households), geometry. All sorted by code.
    """

    counties: gpd.GeoDataFrame
    townships: gpd.GeoDataFrame
    villages: gpd.GeoDataFrame
    grids: gpd.GeoDataFrame


def make_geography(
    divisions: pd.DataFrame,
    outlines: dict[int, shapely.Geometry],
    *,
    grids: int = GRIDS,
    seed: int,
) -> Geography:
    """Townships, villages and exactly `grids` grids inside a valid coverage of county
    `outlines` (degrees).

    `divisions` has columns code, level (county|township|village), name; zones of `ZONES`
    among its counties are carved from their hosts. The same arguments give the same
    geography.
    """
    rng = np.random.default_rng(seed)
    villages = divisions[divisions["level"] == "village"].sort_values("code")
    codes = villages["code"].to_numpy(np.int64)
    townships, township_of = np.unique(codes // 1000, return_inverse=True)
    weights = density.village_weights(villages)
    shares = np.bincount(township_of, weights).astype(np.float64)
    zones = {
        zone: hosts
        for zone, hosts in ZONES.items()
        if zone in set((townships // 1000).tolist())
    }
    centres = density.place_townships(townships, shares, outlines, zones, rng)
    field = density.build_field(
        outlines,
        centres,
        density.is_urban(townships),
        shares,
        total=int(grids * CELLS_PER_GRID),
        rng=rng,
    )
    mesh = build_mesh(outlines, field, rng)
    mass = mesh.cell_area * field.per_km2(mesh.points[mesh.cell_point])
    levels = _Levels(mesh, mass, rng)
    county = levels.counties(np.array(list(outlines)), zones, townships, shares)
    township = levels.townships(county, townships, centres, shares)
    village = levels.villages(township, centres, township_of, weights)
    grid, grid_village = levels.grids(village, len(codes), grids)
    return _draw(mesh, mass, grid, codes[grid_village], rng)


class _Levels:
    """The mesh with its graph, divided from level to level."""

    def __init__(self, mesh: Mesh, mass: Floats, rng: np.random.Generator) -> None:
        self.mesh, self.mass, self.rng = mesh, mass, rng
        self.graph = partition.cell_graph(mesh, rng)
        self.position = mesh.points[mesh.cell_point]

    def counties(
        self,
        codes: Ints,
        zones: dict[int, tuple[int, ...]],
        townships: Ints,
        shares: Floats,
    ) -> Ints:
        """County code of each cell, zones carved."""
        county = codes[self.mesh.cell_county]
        per_share = self.mass.sum() / shares.sum()
        for zone, hosts in zones.items():
            size = per_share * shares[townships // 1000 == zone].sum()
            seat = to_plane(np.array([density.SEATS[zone]]))[0]
            taken = partition.carve(
                self.graph,
                self.position,
                self.mass,
                county,
                seat=seat,
                hosts=hosts,
                size=float(size),
            )
            county = np.where(taken, zone, county)
        return county

    def townships(
        self, county: Ints, townships: Ints, centres: Floats, shares: Floats
    ) -> Ints:
        """Row of `townships` of each cell."""
        part = townships // 1000
        seeds = partition.nearest_cells(self.position, county, centres, part, self.rng)
        held = np.array([self.mass[county == code].sum() for code in part])
        total = np.array([shares[part == code].sum() for code in part])
        return partition.divide(
            self.graph.within(county),
            self.position,
            self.mass,
            seeds,
            held * shares / total,
            rounds=14,
            move=False,
        )

    def villages(
        self, township: Ints, centres: Floats, township_of: Ints, weights: Floats
    ) -> Ints:
        """Row of the villages (grouped by township) of each cell; larger villages lie
        nearer to the centre.
        """
        counts = np.bincount(township_of, minlength=len(centres))
        seeds, part = partition.spread_seeds(township, counts, self.position, self.rng)
        apart = ((self.position[seeds] - centres[part]) ** 2).sum(axis=1)
        seeds = seeds[np.lexsort((apart, part))]
        rank = np.lexsort(
            (-weights * self.rng.uniform(0.8, 1.25, size=len(weights)), township_of)
        )
        placed = np.empty_like(seeds)
        placed[rank] = seeds
        held = np.bincount(township, self.mass, minlength=len(centres))
        total = np.bincount(township_of, weights, minlength=len(centres))
        targets = held[township_of] * weights / total[township_of]
        return partition.divide(
            self.graph.within(township),
            self.position,
            self.mass,
            placed,
            targets,
            rounds=9,
            move=True,
        )

    def grids(self, village: Ints, villages: int, count: int) -> tuple[Ints, Ints]:
        """Row of the grid of each cell, and the village of each grid."""
        held = np.bincount(village, self.mass, minlength=villages).astype(np.float64)
        room = np.maximum(np.bincount(village, minlength=villages) // 6, 1)
        number = apportion(held, count, least=1, most=room)
        seeds, part = partition.spread_seeds(village, number, self.position, self.rng)
        targets = held[part] / number[part]
        cells = partition.divide(
            self.graph.within(village),
            self.position,
            self.mass,
            seeds,
            targets,
            rounds=7,
            move=True,
        )
        return cells, part


def _draw(
    mesh: Mesh, mass: Floats, grid: Ints, village_codes: Ints, rng: np.random.Generator
) -> Geography:
    """Polygons of all levels from the `grid` of each cell; `village_codes` are the grids'
    villages.
    """
    position = mesh.points[mesh.cell_point]
    count = len(village_codes)
    size = np.bincount(grid, minlength=count)
    sums = [np.bincount(grid, position[:, axis], minlength=count) for axis in (0, 1)]
    middle = np.stack(sums, axis=1) / size[:, None]
    code = village_codes * 1000 + number_grids(middle, village_codes)
    order = np.argsort(code)
    row = np.empty_like(order)
    row[order] = np.arange(count)
    label, code = row[grid], code[order]
    borders = within_limits(rings.trace(mesh, label, rng), count)
    held = np.bincount(label, mass, minlength=count)
    grids = gpd.GeoDataFrame(
        {"code": code, "mass": held},
        geometry=borders.polygons(np.arange(count)),
        crs=GEOGRAPHIC,
    )
    counties, townships, villages = (
        _level(borders, code // factor) for factor in (10**9, 10**6, 10**3)
    )
    return Geography(counties, townships, villages, grids)


def _level(borders: rings.Borders, code: Ints) -> gpd.GeoDataFrame:
    codes, group = np.unique(code, return_inverse=True)
    return gpd.GeoDataFrame(
        {"code": codes}, geometry=borders.polygons(group), crs=GEOGRAPHIC
    )


def number_grids(middle: Floats, village: Ints) -> Ints:
    """Numbers 1… of the grids inside their village: rows from north to south, west to east
    in each row.

    `middle` float64[n, 2] are the grids' middles in the plane, `village` int64[n] their villages.
    """
    number = np.empty(len(village), dtype=np.int64)
    order = np.argsort(village, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(village[order])) + 1):
        x, y = middle[rows].T
        tall, wide = max(float(np.ptp(y)), 1e-6), max(float(np.ptp(x)), 1e-6)
        bands = int(np.clip(round(np.sqrt(len(rows) * tall / wide)), 1, len(rows)))
        band = np.minimum(((y.max() - y) / tall * bands).astype(int), bands - 1)
        number[rows[np.lexsort((x, band))]] = np.arange(len(rows)) + 1
    return number
