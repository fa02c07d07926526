"""Loading `Facts`, every matter as a row of narrow NumPy arrays, from the columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from gridmap.calendar import DAY_S, UTC_OFFSET_S
from gridmap.facts import NO_RESPONSE, Facts
from gridmap.geo.locate import GridIndex
from gridmap.store import columns as read_model
from gridmap.store.base import Store
from gridmap.store.columns import Manifest


@dataclass(frozen=True, slots=True)
class _Target:
    """The grids that rows are put on."""

    codes: npt.NDArray[np.int64]
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
    otherwise each keeps the code it was stored with. Months are read one after the other, so that the peak
    is the result and one month.
    """
    target = _Target(np.ascontiguousarray(grid_codes, dtype=np.int64), plan, index)
    return read_model.stable(store, lambda content, place: _load(content, place, target))


def _load(content: Manifest, place: Path, target: _Target) -> Facts:
    arrays = _allocate(content.rows, len(target.codes))
    begin = as_of = 0
    for part in content.parts:
        end = begin + part.rows
        rows = {name: array[begin:end] for name, array in arrays.items()}
        as_of = max(as_of, _fill(rows, place / part.file, target))
        begin = end
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
    table = pq.read_table(path)
    raw = {name: table[name].to_numpy() for name in table.column_names}
    rows["grid"][:] = _positions(raw, target, rows["grid"].dtype)
    for name in ("category", "status", "worker", "lon", "lat"):
        rows[name][:] = raw[name]
    local = raw["reported_at"] + UTC_OFFSET_S
    rows["day"][:] = local // DAY_S
    rows["hour"][:] = local % DAY_S // 3600
    for name in ("closed", "due"):
        rows[f"{name}_day"][:] = np.where(raw[f"{name}_at"] > 0, (raw[f"{name}_at"] + UTC_OFFSET_S) // DAY_S, 0)
    rows["in_time"][:] = (raw["closed_at"] > 0) & ((raw["due_at"] == 0) | (raw["closed_at"] <= raw["due_at"]))
    rows["accepted"][:] = raw["accepted_at"] > 0
    minutes = np.clip((raw["accepted_at"] - raw["reported_at"]) // 60, 0, NO_RESPONSE - 1)
    rows["response_min"][:] = np.where(raw["accepted_at"] > 0, minutes, NO_RESPONSE)
    return int(max(raw[name].max() for name in ("reported_at", "accepted_at", "closed_at")))


def _positions(raw: dict[str, npt.NDArray[Any]], target: _Target, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Position of each row's grid in the codes; the largest number of `dtype` where it is in none."""
    grid, codes = raw["grid"], target.codes
    if target.plan is not None and target.index is not None:
        other = raw["plan"] != target.plan
        if other.any():
            grid = grid.copy()
            grid[other] = target.index.locate(raw["lon"][other], raw["lat"][other])
    found = np.searchsorted(codes, grid)
    found[found == len(codes)] = 0
    known = codes[found] == grid if len(codes) else np.zeros(len(grid), dtype=bool)
    return np.where(known, found, np.iinfo(dtype).max).astype(dtype)
