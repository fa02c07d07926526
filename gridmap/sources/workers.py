"""Workers and their areas from CSV, Excel, Parquet or NDJSON files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from gridmap.calendar import from_epoch
from gridmap.codes import level_of
from gridmap.errors import Fault, InputError
from gridmap.model import Role
from gridmap.sources import values
from gridmap.sources.kernels import BAD, OK
from gridmap.sources.mapping import match
from gridmap.sources.rows import RawBatch, read_rows

GUESSES: Mapping[str, Sequence[str]] = {
    "id": ("编号", "工号", "人员编号", "网格员编号", "worker", "worker_id", "staff_id"),
    "name": ("姓名", "名字", "人员姓名", "网格员"),
    "role": ("角色", "岗位", "职务", "身份", "类型", "position", "title"),
    "area": (
        "区域",
        "网格编码",
        "网格代码",
        "负责网格",
        "责任区域",
        "区划代码",
        "grid",
        "code",
        "area_code",
    ),
    "starts": ("开始日期", "任职日期", "起始日期", "start", "from", "active_from"),
    "ends": ("结束日期", "离任日期", "终止日期", "end", "to", "active_to"),
}
REQUIRED = ("id", "name", "role")
ROLE_WORDS = {
    **{role.value: role for role in Role},
    "网格员": Role.GRID_WORKER,
    "专职网格员": Role.GRID_WORKER,
    "兼职网格员": Role.GRID_WORKER,
    "网格长": Role.GRID_LEADER,
    "民警": Role.POLICE_OFFICER,
    "社区民警": Role.POLICE_OFFICER,
    "警务": Role.POLICE_OFFICER,
    "法律顾问": Role.LEGAL_ADVISER,
    "调解员": Role.MEDIATOR,
    "人民调解员": Role.MEDIATOR,
    "联户代表": Role.HOUSEHOLD_REPRESENTATIVE,
    "联户长": Role.HOUSEHOLD_REPRESENTATIVE,
}
Day = date | Literal[False] | None
SEPARATORS = re.compile(r"[;；、,，|\s]+")


@dataclass(frozen=True, slots=True)
class StaffList:
    """`workers`: id, name, role, active_from, active_to; `assignments`: worker, area, role,
    starts, ends, row (of the file).
    """

    workers: pd.DataFrame
    assignments: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _StaffRow:
    row: int
    id: int
    name: str
    role: Role
    areas: tuple[int, ...]
    starts: date | None
    ends: date | None


def read_workers(
    path: str | Path, *, mapping: Mapping[str, str] | None = None
) -> StaffList:
    """Workers and their areas: one row a worker and area, or several codes in one cell,
    parted by a comma or 、.

    Columns (Chinese or English, or given by `mapping`): id, name, role; optionally area,
    starts, ends. A worker may stand in several rows, with the same name.

    Raises InputError naming every row that cannot be used: all of them, and nothing is returned.
    """
    place = Path(path)
    faults: list[Fault] = []
    lines: list[_StaffRow] = []
    column_of: dict[str, str] | None = None
    for raw in read_rows(place):
        if column_of is None:
            column_of = match(
                raw.names, GUESSES, REQUIRED, file=place.name, mapping=mapping
            )
        faults += [
            _fault(
                (place, row),
                "",
                text,
                "not as many fields as the header",
                "Complete the row.",
            )
            for row, text in raw.spoilt
        ]
        lines += _lines(place, raw, column_of, faults)
    faults += _torn(place, lines)
    if faults:
        raise InputError(faults)
    return _staff(lines)


def _lines(
    place: Path, raw: RawBatch, column_of: Mapping[str, str], faults: list[Fault]
) -> list[_StaffRow]:
    columns = {
        name: values.texts(raw.rows.column(column)).to_pylist()
        for name, column in column_of.items()
    }
    dates = {name: _dates(raw, column_of.get(name)) for name in ("starts", "ends")}
    lines: list[_StaffRow] = []
    for at, row in enumerate(raw.numbers.tolist()):
        cells = {name: texts[at] for name, texts in columns.items()}
        days = {name: column[at] for name, column in dates.items()}
        row_faults = list(_row_faults((place, row), cells, days))
        faults += row_faults
        if not row_faults:
            lines.append(_staff_row(row, cells, days))
    return lines


def _staff_row(row: int, cells: Mapping[str, str], days: Mapping[str, Day]) -> _StaffRow:
    return _StaffRow(
        row=row,
        id=int(cells["id"]),
        name=cells["name"],
        role=ROLE_WORDS[cells["role"].lower()],
        areas=tuple(int(code) for code in _areas(cells)),
        starts=days["starts"] or None,
        ends=days["ends"] or None,
    )


def _row_faults(
    at: tuple[Path, int], cells: Mapping[str, str], days: Mapping[str, Day]
) -> Iterator[Fault]:
    number = cells["id"]
    if not (number.isascii() and number.isdigit() and 0 < int(number) < 2**31):
        cure = "Give a whole number above 0."
        yield _fault(at, "id", number, "not a worker's number", cure)
    if not cells["name"]:
        yield _fault(at, "name", "", "the name is missing", "Fill it in.")
    if cells["role"].lower() not in ROLE_WORDS:
        cure = f"Use one of {', '.join(ROLE_WORDS)}."
        yield _fault(at, "role", cells["role"], "unknown role", cure)
    for code in _areas(cells):
        if not _is_code(code):
            cure = "Give 4, 6, 9, 12 or 15 digits."
            yield _fault(at, "area", code, "not a division or grid code", cure)
    for name, day in days.items():
        if day is False:
            yield _fault(at, name, cells[name], "not a date", "Write it as 2024-05-21.")
    starts, ends = days["starts"], days["ends"]
    if isinstance(starts, date) and isinstance(ends, date) and ends < starts:
        cure = "Correct one of the two."
        yield _fault(at, "ends", cells["ends"], "ends before it starts", cure)


def _areas(cells: Mapping[str, str]) -> list[str]:
    return [code for code in SEPARATORS.split(cells.get("area", "")) if code]


def _is_code(text: str) -> bool:
    if not (text.isascii() and text.isdigit()):
        return False
    try:
        level_of(int(text))
    except InputError:
        return False
    return True


def _dates(raw: RawBatch, column: str | None) -> list[Day]:
    """A date, None where there is none, False where it cannot be read."""
    if column is None:
        return [None] * raw.rows.num_rows
    seconds, states = values.times(values.as_array(raw.rows.column(column)))
    return [
        from_epoch(second).date() if state == OK else False if state == BAD else None
        for second, state in zip(seconds.tolist(), states.tolist(), strict=True)
    ]


def _torn(place: Path, lines: list[_StaffRow]) -> list[Fault]:
    """Rows that give a worker's number to another name."""
    name_of: dict[int, str] = {}
    return [
        _fault(
            (place, line.row),
            "name",
            line.name,
            f"worker {line.id} is {name_of[line.id]} further up",
            "Give each worker a number.",
        )
        for line in lines
        if name_of.setdefault(line.id, line.name) != line.name
    ]


def _staff(lines: list[_StaffRow]) -> StaffList:
    people: dict[int, dict[str, Any]] = {}
    areas = []
    for line in lines:
        people.setdefault(
            line.id,
            {
                "id": line.id,
                "name": line.name,
                "role": line.role.value,
                "active_from": line.starts,
                "active_to": line.ends,
            },
        )
        areas += [
            (line.id, code, line.role.value, line.starts, line.ends, line.row)
            for code in line.areas
        ]
    workers = pd.DataFrame(
        list(people.values()), columns=["id", "name", "role", "active_from", "active_to"]
    )
    assignments = pd.DataFrame(
        areas, columns=["worker", "area", "role", "starts", "ends", "row"]
    )
    return StaffList(
        workers.astype({"id": "int64"}),
        assignments.astype({"worker": "int64", "area": "int64"}),
    )


def _fault(at: tuple[Path, int], field: str, value: str, rule: str, cure: str) -> Fault:
    return Fault(rule=rule, file=at[0].name, row=at[1], field=field, value=value, cure=cure)
