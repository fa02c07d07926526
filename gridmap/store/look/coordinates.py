"""Places of reports as they were reported, float64, by their row in the facts, which hold
them as float32.
"""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from gridmap.store.base.store import Store
from gridmap.store.look import columns
from gridmap.store.look.facts import Loaded

Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


class Coordinates:
    """Longitudes and latitudes of rows of `loaded`; a month is read when it is first asked
    for, and held (16 bytes a row).

    Where the columns have moved on so far that a month's file is gone, the float32 of the
    facts stand in.
    """

    def __init__(self, store: Store, loaded: Loaded) -> None:
        self._folder = columns.folder(store)
        self._facts = loaded.facts
        self._months = sorted(loaded.places.items(), key=lambda one: one[1].start)
        self._ends = np.array([spot.end for _, spot in self._months], dtype=np.int64)
        self._unread = set(range(len(self._months)))
        self._reading = threading.Lock()
        # Not filled: the system gives memory only to months that are written.
        self._lon, self._lat = np.empty(len(loaded.facts)), np.empty(len(loaded.facts))

    def __call__(self, rows: Rows) -> tuple[Floats, Floats]:
        """Degrees (EPSG:4490), float64[n] each, in the order of `rows`."""
        if self._unread:
            with self._reading:
                for month in np.unique(
                    np.searchsorted(self._ends, rows, side="right")
                ).tolist():
                    if month in self._unread:
                        self._read(month)
                        self._unread.discard(month)
        return self._lon[rows], self._lat[rows]

    def _read(self, month: int) -> None:
        file, spot = self._months[month]
        own = slice(spot.start, spot.end)
        try:
            table = pq.ParquetFile(self._folder / file).read(
                columns=["lon", "lat"], use_threads=False
            )
        except FileNotFoundError:
            self._lon[own], self._lat[own] = self._facts.lon[own], self._facts.lat[own]
            return
        self._lon[own], self._lat[own] = table["lon"].to_numpy(), table["lat"].to_numpy()
