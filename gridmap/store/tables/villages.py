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
from gridmap.cases.deliberations import DELIBERATION
from gridmap.store.tables.base import Serial, metadata
from gridmap.store.tables.records import entry_table, record_table

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

deliberations = record_table(
    DELIBERATION,
    "deliberations",
    indexes=("area",),
    comments={
        "area": "a village or grid",
        "kind": "households, council",
        "version": "entries in its record",
        "decision": "the one in force",
        "met_at": "the last meeting",
        "resume_at": "when an adjourned one goes on",
        "notice_until": "end of the public notice",
        "follow_up_at": "when it is to be followed up",
    },
)
deliberation_entries = entry_table(DELIBERATION, "deliberation_entries", of=deliberations)

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
