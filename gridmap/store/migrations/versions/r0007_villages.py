"""Village work: contracts of the collective, its income, deliberations, each with an
append-only record.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _since(name: str, comment: str | None = None) -> sa.Column[int]:
    return sa.Column(
        name, sa.BigInteger(), server_default="0", nullable=False, comment=comment
    )


def _entries(of: str, name: str) -> None:
    op.create_table(
        f"{name}_entries",
        sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False, comment="JSON: what was decided"),
        sa.ForeignKeyConstraint(
            [name], [f"{of}.id"], name=op.f(f"fk_{name}_entries_{name}")
        ),
        sa.PrimaryKeyConstraint(name, "number", name=op.f(f"pk_{name}_entries")),
    )


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "contracts",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column(
            "client_id", sa.Text(), nullable=True, comment="makes it safe to send it again"
        ),
        sa.Column("village", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="what is let"),
        sa.Column(
            "title",
            sa.Text(),
            nullable=False,
            comment="what the village calls it; no names of persons",
        ),
        sa.Column(
            "area_written", sa.Double(), nullable=False, comment="mu, as the contract says"
        ),
        sa.Column(
            "price_before", sa.Double(), nullable=False, comment="yuan per mu and year"
        ),
        sa.Column(
            "area_measured",
            sa.Double(),
            server_default="0",
            nullable=False,
            comment="mu; 0: not measured yet",
        ),
        sa.Column(
            "price_after",
            sa.Double(),
            server_default="0",
            nullable=False,
            comment="yuan per mu and year",
        ),
        sa.Column(
            "irregular",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="what the last review found",
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="entries in its record"),
        sa.Column("listed_at", sa.BigInteger(), nullable=False),
        _since("published_at"),
        _since("reviewed_at"),
        _since("reviewed_by"),
        _since("decided_at", "kept or cleared"),
        sa.Column("relapses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("client_id", name=op.f("uq_contracts_client_id")),
    )
    op.create_index("ix_contracts_village", "contracts", ["village"], unique=False)
    _entries("contracts", "contract")
    op.create_table(
        "village_incomes",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("village", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "yuan",
            sa.BigInteger(),
            nullable=False,
            comment="income of the village collective in that year",
        ),
        sa.Column(
            "at",
            sa.BigInteger(),
            nullable=False,
            comment="when it was noted; the latest of a year counts",
        ),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column(
            "words",
            sa.Text(),
            nullable=True,
            comment="where the figure is from, or why it is corrected",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_incomes")),
    )
    op.create_index(
        "ix_village_incomes_village", "village_incomes", ["village"], unique=False
    )
    op.create_table(
        "deliberations",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column(
            "client_id", sa.Text(), nullable=True, comment="makes it safe to send it again"
        ),
        sa.Column("area", sa.BigInteger(), nullable=False, comment="a village or grid"),
        sa.Column("kind", sa.Text(), nullable=False, comment="households, council"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="entries in its record"),
        sa.Column("meetings", sa.Integer(), nullable=False),
        sa.Column("objections", sa.Integer(), server_default="0", nullable=False),
        sa.Column("decision", sa.Text(), nullable=True, comment="the one in force"),
        sa.Column("met_at", sa.BigInteger(), nullable=False, comment="the last meeting"),
        _since("resume_at", "when an adjourned one goes on"),
        _since("decided_at"),
        _since("notice_until", "end of the public notice"),
        _since("follow_up_at", "when it is to be followed up"),
        _since("done_at"),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliberations")),
        sa.UniqueConstraint("client_id", name=op.f("uq_deliberations_client_id")),
    )
    op.create_index("ix_deliberations_area", "deliberations", ["area"], unique=False)
    _entries("deliberations", "deliberation")
    op.create_table(
        "deliberation_matters",
        sa.Column("deliberation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("matter", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["deliberation"],
            ["deliberations.id"],
            name=op.f("fk_deliberation_matters_deliberation"),
        ),
        sa.PrimaryKeyConstraint(
            "deliberation", "matter", name=op.f("pk_deliberation_matters")
        ),
    )
    op.create_index(
        "ix_deliberation_matters_matter", "deliberation_matters", ["matter"], unique=False
    )
