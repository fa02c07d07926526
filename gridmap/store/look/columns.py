"""The read model: one Parquet file a month, derived from the truth and rebuildable at any time.

A manifest names the files in force and how far in the truth they reach; it is replaced in
one step, so that a reader sees either the state before or the state after. Files of older
generations are removed later.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Connection, and_, func, or_, select, text

from gridmap.calendar import UTC_OFFSET_S
from gridmap.progress import Progress, silent
from gridmap.store.base.store import Store
from gridmap.store.look.matters import read_chunks
from gridmap.store.tables import events, imports, matters

Answer = TypeVar("Answer")

READ_ATTEMPTS = 5
FLUSH_ROWS = 1_200_000
ROW_GROUP_ROWS = 262_144


@dataclass(frozen=True, slots=True)
class Part:
    """The file of one month."""

    month: str
    file: str
    rows: int
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which files are in force, and how far in the truth they reach."""

    generation: int = 0
    parts: tuple[Part, ...] = ()
    imports: tuple[int, ...] = ()
    matter: int = 0
    seq: int = 0
    identity: str = ""

    @property
    def rows(self) -> int:
        """Rows in all."""
        return sum(part.rows for part in self.parts)


@dataclass(slots=True)
class _Builder:
    """The next generation, growing beside the present one."""

    folder: Path
    generation: int
    parts: dict[str, Part]
    waiting: list[pa.Table] = field(default_factory=list)
    waiting_rows: int = 0

    def add(self, table: pa.Table) -> None:
        self.waiting.append(table)
        self.waiting_rows += table.num_rows
        if self.waiting_rows >= FLUSH_ROWS:
            self.flush()

    def flush(self) -> None:
        if not self.waiting_rows:
            return
        table = pa.concat_tables(self.waiting)
        self.waiting, self.waiting_rows = [], 0
        months = _months(table["reported_at"])
        for month in np.unique(months):
            self._write(str(month), table.filter(pa.array(months == month)))

    def _write(self, month: str, fresh: pa.Table) -> None:
        before = self.parts.get(month)
        if before:
            old = read_part(self.folder, before)
            stays = pc.invert(pc.is_in(old["id"], value_set=fresh["id"].combine_chunks()))
            fresh = pa.concat_tables([old.filter(stays), fresh])
        ordered = fresh.sort_by([("reported_at", "ascending"), ("id", "ascending")])
        path = self.folder / f"{month}.{self.generation:08d}.parquet"
        _write_parquet(ordered, path)
        ends = pc.min_max(ordered["reported_at"]).as_py()
        first, last = ((ends[end] + UTC_OFFSET_S) // 86_400 for end in ("min", "max"))
        self.parts[month] = Part(month, path.name, ordered.num_rows, first, last)


def folder(store: Store) -> Path:
    """Where the columns live."""
    return store.folder("columns")


def manifest(store: Store) -> Manifest:
    """What is in force now; an empty one before the first rows."""
    return _read_manifest(folder(store))


def version(store: Store) -> str:
    """A text that changes with every change of what readers can see."""
    present = manifest(store)
    return f"{present.identity}{present.generation}-{store.get_meta('revision', '0')}"


def read_part(place: Path, part: Part, columns: list[str] | None = None) -> pa.Table:
    """The rows of one month, sorted by time."""
    return pq.ParquetFile(place / part.file).read(columns=columns, use_threads=False)


def read_ids(place: Path, file: str) -> npt.NDArray[np.int64]:
    """The numbers of the matters in one month's file, int64[rows], in its order."""
    return np.asarray(
        pq.ParquetFile(place / file)
        .read(columns=["id"], use_threads=False)["id"]
        .to_numpy()
    )


def stable(store: Store, read: Callable[[Manifest, Path], Answer]) -> Answer:
    """`read(manifest, folder)`, again when its files were replaced meanwhile."""
    for _ in range(READ_ATTEMPTS - 1):
        with suppress(FileNotFoundError):
            return read(manifest(store), folder(store))
    return read(manifest(store), folder(store))


def refresh(store: Store, *, progress: Progress = silent) -> Manifest:
    """Bring the columns up to the truth: finished imports, matters that came in, matters
    that changed.
    """
    with _one_writer(store) as place:
        present = _read_manifest(place)
        target = _reach(store, present)
        if target == present:
            return present
        return _advance(store, place, _Way(present, target), progress)


def append(
    store: Store,
    import_id: int,
    *,
    rows: Iterator[pa.Table] | None = None,
    progress: Progress = silent,
) -> Manifest:
    """Make the rows of a finished import readable, with whatever else is new; nothing when
    they are already.

    `rows`: the same rows as `matters.SCHEMA`, where they are at hand; otherwise they are
    read from the truth.
    """
    with _one_writer(store) as place:
        present = _read_manifest(place)
        target = _reach(store, present)
        if import_id in present.imports or target == present:
            return present
        return _advance(
            store, place, _Way(present, target, {import_id: rows} if rows else {}), progress
        )


def rebuild(store: Store, *, progress: Progress = silent) -> Manifest:
    """Derive the columns anew from the truth."""
    with _one_writer(store) as place:
        empty = Manifest(
            generation=_read_manifest(place).generation, identity=os.urandom(4).hex() + "."
        )
        return _advance(store, place, _Way(empty, _reach(store, empty)), progress)


def _reach(store: Store, present: Manifest) -> Manifest:
    """`present` with its watermarks moved to the end of the truth; nobody is held up when
    nothing is new.
    """
    with store.read() as connection:
        seen = _ends(connection, present)
    if store.is_sqlite or seen == present:
        return seen  # there, numbers are drawn in the order of commits
    with store.write() as connection:
        # Numbers are drawn before commits: wait for writers under way, so that none is passed over.
        connection.execute(text("LOCK TABLE matters, events IN SHARE MODE"))
        return _ends(connection, present)


def _ends(connection: Connection, present: Manifest) -> Manifest:
    finished = connection.execute(
        select(imports.c.id)
        .where(imports.c.state == "visible", imports.c.kind == "reports")
        .order_by(imports.c.id)
    )
    live = connection.scalar(
        select(func.max(matters.c.id)).where(matters.c.import_id.is_(None))
    )
    last = connection.scalar(
        select(func.max(events.c.seq)).where(events.c.kind != "imported")
    )
    return replace(
        present,
        imports=tuple(finished.scalars()),
        matter=int(live or 0),
        seq=int(last or 0),
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """From which state to which; rows of imports that are at hand."""

    present: Manifest
    target: Manifest
    rows: dict[int, Iterator[pa.Table]] = field(default_factory=dict)


def _advance(store: Store, place: Path, way: _Way, progress: Progress) -> Manifest:
    builder = _Builder(
        place, way.present.generation + 1, {part.month: part for part in way.present.parts}
    )
    total = _expected(store, way)
    done = 0
    with store.read() as connection:
        for table in _news(connection, way):
            builder.add(table)
            done += table.num_rows
            progress("columns", done, max(total, done))
    builder.flush()
    parts = tuple(builder.parts[month] for month in sorted(builder.parts))
    result = replace(way.target, generation=builder.generation, parts=parts)
    _write_manifest(place, result)
    _sweep(place, result, way.present)
    return result


def _news(connection: Connection, way: _Way) -> Iterator[pa.Table]:
    present, target = way.present, way.target
    for number in sorted(set(target.imports) - set(present.imports)):
        yield from way.rows.get(number) or read_chunks(
            connection, matters.c.import_id == number
        )
    live = matters.c.import_id.is_(None)
    if target.matter > present.matter:
        yield from read_chunks(
            connection,
            and_(live, matters.c.id > present.matter, matters.c.id <= target.matter),
        )
    if target.seq > present.seq:
        # A matter that is new itself has been read above, in its present state.
        changed = select(events.c.matter).where(
            events.c.kind != "imported",
            events.c.seq > present.seq,
            events.c.seq <= target.seq,
        )
        seen = or_(
            and_(live, matters.c.id <= present.matter),
            matters.c.import_id.in_(present.imports),
        )
        yield from read_chunks(connection, and_(matters.c.id.in_(changed), seen))


def _expected(store: Store, way: _Way) -> int:
    fresh = set(way.target.imports) - set(way.present.imports)
    with store.read() as connection:
        imported = connection.scalar(
            select(func.sum(imports.c.accepted)).where(imports.c.id.in_(fresh))
        )
    return int(imported or 0)


def _months(instants: pa.ChunkedArray) -> npt.NDArray[np.datetime64]:
    local = instants.to_numpy() + UTC_OFFSET_S
    return np.asarray(local.astype("datetime64[s]").astype("datetime64[M]"))


def _write_parquet(table: pa.Table, path: Path) -> None:
    draft = path.with_suffix(".draft")
    pq.write_table(
        table,
        draft,
        row_group_size=ROW_GROUP_ROWS,
        compression="lz4",
        use_dictionary=["grid", "worker"],
    )
    with draft.open("rb+") as handle:
        os.fsync(handle.fileno())
    draft.replace(path)


def _read_manifest(place: Path) -> Manifest:
    path = place / "manifest.json"
    if not path.exists():
        return Manifest()
    raw = json.loads(path.read_text("utf-8"))
    raw["parts"] = tuple(Part(**part) for part in raw["parts"])
    raw["imports"] = tuple(raw["imports"])
    return Manifest(**raw)


def _write_manifest(place: Path, content: Manifest) -> None:
    draft = place / "manifest.draft"
    with draft.open("w", encoding="utf-8") as handle:
        json.dump(asdict(content), handle)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(place / "manifest.json")


def _sweep(place: Path, *held: Manifest) -> None:
    """Remove files that none of the manifests `held` names; a reader of an older one starts
    over (`stable`).
    """
    named = {part.file for content in held for part in content.parts}
    for path in place.glob("*.parquet"):
        if path.name not in named:
            path.unlink(missing_ok=True)


@contextmanager
def _one_writer(store: Store) -> Iterator[Path]:
    place = folder(store)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place
