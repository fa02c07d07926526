"""The tables of redrawing: drafts of plans, the tree of their steps, comments, and who is
working on which grid.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from gridmap.store.tables.base import Serial, metadata

drafts = Table(
    "drafts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column(
        "base",
        Integer,
        ForeignKey("plans.id"),
        nullable=False,
        comment="the published plan its steps start from",
    ),
    Column("name", Text, nullable=False),
    Column("owner", BigInteger, nullable=False, comment="user; 0: the command line"),
    Column("shared", Boolean, nullable=False, comment="other planners may edit it too"),
    Column(
        "state",
        Text,
        nullable=False,
        comment="draft, submitted, returned, approved, published or dropped",
    ),
    Column(
        "head",
        Integer,
        nullable=False,
        comment="the step it stands at; 0: the base plan itself",
    ),
    Column("version", Integer, nullable=False, comment="counts every change of the draft"),
    Column("made_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("submitted_by", BigInteger, nullable=False, server_default="0"),
    Column("submitted_at", BigInteger, nullable=False, server_default="0"),
    Column("decided_by", BigInteger, nullable=False, server_default="0"),
    Column("decided_at", BigInteger, nullable=False, server_default="0"),
    Column("decision", Text, comment="what who decided wrote"),
    Column("effective", Date, comment="asked for: first day in force"),
    Column("plan", Integer, ForeignKey("plans.id"), comment="what it was published as"),
    Index("ix_drafts_state", "state"),
)

draft_steps = Table(
    "draft_steps",
    metadata,
    Column("draft", BigInteger, ForeignKey("drafts.id"), primary_key=True),
    Column(
        "step", Integer, primary_key=True, comment="from 1; never changed, never deleted"
    ),
    Column("parent", Integer, nullable=False, comment="the step before; 0: the base plan"),
    Column("base", Integer, nullable=False, comment="the plan below its first ancestor"),
    Column("kind", Text, nullable=False, comment="split, merge, reshape, …"),
    Column(
        "grids",
        Text,
        nullable=False,
        comment="JSON list of codes: what it took away and what it made",
    ),
    Column("change", LargeBinary, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("note", Text),
    Column(
        "aside",
        Boolean,
        nullable=False,
        comment="kept beside the draft: somebody else had saved first",
    ),
)

draft_comments = Table(
    "draft_comments",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("draft", BigInteger, ForeignKey("drafts.id"), nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("words", Text, nullable=False),
    Column("lon", Double, comment="EPSG:4490; null: about the draft as a whole"),
    Column("lat", Double),
    Column("resolved_by", BigInteger, nullable=False, server_default="0"),
    Column("resolved_at", BigInteger, nullable=False, server_default="0"),
    Index("ix_draft_comments_draft", "draft"),
)

draft_locks = Table(
    "draft_locks",
    metadata,
    Column("draft", BigInteger, ForeignKey("drafts.id"), primary_key=True),
    Column("grid", BigInteger, primary_key=True, autoincrement=False),
    Column("by", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Index("ix_draft_locks_grid", "grid"),
)
