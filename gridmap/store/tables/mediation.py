"""The tables of mediation: mediators, disputes entrusted to them, and the journal of each
dispute.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    false,
)

from gridmap.store.tables.base import Serial, metadata

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

disputes = Table(
    "disputes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("client_id", Text, unique=True, comment="makes it safe to send it again"),
    Column(
        "area", BigInteger, nullable=False, comment="a village or grid, or a larger place"
    ),
    Column("source", Text, nullable=False, comment="petition, police, court"),
    Column(
        "kind",
        Text,
        nullable=False,
        comment="what it is about; mediators have the same as specialities",
    ),
    Column(
        "parties", Text, nullable=False, comment="JSON list of roles; no names are kept"
    ),
    Column("text", Text, comment="in a sentence, without names"),
    Column("matter", BigInteger, comment="the matter it arose from"),
    Column("slip", Text, comment="number of the court's referral slip"),
    Column(
        "return_due_at",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="when the slip is due back",
    ),
    Column("version", Integer, nullable=False, comment="lines in its journal"),
    Column("state", Text, nullable=False),
    Column("mediator", BigInteger, ForeignKey("mediators.id")),
    Column("entrusted_at", BigInteger, nullable=False),
    Column("sessions", Integer, nullable=False, server_default="0"),
    Column(
        "agreed_at",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="of the agreement in force",
    ),
    Column("ended_at", BigInteger, nullable=False, server_default="0"),
    Column(
        "follow_up_at",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="when the agreement is visited",
    ),
    Column("visited_at", BigInteger, nullable=False, server_default="0"),
    Column("relapses", Integer, nullable=False, server_default="0"),
    Column(
        "returned_at",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="when the slip went back",
    ),
    Column(
        "late",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="it went back after the day it was due",
    ),
    Column(
        "explained",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="why it was late has been said",
    ),
    Column("last_at", BigInteger, nullable=False),
    Index("ix_disputes_area", "area"),
    Index("ix_disputes_mediator", "mediator"),
    Index("ix_disputes_matter", "matter"),
    Index("ix_disputes_entrusted_at", "entrusted_at"),
)

dispute_lines = Table(
    "dispute_lines",
    metadata,
    Column(
        "dispute",
        BigInteger,
        ForeignKey("disputes.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("act", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", BigInteger, nullable=False),
    Column("data", Text, nullable=False, comment="JSON: what was decided"),
)
