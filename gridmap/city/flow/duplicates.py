"""Matters that may tell of the same thing as a report; they are offered for linking, nothing
is merged.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridmap.calendar import DAY_S
from gridmap.cases.duplicates import box, distance_m, lattice
from gridmap.city.base.ground import Ground
from gridmap.settings import Settings
from gridmap.store import Store
from gridmap.store.flow import casefind

COLUMNS = [
    "matter",
    "number",
    "distance_m",
    "reported_at",
    "status",
    "text",
    "lon",
    "lat",
]
TYPES = {
    "matter": "int64",
    "distance_m": "float64",
    "reported_at": "int64",
    "status": "int64",
    "lon": "float64",
    "lat": "float64",
}


def duplicates(
    store: Store,
    ground: Ground,
    settings: Settings,
    *,
    category: str,
    lon: float,
    lat: float,
    at: int,
    exclude: int = 0,
) -> pd.DataFrame:
    """Matters of the same category near a place (degrees) and time (Unix seconds), the
    nearest first; see `Matters.duplicates`.
    """
    radius_m = settings.duplicate_radius_m
    if category not in ground.leaves or not np.isfinite([lon, lat]).all():
        return _table([])
    grids = np.unique(ground.index.locate(*lattice(lon, lat, radius_m))).tolist()
    with store.read() as connection:
        near = casefind.near(
            connection,
            category=ground.leaves[category],
            grids=[grid for grid in grids if grid],
            box=box(lon, lat, radius_m),
            since=at - settings.duplicate_days * DAY_S,
        )
    away_m = distance_m(
        lon, lat, [row["lon"] for row in near], [row["lat"] for row in near]
    )
    return _table(
        [
            {**row, "distance_m": distance}
            for row, distance in zip(near, away_m.tolist(), strict=True)
            if distance <= radius_m and row["matter"] != exclude
        ]
    )


def _table(rows: list[dict[str, object]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table.sort_values(["distance_m", "matter"], ignore_index=True)
    return table.astype(TYPES)
