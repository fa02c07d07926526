"""The tables of the truth, one definition for SQLite and PostgreSQL."""

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
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

# SQLite's own row number is spelled INTEGER PRIMARY KEY; any other type would cost a second B-tree.
Serial = BigInteger().with_variant(Integer, "sqlite")
SmallSerial = SmallInteger().with_variant(Integer, "sqlite")

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

units = Table(
    "units",
    metadata,
    Column("code", Serial, primary_key=True, autoincrement=False),
    Column("level", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("parent", BigInteger),
    Index("ix_units_parent", "parent"),
)

unit_shapes = Table(
    "unit_shapes",
    metadata,
    Column("plan", Integer, primary_key=True, comment="0: as the divisions' source gave it"),
    Column("code", BigInteger, primary_key=True),
    Column("wkb", LargeBinary, nullable=False),
)

plans = Table(
    "plans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent", Integer, ForeignKey("plans.id")),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False, comment="in_force or past"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, comment="first day it is no longer in force"),
    Column("digest", Text, nullable=False),
)

grids = Table(
    "grids",
    metadata,
    Column("plan", Integer, ForeignKey("plans.id"), primary_key=True),
    Column("code", BigInteger, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("households", Integer, nullable=False),
    Column("population", Integer, nullable=False),
    Column("wkb", LargeBinary, nullable=False, comment="EPSG:4490"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("predecessors", Text, comment="JSON list of codes"),
)

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
    Column("client_id", Text, comment="a phone's own number of a check-in, so that it may be sent twice"),
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
    Column("state", Text, nullable=False, comment="staged, committing, visible or discarded"),
    Column("rows", BigInteger, nullable=False, server_default="0"),
    Column("accepted", BigInteger, nullable=False, server_default="0"),
    Column("rejected_by_reason", Text, nullable=False, server_default="{}", comment="JSON object"),
    Column("reject_file", Text),
    Column("reported_from", BigInteger, comment="earliest and latest report among the accepted rows"),
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
    Column("first", BigInteger, comment="number of its first matter, when they follow one another without a gap"),
)

matters = Table(
    "matters",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("client_id", Text().with_variant(Text(collation="C"), "postgresql"), nullable=False),
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
# Matters that came in by themselves: few beside the imported ones, and asked for at each refresh of the columns.
Index(
    "ix_matters_live",
    matters.c.id,
    sqlite_where=matters.c.import_id.is_(None),
    postgresql_where=matters.c.import_id.is_(None),
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
    Column("step", Integer, comment="number in the journal of its matter, from 1; null: an imported line"),
    Index("ix_events_matter", "matter"),
)
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

offices = Table(
    "offices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False, comment="OfficeKind"),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("area", BigInteger, nullable=False, comment="the division it works for"),
    Column("department", Text, comment="of a department: its name in categories.handler and in routing rules"),
    Column("phone", Text, comment="duty telephone"),
    Index("ix_offices_area", "area"),
)

users = Table(
    "users",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False, comment="UserRole"),
    Column("office", Integer, ForeignKey("offices.id")),
    Column("area", BigInteger, nullable=False, comment="the place this user answers for"),
    Column("worker", Integer, ForeignKey("workers.id"), comment="the same person in the staff list"),
    Column("phone", Text),
    Column("active", Boolean, nullable=False),
    Column("demo", Boolean, nullable=False, comment="may be taken by the demonstration's sign-in"),
    Index("ix_users_office", "office"),
    Index("ix_users_area", "area"),
    Index("ix_users_worker", "worker"),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("user", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("stand_in", BigInteger, ForeignKey("users.id")),
    Column("starts", BigInteger, nullable=False),
    Column("ends", BigInteger, comment="null: until further notice"),
    Column("reason", Text, nullable=False),
    Column("by", BigInteger, nullable=False),
    Index("ix_absences_user", "user"),
    Index("ix_absences_stand_in", "stand_in"),
)

device_keys = Table(
    "device_keys",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("digest", Text, nullable=False, unique=True, comment="SHA-256 of the key; the key itself is not kept"),
    Column("user", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("label", Text, nullable=False),
    Column("areas", Text, nullable=False, comment="JSON list of codes the key may report in; empty: the user's own"),
    Column("made_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
    Index("ix_device_keys_user", "user"),
)

cases = Table(
    "cases",
    metadata,
    Column("matter", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Text, nullable=False, unique=True, comment="case number"),
    Column("receipt", Text, nullable=False, unique=True, comment="what the reporter asks with"),
    Column("digest", Text, comment="SHA-256 of what was sent under the client's id"),
    Column("version", Integer, nullable=False, comment="steps in its journal"),
    Column("status", SmallInteger, nullable=False),
    Column("category", SmallInteger, nullable=False),
    Column("grid", BigInteger, nullable=False),
    Column("office", Integer, nullable=False, comment="whose move it is; 0: the dispatcher's queue of the area"),
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
    Column("whistled_at", BigInteger, nullable=False, server_default="0", comment="of the open whistle"),
    Column("reworks", SmallInteger, nullable=False, server_default="0"),
    Column("supervised", SmallInteger, nullable=False, server_default="0"),
    Column("reopened", SmallInteger, nullable=False, server_default="0"),
    Column("extension_by", BigInteger, nullable=False, server_default="0", comment="who asked for the open extension"),
    Column("rating", SmallInteger, nullable=False, server_default="0"),
    Column("parent", BigInteger, nullable=False, server_default="0", comment="the matter it repeats"),
    Column("state", Text, nullable=False, server_default="{}", comment="JSON: the rest of the case"),
    Column("address", Text),
    Column("contact", Text, comment="of the reporter; optional, shown to who handles it, deleted after a period"),
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
# Running limits, which the clockwork looks at every few seconds: those of matters that are neither ended nor parked.
RUNNING = text("status IN (0, 1, 2, 3, 8)")
for _name in ("due_at", "step_due_at"):
    Index(f"ix_cases_running_{_name}", cases.c[_name], sqlite_where=RUNNING, postgresql_where=RUNNING)

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
    Column("digest", Text, nullable=False, comment="SHA-256 of the file as kept, its name below home/photos"),
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
    Column("category", Text, nullable=False, comment="code or its beginning; empty: every category"),
    Column("area", BigInteger, nullable=False, comment="a place and all in it; the city's code: everywhere"),
    Column("first", Text, nullable=False, comment="OfficeKind of the first desk"),
    Column("department", Text, comment="who it is dispatched to by default; empty: the first desk's choice"),
    Column("active", Boolean, nullable=False),
    Column("note", Text),
)

step_limits = Table(
    "step_limits",
    metadata,
    Column("step", Text, primary_key=True, comment="accept, dispatch, handle, verify, heed"),
    Column("category", Text, primary_key=True, comment="code or its beginning; empty: every category"),
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
    Column("due_at", BigInteger, primary_key=True, autoincrement=False, comment="the limit it is about"),
    Column("raised_at", BigInteger, nullable=False),
    Column("office", Integer, nullable=False, comment="whose move it was"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("key", Text, nullable=False, unique=True, comment="one message for one thing, however often it is put"),
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

windows = Table(
    "windows",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("office", Integer, ForeignKey("offices.id"), nullable=False, comment="the one-stop centre"),
    Column("platform", Text, nullable=False, comment="one of the centre's working platforms"),
    Column("unit", Text, nullable=False, comment="the unit that sits there"),
    Column("platform_en", Text, comment="their names on English pages; null: the same"),
    Column("unit_en", Text),
    Column("kind", Text, nullable=False, comment="resident or rotating"),
    Column("weekdays", Text, nullable=False, comment="JSON list, 1 Monday to 7 Sunday, the unit is on duty"),
    Index("ix_windows_office", "office"),
)

duties = Table(
    "duties",
    metadata,
    Column("window", BigInteger, ForeignKey("windows.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("person", Text, nullable=False),
    Column("at", BigInteger, nullable=False, comment="when the presence was noted"),
    Column("by", BigInteger, nullable=False),
)

whistles = Table(
    "whistles",
    metadata,
    Column("matter", BigInteger, primary_key=True, autoincrement=False),
    Column("whistle", Integer, primary_key=True, autoincrement=False, comment="journal step of the whistle"),
    Column("from_office", Integer, nullable=False),
    Column("to_office", Integer, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("heeded_at", BigInteger, nullable=False, server_default="0"),
    Column("apt", Boolean, comment="吹哨准: judged apt by who heeded it"),
    Column("rating", SmallInteger, nullable=False, server_default="0", comment="评哨严: 1 to 5 by who whistled"),
    Column("lapsed_at", BigInteger, nullable=False, server_default="0", comment="the matter ended before an answer"),
    Index("ix_whistles_to_office", "to_office"),
)
