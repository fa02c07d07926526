"""Which matters may tell of the same thing: the same category, near by, not long ago."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

EARTH_M = 6_371_008.8
"""Mean radius of the earth."""
_LATTICE = 17


def distance_m(
    lon: float, lat: float, lons: npt.ArrayLike, lats: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Metres from a point to others (degrees), float64[n], along the great circle; right to
    some 0.3 %.
    """
    there = np.radians(np.asarray(lats, dtype=np.float64))
    here = np.radians(lat)
    across = np.radians(np.asarray(lons, dtype=np.float64) - lon)
    half = (
        np.sin((there - here) / 2) ** 2
        + np.cos(here) * np.cos(there) * np.sin(across / 2) ** 2
    )
    return np.asarray(2 * EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def box(lon: float, lat: float, radius_m: float) -> tuple[float, float, float, float]:
    """West, south, east, north of the square around a point that holds the circle of
    `radius_m`, in degrees.
    """
    up = float(np.degrees(radius_m / EARTH_M)) * 1.01
    aside = up / max(float(np.cos(np.radians(lat))), 0.01)
    return lon - aside, lat - up, lon + aside, lat + up


def lattice(
    lon: float, lat: float, radius_m: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Longitudes and latitudes (float64[n]) of points all over that square, an eighth of
    the radius apart.
    """
    west, south, east, north = box(lon, lat, radius_m)
    across, up = np.meshgrid(
        np.linspace(west, east, _LATTICE), np.linspace(south, north, _LATTICE)
    )
    return across.ravel(), up.ravel()
