"""Journals and cases of the demonstration entered into the store's tables, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, bindparam, insert, update

from gridmap.calendar import day_from_number, day_numbers
from gridmap.cases import stays as journal_stays
from gridmap.demo.ledger import STAY, UNJUDGED, Ledger
from gridmap.demo.play import Play
from gridmap.demo.scenes import Scene
from gridmap.model import Status
from gridmap.store import Store
from gridmap.store.base.bulk import insert_rows
from gridmap.store.flow.casenumbers import LETTERS, RECEIPT_LENGTH
from gridmap.store.flow.caserows import (
    COLUMNS,
    event_row_of,
    matter_row_of,
    row_of,
    stay_row_of,
)
from gridmap.store.tables import alarms, cases, events, matters, serials, stays, whistles

Ints = npt.NDArray[np.int64]

_HELD = ("status", "accepted_at", "due_at", "closed_at")


@dataclass(frozen=True)
class CaseNumbers:
    """What names n matters: `matter` and `category` numbers, case number, receipt."""

    matter: Ints
    category: Ints
    number: pa.Array
    receipt: pa.Array

    @classmethod
    def of(cls, recent: pa.Table, codes: list[str], rng: np.random.Generator) -> Self:
        """For matters in the order of their reports (columns id, category, grid,
        reported_at); `codes` of categories by number.
        """
        county, day, serial = _serials(recent)
        days, row_of_day = np.unique(day, return_inverse=True)
        dates = pa.array([_compact(number) for number in days.tolist()], pa.string())
        date = dates.take(pa.array(row_of_day))
        category = np.asarray(recent["category"].to_numpy(), dtype=np.int64)
        digits = pc.utf8_lpad(pa.array(serial).cast(pa.string()), 6, "0")
        code = pa.array(codes, pa.string()).take(pa.array(category))
        number = pc.binary_join_element_wise(
            pa.array(county).cast(pa.string()), code, date, digits, "-"
        )
        matter = np.asarray(recent["id"].to_numpy(), dtype=np.int64)
        return cls(matter, category, number, _receipts(len(day), rng))

    def take(self, rows: Ints) -> CaseNumbers:
        """Those of `rows`."""
        places = pa.array(rows)
        return CaseNumbers(
            matter=self.matter[rows],
            category=self.category[rows],
            number=self.number.take(places),
            receipt=self.receipt.take(places),
        )


def open_serials(store: Store, recent: pa.Table) -> None:
    """Let case numbers of new reports count on behind those of `recent`."""
    if not recent.num_rows:
        return
    county, day, serial = _serials(recent)
    days, row_of_day = np.unique(day, return_inverse=True)
    dates = np.array([int(_compact(number)) for number in days.tolist()])
    table = pa.table({"county": county, "day": dates[row_of_day], "last": serial})
    highest = table.group_by(["county", "day"]).aggregate([("last", "max")])
    last = highest.rename_columns(["county", "day", "last"])
    with store.write() as connection:
        insert_rows(connection, serials, last)


def enter(connection: Connection, play: Play, files: CaseNumbers) -> None:
    """Store the journals of `play`, their cases, whistles and alarms, and what they changed
    of their matters.
    """
    tables = (
        (events, _journal(play.ledger, files)),
        (cases, _cases(play.ledger, files)),
        (whistles, _whistles(play.ledger, files)),
        (alarms, _alarms(play, files)),
        (stays, _stays(play.ledger, files)),
    )
    changed = _changed(play, files)
    with connection.begin():
        for table, rows in tables:
            insert_rows(connection, table, rows)
        if changed:
            columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _HELD}
            connection.execute(
                update(matters).where(matters.c.id == bindparam("which")).values(columns),
                changed,
            )


def enter_scenes(store: Store, scenes: Sequence[Scene], files: CaseNumbers) -> None:
    """Store the journals of `scenes`, whose matters are those of `files`."""
    named = zip(
        scenes,
        files.matter.tolist(),
        files.category.tolist(),
        files.number,
        files.receipt,
        strict=True,
    )
    with store.write() as connection:
        for scene, matter, category, number, receipt in named:
            case = replace(scene.case, matter=matter)
            row = row_of(
                case, category=category, number=number.as_py(), receipt=receipt.as_py()
            )
            connection.execute(insert(cases).values(row))
            connection.execute(
                insert(events), [event_row_of(matter, step) for step in scene.steps]
            )
            connection.execute(
                update(matters).where(matters.c.id == matter).values(matter_row_of(case))
            )
            stays_of_case = journal_stays.stays(matter, scene.steps)
            connection.execute(insert(stays), [stay_row_of(stay) for stay in stays_of_case])
            if case.whistle is not None:
                whistle = asdict(case.whistle)
                row = {"matter": matter, "whistle": whistle.pop("step"), **whistle}
                connection.execute(insert(whistles).values(row))


def _journal(ledger: Ledger, files: CaseNumbers) -> pa.Table:
    """All lines in the order they were written."""
    lines = ledger.lines
    row, number, at, actor = (
        np.concatenate([getattr(line, name) for line in lines])
        for name in ("row", "number", "at", "actor")
    )
    kind = pa.concat_arrays([pa.repeat(str(line.move), len(line.row)) for line in lines])
    data = pa.concat_arrays([line.data for line in lines])
    order = np.lexsort((number, files.matter[row], at))
    place = pa.array(order)
    return pa.table(
        {
            "matter": files.matter[row[order]],
            "kind": kind.take(place),
            "at": at[order],
            "actor": pa.array(actor[order]).cast(pa.string()),
            "data": data.take(place),
            "step": number[order],
        }
    )


def _cases(ledger: Ledger, files: CaseNumbers) -> pa.Table:
    case = ledger.case
    unanswered = (ledger.whistle["heeded_at"] == 0) & (ledger.whistle["lapsed_at"] == 0)
    waits = (case["whistles"] > 0) & unanswered
    numbers: dict[str, Any] = {name: case[name] for name in COLUMNS if name != "grid"}
    return pa.table(
        {
            "matter": files.matter,
            "number": files.number,
            "receipt": files.receipt,
            "category": files.category,
            "grid": ledger.grid,
            "status": case["status"],
            **numbers,
            "whistled_at": np.where(waits, ledger.whistle["at"], 0),
            "state": ledger.states(),
        }
    )


def _whistles(ledger: Ledger, files: CaseNumbers) -> pa.Table:
    rows = np.flatnonzero(ledger.case["whistles"] > 0)
    names = (
        "from_office",
        "to_office",
        "by",
        "at",
        "due_at",
        "heeded_at",
        "rating",
        "lapsed_at",
    )
    apt = ledger.whistle["apt"][rows]
    return pa.table(
        {
            "matter": files.matter[rows],
            "whistle": ledger.whistle["step"][rows],
            **{name: ledger.whistle[name][rows] for name in names},
            "apt": pa.array(apt == 1, mask=apt == UNJUDGED),
        }
    )


def _alarms(play: Play, files: CaseNumbers) -> pa.Table:
    raised = [alarms for alarms in play.raised if len(alarms.row)]
    nothing = np.zeros(0, dtype=np.int64)
    numbers = {
        name: np.concatenate([nothing, *(getattr(alarms, name) for alarms in raised)])
        for name in ("row", "due_at", "at", "office")
    }
    repeated = (pa.repeat(alarms.kind, len(alarms.row)) for alarms in raised)
    kinds = pa.concat_arrays([pa.array([], pa.string()), *repeated])
    return pa.table(
        {
            "matter": files.matter[numbers["row"]],
            "kind": kinds,
            "due_at": numbers["due_at"],
            "raised_at": numbers["at"],
            "office": numbers["office"],
        }
    )


def _stays(ledger: Ledger, files: CaseNumbers) -> pa.Table:
    stays_of_all = ledger.stays()
    named = {name: stays_of_all[name] for name in STAY if name != "row"}
    return pa.table({"matter": files.matter[stays_of_all["row"]], **named})


def _changed(play: Play, files: CaseNumbers) -> list[dict[str, int | None]]:
    """The rows of `matters` that no longer say what the case says (as
    `store.caserows.matter_row_of`).
    """
    case, imported = play.ledger.case, play.imported
    held = (case["accepted_at"] > 0) & ~np.isin(
        case["status"], (Status.REJECTED, Status.VOIDED)
    )
    after = {
        **{name: case[name] for name in _HELD},
        "due_at": np.where(held, case["due_at"], 0),
    }
    differs = np.zeros(len(files.matter), dtype=bool)
    for name in _HELD:
        differs |= after[name] != getattr(imported, name)
    rows = np.flatnonzero(differs)
    columns = (after[name][rows].tolist() for name in _HELD)
    changed: list[dict[str, int | None]] = []
    for matter, status, *times in zip(files.matter[rows].tolist(), *columns, strict=True):
        instants = zip(_HELD[1:], times, strict=True)
        values = {f"new_{name}": at or None for name, at in instants}
        changed.append({"which": matter, "new_status": status, **values})
    return changed


def _serials(recent: pa.Table) -> tuple[Ints, Ints, Ints]:
    """County, local day number and serial (from 1) of each matter, which stand in the order
    of their reports.
    """
    county = np.asarray(recent["grid"].to_numpy(), dtype=np.int64) // 10**9
    day = day_numbers(np.asarray(recent["reported_at"].to_numpy(), dtype=np.int64))
    order = np.lexsort((np.arange(len(day)), day, county))
    begins = np.ones(len(day), dtype=bool)
    begins[1:] = (np.diff(county[order]) != 0) | (np.diff(day[order]) != 0)
    first = np.flatnonzero(begins)
    counts = np.diff(np.append(first, len(day)))
    serial = np.empty(len(day), dtype=np.int64)
    serial[order] = np.arange(len(day)) - np.repeat(first, counts) + 1
    return county, day, serial


def _compact(day: int) -> str:
    """A local day number as 20240521."""
    return day_from_number(day).strftime("%Y%m%d")


def _receipts(count: int, rng: np.random.Generator) -> pa.Array:
    """`count` receipts, each once."""
    base = len(LETTERS)
    # A few more than asked for: of so many numbers hardly any two are the same.
    spare = count // 1000 + 16
    drawn = np.unique(rng.integers(0, base**RECEIPT_LENGTH, size=count + spare))
    drawn = rng.permutation(drawn)[:count]
    places = drawn[:, None] // base ** np.arange(RECEIPT_LENGTH) % base
    signs = np.array(list(LETTERS), dtype="U1")[places]
    return pa.array(
        np.ascontiguousarray(signs).view(f"U{RECEIPT_LENGTH}").ravel().tolist(), pa.string()
    )
