"""Reading an import: every row judged and located, the right ones staged, the others
refused with their reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from gridmap.progress import Progress, silent
from gridmap.sources.reasons import Reason
from gridmap.sources.reports import is_typed, typed_frame
from gridmap.sources.values import Verdicts
from gridmap.store.base.store import Store
from gridmap.store.intake.ahead import ahead
from gridmap.store.intake.judge import Judge
from gridmap.store.intake.rejects import Rejects
from gridmap.store.intake.seen import Seen, content_hash, id_range, known
from gridmap.store.intake.staging import Staged, Staging


def stage(
    store: Store,
    staging: Staging,
    judge: Judge,
    batches: Iterable[Any],
    *,
    progress: Progress = silent,
) -> None:
    """Read `batches` (of `sources.reports`) into `staging` and seal it."""
    refused, seen, rows = Rejects(staging.rejects), Seen(), 0
    with store.read() as connection, staging.writer() as writer:
        span = id_range(connection)
        for batch in ahead(batches):
            table, verdicts = judge.read(batch)
            _repeats(connection, table, verdicts, seen, span)
            refused.add(batch, verdicts, _hints(judge, batch, verdicts))
            writer.add(
                table.filter(pa.array(verdicts.numbers == 0))
                if verdicts.numbers.any()
                else table
            )
            rows += batch.num_rows
            progress("reading", rows, 0)
    earliest, latest = writer.reported or (None, None)
    staging.seal(
        Staged(rows, writer.rows, writer.batches, dict(refused.counts), earliest, latest)
    )


def typed(batches: Iterable[Any], files: Sequence[str | Path]) -> Iterator[pa.RecordBatch]:
    """`batches` as those of `sources.reports`; rows of plain frames count from 1."""
    row, name = 1, Path(files[0]).name if files else ""
    for batch in batches:
        yield batch if is_typed(batch) else typed_frame(batch, file=name, first_row=row)
        row += len(batch)


def _repeats(
    connection: Connection,
    table: pa.Table,
    verdicts: Verdicts,
    seen: Seen,
    span: tuple[str, str] | None,
) -> None:
    """Refuse rows whose id came before, in this import or in the truth."""
    right = np.flatnonzero(verdicts.numbers == 0)
    if not len(right):
        return
    rows = table.take(pa.array(right)) if len(right) < table.num_rows else table
    ids = rows["client_id"].combine_chunks()
    contents = content_hash(rows)
    again, other = seen.add(ids, contents)
    _refuse(verdicts, right[again], Reason.DUPLICATE_IN_FILE)
    _refuse(verdicts, right[other], Reason.CONFLICT_IN_FILE)
    there = known(connection, ids, span)
    if there is not None:
        at = pc.fill_null(
            pc.index_in(ids, value_set=there["client_id"].combine_chunks()), -1
        ).to_numpy()
        same = content_hash(there)[at] == contents
        _refuse(verdicts, right[(at >= 0) & same], Reason.DUPLICATE_KNOWN)
        _refuse(verdicts, right[(at >= 0) & ~same], Reason.CONFLICT_KNOWN)


def _refuse(verdicts: Verdicts, rows: Any, reason: Reason) -> None:
    mask = np.zeros(len(verdicts.numbers), dtype=bool)
    mask[rows] = True
    verdicts.refuse(mask, reason, "id")


def _hints(judge: Judge, batch: pa.RecordBatch, verdicts: Verdicts) -> dict[int, str]:
    far = np.flatnonzero(verdicts.numbers == Reason.IMPLAUSIBLE_COORDINATES.number)
    if not len(far):
        return {}
    lon, lat = (batch[name].to_numpy(zero_copy_only=False)[far] for name in ("lon", "lat"))
    return dict(zip(far.tolist(), judge.hints(lon, lat), strict=True))
