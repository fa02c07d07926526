"""The shape of an SQLite database, to compare with another."""

from pysqlite3 import dbapi2 as sqlite

REVISION = "alembic_version"
OUTLINE = (
    "SELECT m.name, c.* FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS c",
    """
    SELECT m.name, f."table", f."from", f."to", f.on_delete
    FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f
    """,
    """
    SELECT m.name, l."unique", l.origin, group_concat(i.name)
    FROM sqlite_master AS m, pragma_index_list(m.name) AS l, pragma_index_info(l.name) AS i
    GROUP BY m.name, l.name
    """,
    "SELECT type, tbl_name, sql FROM sqlite_master WHERE type != 'table'",
)


def outline(home):
    """What SQLite says of columns, references, indexes, triggers and views in the database of
    `home`, but for the number of its revision.
    """
    with sqlite.connect(home / "city.db") as connection:
        shape = [
            sorted(
                (row for row in connection.execute(query) if REVISION not in row), key=str
            )
            for query in OUTLINE
        ]
    connection.close()
    return shape
