"""The tables of tasks going down: what is asked, the grid by grid parts of it, and the
matters found on the way.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, Table, Text

from gridmap.store.tables.base import Serial, metadata

tasks = Table(
    "tasks",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("client_id", Text, unique=True, comment="makes it safe to send it again"),
    Column("kind", Text, nullable=False, comment="visit, hazard_check, law"),
    Column("title", Text, nullable=False),
    Column("text", Text),
    Column(
        "areas", Text, nullable=False, comment="JSON list of the places it was made for"
    ),
    Column(
        "checklist",
        Text,
        nullable=False,
        comment="JSON list of questions, answered yes or no",
    ),
    Column("due_at", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", BigInteger, nullable=False),
    Column("withdrawn_at", BigInteger, nullable=False, server_default="0"),
    Column("withdrawn_why", Text),
)

task_parts = Table(
    "task_parts",
    metadata,
    Column(
        "task", BigInteger, ForeignKey("tasks.id"), primary_key=True, autoincrement=False
    ),
    Column("grid", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "lon",
        Double,
        nullable=False,
        comment="a place inside the grid, EPSG:4490: where it lies when borders move",
    ),
    Column("lat", Double, nullable=False),
    Column(
        "was", BigInteger, comment="the grid it moved here from when borders were redrawn"
    ),
    Column("done_at", BigInteger, nullable=False, server_default="0"),
    Column("done_by", BigInteger, nullable=False, server_default="0"),
    Column("answers", Text, comment="JSON list of true or false, one a question"),
    Column("text", Text),
    Column("photos", Text, comment="JSON list of attachments"),
    Column("client_id", Text, unique=True, comment="a phone's own number of what it sent"),
    Index("ix_task_parts_grid", "grid"),
)

task_findings = Table(
    "task_findings",
    metadata,
    Column(
        "task", BigInteger, ForeignKey("tasks.id"), primary_key=True, autoincrement=False
    ),
    Column("matter", BigInteger, primary_key=True, autoincrement=False),
    Column("grid", BigInteger, nullable=False),
    Index("ix_task_findings_matter", "matter"),
)
