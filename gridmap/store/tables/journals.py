"""Journals in the truth, which are only ever added to: the database itself refuses to change
or delete a line of one, whoever asks.

No part of the program changes a line: an import that is discarded leaves its lines, of
matters that are never shown, and what is rebuilt is rebuilt from journals. So nothing is let
through.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, MetaData, Table, event, text

APPEND_ONLY = "append_only"

_SQLITE = """
    CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table} BEGIN
        SELECT RAISE(ABORT, '{table} is a journal: its lines stay as they were written');
    END
"""
_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING
            ERRCODE = 'restrict_violation',
            MESSAGE = TG_TABLE_NAME || ' is a journal: its lines stay as they were written';
    END $$
    """,
    "DROP TRIGGER IF EXISTS append_only ON {table}",
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION append_only()
    """,
)


def append_only(table: Table) -> Table:
    """Make `table` a journal: it is protected as soon as it is made."""
    table.info[APPEND_ONLY] = True
    event.listen(table, "after_create", _protect)
    return table


def journals(metadata: MetaData) -> list[Table]:
    """The journals among the tables of `metadata`, by name."""
    tables = (metadata.tables[name] for name in sorted(metadata.tables))
    return [table for table in tables if table.info.get(APPEND_ONLY)]


def protect(connection: Connection, metadata: MetaData) -> None:
    """Give every journal the triggers it has not; safe to do again.

    A migration that changes a table on SQLite copies it, and the triggers go with the old
    one.
    """
    for table in journals(metadata):
        _protect(table, connection)


def _protect(table: Table, connection: Connection, **_options: Any) -> None:
    if connection.dialect.name == "sqlite":
        statements = [
            _SQLITE.format(table=table.name, verb=verb) for verb in ("update", "delete")
        ]
    else:
        statements = [statement.format(table=table.name) for statement in _POSTGRESQL]
    for statement in statements:
        connection.execute(text(statement))
