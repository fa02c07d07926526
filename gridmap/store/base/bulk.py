"""Many rows into a table at once: straight to the driver, inside the caller's transaction."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
from sqlalchemy import Connection, Table, func, select

CHUNK_ROWS = 50_000


def insert_rows(connection: Connection, table: Table, rows: pa.Table) -> None:
    """Add `rows` to `table`, columns by their names; absent values become null. Numbers
    left out are drawn in order.
    """
    names = [table.c[name].name for name in rows.column_names]
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        statement = (
            f"INSERT INTO {table.name} ({', '.join(_quoted(names))}) VALUES ({marks})"
        )
        for start in range(0, rows.num_rows, CHUNK_ROWS):
            chunk = rows.slice(start, CHUNK_ROWS)
            raw.executemany(
                statement,
                zip(*(column.to_pylist() for column in chunk.columns), strict=True),
            )
        return
    lines = pa.BufferOutputStream()
    arrow_csv.write_csv(rows, lines, arrow_csv.WriteOptions(include_header=False))
    target = f"COPY {table.name} ({', '.join(_quoted(names))}) FROM STDIN (FORMAT csv)"
    with raw.cursor() as cursor, cursor.copy(target) as copy:
        copy.write(bytes(lines.getvalue().to_pybytes()))
    if "id" in names:
        go_on(connection, table)


def go_on(connection: Connection, table: Table) -> None:
    """After rows with numbers of their own: PostgreSQL's sequence goes on behind the highest."""
    if connection.dialect.name == "postgresql":
        highest = select(func.max(table.c.id)).scalar_subquery()
        connection.execute(
            select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest))
        )


def _quoted(names: list[str]) -> list[str]:
    return [f'"{name}"' for name in names]
