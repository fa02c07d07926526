"""The import of reports: staged aside, committed in short batches, made visible by one last step.

staged      rows are read, judged and located into a folder outside the database
committing  everything is staged; batches go into the truth, seen by no reader
visible     one update: readers see all of it; then the columns follow
discarded   the process died, or the files were no good, before everything was staged
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, insert, select, update

from gridmap.errors import NotFoundError
from gridmap.progress import Progress, silent
from gridmap.sources.reasons import Reason
from gridmap.store.base.frames import frame
from gridmap.store.base.store import Store, touch
from gridmap.store.intake import rejects
from gridmap.store.intake.commit import commit_batch, committer, done_before, first_numbers
from gridmap.store.intake.judge import Judge
from gridmap.store.intake.reading import stage, typed
from gridmap.store.intake.rejects import Rejects
from gridmap.store.intake.seen import EVERY_ID, content_hash, known
from gridmap.store.intake.staging import Staged, Staging, only_import
from gridmap.store.look import columns
from gridmap.store.look.matters import as_columns
from gridmap.store.tables import imports

DIGEST_CHUNK_BYTES = 1 << 22
PASSING = (Reason.IMPOSSIBLE_TIME.value,)
"""Reasons that time itself may cure: files with such rows are read again when they come again."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did. `already`: the same files were imported before, and nothing was added."""

    import_id: int
    rows: int
    accepted: int
    rejected: dict[str, int]
    reject_file: Path | None
    already: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """One import on its way from its folder into the truth."""

    store: Store
    import_id: int
    staging: Staging
    now: int
    progress: Progress


def import_reports(
    store: Store,
    batches: Iterable[pa.RecordBatch | pa.Table | pd.DataFrame],
    *,
    files: Sequence[str | Path],
    now: int,
    way: Sequence[str] = (),
    progress: Progress = silent,
) -> ImportResult:
    """Import reports: all that are right appear together, the others go to a file with
    their reasons.

    Parameters
    ----------
    store : Store
        The open city.
    batches : iterable
        Batches of `gridmap.sources.reports`, or frames with its canonical columns (id,
        category, reported_at, lon, lat; optionally the others).
    files : sequence of path or str
        Where they come from; of those that exist the content is remembered, so that the
        same again adds nothing.
    now : int
        Unix seconds; later times are impossible.
    way : sequence of str, optional
        How the files were read (coordinate system, mapping): another way makes other rows of them.
    progress : callable, optional
        Told of the stages reading, committing, publishing and columns; see `gridmap.progress`.

    Raises ConflictError when another import is running, NotFoundError when the city has no
    grids, and whatever `batches` raises; nothing was imported then.
    """
    with only_import(store, demand=True):
        complete_unfinished(store, progress=progress)
        judge = Judge.of(store, now)
        digest = _digest(files, judge, way)
        before = _imported_before(store, digest)
        if before is not None:
            return before
        staging = Staging.create(store)
        run = _Run(
            store, _begin(store, staging, files, digest, now), staging, now, progress
        )
        try:
            stage(store, staging, judge, typed(batches, files), progress=progress)
        except BaseException:
            _discard(run)
            raise
        return _complete(run)


def complete_unfinished(store: Store, *, progress: Progress = silent) -> None:
    """Complete what a dead process had staged in full, discard what it had not; the caller
    holds `only_import`.
    """
    unfinished = (
        select(imports)
        .where(imports.c.state.in_(("staged", "committing")))
        .order_by(imports.c.id)
    )
    with store.read() as connection:
        rows = connection.execute(unfinished).all()
    for row in rows:
        staging = Staging(store.folder("staging") / row.staging)
        if not staging.path.exists() and row.state == "committing":
            continue  # staged on another machine, which completes it
        run = _Run(store, row.id, staging, row.started_at, progress)
        if staging.is_complete:
            _complete(run)
        else:
            _discard(run)
    for orphan in store.folder("staging").iterdir():
        Staging(orphan).remove()


def read_imports(store: Store) -> pd.DataFrame:
    """The imports, newest first.

    Columns: id, kind, files (list of names), started_at, ended_at (Unix seconds), state,
    rows, accepted, rejected (mapping of reason to number), refused (their sum), reject_file
    (text, empty when none), reported_from, reported_to (Unix seconds of the earliest and
    latest accepted report).
    """
    names = (
        "id",
        "kind",
        "files",
        "started_at",
        "ended_at",
        "state",
        "rows",
        "accepted",
        "rejected_by_reason",
        "reject_file",
        "reported_from",
        "reported_to",
    )
    with store.read() as connection:
        query = select(*(imports.c[name] for name in names)).order_by(imports.c.id.desc())
        table = frame(
            connection,
            query,
            id="int64",
            rows="int64",
            accepted="int64",
            started_at="int64",
        )
    table["files"] = [json.loads(text) for text in table["files"]]
    table["rejected"] = [json.loads(text) for text in table.pop("rejected_by_reason")]
    table["refused"] = [sum(counts.values()) for counts in table["rejected"]]
    table["reject_file"] = [
        str(store.home / name) if isinstance(name, str) else ""
        for name in table["reject_file"]
    ]
    for name in ("ended_at", "reported_from", "reported_to"):
        table[name] = table[name].astype("Int64")
    return table


def read_rejects(store: Store, import_id: int, *, limit: int | None = None) -> pd.DataFrame:
    """Refused rows of an import: file, row (int64), field, value, reason, cure, and the
    original columns, as text.

    Raises NotFoundError when there is no such import, or its reject file is gone.
    """
    with store.read() as connection:
        row = connection.execute(
            select(imports.c.reject_file).where(imports.c.id == import_id)
        ).first()
    if row is None:
        raise NotFoundError(f"There is no import {import_id}.")
    if row.reject_file is None:
        return pd.DataFrame(columns=list(rejects.HEADER))
    path = store.home / row.reject_file
    if not path.exists():
        raise NotFoundError(f"The reject file {path} of import {import_id} was removed.")
    return rejects.read_csv(path, limit=limit)


def record_import(
    store: Store,
    *,
    kind: str,
    files: Sequence[str | Path],
    now: int,
    rows: int,
    accepted: int,
) -> int:
    """Note an import that was done in one transaction of its own (workers), and return its
    number.
    """
    with store.write() as connection:
        number = put_import(
            connection, kind=kind, files=files, now=now, rows=rows, accepted=accepted
        )
        touch(connection)
        return number


def put_import(
    connection: Connection,
    *,
    kind: str,
    files: Sequence[str | Path],
    now: int,
    rows: int,
    accepted: int,
) -> int:
    """Note an import inside the caller's transaction that does its work, and return its number."""
    values = {
        "kind": kind,
        "files": _names(files),
        "digest": "",
        "started_at": now,
        "ended_at": now,
    }
    done = connection.execute(
        insert(imports).values(
            values | {"state": "visible", "rows": rows, "accepted": accepted}
        )
    )
    return int(done.inserted_primary_key[0])  # type: ignore[index]


def _begin(
    store: Store, staging: Staging, files: Sequence[str | Path], digest: str, now: int
) -> int:
    with store.write() as connection:
        values = {
            "kind": "reports",
            "files": _names(files),
            "digest": digest,
            "started_at": now,
            "state": "staged",
        }
        done = connection.execute(
            insert(imports).values(values | {"staging": staging.name})
        )
        return int(done.inserted_primary_key[0])  # type: ignore[index]


def _complete(run: _Run) -> ImportResult:
    """Commit what is staged, from where it stopped, and make it visible."""
    staged = run.staging.manifest()
    accepted = _commit(run, staged)
    run.progress("publishing", 0, 1)
    result = _publish(run, staged, accepted)
    columns.append(run.store, run.import_id, rows=_rows(run), progress=run.progress)
    run.progress("publishing", 1, 1)
    run.staging.remove()
    return result


def _commit(run: _Run, staged: Staged) -> int:
    """Put the staged batches that are not yet in the truth there; how many rows of this
    import it holds.
    """
    with run.store.write() as connection:
        connection.execute(
            update(imports).where(imports.c.id == run.import_id).values(state="committing")
        )
    done, accepted = done_before(run.store, run.import_id)
    if done < staged.batches:
        with committer(run.store) as connection:
            for number, batch in enumerate(run.staging.batches(done), done):
                run.progress("committing", accepted, staged.accepted)
                accepted += commit_batch(
                    connection, batch, import_id=run.import_id, number=number, at=run.now
                )
    return accepted


def _rows(run: _Run) -> Iterator[pa.Table] | None:
    """The rows of a finished import as the columns have them, from its folder; None when
    only the truth knows them.
    """
    firsts = first_numbers(run.store, run.import_id)
    return None if firsts is None else as_columns(run.staging.batches(), firsts)


def _publish(run: _Run, staged: Staged, accepted: int) -> ImportResult:
    late = Rejects(run.staging.late)
    if accepted < staged.accepted:
        _refuse_late(run, late)
    counts = dict(Counter(staged.rejected) + late.counts)
    path: Path | None = None
    if counts:
        path = run.store.folder("rejects") / f"import-{run.import_id:06d}.csv"
        rejects.write_csv([run.staging.rejects, run.staging.late], path)
    with run.store.write() as connection:
        values: dict[str, Any] = {
            "rows": staged.rows,
            "accepted": accepted,
            "rejected_by_reason": json.dumps(counts),
        }
        values |= {"state": "visible", "ended_at": run.now}
        values |= {"reported_from": staged.reported_from, "reported_to": staged.reported_to}
        values["reject_file"] = str(path.relative_to(run.store.home)) if path else None
        connection.execute(
            update(imports).where(imports.c.id == run.import_id).values(values)
        )
        touch(connection)
    return ImportResult(run.import_id, staged.rows, accepted, counts, path)


def _refuse_late(run: _Run, late: Rejects) -> None:
    """Refuse rows whose id another process put into the truth while this import ran."""
    late.path.unlink(missing_ok=True)
    with run.store.read() as connection:
        for batch in run.staging.batches():
            ids = batch["client_id"]
            there = known(connection, ids, EVERY_ID, other_than=run.import_id)
            if there is None:
                continue
            at = pc.fill_null(
                pc.index_in(ids, value_set=there["client_id"].combine_chunks()), -1
            ).to_numpy()
            same = content_hash(there)[at] == content_hash(pa.Table.from_batches([batch]))
            for row in np.flatnonzero(at >= 0).tolist():
                reason = Reason.DUPLICATE_KNOWN if same[row] else Reason.CONFLICT_KNOWN
                late.add_late(
                    batch["file"][row].as_py(),
                    batch["row"][row].as_py(),
                    ids[row].as_py(),
                    reason,
                )


def _discard(run: _Run) -> None:
    with run.store.write() as connection:
        values = {"state": "discarded", "ended_at": run.now}
        connection.execute(
            update(imports).where(imports.c.id == run.import_id).values(values)
        )
    run.staging.remove()


def _imported_before(store: Store, digest: str) -> ImportResult | None:
    if not digest:
        return None
    query = (
        select(imports)
        .where(imports.c.digest == digest, imports.c.state == "visible")
        .order_by(imports.c.id.desc())
    )
    with store.read() as connection:
        row = connection.execute(query).first()
    if row is None or any(
        reason in json.loads(row.rejected_by_reason) for reason in PASSING
    ):
        return None
    path = store.home / row.reject_file if row.reject_file else None
    return ImportResult(
        row.id, row.rows, 0, json.loads(row.rejected_by_reason), path, already=True
    )


def _digest(files: Sequence[str | Path], judge: Judge, way: Sequence[str]) -> str:
    """A digest of the files and of what their rows are held against; empty when a file is
    not at hand.
    """
    content = hashlib.sha256(
        f"{judge.plan_digest} {list(way)} {sorted(judge.categories.items())}".encode()
    )
    for name in files:
        path = Path(name)
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            while chunk := file.read(DIGEST_CHUNK_BYTES):
                content.update(chunk)
        content.update(b"\0end\0")
    return content.hexdigest() if files else ""


def _names(files: Sequence[str | Path]) -> str:
    return json.dumps([Path(name).name for name in files], ensure_ascii=False)
