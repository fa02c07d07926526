"""The tables of matters in motion: cases, photos, routing, limits, alarms, messages, whistles."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    Float,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from gridmap.store.tables.base import Serial, metadata

cases = Table(
    "cases",
    metadata,
    Column("matter", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Text, nullable=False, unique=True, comment="case number"),
    Column(
        "receipt", Text, nullable=False, unique=True, comment="what the reporter asks with"
    ),
    Column("digest", Text, comment="SHA-256 of what was sent under the client's id"),
    Column("version", Integer, nullable=False, comment="steps in its journal"),
    Column("status", SmallInteger, nullable=False),
    Column("category", SmallInteger, nullable=False),
    Column("grid", BigInteger, nullable=False),
    Column(
        "office",
        Integer,
        nullable=False,
        comment="whose move it is; 0: the dispatcher's queue of the area",
    ),
    Column("person", BigInteger, nullable=False, server_default="0"),
    Column("reporter", BigInteger, nullable=False, server_default="0"),
    Column("since", BigInteger, nullable=False, comment="when the present step began"),
    Column("step_due_at", BigInteger, nullable=False, server_default="0"),
    Column("due_at", BigInteger, nullable=False, server_default="0"),
    Column("reported_at", BigInteger, nullable=False),
    Column("accepted_at", BigInteger, nullable=False, server_default="0"),
    Column("dispatch_due_at", BigInteger, nullable=False, server_default="0"),
    Column("dispatched_at", BigInteger, nullable=False, server_default="0"),
    Column("handled_at", BigInteger, nullable=False, server_default="0"),
    Column("answered_at", BigInteger, nullable=False, server_default="0"),
    Column("closed_at", BigInteger, nullable=False, server_default="0"),
    Column("parked_at", BigInteger, nullable=False, server_default="0"),
    Column("whistles", SmallInteger, nullable=False, server_default="0"),
    Column(
        "whistled_at",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="of the open whistle",
    ),
    Column("reworks", SmallInteger, nullable=False, server_default="0"),
    Column("supervised", SmallInteger, nullable=False, server_default="0"),
    Column("reopened", SmallInteger, nullable=False, server_default="0"),
    Column(
        "extension_by",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="who asked for the open extension",
    ),
    Column("rating", SmallInteger, nullable=False, server_default="0"),
    Column(
        "parent",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="the matter it repeats",
    ),
    Column(
        "state",
        Text,
        nullable=False,
        server_default="{}",
        comment="JSON: the rest of the case",
    ),
    Column("address", Text),
    Column(
        "contact",
        Text,
        comment="of the reporter; optional, shown to who handles it, deleted after a period",
    ),
    Index("ix_cases_office_status", "office", "status"),
    Index("ix_cases_person", "person"),
    Index("ix_cases_reporter", "reporter"),
    # All that the indicators count, so that they need not read the rows.
    Index(
        "ix_cases_tally",
        "grid",
        "category",
        "status",
        "dispatch_due_at",
        "dispatched_at",
        "handled_at",
        "closed_at",
        "reworks",
        "whistles",
        "matter",
    ),
    Index("ix_cases_reported_at", "reported_at"),
    Index("ix_cases_due_at", "due_at"),
    Index("ix_cases_parent", "parent"),
)
# Running limits, which the clockwork looks at every few seconds: those of matters that are
# neither ended nor parked.
RUNNING = text("status IN (0, 1, 2, 3, 8)")
for _name in ("due_at", "step_due_at"):
    Index(
        f"ix_cases_running_{_name}",
        cases.c[_name],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )

serials = Table(
    "serials",
    metadata,
    Column("county", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", Serial, primary_key=True),
    Column(
        "digest",
        Text,
        nullable=False,
        comment="SHA-256 of the file as kept, its name below home/photos",
    ),
    Column("matter", BigInteger, comment="null: uploaded, not yet used"),
    Column("step", Integer),
    Column("client_id", Text, unique=True),
    Column("kind", Text, nullable=False, comment="media type"),
    Column("bytes", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("lon", Double, comment="where the picture says it was taken, EPSG:4490"),
    Column("lat", Double),
    Column("taken_at", BigInteger, comment="when the picture says it was taken"),
    Column("at", BigInteger, nullable=False),
    Column("by", BigInteger, nullable=False, server_default="0"),
    Index("ix_attachments_matter", "matter"),
)

routing_rules = Table(
    "routing_rules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("position", Integer, nullable=False),
    Column(
        "category",
        Text,
        nullable=False,
        comment="code or its beginning; empty: every category",
    ),
    Column(
        "area",
        BigInteger,
        nullable=False,
        comment="a place and all in it; the city's code: everywhere",
    ),
    Column("first", Text, nullable=False, comment="OfficeKind of the first desk"),
    Column(
        "department",
        Text,
        comment="who it is dispatched to by default; empty: the first desk's choice",
    ),
    Column("active", Boolean, nullable=False),
    Column("note", Text),
)

step_limits = Table(
    "step_limits",
    metadata,
    Column(
        "step", Text, primary_key=True, comment="accept, dispatch, handle, verify, heed"
    ),
    Column(
        "category",
        Text,
        primary_key=True,
        comment="code or its beginning; empty: every category",
    ),
    Column("amount", Float, nullable=False),
    Column("unit", Text, nullable=False),
)

holidays = Table(
    "holidays",
    metadata,
    Column("day", Date, primary_key=True),
    Column("working", Boolean, nullable=False),
    Column("note", Text, nullable=False),
)

alarms = Table(
    "alarms",
    metadata,
    Column("matter", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True, comment="near_due, overdue, step_overdue"),
    Column(
        "due_at",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="the limit it is about",
    ),
    Column("raised_at", BigInteger, nullable=False),
    Column("office", Integer, nullable=False, comment="whose move it was"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True),
    Column(
        "key",
        Text,
        nullable=False,
        unique=True,
        comment="one message for one thing, however often it is put",
    ),
    Column("destination", Text, nullable=False),
    Column("payload", Text, nullable=False, comment="JSON"),
    Column("state", Text, nullable=False, comment="waiting, sent, dead"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("made_at", BigInteger, nullable=False),
    Column("next_try", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Column("last_error", Text),
    Index("ix_outbox_state_next_try", "state", "next_try"),
)

whistles = Table(
    "whistles",
    metadata,
    Column("matter", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "whistle",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="journal step of the whistle",
    ),
    Column("from_office", Integer, nullable=False),
    Column("to_office", Integer, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("heeded_at", BigInteger, nullable=False, server_default="0"),
    Column("apt", Boolean, comment="吹哨准: judged apt by who heeded it"),
    Column(
        "rating",
        SmallInteger,
        nullable=False,
        server_default="0",
        comment="评哨严: 1 to 5 by who whistled",
    ),
    Column(
        "lapsed_at",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="the matter ended before an answer",
    ),
    Index("ix_whistles_to_office", "to_office"),
)
