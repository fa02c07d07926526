"""What is wrong with offices and users that are to be kept: every fault, with its row and
its cure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select

from gridmap.codes import level_of
from gridmap.errors import Fault, InputError, shown
from gridmap.model import Level, OfficeKind, UserRole
from gridmap.store.base.frames import records
from gridmap.store.tables import offices, users, workers
from gridmap.words import mark

MOST_CHARACTERS = 100
TOO_LONG = mark("too long")
CORRECT = mark("Correct it.")
UNREADABLE = mark("has signs that cannot be shown")
_LEVELS = {
    OfficeKind.CITY: Level.CITY,
    OfficeKind.COUNTY: Level.COUNTY,
    OfficeKind.TOWNSHIP: Level.TOWNSHIP,
    OfficeKind.VILLAGE: Level.VILLAGE,
}
Complain = Callable[..., None]


def office_faults(
    connection: Connection, table: pd.DataFrame, *, file: str = ""
) -> list[Fault]:
    """Everything wrong with offices (columns as in `people.replace_people`)."""
    faults = list(_lacking(table, ("kind", "name", "area"), file))
    if faults:
        return faults
    taken: dict[tuple[str, str, str], int] = {
        (kind, str(area), department or ""): number
        for kind, area, department, number in connection.execute(
            select(offices.c.kind, offices.c.area, offices.c.department, offices.c.id)
        )
    }
    seen: set[Any] = set()
    for row in records(table):
        complain = _complainer(faults, row, file)
        _words(row, ("name", "name_en", "department", "phone"), complain)
        kind = _one_of(row, "kind", OfficeKind, complain)
        level = _level(row.get("area"), complain)
        department = str(row.get("department") or "")
        if kind is OfficeKind.DEPARTMENT and not department:
            complain(
                "department",
                "",
                mark("a department without its name"),
                mark("Fill in its name."),
            )
        if kind is not None and kind is not OfficeKind.DEPARTMENT:
            if department:
                complain(
                    "department",
                    department,
                    mark("a desk is no department"),
                    mark("Leave the department empty."),
                )
            if level is not None and level is not _LEVELS[kind]:
                cure = f"Give {_LEVELS[kind].digits} digits."
                complain("area", row["area"], f"not the code of a {kind.value}", cure)
        key = (str(row["kind"]), str(row["area"]), department)
        other = taken.get(key) if row.get("id") else None
        if key in seen or (other is not None and other != row["id"]):
            complain(
                "area",
                row["area"],
                mark("this place has such an office already"),
                mark("Keep one of them."),
            )
        seen.add(key)
    return faults


def user_faults(
    connection: Connection,
    table: pd.DataFrame,
    *,
    file: str = "",
    coming: Iterable[int] = (),
) -> list[Fault]:
    """Everything wrong with users (columns as in `people.replace_people`); `coming`:
    offices that will be there.
    """
    faults = list(_lacking(table, ("login", "name", "role", "area"), file))
    if faults:
        return faults
    desks = set(connection.scalars(select(offices.c.id))) | set(coming)
    staff = set(connection.scalars(select(workers.c.id)))
    taken: dict[str, int] = dict(
        connection.execute(select(users.c.login, users.c.id)).all()
    )
    seen: set[str] = set()
    for row in records(table):
        complain = _complainer(faults, row, file)
        _words(row, ("login", "name", "phone"), complain)
        role = _one_of(row, "role", UserRole, complain)
        if role is UserRole.SYSTEM:
            complain(
                "role", "system", "nobody signs in as the city's clock", "Use another role."
            )
        _level(row.get("area"), complain)
        login = str(row["login"] or "")
        other = taken.get(login) if row.get("id") else None
        if login in seen or (other is not None and other != row["id"]):
            complain(
                "login",
                login,
                mark("the sign-in name is taken"),
                mark("Choose another one."),
            )
        seen.add(login)
        if row.get("office") and row["office"] not in desks:
            complain(
                "office",
                row["office"],
                mark("no such office"),
                mark("Give the number of an office, or add it first."),
            )
        if row.get("worker") and row["worker"] not in staff:
            complain(
                "worker",
                row["worker"],
                mark("no such worker"),
                mark("Give a number of the staff list, or leave it empty."),
            )
    return faults


def odd_words(value: str, *, most: int = MOST_CHARACTERS) -> str:
    """What is wrong with a name or note; "" when nothing is."""
    if len(value) > most:
        return TOO_LONG
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in value):
        return UNREADABLE
    return ""


def _lacking(table: pd.DataFrame, columns: Iterable[str], file: str) -> Iterable[Fault]:
    names = list(columns)
    return [
        Fault(
            rule="the column is missing",
            file=file,
            field=name,
            cure=f"Give the columns {', '.join(names)}.",
        )
        for name in names
        if name not in table.columns
    ]


def _complainer(faults: list[Fault], row: Mapping[str, Any], file: str) -> Complain:
    def complain(field: str, value: Any, rule: str, cure: str) -> None:
        shown = "" if value is None else str(value)
        faults.append(
            Fault(
                rule=rule,
                cure=cure,
                field=field,
                value=shown,
                row=int(row.get("row") or 0),
                file=file,
            )
        )

    return complain


def _words(row: Mapping[str, Any], fields: Iterable[str], complain: Complain) -> None:
    for field in fields:
        value = str(row.get(field) or "")
        if not value.strip() and field in {"login", "name"}:
            complain(field, value, mark("it is missing"), mark("Fill it in."))
        if odd := odd_words(value):
            complain(field, shown(value, 40), odd, CORRECT)


def _one_of(row: Mapping[str, Any], field: str, kind: Any, complain: Complain) -> Any:
    try:
        return kind(row.get(field))
    except ValueError:
        complain(
            field, row.get(field), f"unknown {field}", f"Use one of {', '.join(kind)}."
        )
        return None


def _level(area: Any, complain: Complain) -> Level | None:
    try:
        return level_of(int(area))
    except (InputError, TypeError, ValueError):
        complain(
            "area",
            area,
            mark("not a division or grid code"),
            mark("Give 4, 6, 9, 12 or 15 digits."),
        )
        return None
