"""Loading `Facts`, every matter as a row of narrow NumPy arrays, from the columns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from gridmap.facts import Facts
from gridmap.geo.locate import GridIndex
from gridmap.store.base.store import Store
from gridmap.store.look import columns as read_model
from gridmap.store.look import derive
from gridmap.store.look.columns import Manifest
from gridmap.store.look.pages import Arrays, Pages

READERS = 2
"""Months read at a time."""

SPARE_ROWS = 100_000
SPARE_SHARE = 0.02
"""Room kept for reports that come in: their months are then all that changes."""
MOST_CHANGED = 0.3
"""Past this share of changed rows everything is loaded anew, and what came before can be
forgotten.
"""

MOMENTS = ("day", "hour", "closed_day", "due_day", "in_time", "accepted", "response_min")


@dataclass(frozen=True, slots=True)
class _Target:
    """The grids that rows are put on."""

    codes: npt.NDArray[np.int64]
    table: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
    plan: int | None
    index: GridIndex | None

    def same(
        self, codes: npt.NDArray[np.int64], plan: int | None, index: GridIndex | None
    ) -> bool:
        """Whether rows are put on the same grids in the same way."""
        return (
            self.plan == plan and self.index is index and np.array_equal(self.codes, codes)
        )


@dataclass(slots=True)
class _Place:
    """The rows of one month: its first, how many, and the latest instant among them."""

    start: int
    rows: int
    latest: int = field(default=0, compare=False)

    @property
    def end(self) -> int:
        return self.start + self.rows


@dataclass(frozen=True, eq=False)
class Loaded:
    """Facts with what it takes to load their next state quickly: where each month lies, and
    the memory they share.
    """

    facts: Facts
    target: _Target
    places: dict[str, _Place]
    """By name of the month's file."""
    pages: Pages
    first_places: dict[str, _Place]
    """Where the months lay when `pages` were filled."""
    identity: str
    """Of the columns: files of others may have the same names."""


def load(
    store: Store,
    *,
    grid_codes: npt.NDArray[np.int64],
    plan: int | None = None,
    index: GridIndex | None = None,
) -> Facts:
    """The matters of the city on the grids `grid_codes` (sorted int64[n]).

    With `plan` and its `index`, rows located under another plan are located anew by their
    coordinates; otherwise each keeps the code it was stored with. `READERS` months are read
    at a time, so that the peak is the result and these.
    """
    return follow(store, None, grid_codes=grid_codes, plan=plan, index=index).facts


def follow(
    store: Store,
    before: Loaded | None,
    *,
    grid_codes: npt.NDArray[np.int64],
    plan: int | None = None,
    index: GridIndex | None = None,
) -> Loaded:
    """As `load`, taking over from `before` the months that have not changed since.

    Only changed months are read and only they take memory; `before` stays as it is. Where
    much has changed, or the grids, everything is loaded anew.
    """
    codes = np.ascontiguousarray(grid_codes, dtype=np.int64)
    if before is not None and before.target.same(codes, plan, index):
        known = before
        return read_model.stable(
            store, lambda content, place: _follow(content, place, known)
        )
    target = _Target(codes, derive.table_of(codes), plan, index)
    return read_model.stable(store, lambda content, place: _load(content, place, target))


def regridded(
    store: Store,
    loaded: Loaded,
    *,
    grid_codes: npt.NDArray[np.int64],
    plan: int | None = None,
    index: GridIndex | None = None,
) -> Loaded:
    """The reports of `loaded` on other grids (see `load`): one column of their own, all
    others shared.

    Where the files it was loaded from are gone already everything is loaded anew, and may be newer.
    """
    codes = np.ascontiguousarray(grid_codes, dtype=np.int64)
    target = _Target(codes, derive.table_of(codes), plan, index)
    place = read_model.folder(store)
    grid = np.zeros(len(loaded.facts), dtype=_types(len(codes))["grid"])

    def fill(file: str) -> None:
        spot = loaded.places[file]
        table = pq.ParquetFile(place / file).read(
            columns=["grid", "plan", "lon", "lat"], use_threads=False
        )
        raw = {name: table[name].to_numpy() for name in table.column_names}
        derive.find(
            _grid(raw, target),
            *target.table,
            int(np.iinfo(grid.dtype).max),
            grid[spot.start : spot.end],
        )

    try:
        with ThreadPoolExecutor(READERS) as pool:
            list(pool.map(fill, loaded.places))
    except FileNotFoundError:
        return follow(store, None, grid_codes=codes, plan=plan, index=index)
    grid.flags.writeable = False
    return replace(
        loaded, facts=replace(loaded.facts, grid_codes=codes, grid=grid), target=target
    )


def matters_of(
    store: Store, loaded: Loaded, rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The numbers of the matters in `rows` of the facts of `loaded`, int64[n], in their
    order; read from the files, as the facts do not hold them.

    Raises FileNotFoundError when the columns have moved on so far that a file is gone: the
    facts are to be read anew.
    """
    numbers = np.zeros(len(rows), dtype=np.int64)
    folder = read_model.folder(store)
    for file, spot in loaded.places.items():
        inside = np.flatnonzero((rows >= spot.start) & (rows < spot.end))
        if len(inside):
            numbers[inside] = read_model.read_ids(folder, file)[rows[inside] - spot.start]
    return numbers


def _load(content: Manifest, place: Path, target: _Target) -> Loaded:
    room = content.rows + max(SPARE_ROWS, int(content.rows * SPARE_SHARE))
    pages = Pages(_types(len(target.codes)), room)
    places = _places(content)
    arrays = pages.first()
    _read(arrays, place, {file: spot for file, spot in places.items() if spot.rows}, target)
    return Loaded(
        _facts(arrays, content, places, target),
        target,
        places,
        pages,
        places,
        content.identity,
    )


def _follow(content: Manifest, place: Path, before: Loaded) -> Loaded:
    places = _places(content)
    fresh = {
        file: spot for file, spot in places.items() if before.first_places.get(file) != spot
    }
    changed = sum(spot.rows for spot in fresh.values())
    if (
        content.identity != before.identity
        or content.rows > before.pages.rows
        or changed > max(SPARE_ROWS, content.rows * MOST_CHANGED)
    ):
        return _load(content, place, before.target)
    arrays = before.pages.copy()
    missing = {}
    for file, spot in fresh.items():
        held = before.places.get(file)
        if held is None or held.rows != spot.rows:
            missing[file] = spot
            continue
        for name, array in arrays.items():
            array[spot.start : spot.end] = getattr(before.facts, name)[
                held.start : held.end
            ]
    _read(arrays, place, missing, before.target)
    for file, spot in places.items():
        spot.latest = spot.latest or before.places[file].latest
    facts = _facts(arrays, content, places, before.target)
    return Loaded(
        facts, before.target, places, before.pages, before.first_places, before.identity
    )


def _places(content: Manifest) -> dict[str, _Place]:
    ends = np.cumsum([0, *(part.rows for part in content.parts)]).tolist()
    return {
        part.file: _Place(start, part.rows)
        for start, part in zip(ends, content.parts, strict=False)
    }


def _read(arrays: Arrays, place: Path, wanted: dict[str, _Place], target: _Target) -> None:
    """Fill the rows of the months `wanted` from their files, and note their latest instants."""

    def fill(file: str) -> None:
        spot = wanted[file]
        rows = {name: array[spot.start : spot.end] for name, array in arrays.items()}
        spot.latest = _fill(rows, place / file, target)

    with ThreadPoolExecutor(READERS) as pool:
        list(pool.map(fill, wanted))


def _facts(
    arrays: Arrays, content: Manifest, places: dict[str, _Place], target: _Target
) -> Facts:
    for array in arrays.values():
        array.flags.writeable = False
    days = [day for part in content.parts for day in (part.first_day, part.last_day)]
    return Facts(
        **{name: array[: content.rows] for name, array in arrays.items()},
        grid_codes=target.codes,
        first_day=min(days, default=0),
        last_day=max(days, default=0),
        as_of=max((spot.latest for spot in places.values()), default=0),
    )


def _types(n_grids: int) -> dict[str, Any]:
    return {
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


def _fill(rows: dict[str, npt.NDArray[Any]], path: Path, target: _Target) -> int:
    """Fill `rows` from one month's file; its latest instant."""
    table = pq.ParquetFile(path).read(use_threads=False)
    raw = {name: table[name].to_numpy() for name in table.column_names}
    derive.find(
        _grid(raw, target),
        *target.table,
        int(np.iinfo(rows["grid"].dtype).max),
        rows["grid"],
    )
    for name in ("category", "status", "worker", "lon", "lat"):
        rows[name][:] = raw[name]
    reported, accepted, due, closed = (
        raw[name] for name in ("reported_at", "accepted_at", "due_at", "closed_at")
    )
    return int(
        derive.moments(
            reported, accepted, due, closed, tuple(rows[name] for name in MOMENTS)
        )
    )


def _grid(raw: dict[str, npt.NDArray[Any]], target: _Target) -> npt.NDArray[np.int64]:
    """The grid code of each row, located anew where it was stored under another plan than
    the one asked for.
    """
    grid = raw["grid"]
    if target.plan is not None and target.index is not None:
        other = raw["plan"] != target.plan
        if other.any():
            grid = grid.copy()
            grid[other] = target.index.locate(raw["lon"][other], raw["lat"][other])
    return grid
