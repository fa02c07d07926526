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

from gridmap.store.tables.base import Serial, metadata

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

sessions = Table(
    "sessions",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("title", Text, nullable=False),
    Column("area", BigInteger, nullable=False),
    Column("state", Text, nullable=False, comment="open, adjourned, closed"),
    Column("opened_at", BigInteger, nullable=False),
    Column("opened_by", BigInteger, nullable=False),
    Column("roles", Text, nullable=False, comment="JSON list: who is present, by role"),
    Column(
        "resumes_at",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="of an adjourned one",
    ),
    Column("decision", Text, nullable=False, server_default=""),
    Column("closed_at", BigInteger, nullable=False, server_default="0"),
    Column("closed_by", BigInteger, nullable=False, server_default="0"),
    Index("ix_sessions_state", "state"),
)

session_matters = Table(
    "session_matters",
    metadata,
    Column("session", BigInteger, ForeignKey("sessions.id"), primary_key=True),
    Column("matter", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    Column("judgement", Text, nullable=False, server_default=""),
    Index("ix_session_matters_matter", "matter"),
)

session_tasks = Table(
    "session_tasks",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("session", BigInteger, ForeignKey("sessions.id"), nullable=False),
    Column("matter", BigInteger, nullable=False),
    Column("group", BigInteger, ForeignKey("working_groups.id")),
    Column("office", Integer, nullable=False, comment="who has to act"),
    Column("task", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("answer", Text, nullable=False, server_default=""),
    Column("answered_at", BigInteger, nullable=False, server_default="0"),
    Column("answered_by", BigInteger, nullable=False, server_default="0"),
    Column(
        "done_at",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="accepted by the headquarters",
    ),
    Column("done_by", BigInteger, nullable=False, server_default="0"),
    Index("ix_session_tasks_session", "session"),
    Index("ix_session_tasks_office", "office"),
)

session_lines = Table(
    "session_lines",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("session", BigInteger, ForeignKey("sessions.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column(
        "kind",
        Text,
        nullable=False,
        comment="opened, picked, judged, assigned, adjourned, resumed, closed, …",
    ),
    Column("data", Text, nullable=False, comment="JSON"),
    Index("ix_session_lines_session", "session"),
)

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

interviews = Table(
    "interviews",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("office", Integer, nullable=False),
    Column(
        "rule",
        BigInteger,
        nullable=False,
        comment="lag_rules.id at that time; 0: without a rule",
    ),
    Column(
        "reason",
        Text,
        nullable=False,
        comment="JSON: what the rule said and what was counted",
    ),
    Column("words", Text, nullable=False, comment="what is expected"),
    Column("asked_at", BigInteger, nullable=False),
    Column("asked_by", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("answer", Text, nullable=False, server_default=""),
    Column("answered_at", BigInteger, nullable=False, server_default="0"),
    Column("answered_by", BigInteger, nullable=False, server_default="0"),
    Column("closed_at", BigInteger, nullable=False, server_default="0"),
    Column("closed_by", BigInteger, nullable=False, server_default="0"),
    Column("verdict", Text, nullable=False, server_default=""),
    Index("ix_interviews_office", "office"),
)

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
