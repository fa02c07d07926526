"""The tables of the headquarters: where matters lay and when, groups, sessions, rules of
lagging, interview warnings.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
)

from gridmap.cases.interviews import INTERVIEW
from gridmap.cases.sessions import ORDER, SESSION
from gridmap.store.tables.base import Serial, metadata
from gridmap.store.tables.records import entry_table, record_table

stays = Table(
    "stays",
    metadata,
    Column("matter", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "step",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="journal step that brought it there",
    ),
    Column("office", Integer, nullable=False, comment="0: the dispatcher's queue"),
    Column("since", BigInteger, nullable=False),
    Column(
        "due_at",
        BigInteger,
        nullable=False,
        comment="limit that ran when it came; 0: no clock ran",
    ),
    Column(
        "until", BigInteger, nullable=False, server_default="0", comment="0: still there"
    ),
    Column(
        "last",
        Integer,
        nullable=False,
        server_default="0",
        comment="journal step that ended it",
    ),
    Column(
        "left",
        SmallInteger,
        nullable=False,
        server_default="0",
        comment="0 still there, 1 passed on, 2 ended",
    ),
    Index("ix_stays_office_until", "office", "until"),
    Index("ix_stays_until", "until"),
    Index("ix_stays_since", "since"),
)

working_groups = Table(
    "working_groups",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("duty", Text, comment="what it answers for"),
)

group_departments = Table(
    "group_departments",
    metadata,
    Column("group", BigInteger, ForeignKey("working_groups.id"), primary_key=True),
    Column(
        "department", Text, primary_key=True, comment="as offices and routing rules name it"
    ),
)

sessions = record_table(
    SESSION,
    "sessions",
    indexes=("state",),
    comments={
        "state": "open, adjourned, closed",
        "roles": "JSON list: who is present, by role",
        "version": "entries in its record",
        "matters": "JSON list: the matters judged together, in their order",
        "judgements": "JSON list: the judgement on each of them",
        "ordered": "JSON list: the matters something was given to do about",
        "resumes_at": "of an adjourned one",
    },
)
session_entries = entry_table(SESSION, "session_entries", of=sessions)

session_matters = Table(
    "session_matters",
    metadata,
    Column("session", BigInteger, ForeignKey("sessions.id"), primary_key=True),
    Column("matter", BigInteger, primary_key=True, autoincrement=False),
    Index("ix_session_matters_matter", "matter"),
)

session_orders = record_table(
    ORDER,
    "session_orders",
    indexes=("session", "office"),
    refers={"session": "sessions.id", "group": "working_groups.id"},
    comments={
        "area": "of the session: who leads there judges the answer",
        "office": "who has to act",
        "version": "entries in its record",
        "done_at": "accepted by the headquarters",
    },
)
session_order_entries = entry_table(ORDER, "session_order_entries", of=session_orders)

lag_rules = Table(
    "lag_rules",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("measure", Text, nullable=False),
    Column("threshold", Float, nullable=False),
    Column(
        "least",
        Integer,
        nullable=False,
        comment="with fewer matters to count the rule says nothing",
    ),
    Column(
        "days", Integer, nullable=False, comment="period it looks at, in days up to now"
    ),
    Column(
        "kind", Text, nullable=False, comment="OfficeKind it holds for; empty: every office"
    ),
    Column(
        "interview",
        Boolean,
        nullable=False,
        comment="ask for an interview; else supervise the matters only",
    ),
    Column("active", Boolean, nullable=False),
)

interviews = record_table(
    INTERVIEW,
    "interviews",
    indexes=("office",),
    comments={
        "area": "the place the unit answers for",
        "words": "what is expected",
        "rule": "lag_rules.id at that time",
        "reason": "JSON: what the rule said and what was counted",
        "version": "entries in its journal",
    },
)
interview_entries = entry_table(INTERVIEW, "interview_entries", of=interviews)

office_changes = Table(
    "office_changes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("office", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("kind", Text, nullable=False, comment="renamed, merged"),
    Column(
        "data",
        Text,
        nullable=False,
        comment="JSON: names before and after, or what moved into which office",
    ),
    Index("ix_office_changes_office", "office"),
)
