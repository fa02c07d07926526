"""Offices and users as the truth keeps them: replaced in bulk, or put one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import (
    Connection,
    Row,
    Table,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)

from gridmap.errors import InputError
from gridmap.model import OfficeKind, UserRole
from gridmap.store.base.bulk import go_on
from gridmap.store.base.frames import frame, records, require
from gridmap.store.base.store import Store, touch
from gridmap.store.people.peoplecheck import office_faults, user_faults
from gridmap.store.tables import (
    cases,
    interviews,
    office_changes,
    offices,
    session_orders,
    stays,
    users,
    windows,
)

OFFICE_COLUMNS = ("id", "kind", "name", "name_en", "area", "department", "phone")
USER_COLUMNS = (
    "id",
    "login",
    "name",
    "role",
    "office",
    "area",
    "worker",
    "phone",
    "active",
    "demo",
)
PART = "people"
"""What `touch` is told when people change; also for the staff list, which tells a grid
worker's areas.
"""


_ROLES = {role.value: role for role in UserRole}


@dataclass(frozen=True, slots=True)
class Office:
    """An organisation that can hold a matter; `area` is the division it works for,
    `department` empty for a desk.
    """

    id: int
    kind: OfficeKind
    name: str
    name_en: str
    area: int
    department: str = ""
    phone: str = ""
    merged_into: int = 0
    """The office it became part of; 0: it is there."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in. `office` 0: none; `worker` 0: not in the staff list; `area`:
    the place answered for.
    """

    id: int
    login: str
    name: str
    role: UserRole
    office: int = 0
    area: int = 0
    worker: int = 0
    phone: str = ""
    active: bool = True
    demo: bool = False


def replace_people(
    store: Store, new_offices: pd.DataFrame, new_users: pd.DataFrame, *, file: str = ""
) -> None:
    """Make these the offices and users of the city, in one transaction.

    Parameters
    ----------
    store : Store
        The open city.
    new_offices : DataFrame
        kind (OfficeKind), name, area (code); optionally id, name_en, department, phone.
    new_users : DataFrame
        login, name, role (UserRole), area (code); optionally id, office (id), worker (id),
        phone, active, demo.
    file : str
        Named in faults; a column `row` of the frames tells the row in it.

    Without an id, an office is known by kind, area and department, a user by login, and
    keeps its number, and what the frames have no column for. Users not named any more are
    made inactive, since journals name them; offices nobody needs any more are removed.

    Raises InputError with everything wrong in both frames.
    """
    with store.write() as connection:
        faults = office_faults(connection, new_offices, file=file)
        given = {
            int(number)
            for number in new_offices.get("id", pd.Series(dtype="int64")).dropna()
        }
        faults += user_faults(connection, new_users, file=file, coming=given)
        if faults:
            raise InputError(faults)
        kept_offices = put_offices(connection, new_offices)
        kept_users = put_users(connection, new_users)
        retire_users(connection, kept_users)
        remove_offices(connection, kept_offices)
        touch(connection, PART)


def put_offices(connection: Connection, table: pd.DataFrame) -> list[int]:
    """Add or change offices (columns as in `replace_people`, checked before); their
    numbers, in the rows' order.
    """
    require(table, ("kind", "name", "area"), what="offices")
    rows = records(table.reindex(columns=list(OFFICE_COLUMNS)))
    for row in rows:
        row.update(
            kind=OfficeKind(row["kind"]).value,
            area=int(row["area"]),
            department=row["department"] or None,
        )
        row["name_en"] = row["name_en"] or row["name"]
    _lock(connection, offices)
    found = connection.execute(
        select(offices.c.kind, offices.c.area, offices.c.department, offices.c.id)
    )
    known = {(kind, area, department): number for kind, area, department, number in found}
    key = ("kind", "area", "department")
    return _put(
        connection,
        offices,
        rows,
        known,
        key=lambda row: tuple(row[name] for name in key),
        given=table.columns.tolist(),
    )


def put_users(connection: Connection, table: pd.DataFrame) -> list[int]:
    """Add or change users (columns as in `replace_people`, checked before); their numbers,
    in the rows' order.
    """
    require(table, ("login", "name", "role", "area"), what="users")
    rows = records(table.reindex(columns=list(USER_COLUMNS)))
    for row in rows:
        row.update(
            login=str(row["login"]), role=UserRole(row["role"]).value, area=int(row["area"])
        )
        row.update(office=_number(row["office"]), worker=_number(row["worker"]))
        row.update(
            active=row["active"] is None or bool(row["active"]), demo=bool(row["demo"])
        )
    _lock(connection, users)
    known: dict[str, int] = dict(
        connection.execute(select(users.c.login, users.c.id)).all()
    )
    return _put(
        connection,
        users,
        rows,
        known,
        key=lambda row: row["login"],
        given=table.columns.tolist(),
    )


def put_office(store: Store, office: Mapping[str, Any]) -> int:
    """Add or change one office; its number. Raises InputError."""
    table = pd.DataFrame([office])
    with store.write() as connection:
        if faults := office_faults(connection, table):
            raise InputError(faults)
        (number,) = put_offices(connection, table)
        touch(connection, PART)
        return number


def put_user(store: Store, user: Mapping[str, Any]) -> int:
    """Add or change one user; the number. Raises InputError."""
    table = pd.DataFrame([user])
    with store.write() as connection:
        if faults := user_faults(connection, table):
            raise InputError(faults)
        (number,) = put_users(connection, table)
        touch(connection, PART)
        return number


def retire_users(connection: Connection, kept: Iterable[int]) -> int:
    """Make everybody but `kept` inactive; how many were active before."""
    gone = set(connection.scalars(select(users.c.id).where(users.c.active))) - set(kept)
    if gone:
        statement = (
            update(users)
            .where(users.c.id == bindparam("gone"))
            .values(active=False, demo=False)
        )
        connection.execute(statement, [{"gone": number} for number in sorted(gone)])
    return len(gone)


def remove_offices(connection: Connection, kept: Iterable[int]) -> None:
    """Remove the offices but `kept` that hold no user, no window and no matter, and that no
    record names.
    """
    needed = set(kept)
    recorded = (
        stays.c.office,
        interviews.c.office,
        session_orders.c.office,
        office_changes.c.office,
    )
    for column in (users.c.office, windows.c.office, cases.c.office, *recorded):
        needed |= set(connection.scalars(select(column).distinct()))
    gone = set(connection.scalars(select(offices.c.id))) - needed
    if gone:
        statement = delete(offices).where(offices.c.id == bindparam("gone"))
        connection.execute(statement, [{"gone": number} for number in sorted(gone)])


def offices_of(connection: Connection) -> Iterable[Office]:
    """Every office, by number."""
    return [
        _office(row) for row in connection.execute(select(offices).order_by(offices.c.id))
    ]


def users_of(connection: Connection) -> Iterable[User]:
    """Every user, by number."""
    columns = [users.c[name] for name in USER_COLUMNS]
    return [
        _user(row)
        for row in connection.execute(select(*columns).order_by(users.c.id)).all()
    ]


def read_offices(store: Store) -> pd.DataFrame:
    """Every office by number: the columns of `OFFICE_COLUMNS`, department and phone ""
    where there is none.
    """
    with store.read() as connection:
        table = frame(
            connection, select(offices).order_by(offices.c.id), id="int64", area="int64"
        )
    return table.fillna({"department": "", "phone": ""})


def read_users(store: Store) -> pd.DataFrame:
    """Every user by number: the columns of `USER_COLUMNS`, office and worker 0 and phone ""
    where there is none.
    """
    columns = [users.c[name] for name in USER_COLUMNS]
    with store.read() as connection:
        table = frame(
            connection, select(*columns).order_by(users.c.id), id="int64", area="int64"
        )
    filled = table.fillna({"office": 0, "worker": 0, "phone": ""})
    return filled.astype(
        {"office": "int64", "worker": "int64", "active": bool, "demo": bool}
    )


def _lock(connection: Connection, table: Table) -> None:
    """Let others wait: two at once must not draw the same number."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))


def _put(
    connection: Connection,
    table: Table,
    rows: list[dict[str, Any]],
    known: Mapping[Any, int],
    *,
    key: Callable[[Mapping[str, Any]], Any],
    given: Iterable[str],
) -> list[int]:
    """Insert or update `rows`; `known` maps the `key` of a row to the number it has
    already, `given` are changed.
    """
    present = set(known.values())
    following = (
        max([*present, *(int(row["id"]) for row in rows if row["id"])], default=0) + 1
    )
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    for row in rows:
        number = _number(row["id"]) or known.get(key(row))
        if number is None:
            number, following = following, following + 1
        row["id"] = number
        (old if number in present else new).append(row)
    if old:
        names = [name for name in given if name != "id" and name in old[0]]
        statement = update(table).where(table.c.id == bindparam("known_id"))
        statement = statement.values({name: bindparam(f"new_{name}") for name in names})
        connection.execute(
            statement,
            [
                {"known_id": row["id"], **{f"new_{name}": row[name] for name in names}}
                for row in old
            ],
        )
    if new:
        connection.execute(insert(table), new)
    go_on(connection, table)
    return [int(row["id"]) for row in rows]


def _office(row: Row[Any]) -> Office:
    return Office(
        row.id,
        OfficeKind(row.kind),
        row.name,
        row.name_en,
        int(row.area),
        row.department or "",
        row.phone or "",
        row.merged_into or 0,
    )


def _user(row: Sequence[Any]) -> User:
    """A row with the columns of `USER_COLUMNS`; there may be tens of thousands of them."""
    number, login, name, role, office, area, worker, phone, active, demo = row
    return User(
        number,
        login,
        name,
        _ROLES[role],
        office or 0,
        area,
        worker or 0,
        phone or "",
        active,
        demo,
    )


def _number(value: Any) -> int | None:
    return int(value) if value else None


def chief_areas(connection: Connection) -> list[int]:
    """The places that have a chief in office, each once, by code."""
    here = (users.c.role == UserRole.CHIEF.value) & users.c.active
    return [
        int(area)
        for area in connection.scalars(
            select(users.c.area).where(here).distinct().order_by(users.c.area)
        )
    ]
