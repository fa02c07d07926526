"""The tables of reports: categories, staff, imports, matters and the lines of their journals."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from gridmap.store.tables.base import Serial, SmallSerial, metadata
from gridmap.store.tables.journals import append_only

categories = Table(
    "categories",
    metadata,
    Column("id", SmallSerial, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False, unique=True),
    Column("parent", Text),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("class", Text, nullable=False),
    Column("limit_amount", Float),
    Column("limit_unit", Text),
    Column("handler", Text),
    Column("severity", SmallInteger, nullable=False),
    Column("effort", Float, nullable=False),
    Column("rare", Boolean, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("active_from", Date),
    Column("active_to", Date),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("worker", Integer, ForeignKey("workers.id"), nullable=False),
    Column("area", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("starts", Date),
    Column("ends", Date),
    Index("ix_assignments_area", "area"),
)

visits = Table(
    "visits",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("grid", BigInteger, nullable=False),
    Column("worker", Integer),
    Column("at", BigInteger, nullable=False),
    Column(
        "client_id",
        Text,
        comment="a phone's own number of a check-in, so that it may be sent twice",
    ),
    Index("ix_visits_grid_at", "grid", "at"),
    Index("uq_visits_client_id", "client_id", unique=True),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("files", Text, nullable=False, comment="JSON list of names"),
    Column("digest", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column(
        "state", Text, nullable=False, comment="staged, committing, visible or discarded"
    ),
    Column("rows", BigInteger, nullable=False, server_default="0"),
    Column("accepted", BigInteger, nullable=False, server_default="0"),
    Column(
        "rejected_by_reason",
        Text,
        nullable=False,
        server_default="{}",
        comment="JSON object",
    ),
    Column("reject_file", Text),
    Column(
        "reported_from",
        BigInteger,
        comment="earliest and latest report among the accepted rows",
    ),
    Column("reported_to", BigInteger),
    Column("staging", Text, comment="folder of the staged rows, below home/staging"),
    Index("ix_imports_digest", "digest"),
)

import_commits = Table(
    "import_commits",
    metadata,
    Column("import_id", Integer, ForeignKey("imports.id"), primary_key=True),
    Column("batch", Integer, primary_key=True, comment="of the staged ones, from 0"),
    Column("rows", Integer, nullable=False, comment="rows that were new to the truth"),
    Column(
        "first",
        BigInteger,
        comment="number of its first matter, when they follow one another without a gap",
    ),
)

matters = Table(
    "matters",
    metadata,
    Column("id", Serial, primary_key=True),
    Column(
        "client_id", Text().with_variant(Text(collation="C"), "postgresql"), nullable=False
    ),
    Column("category", SmallInteger, ForeignKey("categories.id"), nullable=False),
    Column("grid", BigInteger, nullable=False),
    Column("plan", Integer, nullable=False),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("reported_at", BigInteger, nullable=False),
    Column("accepted_at", BigInteger),
    Column("due_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("status", SmallInteger, nullable=False),
    Column("channel", SmallInteger, nullable=False),
    Column("worker", Integer),
    Column("text", Text),
    Column("import_id", Integer, ForeignKey("imports.id")),
    Index("uq_matters_client_id", "client_id", unique=True),
)
# Matters that came in by themselves: few beside the imported ones, and asked for at each
# refresh of the columns.
Index(
    "ix_matters_live",
    matters.c.id,
    sqlite_where=matters.c.import_id.is_(None),
    postgresql_where=matters.c.import_id.is_(None),
)

# What windows of centres took in: few beside all, and counted by when they were accepted.
TAKEN_IN = text("channel = 1")
Index(
    "ix_matters_centre",
    matters.c.accepted_at,
    matters.c.grid,
    matters.c.closed_at,
    sqlite_where=TAKEN_IN,
    postgresql_where=TAKEN_IN,
)

events = Table(
    "events",
    metadata,
    Column("seq", Serial, primary_key=True),
    Column("matter", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text),
    Column("data", Text, comment="JSON"),
    Column(
        "step",
        Integer,
        comment="number in the journal of its matter, from 1; null: an imported line",
    ),
    Index("ix_events_matter", "matter"),
)
append_only(events)
# Journals have no two lines of one number: of two people acting at once, the second is told.
Index(
    "uq_events_matter_step",
    events.c.matter,
    events.c.step,
    unique=True,
    sqlite_where=events.c.step.is_not(None),
    postgresql_where=events.c.step.is_not(None),
)
# What happened on the platform, apart from the one line an imported matter has.
Index(
    "ix_events_live",
    events.c.seq,
    sqlite_where=events.c.kind != "imported",
    postgresql_where=events.c.kind != "imported",
)
