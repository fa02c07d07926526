"""Journals are only ever added to, by the database's own word.

No table changes its shape: `gridmap.store.base.migrate` protects the journals there are
(`gridmap.store.tables.journals`) at the end of every way up, this first one included.
"""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Change nothing beside."""
