"""Georeferencing: shapes of any declared system brought to EPSG:4490, and refused where
they can't be meant.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from gridmap.errors import Fault, InputError
from gridmap.geo import crs

CHINA = (73.0, 18.0, 136.0, 54.0)
Bounds = tuple[float, float, float, float]


def to_geographic(
    shapes: Any, system: Any, *, bounds: Bounds = CHINA, file: str = ""
) -> Any:
    """`shapes` (shapely array[n], in `system`) as EPSG:4490, two-dimensional.

    `system` is whatever pyproj understands, or gcj02 or bd09. Raises InputError when it is
    missing or unknown, and when most of the result lies outside `bounds` (west, south,
    east, north), with the likely reason.
    """
    if system is None or (isinstance(system, str) and not system.strip()):
        raise InputError(
            Fault(
                rule="the file does not say its coordinate system",
                field="crs",
                file=file,
                cure=(
                    "State it, for example --crs EPSG:4490 (longitude, latitude) or --crs "
                    "EPSG:4547 (metres)."
                ),
            )
        )
    placed = _reproject(shapes, system, file)
    corners = _corners(placed)
    hint = crs.implausible(corners[:, 0], corners[:, 1], bounds)
    if hint is not None or not np.isfinite(corners).all():
        raise InputError(
            Fault(
                rule=(
                    "implausible coordinates: "
                    f"{hint or 'some lie outside the reach of their system'}"
                ),
                field="geometry",
                value=_first(shapes),
                file=file,
                cure="State the system the coordinates are in with --crs, or correct them.",
            )
        )
    return placed


def _reproject(shapes: Any, system: Any, file: str) -> Any:
    if isinstance(system, str) and system.casefold() in crs.SYSTEMS:
        return shapely.transform(
            shapes, lambda x, y: crs.to_wgs84(x, y, system.casefold()), interleaved=False
        )
    try:
        known = pyproj.CRS.from_user_input(system)
    except pyproj.exceptions.CRSError as error:
        raise InputError(
            Fault(
                rule="unknown coordinate system",
                field="crs",
                value=str(system)[:80],
                file=file,
                cure=f"Give an EPSG code such as EPSG:4490, or one of {', '.join(crs.SYSTEMS)}.",
            )
        ) from error
    return crs.reproject(shapes, known, crs.GEOGRAPHIC)


def _corners(shapes: Any) -> npt.NDArray[np.float64]:
    """Two opposite corners of each shape's box."""
    full = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return np.asarray(shapely.bounds(full), dtype=np.float64).reshape(-1, 2)


def _first(shapes: Any) -> str:
    coordinates = shapely.get_coordinates(shapes[:50])
    return f"{coordinates[0, 0]:g}, {coordinates[0, 1]:g}" if len(coordinates) else ""
