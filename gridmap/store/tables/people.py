"""The tables of who acts: offices, users, absences, device keys, the rota of the one-stop
centres.
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
)

from gridmap.store.tables.base import Serial, metadata

offices = Table(
    "offices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False, comment="OfficeKind"),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("area", BigInteger, nullable=False, comment="the division it works for"),
    Column(
        "department",
        Text,
        comment="of a department: its name in categories.handler and in routing rules",
    ),
    Column("phone", Text, comment="duty telephone"),
    Column(
        "merged_into", Integer, comment="the office it became part of; null: it is there"
    ),
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
    Column(
        "worker",
        Integer,
        ForeignKey("workers.id"),
        comment="the same person in the staff list",
    ),
    Column("phone", Text),
    Column("active", Boolean, nullable=False),
    Column(
        "demo",
        Boolean,
        nullable=False,
        comment="may be taken by the demonstration's sign-in",
    ),
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
    Column(
        "digest",
        Text,
        nullable=False,
        unique=True,
        comment="SHA-256 of the key; the key itself is not kept",
    ),
    Column("user", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("label", Text, nullable=False),
    Column(
        "areas",
        Text,
        nullable=False,
        comment="JSON list of codes the key may report in; empty: the user's own",
    ),
    Column("made_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
    Index("ix_device_keys_user", "user"),
)

windows = Table(
    "windows",
    metadata,
    Column("id", Serial, primary_key=True),
    Column(
        "office",
        Integer,
        ForeignKey("offices.id"),
        nullable=False,
        comment="the one-stop centre",
    ),
    Column(
        "platform", Text, nullable=False, comment="one of the centre's working platforms"
    ),
    Column("unit", Text, nullable=False, comment="the unit that sits there"),
    Column("platform_en", Text, comment="their names on English pages; null: the same"),
    Column("unit_en", Text),
    Column("kind", Text, nullable=False, comment="resident or rotating"),
    Column(
        "weekdays",
        Text,
        nullable=False,
        comment="JSON list, 1 Monday to 7 Sunday, the unit is on duty",
    ),
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
