"""Places of reports as they were reported, float64, by their row in the facts, which hold them as float32."""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from gridmap.store import columns
from gridmap.store.base import Store
from gridmap.store.facts import Loaded

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Coordinates:
    """Longitudes and latitudes of rows of `loaded`; a month is read when it is first asked for, and held (16 bytes a row).

    Where the columns have moved on so far that a month's file is gone, the float32 of the facts stand in.
    """

    def __init__(self, store: Store, loaded: Loaded) -> None:
        self._place = columns.folder(store)
        self._loaded = loaded
        self._reading = threading.Lock()
        self._held: dict[str, tuple[Floats, Floats]] = {}

    def __call__(self, rows: Ints) -> tuple[Floats, Floats]:
        """Degrees (EPSG:4490), float64[n] each, in the order of `rows`."""
        lon, lat = np.empty(len(rows)), np.empty(len(rows))
        order = np.argsort(rows, kind="stable")
        rising = rows[order]
        for file, spot in self._loaded.places.items():
            first, last = np.searchsorted(rising, [spot.start, spot.end])
            if first < last:
                x, y = self._month(file)
                at, own = order[first:last], rising[first:last] - spot.start
                lon[at], lat[at] = x[own], y[own]
        return lon, lat

    def _month(self, file: str) -> tuple[Floats, Floats]:
        with self._reading:
            if file not in self._held:
                self._held[file] = self._read(file)
            return self._held[file]

    def _read(self, file: str) -> tuple[Floats, Floats]:
        try:
            table = pq.ParquetFile(self._place / file).read(columns=["lon", "lat"], use_threads=False)
        except FileNotFoundError:
            spot, facts = self._loaded.places[file], self._loaded.facts
            own = slice(spot.start, spot.end)
            return facts.lon[own].astype(np.float64), facts.lat[own].astype(np.float64)
        return table["lon"].to_numpy(), table["lat"].to_numpy()
