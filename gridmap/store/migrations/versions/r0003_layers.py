"""Reference layers and base maps."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "basemaps",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the file, its name below home/basemap",
        ),
        sa.Column("format", sa.Text(), nullable=False, comment="png, jpg, webp"),
        sa.Column("crs", sa.Text(), nullable=False, comment="wgs84, gcj02, bd09"),
        sa.Column("min_zoom", sa.Integer(), nullable=False),
        sa.Column("max_zoom", sa.Integer(), nullable=False),
        *_box(),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basemaps")),
    )
    op.create_table(
        "layers",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True, comment="null: the same"),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="roads, buildings, water, places, other",
        ),
        sa.Column(
            "file", sa.Text(), nullable=False, comment="name of the file it came from"
        ),
        sa.Column(
            "digest", sa.Text(), nullable=False, comment="SHA-256 of its features as kept"
        ),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        *_box(),
        sa.Column(
            "position", sa.Integer(), nullable=False, comment="lower ones are drawn first"
        ),
        sa.Column(
            "visible",
            sa.Boolean(),
            nullable=False,
            comment="shown until a reader switches it off",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layers")),
        sa.UniqueConstraint("name", name=op.f("uq_layers_name")),
    )
    op.create_table(
        "layer_features",
        sa.Column("layer", sa.BigInteger(), nullable=False),
        sa.Column(
            "id", sa.Integer(), nullable=False, comment="number in its layer, from 1"
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("wkb", sa.LargeBinary(), nullable=False, comment="EPSG:4490"),
        *_box(),
        sa.Column(
            "households",
            sa.Integer(),
            nullable=True,
            comment="of a building; null: not known",
        ),
        sa.ForeignKeyConstraint(
            ["layer"], ["layers.id"], name=op.f("fk_layer_features_layer")
        ),
        sa.PrimaryKeyConstraint("layer", "id", name=op.f("pk_layer_features")),
    )
    op.create_index(
        "ix_layer_features_layer_west", "layer_features", ["layer", "west"], unique=False
    )


def _box() -> list[sa.Column[float]]:
    return [
        sa.Column(side, sa.Double(), nullable=False)
        for side in ("west", "south", "east", "north")
    ]
