"""Three years of reports for the demonstration, generated month by month in the columns of an import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from gridmap.calendar import DAY_S, UTC_OFFSET_S, day_from_number
from gridmap.demo import rhythm
from gridmap.demo.density import is_urban
from gridmap.demo.limits import WorkingCalendar
from gridmap.demo.mix import PROFILES, Mix, profiles
from gridmap.demo.outcome import Outcome, settle
from gridmap.demo.places import Places
from gridmap.demo.shares import apportion

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SILENT_SHARE = 0.018
TEXT_DAYS = 90

_PROFILE_PULL = {"农贸市场": 2.6, "学校": 0.9, "医院": 1.4, "产业园": 1.1}
_REPORTED_BY_STAFF = 0.86

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("category", pa.string()),
        ("reported_at", pa.int64()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("accepted_at", pa.int64()),
        ("due_at", pa.int64()),
        ("closed_at", pa.int64()),
        ("status", pa.string()),
        ("channel", pa.string()),
        ("worker", pa.int64()),
        ("text", pa.string()),
    ]
)
"""The canonical columns of an import; times in Unix seconds, absent ones null."""


@dataclass(frozen=True)
class Source:
    """What the reports are drawn from: the grids (sorted by code) and who works there.

    `pull` float64[g] relative number of reports of each grid; `holder` int64[g] worker or 0.
    """

    codes: Ints
    names: npt.NDArray[np.object_]
    profile: Ints
    pull: Floats
    holder: Ints
    places: Places
    mix: Mix
    punctual: Floats

    @classmethod
    def of(
        cls, grids: gpd.GeoDataFrame, holder: Ints, village_names: dict[int, str], mix: Mix, rng: np.random.Generator
    ) -> Source:
        """From `grids` (code, name, kind, households, geometry), the workers in office, and the villages' names."""
        codes = grids["code"].to_numpy(np.int64)
        urban = is_urban(codes // 10**6)
        profile = profiles(grids, urban)
        polygons = np.asarray(grids.geometry.array, dtype=object)
        names = np.array(
            [f"{village_names[code // 1000]}{name}" for code, name in zip(codes.tolist(), grids["name"], strict=True)],
            dtype=object,
        )
        pull = _pull(grids["households"].to_numpy(np.float64), urban, profile, rng)
        _, township = np.unique(codes // 10**6, return_inverse=True)
        punctual = np.clip(rng.normal(0.957, 0.022, size=township.max() + 1), 0.87, 0.99)[township]
        return cls(codes, names, profile, pull, holder, Places.of(polygons, rng), mix, punctual)


def _pull(
    households: Floats, urban: npt.NDArray[np.bool_], profile: Ints, rng: np.random.Generator
) -> Floats:
    """Relative number of reports: by households, with hot grids, and grids from which almost nothing comes."""
    count = len(households)
    pull = np.maximum(households, 12.0) ** 0.85 * np.where(urban, 1.35, 1.0) * rng.lognormal(sigma=0.38, size=count)
    for kind, factor in _PROFILE_PULL.items():
        own = profile == PROFILES.index(kind)
        pull[own] = factor * np.median(pull) * rng.lognormal(sigma=0.3, size=int(own.sum()))
    pull *= np.where(rng.uniform(size=count) < 0.02, rng.uniform(2.5, 5, size=count), 1.0)
    return pull * np.where(rng.uniform(size=count) < SILENT_SHARE, 0.04, 1.0)


def report_batches(source: Source, *, reports: int, now: int, seed: int) -> Iterator[pa.RecordBatch]:
    """`reports` reports of `SCHEMA`, one batch a month, sorted by time; the same arguments give the same rows.

    `now` (Unix seconds) is the city's clock: what would be closed later is open.
    """
    days, weights = rhythm.day_weights(np.random.default_rng([seed, 1]))
    counts = apportion(weights, reports)
    calendar = WorkingCalendar.between(date(2021, 1, 1), date(2025, 12, 31))
    months = np.array([day_from_number(int(day)).strftime("%Y%m") for day in days])
    for serial, month in enumerate(np.unique(months)):
        own = months == month
        if counts[own].sum():
            rng = np.random.default_rng([seed, 2, serial])
            yield _month(source, days[own], counts[own], calendar, now, rng)


def _month(
    source: Source, days: Ints, counts: Ints, calendar: WorkingCalendar, now: int, rng: np.random.Generator
) -> pa.RecordBatch:
    total = int(counts.sum())
    running = np.cumsum(source.pull)
    grid = np.searchsorted(running, rng.uniform(0, running[-1], size=total), side="right")
    grid = np.minimum(grid, len(source.codes) - 1)
    category = source.mix.draw(source.profile[grid], day_from_number(int(days[0])).month, rng)
    day = np.repeat(days, counts)
    reported = day * DAY_S - UTC_OFFSET_S + _seconds(source.mix.rhythm[category], rng)
    order = np.argsort(reported, kind="stable")
    grid, category, day, reported = grid[order], category[order], day[order], reported[order]
    outcome = settle(source.mix, category, reported, source.punctual[grid], calendar, now=now, rng=rng)
    channel = _channels(source.holder[grid] > 0, rng)
    worker = np.where(channel == 0, source.holder[grid], 0)
    return _batch(source, grid, category, day, reported, outcome, channel, worker, now, rng)


def _seconds(row: Ints, rng: np.random.Generator) -> Ints:
    """Second of the day of each report by its category's rhythm."""
    odds = rhythm.hour_odds()
    flat = (odds + np.arange(len(odds))[:, None]).ravel()
    hour = np.searchsorted(flat, row + rng.uniform(size=len(row)), side="right") - row * 24
    return np.minimum(hour, 23) * 3600 + rng.integers(0, 3600, size=len(row))


def _channels(staffed: npt.NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """Channel of each report: by telephone application where the grid has a worker, mostly."""
    draw = rng.uniform(size=len(staffed))
    other = np.where(rng.uniform(size=len(staffed)) < 0.35, 1, 2)
    return np.where(staffed & (draw < _REPORTED_BY_STAFF), 0, other)


def _batch(
    source: Source,
    grid: Ints,
    category: Ints,
    day: Ints,
    reported: Ints,
    outcome: Outcome,
    channel: Ints,
    worker: Ints,
    now: int,
    rng: np.random.Generator,
) -> pa.RecordBatch:
    point = source.places.draw(grid, rng)
    columns = [
        _ids(day),
        pa.array(source.mix.codes).take(pa.array(category)),
        pa.array(reported),
        pa.array(point[:, 0]),
        pa.array(point[:, 1]),
        *(pa.array(times, mask=times == 0) for times in (outcome.accepted_at, outcome.due_at, outcome.closed_at)),
        pa.array([str(number) for number in range(8)]).take(pa.array(outcome.status)),
        pa.array(["mobile", "centre", "hotline"]).take(pa.array(channel)),
        pa.array(worker, mask=worker == 0),
        _texts(source, grid, category, reported >= now - TEXT_DAYS * DAY_S),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _ids(day: Ints) -> pa.Array:
    """GM-〈date〉-〈serial of the day〉 for days in ascending order."""
    names = {number: day_from_number(number).strftime("GM-%Y%m%d-") for number in np.unique(day).tolist()}
    first = np.searchsorted(day, day)
    serial = np.arange(len(day)) - first + 1
    prefix = pa.array(list(names.values())).take(pa.array(np.searchsorted(list(names), day)))
    return pc.binary_join_element_wise(prefix, pc.utf8_lpad(pa.array(serial).cast(pa.string()), 6, "0"), "")


def _texts(source: Source, grid: Ints, category: Ints, recent: npt.NDArray[np.bool_]) -> pa.Array:
    """Short texts made of place and category where `recent`, null elsewhere."""
    if not recent.any():
        return pa.nulls(len(grid), pa.string())
    mask = ~recent
    place = pa.array(source.names).take(pa.array(grid, mask=mask))
    matter = pa.array(source.mix.zh).take(pa.array(category, mask=mask))
    return pc.binary_join_element_wise(place, matter, "：")


def write_reports_csv(path: Path, batches: Iterator[pa.RecordBatch], *, system: str = "cgcs2000") -> int:
    """Write reports to a CSV file with readable times, as a city would deliver them; the number of rows."""
    names = [field.name for field in SCHEMA]
    rows = 0
    stamp = pa.timestamp("s")
    del system
    schema = pa.schema([(n, pa.string() if n.endswith("_at") else SCHEMA.field(n).type) for n in names])
    with arrow_csv.CSVWriter(path, schema) as writer:
        for batch in batches:
            columns = [
                pc.strftime(pc.add(batch[n], UTC_OFFSET_S).cast(stamp), format="%Y-%m-%dT%H:%M:%S+08:00")
                if n.endswith("_at")
                else batch[n]
                for n in names
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            rows += batch.num_rows
    return rows
