"""Loading `Facts`, every matter as a row of narrow NumPy arrays, from the columns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from gridmap.facts import Facts
from gridmap.geo.locate import GridIndex
from gridmap.store import columns as read_model
from gridmap.store import derive
from gridmap.store.base import Store
from gridmap.store.columns import Manifest

READERS = 2
"""Months read at a time."""

MOMENTS = ("day", "hour", "closed_day", "due_day", "in_time", "accepted", "response_min")


@dataclass(frozen=True, slots=True)
class _Target:
    """The grids that rows are put on."""

    codes: npt.NDArray[np.int64]
    table: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
    plan: int | None
    index: GridIndex | None


def load(
    store: Store,
    *,
    grid_codes: npt.NDArray[np.int64],
    plan: int | None = None,
    index: GridIndex | None = None,
) -> Facts:
    """The matters of the city on the grids `grid_codes` (sorted int64[n]).

    With `plan` and its `index`, rows located under another plan are located anew by their coordinates;
    otherwise each keeps the code it was stored with. `READERS` months are read at a time, so that the peak is the
    result and these.
    """
    codes = np.ascontiguousarray(grid_codes, dtype=np.int64)
    target = _Target(codes, derive.table_of(codes), plan, index)
    return read_model.stable(store, lambda content, place: _load(content, place, target))


def _load(content: Manifest, place: Path, target: _Target) -> Facts:
    arrays = _allocate(content.rows, len(target.codes))
    ends = np.cumsum([0, *(part.rows for part in content.parts)]).tolist()

    def fill(number: int) -> int:
        rows = {name: array[ends[number] : ends[number + 1]] for name, array in arrays.items()}
        return _fill(rows, place / content.parts[number].file, target)

    with ThreadPoolExecutor(READERS) as pool:
        as_of = max(pool.map(fill, range(len(content.parts))), default=0)
    for array in arrays.values():
        array.flags.writeable = False
    days = [day for part in content.parts for day in (part.first_day, part.last_day)]
    return Facts(
        **arrays,
        grid_codes=target.codes,
        first_day=min(days, default=0),
        last_day=max(days, default=0),
        as_of=as_of,
    )


def _allocate(rows: int, n_grids: int) -> dict[str, npt.NDArray[Any]]:
    types: dict[str, Any] = {
        "grid": np.uint16 if n_grids < np.iinfo(np.uint16).max else np.uint32,
        "category": np.int16,
        "day": np.uint16,
        "hour": np.uint8,
        "status": np.uint8,
        "closed_day": np.uint16,
        "due_day": np.uint16,
        "in_time": np.bool_,
        "accepted": np.bool_,
        "response_min": np.uint16,
        "worker": np.int32,
        "lon": np.float32,
        "lat": np.float32,
    }
    return {name: np.empty(rows, dtype=dtype) for name, dtype in types.items()}


def _fill(rows: dict[str, npt.NDArray[Any]], path: Path, target: _Target) -> int:
    """Fill `rows` from one month's file; its latest instant."""
    table = pq.ParquetFile(path).read(use_threads=False)
    raw = {name: table[name].to_numpy() for name in table.column_names}
    derive.find(_grid(raw, target), *target.table, int(np.iinfo(rows["grid"].dtype).max), rows["grid"])
    for name in ("category", "status", "worker", "lon", "lat"):
        rows[name][:] = raw[name]
    reported, accepted, due, closed = (raw[name] for name in ("reported_at", "accepted_at", "due_at", "closed_at"))
    return int(derive.moments(reported, accepted, due, closed, tuple(rows[name] for name in MOMENTS)))


def _grid(raw: dict[str, npt.NDArray[Any]], target: _Target) -> npt.NDArray[np.int64]:
    """The grid code of each row, located anew where it was stored under another plan than the one asked for."""
    grid = raw["grid"]
    if target.plan is not None and target.index is not None:
        other = raw["plan"] != target.plan
        if other.any():
            grid = grid.copy()
            grid[other] = target.index.locate(raw["lon"][other], raw["lat"][other])
    return grid
