"""Alembic's entry: the connection is handed in by `gridmap.store.base.migrate`."""

from alembic import context

from gridmap.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
