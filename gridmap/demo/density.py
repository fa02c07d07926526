"""Where people live: town centres, and a field of density around them, on a raster of the plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.demo.plane import plane_of, to_plane

CELL_KM = 0.2

SEATS = {
    410702: (113.885, 35.295),
    410703: (113.862, 35.302),
    410704: (113.906, 35.384),
    410711: (113.908, 35.318),
    410721: (113.805, 35.190),
    410724: (113.657, 35.259),
    410725: (113.940, 35.065),
    410726: (114.205, 35.145),
    410727: (114.420, 35.040),
    410771: (113.958, 35.262),
    410772: (114.005, 35.243),
    410773: (113.715, 34.985),
    410781: (114.065, 35.405),
    410782: (113.800, 35.460),
    410783: (114.675, 35.200),
}
"""Where each county is governed from, roughly (longitude, latitude)."""

_SUBDISTRICT_SPREAD_KM = 2.4
_COMMUNITY_WEIGHT = 2.6
_VILLAGE_WEIGHT = 1.0


@dataclass(frozen=True)
class DensityField:
    """Expected cells per raster square: `mass` float64[rows, columns], south-west corner
    `origin` (km).
    """

    origin: npt.NDArray[np.float64]
    mass: npt.NDArray[np.float64]

    def per_km2(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Density at `points` (float64[n, 2], km), never below the thinnest tenth of the field."""
        column, row = np.floor((points - self.origin) / CELL_KM).astype(int).T
        rows, columns = self.mass.shape
        value = (
            self.mass[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)]
            / CELL_KM**2
        )
        least = np.percentile(self.mass[self.mass > 0], 1) / CELL_KM**2
        return np.asarray(np.maximum(value, least))


def is_urban(townships: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each township-level code is a sub-district."""
    return (townships % 1000) < 100


def village_weights(villages: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Relative number of households of each village (columns code, name): communities are
    larger.
    """
    community = villages["name"].str.contains("社区|居委|居民").to_numpy()
    urban = is_urban(villages["code"].to_numpy() // 1000)
    return np.where(community, _COMMUNITY_WEIGHT, _VILLAGE_WEIGHT) * np.where(
        urban, 1.5, 1.0
    )


def place_townships(
    townships: npt.NDArray[np.int64],
    shares: npt.NDArray[np.float64],
    outlines: dict[int, shapely.Geometry],
    hosts: dict[int, tuple[int, ...]],
    rng: np.random.Generator,
) -> npt.NDArray[np.float64]:
    """Centres of `townships` (sorted codes) in the plane, float64[n, 2].

    Sub-districts crowd around the county seat, the rest spreads out; a zone's townships lie
    near its seat inside its `hosts`.
    """
    centres = np.empty((len(townships), 2))
    counties = townships // 1000
    discs = _zone_discs(counties, shares, outlines, hosts)
    for county in np.unique(counties):
        rows = np.flatnonzero(counties == county)
        shape = shapely.union_all(
            [plane_of(outlines[host]) for host in hosts.get(int(county), (int(county),))]
        )
        reach = np.inf
        if county in discs:
            shape = shapely.intersection(shape, discs[county])
            reach = 0.4 * float(np.sqrt(shape.area))
        else:
            zones = [disc for zone, disc in discs.items() if county in hosts[zone]]
            shape = shapely.difference(shape, shapely.union_all(zones))
        seat = _seat(int(county), shape)
        taken: list[npt.NDArray[np.float64]] = []
        urban = is_urban(townships)
        for row in rows[np.argsort(~urban[rows], kind="stable")]:
            spread = min(_SUBDISTRICT_SPREAD_KM, reach) if urban[row] else reach
            taken.append(_pick(shape, seat, spread, taken, rng))
            centres[row] = taken[-1]
    return centres


def _zone_discs(
    counties: npt.NDArray[np.int64],
    shares: npt.NDArray[np.float64],
    outlines: dict[int, shapely.Geometry],
    hosts: dict[int, tuple[int, ...]],
) -> dict[int, shapely.Geometry]:
    """About where each zone will lie: a disc around its seat, of its share of the hosts' land."""
    discs = {}
    for zone, parents in hosts.items():
        land = shapely.union_all([plane_of(outlines[host]) for host in parents])
        sharing = np.isin(counties, [zone, *parents])
        wanted = land.area * shares[counties == zone].sum() / shares[sharing].sum()
        seat = shapely.points(_seat(zone, land))
        sizes = np.linspace(0.5, 30, 60)
        areas = shapely.area(shapely.intersection(shapely.buffer(seat, sizes), land))
        discs[zone] = shapely.buffer(
            seat, sizes[min(int(np.searchsorted(areas, wanted)), len(sizes) - 1)]
        )
    return discs


def _seat(county: int, shape: shapely.Geometry) -> npt.NDArray[np.float64]:
    seat = to_plane(np.array([SEATS[county]])) if county in SEATS else None
    if seat is None or not shapely.contains_xy(shape, *seat[0]):
        return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shape))[0])
    return np.asarray(seat[0])


def _pick(
    shape: shapely.Geometry,
    seat: npt.NDArray[np.float64],
    spread: float,
    taken: list[npt.NDArray[np.float64]],
    rng: np.random.Generator,
) -> npt.NDArray[np.float64]:
    """The candidate farthest from the centres taken already, near the seat when `spread` is
    finite.
    """
    if not taken:
        return seat
    if np.isfinite(spread):
        candidates = seat + rng.normal(scale=spread, size=(400, 2))
    else:
        west, south, east, north = shape.bounds
        candidates = rng.uniform((west, south), (east, north), size=(400, 2))
    candidates = candidates[shapely.contains_xy(shape, candidates)]
    # Too tight a place for the spread wanted: settle on the place itself.
    if not len(candidates):
        return np.asarray(
            shapely.get_coordinates(shapely.point_on_surface(shape))[0]
        ) + rng.normal(scale=0.2, size=2)
    candidates = candidates[:40]
    apart = np.linalg.norm(candidates[:, None] - np.array(taken)[None], axis=2).min(axis=1)
    inland = shapely.distance(shapely.boundary(shape), shapely.points(candidates))
    return np.asarray(candidates[np.argmax(np.minimum(apart, 3 * inland))])


def build_field(
    outlines: dict[int, shapely.Geometry],
    centres: npt.NDArray[np.float64],
    urban: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64],
    *,
    total: float,
    rng: np.random.Generator,
) -> DensityField:
    """The density field whose squares add up to `total` cells; `weights` are the townships'
    shares.
    """
    shapes = np.array([plane_of(shape) for shape in outlines.values()], dtype=object)
    west, south, east, north = shapely.total_bounds(shapes)
    columns, rows = (np.ceil((np.array([east, north]) - (west, south)) / CELL_KM)).astype(
        int
    )
    xs = west + (np.arange(columns) + 0.5) * CELL_KM
    ys = south + (np.arange(rows) + 0.5) * CELL_KM
    grid_x, grid_y = np.meshgrid(xs, ys)
    inside = np.zeros(grid_x.shape, dtype=bool)
    for shape in shapes:
        shapely.prepare(shape)
        inside |= shapely.contains_xy(shape, grid_x, grid_y)
    area = max(inside.sum() * CELL_KM**2, CELL_KM**2)
    mass = np.full(grid_x.shape, 0.5 * weights.sum() / area)
    for (x, y), town, weight in zip(centres, urban, weights, strict=True):
        mass += weight * _bump(xs - x, ys - y, town=bool(town))
    mass *= np.exp(0.25 * _ripple(grid_x, grid_y, rng))
    if inside.any():
        # The densest squares are cut: a mesh as fine as they ask for would not pay.
        mass = np.where(inside, np.minimum(mass, np.percentile(mass[inside], 99.7)), 0.0)
    return DensityField(np.array([west, south]), mass * (total / mass.sum()))


def _bump(
    dx: npt.NDArray[np.float64], dy: npt.NDArray[np.float64], *, town: bool
) -> npt.NDArray[np.float64]:
    """People per km² around one township's centre, adding up to one half (a town spreads
    into its land).
    """
    density = np.zeros((len(dy), len(dx)))
    for sigma, share in ((1.3, 0.9), (2.6, 0.3)) if town else ((0.8, 0.16), (2.5, 0.34)):
        east = np.exp(-0.5 * (dx / sigma) ** 2)
        north = np.exp(-0.5 * (dy / sigma) ** 2)
        density += share / (2 * np.pi * sigma**2) * north[:, None] * east[None, :]
    return density


def _ripple(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """A smooth random surface of about unit variance, with waves of two to twelve kilometres."""
    surface = np.zeros(x.shape)
    for _ in range(14):
        angle = rng.uniform(0, np.pi)
        wave_km = rng.uniform(2, 12)
        phase = rng.uniform(0, 2 * np.pi)
        along = x * np.cos(angle) + y * np.sin(angle)
        surface += np.sin(2 * np.pi * along / wave_km + phase)
    return np.asarray(surface / np.sqrt(7))
