"""Redrawing: drafts of plans with their steps, comments and locks; what publishing a plan moved."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables; let plans say where they come from."""
    for name, kind, comment in (
        ("draft", sa.BigInteger(), "the draft it was published from"),
        ("restores", sa.Integer(), "the earlier plan whose grids it brings back"),
        ("published_by", sa.BigInteger(), None),
        ("published_at", sa.BigInteger(), None),
        (
            "moved",
            sa.Text(),
            "JSON: what publishing moved with the grids, so that it can be taken back",
        ),
    ):
        op.add_column("plans", sa.Column(name, kind, nullable=True, comment=comment))
    op.create_table(
        "drafts",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column(
            "base",
            sa.Integer(),
            nullable=False,
            comment="the published plan its steps start from",
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "owner", sa.BigInteger(), nullable=False, comment="user; 0: the command line"
        ),
        sa.Column(
            "shared", sa.Boolean(), nullable=False, comment="other planners may edit it too"
        ),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="draft, submitted, returned, approved, published or dropped",
        ),
        sa.Column(
            "head",
            sa.Integer(),
            nullable=False,
            comment="the step it stands at; 0: the base plan itself",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            comment="counts every change of the draft",
        ),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("submitted_by", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("decided_by", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("decided_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("decision", sa.Text(), nullable=True, comment="what who decided wrote"),
        sa.Column(
            "effective", sa.Date(), nullable=True, comment="asked for: first day in force"
        ),
        sa.Column("plan", sa.Integer(), nullable=True, comment="what it was published as"),
        sa.ForeignKeyConstraint(["base"], ["plans.id"], name=op.f("fk_drafts_base")),
        sa.ForeignKeyConstraint(["plan"], ["plans.id"], name=op.f("fk_drafts_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_state", "drafts", ["state"], unique=False)
    op.create_table(
        "draft_steps",
        sa.Column("draft", sa.BigInteger(), nullable=False),
        sa.Column(
            "step",
            sa.Integer(),
            nullable=False,
            comment="from 1; never changed, never deleted",
        ),
        sa.Column(
            "parent",
            sa.Integer(),
            nullable=False,
            comment="the step before; 0: the base plan",
        ),
        sa.Column(
            "base",
            sa.Integer(),
            nullable=False,
            comment="the plan below its first ancestor",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="split, merge, reshape, …"),
        sa.Column(
            "grids",
            sa.Text(),
            nullable=False,
            comment="JSON list of codes: what it took away and what it made",
        ),
        sa.Column("change", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "aside",
            sa.Boolean(),
            nullable=False,
            comment="kept beside the draft: somebody else had saved first",
        ),
        sa.ForeignKeyConstraint(
            ["draft"], ["drafts.id"], name=op.f("fk_draft_steps_draft")
        ),
        sa.PrimaryKeyConstraint("draft", "step", name=op.f("pk_draft_steps")),
    )
    op.create_table(
        "draft_comments",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("draft", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "lon",
            sa.Double(),
            nullable=True,
            comment="EPSG:4490; null: about the draft as a whole",
        ),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("resolved_by", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("resolved_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["draft"], ["drafts.id"], name=op.f("fk_draft_comments_draft")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_comments")),
    )
    op.create_index("ix_draft_comments_draft", "draft_comments", ["draft"], unique=False)
    op.create_table(
        "draft_locks",
        sa.Column("draft", sa.BigInteger(), nullable=False),
        sa.Column("grid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft"], ["drafts.id"], name=op.f("fk_draft_locks_draft")
        ),
        sa.PrimaryKeyConstraint("draft", "grid", name=op.f("pk_draft_locks")),
    )
    op.create_index("ix_draft_locks_grid", "draft_locks", ["grid"], unique=False)
