"""Tables of a copied city emptied, so that a test fills them anew."""

from sqlalchemy import delete, text

from gridmap.store.tables.journals import APPEND_ONLY, protect


def empty(store, *tables):
    """Delete what is in `tables`, children first; journals are opened for it and closed."""
    with store.write() as connection:
        for table in tables:
            if table.info.get(APPEND_ONLY):
                connection.execute(text(f"DROP TRIGGER {table.name}_no_delete"))
            connection.execute(delete(table))
        protect(connection, tables[0].metadata)
