"""Offices renamed, or merged into another: what moves with them, and the record of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from gridmap.model import OPEN_STATUSES
from gridmap.store.base.frames import frame
from gridmap.store.people.people import Office
from gridmap.store.tables import (
    cases,
    office_changes,
    offices,
    routing_rules,
    session_orders,
    users,
    windows,
)

RENAMED, MERGED = "renamed", "merged"


def rename(connection: Connection, office: int, *, name: str, name_en: str) -> None:
    """Give an office new names; everything that names it by number shows them."""
    connection.execute(
        update(offices).where(offices.c.id == office).values(name=name, name_en=name_en)
    )


def open_matters(connection: Connection, office: int) -> list[int]:
    """Open matters that lie with an office, by number."""
    query = select(cases.c.matter).where(
        cases.c.office == office, cases.c.status.in_([int(one) for one in OPEN_STATUSES])
    )
    return [int(one) for one in connection.scalars(query.order_by(cases.c.matter))]


def move(connection: Connection, source: Office, target: Office) -> dict[str, int]:
    """Let users, windows, rules and open tasks of `source` belong to `target`; how many of
    each moved.

    Matters and interviews are moved by their journals, not here.
    """
    done = {
        "users": update(users).where(users.c.office == source.id).values(office=target.id),
        "windows": update(windows)
        .where(windows.c.office == source.id)
        .values(office=target.id),
        "tasks": update(session_orders)
        .where(session_orders.c.office == source.id, session_orders.c.done_at == 0)
        .values(office=target.id),
    }
    counts = {
        name: connection.execute(statement).rowcount for name, statement in done.items()
    }
    counts["rules"] = 0
    if source.department and target.department and source.area == target.area:
        own = (routing_rules.c.department == source.department) & (
            routing_rules.c.area == source.area
        )
        counts["rules"] = connection.execute(
            update(routing_rules).where(own).values(department=target.department)
        ).rowcount
    connection.execute(
        update(offices).where(offices.c.id == source.id).values(merged_into=target.id)
    )
    connection.execute(
        update(offices)
        .where(offices.c.merged_into == source.id)
        .values(merged_into=target.id)
    )
    return counts


def note(
    connection: Connection,
    office: int,
    kind: str,
    *,
    at: int,
    by: int,
    data: Mapping[str, Any],
) -> None:
    """Write what happened to an office."""
    text = json.dumps(dict(data), ensure_ascii=False)
    connection.execute(
        insert(office_changes).values(office=office, at=at, by=by, kind=kind, data=text)
    )


def history(connection: Connection, office: int) -> pd.DataFrame:
    """What happened to an office, oldest first: at, by, kind, data (dict)."""
    columns = [office_changes.c[name] for name in ("at", "by", "kind", "data")]
    query = (
        select(*columns)
        .where(office_changes.c.office == office)
        .order_by(office_changes.c.id)
    )
    table = frame(connection, query, at="int64", by="int64")
    return table.assign(data=[json.loads(text) for text in table["data"]])
