"""Rooms of townships and villages: mediation, tasks, village work."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "mediators",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="MediatorKind"),
        sa.Column("area", sa.BigInteger(), nullable=False, comment="the place served"),
        sa.Column(
            "specialities",
            sa.Text(),
            nullable=False,
            comment="JSON list of kinds of disputes",
        ),
        sa.Column(
            "capacity", sa.Integer(), nullable=False, comment="open disputes at a time"
        ),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True, comment="last day in office"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediators")),
    )
    op.create_index("ix_mediators_area", "mediators", ["area"], unique=False)
    op.create_table(
        "tasks",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "client_id", sa.Text(), nullable=True, comment="makes it safe to send it again"
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="visit, hazard_check, law"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column(
            "areas",
            sa.Text(),
            nullable=False,
            comment="JSON list of the places it was made for",
        ),
        sa.Column(
            "checklist",
            sa.Text(),
            nullable=False,
            comment="JSON list of questions, answered yes or no",
        ),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("client_id", name=op.f("uq_tasks_client_id")),
    )
    op.create_table(
        "disputes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "client_id", sa.Text(), nullable=True, comment="makes it safe to send it again"
        ),
        sa.Column(
            "area",
            sa.BigInteger(),
            nullable=False,
            comment="a village or grid, or a larger place",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="petition, police, court"),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="what it is about; mediators have the same as specialities",
        ),
        sa.Column(
            "parties",
            sa.Text(),
            nullable=False,
            comment="JSON list of roles; no names are kept",
        ),
        sa.Column("text", sa.Text(), nullable=True, comment="in a sentence, without names"),
        sa.Column(
            "matter", sa.BigInteger(), nullable=True, comment="the matter it arose from"
        ),
        sa.Column(
            "slip", sa.Text(), nullable=True, comment="number of the court's referral slip"
        ),
        sa.Column(
            "return_due_at",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="when the slip is due back",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="lines in its journal"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("mediator", sa.BigInteger(), nullable=True),
        sa.Column("entrusted_at", sa.BigInteger(), nullable=False),
        sa.Column("sessions", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "agreed_at",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="of the agreement in force",
        ),
        sa.Column("ended_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "follow_up_at",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="when the agreement is visited",
        ),
        sa.Column("visited_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("relapses", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "returned_at",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="when the slip went back",
        ),
        sa.Column(
            "late",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="it went back after the day it was due",
        ),
        sa.Column(
            "explained",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="why it was late has been said",
        ),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediator"], ["mediators.id"], name=op.f("fk_disputes_mediator")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("client_id", name=op.f("uq_disputes_client_id")),
    )
    op.create_index("ix_disputes_area", "disputes", ["area"], unique=False)
    op.create_index("ix_disputes_entrusted_at", "disputes", ["entrusted_at"], unique=False)
    op.create_index("ix_disputes_matter", "disputes", ["matter"], unique=False)
    op.create_index("ix_disputes_mediator", "disputes", ["mediator"], unique=False)
    op.create_table(
        "task_findings",
        sa.Column("task", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("matter", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("grid", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_task_findings_task")),
        sa.PrimaryKeyConstraint("task", "matter", name=op.f("pk_task_findings")),
    )
    op.create_index("ix_task_findings_matter", "task_findings", ["matter"], unique=False)
    op.create_table(
        "task_parts",
        sa.Column("task", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("grid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "lon",
            sa.Double(),
            nullable=False,
            comment="a place inside the grid, EPSG:4490: where it lies when borders move",
        ),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column(
            "was",
            sa.BigInteger(),
            nullable=True,
            comment="the grid it moved here from when borders were redrawn",
        ),
        sa.Column("done_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_by", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "answers",
            sa.Text(),
            nullable=True,
            comment="JSON list of true or false, one a question",
        ),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("photos", sa.Text(), nullable=True, comment="JSON list of attachments"),
        sa.Column(
            "client_id",
            sa.Text(),
            nullable=True,
            comment="a phone's own number of what it sent",
        ),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_task_parts_task")),
        sa.PrimaryKeyConstraint("task", "grid", name=op.f("pk_task_parts")),
        sa.UniqueConstraint("client_id", name=op.f("uq_task_parts_client_id")),
    )
    op.create_index("ix_task_parts_grid", "task_parts", ["grid"], unique=False)
    op.create_table(
        "dispute_lines",
        sa.Column("dispute", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False, comment="JSON: what was decided"),
        sa.ForeignKeyConstraint(
            ["dispute"], ["disputes.id"], name=op.f("fk_dispute_lines_dispute")
        ),
        sa.PrimaryKeyConstraint("dispute", "number", name=op.f("pk_dispute_lines")),
    )
