"""Matters in motion: offices, users, cases with their journals, clocks, photos, outbox, windows."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables; give journals their numbers."""
    op.create_table(
        "alarms",
        sa.Column("matter", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="near_due, overdue, step_overdue"
        ),
        sa.Column(
            "due_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="the limit it is about",
        ),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("office", sa.Integer(), nullable=False, comment="whose move it was"),
        sa.PrimaryKeyConstraint("matter", "kind", "due_at", name=op.f("pk_alarms")),
    )
    op.create_table(
        "attachments",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the file as kept, its name below home/photos",
        ),
        sa.Column(
            "matter", sa.BigInteger(), nullable=True, comment="null: uploaded, not yet used"
        ),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False, comment="media type"),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column(
            "lon",
            sa.Double(),
            nullable=True,
            comment="where the picture says it was taken, EPSG:4490",
        ),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column(
            "taken_at",
            sa.BigInteger(),
            nullable=True,
            comment="when the picture says it was taken",
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("client_id", name=op.f("uq_attachments_client_id")),
    )
    op.create_index("ix_attachments_matter", "attachments", ["matter"], unique=False)
    op.create_table(
        "cases",
        sa.Column("matter", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="case number"),
        sa.Column(
            "receipt", sa.Text(), nullable=False, comment="what the reporter asks with"
        ),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of what was sent under the client's id",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="steps in its journal"),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("category", sa.SmallInteger(), nullable=False),
        sa.Column("grid", sa.BigInteger(), nullable=False),
        sa.Column(
            "office",
            sa.Integer(),
            nullable=False,
            comment="whose move it is; 0: the dispatcher's queue of the area",
        ),
        sa.Column("person", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reporter", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "since", sa.BigInteger(), nullable=False, comment="when the present step began"
        ),
        sa.Column("step_due_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("dispatch_due_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("dispatched_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("handled_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("answered_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closed_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("parked_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("whistles", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column(
            "whistled_at",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="of the open whistle",
        ),
        sa.Column("reworks", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("supervised", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("reopened", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column(
            "extension_by",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="who asked for the open extension",
        ),
        sa.Column("rating", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column(
            "parent",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="the matter it repeats",
        ),
        sa.Column(
            "state",
            sa.Text(),
            server_default="{}",
            nullable=False,
            comment="JSON: the rest of the case",
        ),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column(
            "contact",
            sa.Text(),
            nullable=True,
            comment="of the reporter; optional, shown to who handles it, deleted after a period",
        ),
        sa.PrimaryKeyConstraint("matter", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
        sa.UniqueConstraint("receipt", name=op.f("uq_cases_receipt")),
    )
    op.create_index("ix_cases_due_at", "cases", ["due_at"], unique=False)
    op.create_index(
        "ix_cases_tally",
        "cases",
        [
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
        ],
        unique=False,
    )
    op.create_index("ix_cases_office_status", "cases", ["office", "status"], unique=False)
    op.create_index("ix_cases_parent", "cases", ["parent"], unique=False)
    op.create_index("ix_cases_person", "cases", ["person"], unique=False)
    op.create_index("ix_cases_reported_at", "cases", ["reported_at"], unique=False)
    op.create_index("ix_cases_reporter", "cases", ["reporter"], unique=False)
    for name in ("due_at", "step_due_at"):
        op.create_index(
            f"ix_cases_running_{name}",
            "cases",
            [name],
            unique=False,
            sqlite_where=sa.text("status IN (0, 1, 2, 3, 8)"),
            postgresql_where=sa.text("status IN (0, 1, 2, 3, 8)"),
        )
    op.create_table(
        "holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holidays")),
    )
    op.create_table(
        "offices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="OfficeKind"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column(
            "area", sa.BigInteger(), nullable=False, comment="the division it works for"
        ),
        sa.Column(
            "department",
            sa.Text(),
            nullable=True,
            comment="of a department: its name in categories.handler and in routing rules",
        ),
        sa.Column("phone", sa.Text(), nullable=True, comment="duty telephone"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
    )
    op.create_index("ix_offices_area", "offices", ["area"], unique=False)
    op.create_table(
        "outbox",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "key",
            sa.Text(),
            nullable=False,
            comment="one message for one thing, however often it is put",
        ),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False, comment="JSON"),
        sa.Column("state", sa.Text(), nullable=False, comment="waiting, sent, dead"),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("next_try", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_state_next_try", "outbox", ["state", "next_try"], unique=False
    )
    op.create_table(
        "routing_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Text(),
            nullable=False,
            comment="code or its beginning; empty: every category",
        ),
        sa.Column(
            "area",
            sa.BigInteger(),
            nullable=False,
            comment="a place and all in it; the city's code: everywhere",
        ),
        sa.Column(
            "first", sa.Text(), nullable=False, comment="OfficeKind of the first desk"
        ),
        sa.Column(
            "department",
            sa.Text(),
            nullable=True,
            comment="who it is dispatched to by default; empty: the first desk's choice",
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rules")),
    )
    op.create_table(
        "serials",
        sa.Column("county", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("county", "day", name=op.f("pk_serials")),
    )
    op.create_table(
        "step_limits",
        sa.Column(
            "step",
            sa.Text(),
            nullable=False,
            comment="accept, dispatch, handle, verify, heed",
        ),
        sa.Column(
            "category",
            sa.Text(),
            nullable=False,
            comment="code or its beginning; empty: every category",
        ),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("step", "category", name=op.f("pk_step_limits")),
    )
    op.create_table(
        "whistles",
        sa.Column("matter", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "whistle",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="journal step of the whistle",
        ),
        sa.Column("from_office", sa.Integer(), nullable=False),
        sa.Column("to_office", sa.Integer(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("heeded_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "apt",
            sa.Boolean(),
            nullable=True,
            comment="吹哨准: judged apt by who heeded it",
        ),
        sa.Column(
            "rating",
            sa.SmallInteger(),
            server_default="0",
            nullable=False,
            comment="评哨严: 1 to 5 by who whistled",
        ),
        sa.Column(
            "lapsed_at",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="the matter ended before an answer",
        ),
        sa.PrimaryKeyConstraint("matter", "whistle", name=op.f("pk_whistles")),
    )
    op.create_index("ix_whistles_to_office", "whistles", ["to_office"], unique=False)
    op.create_table(
        "users",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False, comment="UserRole"),
        sa.Column("office", sa.Integer(), nullable=True),
        sa.Column(
            "area",
            sa.BigInteger(),
            nullable=False,
            comment="the place this user answers for",
        ),
        sa.Column(
            "worker",
            sa.Integer(),
            nullable=True,
            comment="the same person in the staff list",
        ),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column(
            "demo",
            sa.Boolean(),
            nullable=False,
            comment="may be taken by the demonstration's sign-in",
        ),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name=op.f("fk_users_office")),
        sa.ForeignKeyConstraint(["worker"], ["workers.id"], name=op.f("fk_users_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
    )
    op.create_index("ix_users_area", "users", ["area"], unique=False)
    op.create_index("ix_users_office", "users", ["office"], unique=False)
    op.create_index("ix_users_worker", "users", ["worker"], unique=False)
    op.create_table(
        "windows",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("office", sa.Integer(), nullable=False, comment="the one-stop centre"),
        sa.Column(
            "platform",
            sa.Text(),
            nullable=False,
            comment="one of the centre's working platforms",
        ),
        sa.Column("unit", sa.Text(), nullable=False, comment="the unit that sits there"),
        sa.Column(
            "platform_en",
            sa.Text(),
            nullable=True,
            comment="their names on English pages; null: the same",
        ),
        sa.Column("unit_en", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False, comment="resident or rotating"),
        sa.Column(
            "weekdays",
            sa.Text(),
            nullable=False,
            comment="JSON list, 1 Monday to 7 Sunday, the unit is on duty",
        ),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name=op.f("fk_windows_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_windows")),
    )
    op.create_index("ix_windows_office", "windows", ["office"], unique=False)
    op.create_table(
        "absences",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("user", sa.BigInteger(), nullable=False),
        sa.Column("stand_in", sa.BigInteger(), nullable=True),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column(
            "ends", sa.BigInteger(), nullable=True, comment="null: until further notice"
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stand_in"], ["users.id"], name=op.f("fk_absences_stand_in")
        ),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_absences_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_stand_in", "absences", ["stand_in"], unique=False)
    op.create_index("ix_absences_user", "absences", ["user"], unique=False)
    op.create_table(
        "device_keys",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the key; the key itself is not kept",
        ),
        sa.Column("user", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column(
            "areas",
            sa.Text(),
            nullable=False,
            comment="JSON list of codes the key may report in; empty: the user's own",
        ),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_device_keys_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_keys")),
        sa.UniqueConstraint("digest", name=op.f("uq_device_keys_digest")),
    )
    op.create_index("ix_device_keys_user", "device_keys", ["user"], unique=False)
    op.create_table(
        "duties",
        sa.Column("window", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.BigInteger(), nullable=False, comment="when the presence was noted"
        ),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["window"], ["windows.id"], name=op.f("fk_duties_window")),
        sa.PrimaryKeyConstraint("window", "day", name=op.f("pk_duties")),
    )
    op.add_column(
        "events",
        sa.Column(
            "step",
            sa.Integer(),
            nullable=True,
            comment="number in the journal of its matter, from 1; null: an imported line",
        ),
    )
    op.create_index(
        "uq_events_matter_step",
        "events",
        ["matter", "step"],
        unique=True,
        sqlite_where=sa.text("step IS NOT NULL"),
        postgresql_where=sa.text("step IS NOT NULL"),
    )
    op.add_column(
        "visits",
        sa.Column(
            "client_id",
            sa.Text(),
            nullable=True,
            comment="a phone's own number of a check-in, so that it may be sent twice",
        ),
    )
    op.create_index("uq_visits_client_id", "visits", ["client_id"], unique=True)
