"""The tables of village work: contracts of the collective with their record, its income,
deliberations.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from gridmap.cases.contracts import CONTRACT
from gridmap.store.tables.base import Serial, metadata
from gridmap.store.tables.records import entry_table, record_table


def _entries(of: str, name: str) -> Table:
    return Table(
        f"{name}_entries",
        metadata,
        Column(
            name, BigInteger, ForeignKey(f"{of}.id"), primary_key=True, autoincrement=False
        ),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("act", Text, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("actor", BigInteger, nullable=False),
        Column("data", Text, nullable=False, comment="JSON: what was decided"),
    )


contracts = record_table(
    CONTRACT,
    "contracts",
    indexes=("village",),
    comments={
        "kind": "what is let",
        "title": "what the village calls it; no names of persons",
        "area_written": "mu, as the contract says",
        "price_before": "yuan per mu and year",
        "area_measured": "mu; 0: not measured yet",
        "price_after": "yuan per mu and year",
        "irregular": "what the last review found",
        "version": "entries in its record",
        "decided_at": "kept or cleared",
    },
)
contract_entries = entry_table(CONTRACT, "contract_entries", of=contracts)

village_incomes = Table(
    "village_incomes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("village", BigInteger, nullable=False),
    Column("year", Integer, nullable=False),
    Column(
        "yuan",
        BigInteger,
        nullable=False,
        comment="income of the village collective in that year",
    ),
    Column(
        "at",
        BigInteger,
        nullable=False,
        comment="when it was noted; the latest of a year counts",
    ),
    Column("by", BigInteger, nullable=False),
    Column("words", Text, comment="where the figure is from, or why it is corrected"),
    Index("ix_village_incomes_village", "village"),
)

deliberations = Table(
    "deliberations",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("client_id", Text, unique=True, comment="makes it safe to send it again"),
    Column("area", BigInteger, nullable=False, comment="a village or grid"),
    Column("kind", Text, nullable=False, comment="households, council"),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False, comment="entries in its record"),
    Column("meetings", Integer, nullable=False),
    Column("objections", Integer, nullable=False, server_default="0"),
    Column("decision", Text, comment="the one in force"),
    Column("met_at", BigInteger, nullable=False, comment="the last meeting"),
    Column(
        "resume_at",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="when an adjourned one goes on",
    ),
    Column("decided_at", BigInteger, nullable=False, server_default="0"),
    Column(
        "notice_until",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="end of the public notice",
    ),
    Column(
        "follow_up_at",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="when it is to be followed up",
    ),
    Column("done_at", BigInteger, nullable=False, server_default="0"),
    Column("last_at", BigInteger, nullable=False),
    Index("ix_deliberations_area", "area"),
)
deliberation_entries = _entries("deliberations", "deliberation")

deliberation_matters = Table(
    "deliberation_matters",
    metadata,
    Column(
        "deliberation",
        BigInteger,
        ForeignKey("deliberations.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("matter", BigInteger, primary_key=True, autoincrement=False),
    Index("ix_deliberation_matters_matter", "matter"),
)
