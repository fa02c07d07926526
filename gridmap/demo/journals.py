"""Journals for what happened lately in the demonstration: the last 90 days, everything
open, and the story.

Reports come in through an import, like history; here they get the journals they would have,
had they been reported, passed on and handled on the platform.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gridmap.calendar import DAY_S, UTC_OFFSET_S
from gridmap.demo import ending, handling, opening, story
from gridmap.demo.arraydeadlines import ArrayDeadlines
from gridmap.demo.journalrows import CaseNumbers, enter, enter_scenes, open_serials
from gridmap.demo.play import ImportedMatters, Play
from gridmap.demo.rules import STEPS
from gridmap.demo.scenes import Scene
from gridmap.demo.source import CENTRE, MOBILE
from gridmap.demo.stage import Stage
from gridmap.model import OPEN_STATUSES, Status
from gridmap.progress import Progress, silent
from gridmap.store import Store
from gridmap.store.flow.categories import read_categories
from gridmap.store.intake.commit import committer
from gridmap.store.look import columns

Ints = npt.NDArray[np.int64]

DAYS = 90
"""Matters reported in the last so many days have journals."""

_OLDEST_OPEN_DAYS = 200
_CHUNK_ROWS = 50_000
_TIMES = ("reported_at", "accepted_at", "due_at", "closed_at", "status")
_READ = ("grid", "category", "channel", "worker", *_TIMES)


def write_journals(
    store: Store,
    stage: Stage,
    scenes: Sequence[Scene],
    *,
    now: int,
    seed: int,
    progress: Progress = silent,
) -> int:
    """Give matters in `store` their journals, those of `scenes` the journals played there;
    how many.
    """
    clocks = ArrayDeadlines(stage.mix, STEPS)
    recent = _recent(store, now=now)
    total = int(recent.num_rows)
    if not total:
        return 0
    open_serials(store, recent)
    codes = _category_codes(store)
    files = CaseNumbers.of(recent, codes, np.random.default_rng([seed, 17]))
    imported = _imported(recent, stage, codes)
    played = _rows_of(scenes, imported)
    enter_scenes(store, scenes, files.take(played))
    others = np.setdiff1d(np.arange(total), played)
    with committer(store) as connection:
        for serial, rows in enumerate(_chunks(others)):
            progress("journals", int(rows[0]), total)
            play = Play(
                _take(imported, rows),
                stage,
                clocks,
                now,
                np.random.default_rng([seed, 18, serial]),
            )
            perform(play)
            enter(connection, play, files.take(rows))
    columns.refresh(store)
    progress("journals", total, total)
    return total


def _rows_of(scenes: Sequence[Scene], imported: ImportedMatters) -> Ints:
    """The row of the matter of each scene: the only one of its grid, category and second."""
    rows = np.zeros(len(scenes), dtype=np.int64)
    for number, scene in enumerate(scenes):
        same = (
            (imported.grid == scene.grid)
            & (imported.category == scene.category)
            & (imported.reported_at == scene.reported_at)
        )
        (rows[number],) = np.flatnonzero(same)
    return rows


def perform(play: Play) -> None:
    """Write all lines of all journals of `play`."""
    opening.stand(play)
    opening.report(play)
    opening.accept(play)
    opening.whistle(play)
    moving = ~play.is_in(Status.REPORTED, Status.REJECTED, Status.ACCEPTED, Status.VOIDED)
    handling.dispatch(play, moving)
    handled = moving & ~play.is_in(Status.DISPATCHED)
    handling.handle(play, handled)
    handling.extend(play, handled)
    handling.run_late(play, handled)
    handling.answer(play, handled)
    ending.close(play)
    ending.void(play)
    ending.park(play)
    ending.note_alarms(play)


def _recent(store: Store, *, now: int) -> pa.Table:
    """The matters that get a journal, by the time of their report: the columns of
    `store.matters.SCHEMA`.
    """
    earliest = min(now - _OLDEST_OPEN_DAYS * DAY_S, story.QUARTER[0] - DAY_S)
    content, place = columns.manifest(store), columns.folder(store)
    tables = []
    for part in content.parts:
        if part.last_day >= (earliest + UTC_OFFSET_S) // DAY_S:
            table = columns.read_part(place, part)
            tables.append(table.filter(pa.array(_wanted(table, now))))
    if not tables:
        return pa.table({"id": pa.array([], pa.int64())})
    return (
        pa.concat_tables(tables)
        .sort_by([("reported_at", "ascending"), ("id", "ascending")])
        .combine_chunks()
    )


def _wanted(table: pa.Table, now: int) -> npt.NDArray[np.bool_]:
    def column(name: str) -> Ints:
        return np.asarray(table[name].to_numpy(), dtype=np.int64)

    published = (column("grid") // 10**9 == story.HONGQI) & (column("channel") == CENTRE)
    published &= (column("accepted_at") >= story.QUARTER[0]) & (
        column("accepted_at") < story.QUARTER[1]
    )
    recent = column("reported_at") >= now - DAYS * DAY_S
    is_open = np.isin(column("status"), [int(status) for status in OPEN_STATUSES])
    return np.asarray(recent | published | is_open)


def _category_codes(store: Store) -> list[str]:
    """The codes of categories by number; "" where there is none."""
    tree = read_categories(store)
    known = dict(zip(tree["id"].tolist(), tree["code"], strict=True))
    return [str(known.get(number, "")) for number in range(max(known, default=0) + 1)]


def _imported(recent: pa.Table, stage: Stage, codes: list[str]) -> ImportedMatters:
    rows = {str(code): row for row, code in enumerate(stage.mix.codes)}
    row_of = np.array([rows.get(code, 0) for code in codes])
    values = {name: np.asarray(recent[name].to_numpy(), dtype=np.int64) for name in _READ}
    grid, category = (
        np.searchsorted(stage.codes, values["grid"]),
        row_of[values["category"]],
    )
    first, department, rule = stage.route(category, grid)
    return ImportedMatters(
        grid=grid,
        category=category,
        first=first,
        department=department,
        rule=rule,
        reporter=np.where(
            values["channel"] == MOBILE, stage.users_of_workers[values["worker"]], 0
        ),
        **{name: values[name] for name in _TIMES},
    )


def _take(imported: ImportedMatters, rows: Ints) -> ImportedMatters:
    return ImportedMatters(**{name: value[rows] for name, value in vars(imported).items()})


def _chunks(rows: Ints) -> Iterator[Ints]:
    for start in range(0, len(rows), _CHUNK_ROWS):
        yield rows[start : start + _CHUNK_ROWS]
