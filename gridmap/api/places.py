"""Coordinates as they come in, in any of the systems phones use."""

from __future__ import annotations

from gridmap.geo.crs import to_wgs84


def wgs84(lon: float, lat: float, system: str) -> tuple[float, float]:
    """Degrees of `system` as WGS84, which is CGCS2000 to a few centimetres: what the city
    stores.
    """
    if system in {"wgs84", "cgcs2000"}:
        return lon, lat
    x, y = to_wgs84([lon], [lat], system)
    return float(x[0]), float(y[0])
