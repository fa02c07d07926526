"""Absences and who stands in, as the truth keeps them. Instants in Unix seconds; no end:
until further notice.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, or_, select, text, update

from gridmap.errors import NotFoundError
from gridmap.store.base.store import touch
from gridmap.store.people.people import PART
from gridmap.store.tables import absences


@dataclass(frozen=True, slots=True)
class Absence:
    """`user` is away from `starts` to `ends` (0: until further notice); `stand_in` 0:
    nobody; `by` noted it.
    """

    id: int
    user: int
    stand_in: int
    starts: int
    ends: int
    reason: str = ""
    by: int = 0

    def holds(self, now: int) -> bool:
        """Whether it holds at `now`."""
        return self.starts <= now and (not self.ends or now < self.ends)


def absences_of(connection: Connection, *, after: int = 0) -> list[Absence]:
    """Absences not over at `after`, by their start."""
    columns = (absences.c.ends.is_(None), absences.c.ends > after)
    rows = connection.execute(
        select(absences).where(or_(*columns)).order_by(absences.c.starts, absences.c.id)
    )
    return [
        Absence(
            int(row.id),
            int(row.user),
            int(row.stand_in or 0),
            int(row.starts),
            int(row.ends or 0),
            row.reason,
            row.by,
        )
        for row in rows
    ]


def hold(connection: Connection) -> list[Absence]:
    """Every absence, with nobody else adding one before the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE absences IN SHARE ROW EXCLUSIVE MODE"))
    return absences_of(connection)


def add_absence(connection: Connection, absence: Absence) -> int:
    """Note an absence (its `id` is not used); its number."""
    values = {
        "user": absence.user,
        "stand_in": absence.stand_in or None,
        "starts": absence.starts,
        "ends": absence.ends or None,
        "reason": absence.reason,
        "by": absence.by,
    }
    number = connection.execute(
        insert(absences).values(values).returning(absences.c.id)
    ).scalar_one()
    touch(connection, PART)
    return int(number)


def end_absence(connection: Connection, number: int, ends: int) -> None:
    """Let an absence end at `ends`. Raises NotFoundError."""
    if not connection.execute(
        update(absences).where(absences.c.id == number).values(ends=ends)
    ).rowcount:
        raise NotFoundError(f"There is no absence {number}.")
    touch(connection, PART)
