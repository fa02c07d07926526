"""The folder in which one import waits: rows found right, rows refused, and what is to
become of them.

home/staging/<name>/rows.arrow     batches of `judge.STAGED`, each one commit, in order
                    rejects.jsonl  refused rows
                    manifest.json  written last: from here on the import will be completed,
                    not discarded
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gridmap.errors import ConflictError
from gridmap.store.base.store import Store
from gridmap.store.intake.judge import STAGED

COMMIT_ROWS = 16_384
"""Rows of one commit: the database is locked for a fraction of a second only, so that
others get their turn.
"""


@dataclass(frozen=True, slots=True)
class Staged:
    """What the manifest says of rows that are all staged."""

    rows: int
    accepted: int
    batches: int
    rejected: dict[str, int]
    reported_from: int | None = None
    reported_to: int | None = None


class Staging:
    """One import's folder, being filled or being read again."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, store: Store) -> Staging:
        """A new, empty folder."""
        path = store.folder("staging") / uuid.uuid4().hex[:16]
        path.mkdir()
        return cls(path)

    @property
    def name(self) -> str:
        """The folder's name, as the truth knows it."""
        return self.path.name

    @property
    def rejects(self) -> Path:
        """Where refused rows are collected."""
        return self.path / "rejects.jsonl"

    @property
    def late(self) -> Path:
        """Where rows are collected that were refused while committing."""
        return self.path / "late.jsonl"

    @property
    def is_complete(self) -> bool:
        """Whether everything is staged."""
        return (self.path / "manifest.json").exists()

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """Add rows; they are on disk when the block ends."""
        with (self.path / "rows.arrow").open("wb") as file:
            with pa.ipc.new_file(file, STAGED) as sink:
                yield Writer(sink)
            file.flush()
            os.fsync(file.fileno())

    def seal(self, staged: Staged) -> None:
        """Say that everything is staged."""
        draft = self.path / "manifest.draft"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(staged), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path / "manifest.json")

    def manifest(self) -> Staged:
        """What was sealed."""
        return Staged(**json.loads((self.path / "manifest.json").read_text("utf-8")))

    def batches(self, start: int = 0) -> Iterator[pa.RecordBatch]:
        """The staged batches from number `start` on, read one by one."""
        with (
            pa.OSFile(str(self.path / "rows.arrow")) as file,
            pa.ipc.open_file(file) as reader,
        ):
            for number in range(start, reader.num_record_batches):
                yield reader.get_batch(number)

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.path, ignore_errors=True)


class Writer:
    """Writes rows as batches of at most `COMMIT_ROWS`."""

    def __init__(self, sink: Any) -> None:
        self._sink = sink
        self.rows = self.batches = 0
        self.reported: tuple[int, int] | None = None

    def add(self, table: pa.Table) -> None:
        """Add rows; each batch holds neighbours by id, so that the index of ids is written
        in long runs.
        """
        if not table.num_rows:
            return
        for batch in (
            table.sort_by("client_id")
            .combine_chunks()
            .to_batches(max_chunksize=COMMIT_ROWS)
        ):
            self._sink.write_batch(batch)
            self.batches += 1
        self.rows += table.num_rows
        ends = pc.min_max(table["reported_at"]).as_py()
        first, last = self.reported or (ends["min"], ends["max"])
        self.reported = min(first, ends["min"]), max(last, ends["max"])


@contextmanager
def only_import(store: Store, *, demand: bool) -> Iterator[bool]:
    """Hold the right to import into this city; released by the system when the process dies.

    Without `demand`, yields False when another process holds it; with it, raises
    ConflictError then.
    """
    with (store.home / "import.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if demand:
                raise ConflictError(
                    "Another import is running. Start this one when it is done."
                ) from None
            yield False
            return
        yield True
