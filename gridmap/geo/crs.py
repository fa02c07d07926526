"""Coordinate systems: what is stored, what is measured in, and what the outside speaks.

Stored are CGCS2000 longitudes and latitudes (EPSG:4490, the same as WGS84 to a few
centimetres); lengths and areas are taken in the Gauss-Krüger zone of 114° E (EPSG:4547).
Chinese tile providers and phones shift coordinates: GCJ-02 by some hundred metres, BD-09
further. Axis order is always longitude, latitude or easting, northing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from gridmap.errors import Fault, InputError

Floats = npt.NDArray[np.float64]
Pair = tuple[Floats, Floats]

GEOGRAPHIC = "EPSG:4490"
PROJECTED = "EPSG:4547"
SYSTEMS = ("wgs84", "cgcs2000", "gcj02", "bd09")

# Outside this box (west, south, east, north) GCJ-02 leaves coordinates as they are.
_GCJ_BOX = (72.004, 0.8293, 137.8347, 55.8271)
_GCJ_AXIS_M = 6378245.0  # Krasovsky 1940, which the shift is defined on
_GCJ_ECCENTRICITY2 = 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0
_SETTLED_DEG = 1e-12  # some 0.1 µm on the ground
_ROUNDS = 60  # points in China settle in six or seven


def to_metres(geometries: Any) -> Any:
    """Shapely geometries (one or an array) from EPSG:4490 degrees to EPSG:4547 metres."""
    return reproject(geometries, GEOGRAPHIC, PROJECTED)


def to_degrees(geometries: Any) -> Any:
    """Shapely geometries (one or an array) from EPSG:4547 metres to EPSG:4490 degrees."""
    return reproject(geometries, PROJECTED, GEOGRAPHIC)


def reproject(geometries: Any, source: Any, target: Any) -> Any:
    """Shapely geometries (one or an array) from `source` to `target`, each whatever pyproj
    understands as a CRS.

    Coordinates are in easting-northing order on both sides. Points the projection cannot
    reach become infinite; the height, if any, is dropped.
    """
    return shapely.transform(
        geometries, _transformer(source, target).transform, interleaved=False
    )


def area_km2(geometries: Any) -> Floats:
    """Areas in km² of EPSG:4490 geometries, float64[n], measured in EPSG:4547."""
    return np.asarray(
        shapely.area(to_metres(np.asarray(geometries, dtype=object))) / 1e6,
        dtype=np.float64,
    )


def to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, system: str) -> Pair:
    """Longitudes and latitudes (float64[n], degrees) of `system` as WGS84, exact to less
    than 0.1 mm.

    `system` is one of SYSTEMS; cgcs2000 counts as WGS84. The inverse of GCJ-02 and BD-09 is
    iterated until it settles. Values that are not finite stay so. Raises InputError for an
    unknown system.
    """
    shift = _forward(system)
    given = _floats(lon, lat)
    return given if shift is None else _invert(shift, *given)


def from_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, system: str) -> Pair:
    """WGS84 longitudes and latitudes (float64[n], degrees) as `system`, the inverse of
    `to_wgs84`.
    """
    shift = _forward(system)
    given = _floats(lon, lat)
    return given if shift is None else shift(*given)


def implausible(
    lon: npt.ArrayLike, lat: npt.ArrayLike, bounds: tuple[float, float, float, float]
) -> str | None:
    """What seems wrong with coordinates that should lie in `bounds` (west, south, east,
    north in degrees), or None.

    Speaks when fewer than half of the finite points lie within the bounds, widened by a
    tenth: the cause whose cure brings most points in, or that they lie elsewhere. A shift
    by GCJ-02 is too small to be seen this way.
    """
    x, y = _floats(lon, lat)
    finite = np.isfinite(x) & np.isfinite(y)
    x, y = x[finite], y[finite]
    if len(x) == 0 or _share_inside((x, y), bounds) >= 0.5:
        return None
    shares = {hint: _share_inside(cure(x, y), bounds) for hint, cure in _CURES.items()}
    best = max(shares, key=shares.__getitem__)
    if shares[best] >= 0.5:
        return best
    if np.mean((np.abs(x) > 180.0) | (np.abs(y) > 90.0)) >= 0.5:
        return "the values are no degrees: state the coordinate system they are in"
    return "most points lie outside the city: check the coordinate system"


def suspects(
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    bounds: tuple[float, float, float, float],
) -> list[str]:
    """For each of n points that should lie in `bounds` the cause whose cure brings it
    there; "" for one none explains.
    """
    hints = [""] * len(lon)
    for hint, cure in _CURES.items():
        for row in np.flatnonzero(_inside(cure(lon, lat), bounds)):
            hints[row] = hints[row] or hint
    return hints


@cache
def _transformer(source: Any, target: Any) -> Transformer:
    # EPSG:4490 and 4547 are defined latitude and northing first; everything here is
    # longitude, latitude and easting, northing.
    return Transformer.from_crs(source, target, always_xy=True)


def _floats(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Pair:
    return np.array(lon, dtype=np.float64, ndmin=1), np.array(
        lat, dtype=np.float64, ndmin=1
    )


def _forward(system: str) -> Callable[[Floats, Floats], Pair] | None:
    if system not in SYSTEMS:
        raise InputError(
            Fault(
                rule="unknown coordinate system",
                field="crs",
                value=system,
                cure=f"Give one of {', '.join(SYSTEMS)}.",
            )
        )
    return {"gcj02": _gcj02, "bd09": _bd09}.get(system)


def _gcj02(lon: Floats, lat: Floats) -> Pair:
    """WGS84 to GCJ-02, by the published formula; what is not finite becomes or stays NaN or
    infinite.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        east_deg, north_deg = _gcj02_shift(lon, lat)
    west, south, east, north = _GCJ_BOX
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return np.where(inside, lon + east_deg, lon), np.where(inside, lat + north_deg, lat)


def _gcj02_shift(lon: Floats, lat: Floats) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north_m += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north_m += (
        (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    )
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east_m += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east_m += (
        (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    )
    angle = np.radians(lat)
    magic = 1.0 - _GCJ_ECCENTRICITY2 * np.sin(angle) ** 2
    meridian_m = _GCJ_AXIS_M * (1.0 - _GCJ_ECCENTRICITY2) / magic**1.5
    parallel_m = _GCJ_AXIS_M / np.sqrt(magic) * np.cos(angle)
    return np.degrees(east_m / parallel_m), np.degrees(north_m / meridian_m)


def _bd09(lon: Floats, lat: Floats) -> Pair:
    """WGS84 to BD-09: GCJ-02, then the provider's own turn."""
    x, y = _gcj02(lon, lat)
    with np.errstate(invalid="ignore"):
        radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
        angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
        return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _invert(forward: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    """Fixed-point inverse: the shifts change so slowly with place that each round gains two
    digits.
    """
    x, y = lon.copy(), lat.copy()
    for _ in range(_ROUNDS):
        there_x, there_y = forward(x, y)
        with np.errstate(invalid="ignore"):
            step_x, step_y = lon - there_x, lat - there_y
        x += step_x
        y += step_y
        moved = np.fmax(np.abs(step_x), np.abs(step_y))
        if not np.any(moved > _SETTLED_DEG):
            break
    return x, y


def _share_inside(points: Pair, bounds: tuple[float, float, float, float]) -> float:
    return float(np.mean(_inside(points, bounds)))


def _inside(
    points: Pair, bounds: tuple[float, float, float, float]
) -> npt.NDArray[np.bool_]:
    west, south, east, north = bounds
    margin = 0.1 * max(east - west, north - south)
    x, y = points
    inside: npt.NDArray[np.bool_] = (
        (x >= west - margin)
        & (x <= east + margin)
        & (y >= south - margin)
        & (y <= north + margin)
    )
    return inside


def _moved(
    source: str, target: str, *, swap: bool = False
) -> Callable[[Floats, Floats], Pair]:
    def cure(x: Floats, y: Floats) -> Pair:
        return _transformer(source, target).transform(*((y, x) if swap else (x, y)))

    return cure


_CURES: dict[str, Callable[[Floats, Floats], Pair]] = {
    "longitude and latitude are swapped": lambda x, y: (y, x),
    "the values are web map metres (EPSG:3857), not degrees": _moved(
        "EPSG:3857", GEOGRAPHIC
    ),
    "the values are metres of EPSG:4547, not degrees": _moved(PROJECTED, GEOGRAPHIC),
    "the values are metres of EPSG:4547 with northing and easting swapped, not degrees": _moved(
        PROJECTED, GEOGRAPHIC, swap=True
    ),
    "the values are degrees, but were declared as metres of EPSG:4547": _moved(
        GEOGRAPHIC, PROJECTED
    ),
    "the values are degrees, but were declared as metres of EPSG:3857": _moved(
        GEOGRAPHIC, "EPSG:3857"
    ),
}
