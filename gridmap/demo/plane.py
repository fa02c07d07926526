"""The flat kilometre plane the demonstration's geography is drawn in: one affine step from degrees.

An affine map keeps straight lines straight, so that what is planar here is planar in
longitude/latitude.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

ORIGIN = (114.2, 35.35)
DEGREE = 1e-7
"""Coordinates are whole multiples of this many degrees (about a centimetre)."""

SCALE = np.array([111.32 * np.cos(np.radians(ORIGIN[1])), 110.95])
"""Kilometres per degree of longitude and latitude at the origin."""


def to_plane(degrees: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Longitude/latitude (float64[n, 2]) as kilometres east and north of the origin."""
    return np.asarray((np.asarray(degrees) - ORIGIN) * SCALE)


def to_degrees(plane: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The inverse of `to_plane`, rounded to whole multiples of 1e-7 degrees."""
    return np.asarray(np.round(np.asarray(plane) / SCALE + ORIGIN, 7))


def plane_of(shape: shapely.Geometry) -> shapely.Geometry:
    """A geometry in degrees, in the plane."""
    return shapely.transform(shape, to_plane)


def snap(shape: shapely.Geometry) -> shapely.Geometry:
    """A geometry in degrees with coordinates rounded to 1e-7."""
    return shapely.transform(shape, lambda degrees: np.round(degrees, 7))
