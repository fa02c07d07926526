"""The two tables of a kind of record, made from its declaration: how each one stands, and
the entries of their journals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any, get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    false,
)

from gridmap.cases.records.kinds import Kind
from gridmap.store.tables.base import Serial, metadata
from gridmap.store.tables.journals import append_only

RECORD_TABLES: dict[str, tuple[Table, Table]] = {}
"""The two tables of each kind by its name: how records stand, and their entries."""


def add_plain_tables(kinds: Iterable[Kind[Any]]) -> None:
    """Make the tables of kinds that need nothing of their own there."""
    for kind in kinds:
        table = record_table(kind, kind.table_name, indexes=(kind.place,))
        entry_table(kind, f"{kind.name}_entries", of=table)


def record_table(
    kind: Kind[Any],
    name: str,
    *,
    indexes: tuple[str, ...] = (),
    refers: Mapping[str, str] | None = None,
    comments: Mapping[str, str] | None = None,
    among: MetaData = metadata,
) -> Table:
    """The table `name` of how records stand: a column an attribute, typed as the record's
    class says, and the `client_id` under which one was sent.

    `indexes`: columns that are searched by; `refers`: column → `table.column` it points at;
    `comments`: column → what the database says of it; `among`: the tables it belongs to.
    A text or a link that may be empty is NULL then; other attributes that may be left out
    are 0 or false at first. A link that a record is never without has no default.
    """
    columns = [
        _column(kind, attribute, (refers or {}).get(attribute.name))
        for attribute in fields(kind.record)
        if attribute.name != "id"
    ]
    for column in columns:
        column.comment = (comments or {}).get(column.name)
    return Table(
        name,
        among,
        Column("id", Serial, primary_key=True),
        Column("client_id", Text, unique=True, comment="makes it safe to send it again"),
        *columns,
        *(Index(f"ix_{name}_{column}", column) for column in indexes),
    )


def entry_table(kind: Kind[Any], name: str, *, of: Table) -> Table:
    """The table `name` of the journals' entries, which are only ever added to."""
    entries = Table(
        name,
        of.metadata,
        Column(
            kind.name,
            BigInteger,
            ForeignKey(f"{of.name}.id"),
            primary_key=True,
            autoincrement=False,
        ),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("act", Text, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("actor", BigInteger, nullable=False),
        Column("data", Text, nullable=False, comment="JSON: what was decided"),
    )
    if of.metadata is metadata:
        RECORD_TABLES[kind.name] = (of, entries)
    return append_only(entries)


def _column(kind: Kind[Any], attribute: Any, refers: str | None) -> Column[Any]:
    name, hint = attribute.name, kind.types[attribute.name]
    meaning = get_args(hint)[1] if hasattr(hint, "__metadata__") else hint
    keys = [ForeignKey(refers)] if refers else []
    if meaning == "link":
        return Column(name, BigInteger, *keys, nullable=attribute.default is not MISSING)
    if meaning is str and attribute.default == "":
        return Column(name, Text, nullable=True)
    if meaning is bool:
        return Column(name, Boolean, nullable=False, server_default=false())
    kind_of_column: Any = Text
    if meaning is float:
        kind_of_column = Double
    elif meaning == "count" or name == "version":
        kind_of_column = Integer
    elif meaning is int or isinstance(meaning, str):
        kind_of_column = BigInteger
    begun = {"version", "last_at", kind.begins.stamps}
    at_first = "0" if attribute.default == 0 and name not in begun else None
    return Column(name, kind_of_column, nullable=False, server_default=at_first)
