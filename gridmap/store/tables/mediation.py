"""The tables of mediation: mediators, disputes entrusted to them, and the journal of each
dispute.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    Table,
    Text,
)

from gridmap.cases.disputes import DISPUTE
from gridmap.store.tables.base import Serial, metadata
from gridmap.store.tables.records import entry_table, record_table

mediators = Table(
    "mediators",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False, comment="MediatorKind"),
    Column("area", BigInteger, nullable=False, comment="the place served"),
    Column("specialities", Text, nullable=False, comment="JSON list of kinds of disputes"),
    Column("capacity", Integer, nullable=False, comment="open disputes at a time"),
    Column("active_from", Date),
    Column("active_to", Date, comment="last day in office"),
    Index("ix_mediators_area", "area"),
)

disputes = record_table(
    DISPUTE,
    "disputes",
    indexes=("area", "mediator", "matter", "entrusted_at"),
    refers={"mediator": "mediators.id"},
    comments={
        "area": "a village or grid, or a larger place",
        "source": "petition, police, court",
        "kind": "what it is about; mediators have the same as specialities",
        "parties": "JSON list of roles; no names are kept",
        "text": "in a sentence, without names",
        "matter": "the matter it arose from",
        "slip": "number of the court's referral slip",
        "return_due_at": "when the slip is due back",
        "version": "lines in its journal",
        "agreed_at": "of the agreement in force",
        "follow_up_at": "when the agreement is visited",
        "returned_at": "when the slip went back",
        "late": "it went back after the day it was due",
        "explained": "why it was late has been said",
    },
)
dispute_lines = entry_table(DISPUTE, "dispute_lines", of=disputes)
