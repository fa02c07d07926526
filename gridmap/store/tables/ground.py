"""The tables of places: divisions, their outlines, plans and the grids of each."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
)

from gridmap.store.tables.base import Serial, metadata

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
    Column(
        "plan", Integer, primary_key=True, comment="0: as the divisions' source gave it"
    ),
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
    Column("draft", BigInteger, comment="the draft it was published from"),
    Column("restores", Integer, comment="the earlier plan whose grids it brings back"),
    Column("published_by", BigInteger),
    Column("published_at", BigInteger),
    Column(
        "moved",
        Text,
        comment="JSON: what publishing moved with the grids, so that it can be taken back",
    ),
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
