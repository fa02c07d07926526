"""An INSERT that can say what to do about a row that is there already, for either database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_of(dialect: str, table: Table) -> Any:
    """The INSERT of `table` with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
