"""What follows grids into a new plan: the people assigned to them, leaders, device keys,
routing rules; and back again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Table, func, insert, or_, select, update

from gridmap.store.base.store import count, part_key, touch
from gridmap.store.flow import rules as store_rules
from gridmap.store.people import keys as store_keys
from gridmap.store.people import people as store_people
from gridmap.store.tables import assignments, device_keys, routing_rules, users

MOST_CODES = 500


@dataclass(frozen=True, slots=True)
class Succession:
    """Which grids come after which.

    `retired`: codes that are no longer in force. `heirs`: code → the grids made out of it,
    sorted: new grids that name it as a predecessor and, when it is retired, grids that stay
    and took it in. `main`: retired code → the heir with most households, of equals the
    lowest code.
    """

    retired: frozenset[int]
    heirs: Mapping[int, tuple[int, ...]]
    main: Mapping[int, int]

    @classmethod
    def between(cls, before: Iterable[int], after: pd.DataFrame) -> Succession:
        """From the codes `before` to the grids `after`: code, households, predecessors
        (tuples of codes).
        """
        old = set(before)
        retired = frozenset(old - set(after["code"].tolist()))
        heirs: dict[int, list[tuple[int, int]]] = {}
        for code, households, predecessors in zip(
            after["code"].tolist(),
            after["households"].tolist(),
            after["predecessors"],
            strict=True,
        ):
            for one in predecessors:
                if one in old and one != code and (one in retired or code not in old):
                    heirs.setdefault(int(one), []).append((-int(households), int(code)))
        return cls(
            retired,
            {
                code: tuple(sorted(heir for _, heir in found))
                for code, found in heirs.items()
            },
            {code: min(found)[1] for code, found in heirs.items() if code in retired},
        )


@dataclass(slots=True)
class Moved:
    """What was moved, in a form that is kept as JSON: rows ended and made, and values as
    they were before.
    """

    ended: list[tuple[int, str | None]] = field(default_factory=list)
    """Assignments that ended with the old grids, with the last day they had had."""
    made: list[int] = field(default_factory=list)
    """Assignments made for the new ones."""
    users: list[tuple[int, int, int]] = field(default_factory=list)
    """User, place before, place after."""
    keys: list[tuple[int, str, str]] = field(default_factory=list)
    rules: list[tuple[int, int, int]] = field(default_factory=list)
    rules_made: list[int] = field(default_factory=list)
    matters: int = 0

    def to_json(self) -> str:
        """As it is kept with the plan."""
        return json.dumps(
            {name: getattr(self, name) for name in self.__slots__}, separators=(",", ":")
        )

    @classmethod
    def from_json(cls, text: str | None) -> Moved:
        """What was kept; nothing for a plan that moved nothing."""
        told = json.loads(text or "{}")
        lists: dict[str, Any] = {
            name: [tuple(one) for one in told.get(name, [])]
            for name in ("ended", "users", "keys", "rules")
        }
        return cls(
            **lists,
            **{name: told.get(name, []) for name in ("made", "rules_made")},
            matters=0,
        )


def move(
    connection: Connection, succession: Succession, day: date, *, leave: Sequence[int] = ()
) -> Moved:
    """Let everything that belongs to a grid go over to its heirs from `day` on, inside the
    caller's transaction.

    - Who is assigned to a grid is assigned, in the same role and until the same day, to
      each of its heirs; the
      assignment to a retired grid ends the day before. `leave`: assignments that are left
      as they are.
    - A user who answers for a retired grid answers for its main heir.
    - Device keys may report in all heirs, routing rules hold in all of them.
    """
    moved = Moved()
    _assignments(connection, succession, day, set(leave), moved)
    _users(connection, succession, moved)
    _keys(connection, succession, moved)
    _rules(connection, succession, moved)
    _tell(connection)
    return moved


def take_back(connection: Connection, moved: Moved, day: date) -> Moved:
    """Undo what `move` did, from `day` on, where nobody has changed it since; the
    assignments it ended and made again.

    Those are told so that the taking back can be taken back as well; all else then moves
    with the grids.
    """
    last = day - timedelta(days=1)
    mine = _rows(connection, assignments, assignments.c.id.in_, moved.made)
    over = [row for row in mine if row.ends is None or row.ends > last]
    _each(connection, assignments, [row.id for row in over], ends=last)
    again = []
    before = dict(moved.ended)
    for row in _rows(connection, assignments, assignments.c.id.in_, list(before)):
        told = before[row.id]
        ends = date.fromisoformat(told) if told else None
        if ends is None or ends >= day:
            starts = max(row.starts, day) if row.starts else day
            again.append(_assign(connection, row, row.area, starts, ends))
    for user, place, after in moved.users:
        here = (users.c.id == user) & (users.c.area == after)
        connection.execute(update(users).where(here).values(area=place))
    for key, areas, after_areas in moved.keys:
        here = (device_keys.c.id == key) & (device_keys.c.areas == after_areas)
        connection.execute(update(device_keys).where(here).values(areas=areas))
    for rule, place, after in moved.rules:
        here = (routing_rules.c.id == rule) & (routing_rules.c.area == after)
        connection.execute(update(routing_rules).where(here).values(area=place))
    _each(connection, routing_rules, moved.rules_made, active=False)
    _tell(connection)
    return Moved(ended=_ended(over), made=again)


def _assignments(
    connection: Connection, succession: Succession, day: date, leave: set[int], moved: Moved
) -> None:
    holds = or_(assignments.c.ends.is_(None), assignments.c.ends >= day)
    rows = [
        row
        for row in _held(connection, assignments, succession.heirs, holds)
        if row.id not in leave
    ]
    heirs = {heir for found in succession.heirs.values() for heir in found}
    there = {
        (row.worker, row.area, row.role)
        for row in _held(connection, assignments, heirs, holds)
    }
    for row in rows:
        for heir in succession.heirs[row.area]:
            if (row.worker, heir, row.role) not in there:
                there.add((row.worker, heir, row.role))
                starts = max(row.starts, day) if row.starts else day
                moved.made.append(_assign(connection, row, heir, starts, row.ends))
    gone = [row for row in rows if row.area in succession.retired]
    moved.ended = _ended(gone)
    _each(connection, assignments, [row.id for row in gone], ends=day - timedelta(days=1))


def _ended(rows: Iterable[Any]) -> list[tuple[int, str | None]]:
    """Assignments with the last day they had."""
    return [(int(row.id), row.ends.isoformat() if row.ends else None) for row in rows]


def _assign(
    connection: Connection, row: Any, area: int, starts: date, ends: date | None
) -> int:
    values = {
        "worker": row.worker,
        "area": area,
        "role": row.role,
        "starts": starts,
        "ends": ends,
    }
    return int(
        connection.execute(
            insert(assignments).values(values).returning(assignments.c.id)
        ).scalar_one()
    )


def _users(connection: Connection, succession: Succession, moved: Moved) -> None:
    for row in _held(connection, users, succession.main):
        after = succession.main[row.area]
        moved.users.append((int(row.id), int(row.area), after))
        connection.execute(update(users).where(users.c.id == row.id).values(area=after))


def _keys(connection: Connection, succession: Succession, moved: Moved) -> None:
    query = select(device_keys.c.id, device_keys.c.areas).where(device_keys.c.areas != "[]")
    for number, text in connection.execute(query).all():
        areas = json.loads(text)
        if succession.heirs.keys().isdisjoint(areas):
            continue
        kept = [area for area in areas if area not in succession.retired]
        told = json.dumps(
            sorted(
                {
                    *kept,
                    *(heir for area in areas for heir in succession.heirs.get(area, ())),
                }
            )
        )
        moved.keys.append((int(number), text, told))
        connection.execute(
            update(device_keys).where(device_keys.c.id == number).values(areas=told)
        )


def _rules(connection: Connection, succession: Succession, moved: Moved) -> None:
    for row in _held(connection, routing_rules, succession.heirs):
        heirs = succession.heirs[row.area]
        if row.area in succession.retired:
            moved.rules.append((row.id, row.area, heirs[0]))
            connection.execute(
                update(routing_rules)
                .where(routing_rules.c.id == row.id)
                .values(area=heirs[0])
            )
            heirs = heirs[1:]
        values = {name: value for name, value in row._mapping.items() if name != "id"}  # noqa: SLF001  (its documented name)
        for heir in heirs:
            number = (
                int(connection.scalar(select(func.max(routing_rules.c.id))) or 0) + 1
            )  # who replaces all numbers them
            connection.execute(
                insert(routing_rules).values({**values, "id": number, "area": heir})
            )
            moved.rules_made.append(number)


def _held(
    connection: Connection, table: Table, areas: Iterable[int], *also: ColumnElement[bool]
) -> list[Any]:
    """The rows of `table` whose area is one of `areas`."""
    return _rows(connection, table, table.c.area.in_, sorted(areas), *also)


def _rows(
    connection: Connection,
    table: Table,
    among: Any,
    values: Sequence[int],
    *also: ColumnElement[bool],
) -> list[Any]:
    found: list[Any] = []
    for at in range(0, len(values), MOST_CODES):
        query = (
            select(table)
            .where(among(values[at : at + MOST_CODES]), *also)
            .order_by(table.c.id)
        )
        found += connection.execute(query).all()
    return found


def _each(
    connection: Connection, table: Table, numbers: Sequence[int], **values: Any
) -> None:
    for at in range(0, len(numbers), MOST_CODES):
        connection.execute(
            update(table)
            .where(table.c.id.in_(numbers[at : at + MOST_CODES]))
            .values(values)
        )


def _tell(connection: Connection) -> None:
    touch(connection, store_people.PART, store_rules.PART)
    count(connection, part_key(store_keys.PART))
