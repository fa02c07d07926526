"""Who works on the grids, and which area is theirs."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from gridmap.errors import Fault, InputError
from gridmap.store.base.frames import frame, records, require, unique
from gridmap.store.base.store import Store, touch
from gridmap.store.tables import assignments, grids, units, users, workers

WORKER_COLUMNS = ("id", "name", "role", "active_from", "active_to")
ASSIGNMENT_COLUMNS = ("worker", "area", "role", "starts", "ends")


def replace_workers(store: Store, people: pd.DataFrame, areas: pd.DataFrame) -> None:
    """Make `people` and their `areas` the staff of the city, in one transaction.

    Parameters
    ----------
    store : Store
        The open city.
    people : DataFrame
        id (int), name, role (`gridmap.model.Role`); optionally active_from, active_to (dates).
    areas : DataFrame
        worker (id), area (code of any level); optionally role (the worker's by default),
        starts, ends (dates).

    Users stay linked to the workers that are still there.

    Raises InputError when columns are missing, an id stands twice, or an area names an
    unknown worker.
    """
    require(people, WORKER_COLUMNS[:3], what="workers")
    require(areas, ASSIGNMENT_COLUMNS[:2], what="assignments")
    unique(people, "id", what="workers")
    strangers = sorted(set(areas["worker"]) - set(people["id"]))
    if strangers:
        raise InputError(
            [
                Fault(
                    rule="no such worker",
                    field="worker",
                    value=str(worker),
                    cure="Add the worker first.",
                )
                for worker in strangers
            ]
        )
    staff = people.reindex(columns=list(WORKER_COLUMNS))
    given = areas.reindex(columns=list(ASSIGNMENT_COLUMNS))
    own = given["worker"].map(staff.set_index("id")["role"])
    given["role"] = own if given["role"].isna().all() else given["role"].fillna(own)
    with store.write() as connection:
        connection.execute(delete(assignments))
        linked = _unlink(connection)
        connection.execute(delete(workers))
        if len(staff):
            connection.execute(insert(workers), records(staff))
        if len(given):
            connection.execute(insert(assignments), records(given))
        _link(connection, linked, set(staff["id"].tolist()))
        touch(connection, "people")


def unknown_areas(store: Store, codes: Iterable[int]) -> set[int]:
    """Those of `codes` that are neither a division nor a grid of any plan; none in a city
    that has no places yet.
    """
    with store.read() as connection:
        known = {
            int(code)
            for table in (units, grids)
            for code in connection.scalars(select(table.c.code).distinct())
        }
    return set(codes) - known if known else set()


def _unlink(connection: Connection) -> list[dict[str, int]]:
    """Take users off the staff list while it is replaced; who was linked to whom."""
    pairs = connection.execute(
        select(users.c.id, users.c.worker).where(users.c.worker.is_not(None))
    )
    linked = [{"linked_user": user, "linked_worker": worker} for user, worker in pairs]
    if linked:
        connection.execute(
            update(users).where(users.c.worker.is_not(None)).values(worker=None)
        )
    return linked


def _link(connection: Connection, linked: list[dict[str, int]], staff: set[int]) -> None:
    """Put users back to their workers, those that are still there."""
    stay = [pair for pair in linked if pair["linked_worker"] in staff]
    if stay:
        statement = update(users).where(users.c.id == bindparam("linked_user"))
        connection.execute(statement.values(worker=bindparam("linked_worker")), stay)


def read_workers(store: Store) -> pd.DataFrame:
    """The staff by number: id (int64), name, role, active_from, active_to (dates or None)."""
    with store.read() as connection:
        return frame(connection, select(workers).order_by(workers.c.id), id="int64")


def read_assignments(store: Store) -> pd.DataFrame:
    """Areas of the staff: worker (int64), area (int64), role, starts, ends (dates or None)."""
    columns = [assignments.c[name] for name in ASSIGNMENT_COLUMNS]
    with store.read() as connection:
        return frame(
            connection,
            select(*columns).order_by(assignments.c.id),
            worker="int64",
            area="int64",
        )
