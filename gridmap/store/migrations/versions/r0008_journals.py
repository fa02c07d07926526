"""Journals are only ever added to, by the database's own word; interviews have one.

The triggers are not made here: `gridmap.store.base.migrate` protects the journals there are
(`gridmap.store.tables.journals`) at the end of every way up, this first one included.
An interview gets its place, its state and the entries that its columns tell of.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from gridmap.store.migrations.versions.r0007_first_shape import (
    BIG,
    INT,
    TEXT,
    column,
    index,
    key,
    optional,
    serial,
    zero,
)
from gridmap.store.tables.base import NAMING

revision = "0008"
down_revision = "0007"

Row = dict[str, Any]

shape = sa.MetaData(naming_convention=NAMING)
interviews = sa.Table(
    "interviews",
    shape,
    serial("id"),
    optional("client_id", TEXT, "makes it safe to send it again", unique=True),
    column("area", BIG, "the place the unit answers for"),
    column("office", BIG),
    column("words", TEXT, "what is expected"),
    optional("rule", BIG, "lag_rules.id at that time"),
    column("reason", TEXT, "JSON: what the rule said and what was counted"),
    column("state", TEXT),
    column("version", INT, "entries in its journal"),
    column("asked_at", BIG),
    zero("asked_by"),
    zero("due_at"),
    optional("answer", TEXT),
    zero("answered_at"),
    zero("answered_by"),
    optional("verdict", TEXT),
    zero("closed_at"),
    zero("closed_by"),
    column("last_at", BIG),
    index("ix_interviews_office", "office"),
)
entries = sa.Table(
    "interview_entries",
    shape,
    key("interview", BIG, of="interviews.id"),
    key("number", INT),
    column("act", TEXT),
    column("at", BIG),
    column("actor", BIG),
    column("data", TEXT, "JSON: what was decided"),
)
LAST = "SELECT setval(pg_get_serial_sequence('interviews', 'id'), max(id)) FROM interviews"


def upgrade() -> None:
    """Make the table anew, with a journal, and carry over what was in it."""
    bind = op.get_bind()
    asked = sa.text(
        "SELECT i.*, coalesce(o.area, 0) AS area FROM interviews AS i"
        " LEFT JOIN offices AS o ON o.id = i.office ORDER BY i.id"
    )
    rows = [dict(row) for row in bind.execute(asked).mappings()]
    op.drop_table("interviews")
    shape.create_all(bind, checkfirst=False)
    if not rows:
        return
    journals = [list(_journal(row)) for row in rows]
    heads = [_head(row, journal) for row, journal in zip(rows, journals, strict=True)]
    bind.execute(interviews.insert(), heads)
    bind.execute(entries.insert(), [line for journal in journals for line in journal])
    if bind.dialect.name == "postgresql":
        bind.execute(sa.text(LAST))


def _head(row: Row, journal: list[Row]) -> Row:
    """The interview as it stood."""
    is_answered = "answered" if row["answered_at"] else "asked"
    emptied = {name: row[name] or None for name in ("rule", "answer", "verdict")}
    return (
        row
        | emptied
        | {
            "state": "closed" if row["closed_at"] else is_answered,
            "version": len(journal),
            "last_at": max(line["at"] for line in journal),
        }
    )


def _journal(row: Row) -> Iterator[Row]:
    """The entries that the columns of an interview tell of."""
    given = {name: row[name] for name in ("area", "office", "words", "rule", "due_at")}
    data = {name: value for name, value in given.items() if value or name != "rule"}
    number = 1
    yield _entry(row, number, "ask", "asked", data | {"reason": json.loads(row["reason"])})
    for act, done, said in (
        ("answer", "answered", "answer"),
        ("close", "closed", "verdict"),
    ):
        if row[f"{done}_at"]:
            number += 1
            yield _entry(row, number, act, done, {said: row[said], "state": done})


def _entry(row: Row, number: int, act: str, done: str, data: Row) -> Row:
    return {
        "interview": row["id"],
        "number": number,
        "act": act,
        "at": row[f"{done}_at"],
        "actor": row[f"{done}_by"],
        "data": json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    }
