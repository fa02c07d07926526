"""The tables of reference layers: roads, buildings, water, places, and base maps for closed
networks.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from gridmap.store.tables.base import Serial, metadata

layers = Table(
    "layers",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("name_en", Text, comment="null: the same"),
    Column("kind", Text, nullable=False, comment="roads, buildings, water, places, other"),
    Column("file", Text, nullable=False, comment="name of the file it came from"),
    Column("digest", Text, nullable=False, comment="SHA-256 of its features as kept"),
    Column("rows", Integer, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("west", Double, nullable=False),
    Column("south", Double, nullable=False),
    Column("east", Double, nullable=False),
    Column("north", Double, nullable=False),
    Column("position", Integer, nullable=False, comment="lower ones are drawn first"),
    Column(
        "visible", Boolean, nullable=False, comment="shown until a reader switches it off"
    ),
)

layer_features = Table(
    "layer_features",
    metadata,
    Column("layer", BigInteger, ForeignKey("layers.id"), primary_key=True),
    Column("id", Integer, primary_key=True, comment="number in its layer, from 1"),
    Column("name", Text, nullable=False),
    Column("wkb", LargeBinary, nullable=False, comment="EPSG:4490"),
    Column("west", Double, nullable=False),
    Column("south", Double, nullable=False),
    Column("east", Double, nullable=False),
    Column("north", Double, nullable=False),
    Column("households", Integer, comment="of a building; null: not known"),
    Index("ix_layer_features_layer_west", "layer", "west"),
)

basemaps = Table(
    "basemaps",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", Text, nullable=False),
    Column(
        "digest",
        Text,
        nullable=False,
        comment="SHA-256 of the file, its name below home/basemap",
    ),
    Column("format", Text, nullable=False, comment="png, jpg, webp"),
    Column("crs", Text, nullable=False, comment="wgs84, gcj02, bd09"),
    Column("min_zoom", Integer, nullable=False),
    Column("max_zoom", Integer, nullable=False),
    Column("west", Double, nullable=False),
    Column("south", Double, nullable=False),
    Column("east", Double, nullable=False),
    Column("north", Double, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)
