"""Three years of reports for the demonstration, generated month by month in the columns of
an import.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from gridmap.calendar import DAY_S, UTC_OFFSET_S, day_from_number, day_numbers
from gridmap.demo import rhythm, story
from gridmap.demo.outcome import settle
from gridmap.demo.reportcolumns import ReportColumns
from gridmap.demo.shares import apportion
from gridmap.demo.source import CENTRE, HOTLINE, MOBILE, GridSource
from gridmap.demo.workingcalendar import WorkingCalendar
from gridmap.model import Channel, Status

Ints = npt.NDArray[np.int64]

TEXT_DAYS = 90
"""Reports of the last so many days have a text."""

_REPORTED_BY_STAFF = 0.86
_TO_A_CENTRE = 0.35

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
"""The canonical columns of an import; times in Unix seconds, absent ones null; CGCS2000 degrees."""


def report_batches(
    source: GridSource,
    *,
    reports: int,
    now: int,
    seed: int,
    beside: ReportColumns | None = None,
) -> Iterator[pa.RecordBatch]:
    """`reports` reports of `SCHEMA`, one batch a month, sorted by time; the same arguments
    give the same rows.

    `now` (Unix seconds) is the city's clock: what would be closed later is open. `beside`
    are reports that have to be among them.
    """
    days, weights = rhythm.day_weights(np.random.default_rng([seed, 1]))
    dates = [day_from_number(int(day)) for day in days]
    months = np.array([day.year * 12 + day.month for day in dates])
    draw = _Draw(source, WorkingCalendar.between(date(2021, 1, 1), date(2025, 12, 31)), now)
    fixed = story.none()
    if reports >= story.FEWEST_REPORTS:
        fixed = draw.story(np.random.default_rng([seed, 3]))
    if beside is not None:
        fixed = fixed.and_also(beside)
    counts = apportion(weights, reports - len(fixed))
    month_of_fixed = months[day_numbers(fixed.reported_at) - days[0]]
    for serial, month in enumerate(np.unique(months)):
        in_month = months == month
        rng = np.random.default_rng([seed, 2, serial])
        drawn = story.make_room(draw.month(days[in_month], counts[in_month], rng), source)
        drawn = drawn.and_also(fixed.take(month_of_fixed == month))
        if len(drawn):
            yield draw.batch(drawn, rng)


def centre_batches(source: GridSource, *, now: int, seed: int) -> Iterator[pa.RecordBatch]:
    """What Hongqi's centre took in in the first quarter of 2024, for cities too small to
    have it among their reports.

    One batch of `SCHEMA`, none without Hongqi; the ids are a series of their own.
    """
    draw = _Draw(source, WorkingCalendar.between(date(2021, 1, 1), date(2025, 12, 31)), now)
    rng = np.random.default_rng([seed, 4])
    drawn = story.centre(source, draw.calendar, now=now, rng=rng)
    if len(drawn):
        yield draw.batch(drawn, rng, prefix="GM-HQ")


@dataclass(frozen=True)
class _Draw:
    """The draw of reports from one source at one moment."""

    source: GridSource
    calendar: WorkingCalendar
    now: int

    def story(self, rng: np.random.Generator) -> ReportColumns:
        return story.tell(self.source, self.calendar, now=self.now, rng=rng)

    def month(self, days: Ints, counts: Ints, rng: np.random.Generator) -> ReportColumns:
        """`counts` reports on each of `days`, all of one month, by time."""
        source, total = self.source, int(counts.sum())
        running = np.cumsum(source.pull)
        grid = np.searchsorted(
            running, rng.uniform(0, running[-1], size=total), side="right"
        )
        grid = np.minimum(grid, len(source.codes) - 1)
        category = source.mix.draw(
            source.profile[grid], day_from_number(int(days[0])).month, rng
        )
        midnight = np.repeat(days, counts) * DAY_S - UTC_OFFSET_S
        reported = midnight + rhythm.seconds(source.mix.rhythm[category], rng)
        outcome = settle(
            source.mix,
            category,
            reported,
            source.punctual[grid],
            self.calendar,
            now=self.now,
            rng=rng,
        )
        times = (outcome.accepted_at, outcome.due_at, outcome.closed_at)
        channel = _channels(source.holder[grid] > 0, rng)
        return ReportColumns(
            grid, category, reported, *times, outcome.status, channel
        ).by_time()

    def batch(
        self, drawn: ReportColumns, rng: np.random.Generator, *, prefix: str = "GM"
    ) -> pa.RecordBatch:
        """`drawn` (by time) as a batch of `SCHEMA`, each report at a point of its grid."""
        source = self.source
        point = source.places.draw(drawn.grid, rng)
        worker = np.where(drawn.channel == MOBILE, source.holder[drawn.grid], 0)
        times = (drawn.accepted_at, drawn.due_at, drawn.closed_at)
        columns = [
            _ids(day_numbers(drawn.reported_at), prefix),
            pa.array(source.mix.codes).take(pa.array(drawn.category)),
            pa.array(drawn.reported_at),
            pa.array(point[:, 0]),
            pa.array(point[:, 1]),
            *(pa.array(instants, mask=instants == 0) for instants in times),
            _words(Status).take(pa.array(drawn.status)),
            _words(Channel).take(pa.array(drawn.channel)),
            pa.array(worker, mask=worker == 0),
            self._texts(drawn),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)

    def _texts(self, drawn: ReportColumns) -> pa.Array:
        """Short texts made of place and category for the last `TEXT_DAYS` days, null before."""
        silent = drawn.reported_at < self.now - TEXT_DAYS * DAY_S
        if silent.all():
            return pa.nulls(len(drawn), pa.string())
        place = pa.array(self.source.names).take(pa.array(drawn.grid, mask=silent))
        matter = pa.array(self.source.mix.zh).take(pa.array(drawn.category, mask=silent))
        return pc.binary_join_element_wise(place, matter, "：")


def _words(names: type[Status | Channel]) -> pa.Array:
    return pa.array([name.name.lower() for name in names])


def _channels(staffed: npt.NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """Channel of each report: by telephone application where the grid has a worker, mostly."""
    by_staff = staffed & (rng.uniform(size=len(staffed)) < _REPORTED_BY_STAFF)
    other = np.where(rng.uniform(size=len(staffed)) < _TO_A_CENTRE, CENTRE, HOTLINE)
    return np.where(by_staff, MOBILE, other)


def _ids(day: Ints, series: str) -> pa.Array:
    """〈series〉-〈date〉-〈serial of the day〉 for local day numbers in ascending order."""
    numbers, first, row = np.unique(day, return_index=True, return_inverse=True)
    prefix = pa.array(
        [day_from_number(int(number)).strftime(f"{series}-%Y%m%d-") for number in numbers]
    )
    serial = pa.array(np.arange(len(day)) - first[row] + 1).cast(pa.string())
    return pc.binary_join_element_wise(
        prefix.take(pa.array(row)), pc.utf8_lpad(serial, 6, "0"), ""
    )


def write_reports_csv(path: Path, batches: Iterable[pa.RecordBatch]) -> int:
    """Write batches of `SCHEMA` as a CSV file with readable times, as a city delivers them;
    the number of rows.
    """
    texts = pa.schema(
        (column.name, pa.string() if column.name.endswith("_at") else column.type)
        for column in SCHEMA
    )
    rows = 0
    with arrow_csv.CSVWriter(path, texts) as writer:
        for batch in batches:
            columns = [
                _readable(batch[name]) if name.endswith("_at") else batch[name]
                for name in texts.names
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=texts))
            rows += batch.num_rows
    return rows


def _readable(seconds: pa.Array) -> pa.Array:
    local = pc.add(seconds, UTC_OFFSET_S).cast(pa.timestamp("s"))
    return pc.strftime(local, format="%Y-%m-%dT%H:%M:%S+08:00")
