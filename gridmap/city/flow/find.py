"""`Finding`: matters looked for, and those that may tell of the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gridmap.calendar import DAY_S
from gridmap.cases import duplicates
from gridmap.city.flow.dossier import Dossiers
from gridmap.errors import Fault, InputError
from gridmap.model import Status
from gridmap.store.flow import casefind
from gridmap.store.flow.casefind import Wanted
from gridmap.words import mark

DUPLICATE_COLUMNS = [
    "matter",
    "number",
    "distance_m",
    "reported_at",
    "status",
    "text",
    "lon",
    "lat",
]
MOST = 100_000
UNKNOWN_CATEGORY = mark("There is no such category")
USE_CODE = mark("Use a code of the category tree.")


@dataclass(frozen=True, slots=True)
class MatterFilter(Wanted):
    """What is looked for, as a person says it: `categories` are codes, each with all below it."""

    statuses: Sequence[Status] = ()
    categories: Sequence[str] = ()


class Finding(Dossiers):
    """Looks for matters."""

    def find(
        self, wanted: MatterFilter, *, limit: int = 200, offset: int = 0
    ) -> pd.DataFrame:
        """The matters wanted: open ones by the limit that runs out first, then the latest
        reported first.

        matter, number, category (code), grid, status, office, person, since, step_due_at,
        due_at, reported_at, closed_at, text, whistled_at, supervised, parent; numbers
        int64, instants in Unix seconds, 0: not. Raises InputError for an unknown category
        or area.
        """
        asked, (limit, offset) = (
            self._wanted(wanted),
            (min(max(limit, 0), MOST), max(offset, 0)),
        )
        with self._desk.store.read() as connection:
            return casefind.find(
                connection, asked, now=self._desk.now_s, limit=limit, offset=offset
            )

    def count(self, wanted: MatterFilter) -> int:
        """How many matters are wanted. Raises as `find` does."""
        asked = self._wanted(wanted)
        with self._desk.store.read() as connection:
            return casefind.count(connection, asked, now=self._desk.now_s)

    def duplicates(
        self, category: str, lon: float, lat: float, *, at: int, exclude: int = 0
    ) -> pd.DataFrame:
        """Matters that may tell of the same thing as a report of `category` at this place
        and time, the nearest first.

        The same category within `settings.duplicate_radius_m`, open still, or reported or
        closed in the `settings.duplicate_days` before `at`. They are offered for linking;
        nothing is merged. A new report after a matter was closed is a sign that it was
        closed too early. Columns: matter, number, distance_m, reported_at, status, text,
        lon, lat.
        """
        ground, settings = self.ground, self._desk.settings
        radius_m = settings.duplicate_radius_m
        rows: list[tuple[object, ...]] = []
        if category in ground.leaves and np.isfinite([lon, lat]).all():
            grids = np.unique(
                ground.index.locate(*duplicates.lattice(lon, lat, radius_m))
            ).tolist()
            with self._desk.store.read() as connection:
                found = casefind.near(
                    connection,
                    category=ground.leaves[category],
                    grids=[grid for grid in grids if grid],
                    box=duplicates.box(lon, lat, radius_m),
                    since=at - settings.duplicate_days * DAY_S,
                )
            away = duplicates.distance_m(
                lon, lat, [row["lon"] for row in found], [row["lat"] for row in found]
            )
            for row, distance in zip(found, away.tolist(), strict=True):
                if distance <= radius_m and row["matter"] != exclude:
                    about = (
                        row[name]
                        for name in ("reported_at", "status", "text", "lon", "lat")
                    )
                    rows.append((row["matter"], row["number"], distance, *about))
        table = pd.DataFrame(rows, columns=DUPLICATE_COLUMNS).sort_values(
            ["distance_m", "matter"], ignore_index=True
        )
        return table.astype(
            {
                "matter": "int64",
                "distance_m": "float64",
                "reported_at": "int64",
                "status": "int64",
                "lon": "float64",
                "lat": "float64",
            }
        )

    def _wanted(self, asked: MatterFilter) -> Wanted:
        ground = self.ground
        unknown = [code for code in asked.categories if code not in ground.below]
        if unknown:
            raise InputError(
                [
                    Fault(
                        rule=UNKNOWN_CATEGORY,
                        field="category",
                        value=str(code),
                        cure=USE_CODE,
                    )
                    for code in unknown
                ]
            )
        return replace(
            asked,
            kinds=sorted(
                {number for code in asked.categories for number in ground.below[code]}
            ),
        )
