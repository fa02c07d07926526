"""What all tables share: their names, the types of their numbers, and the city's few single
values.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, SmallInteger, Table, Text

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

# SQLite's own row number is spelled INTEGER PRIMARY KEY; any other type would cost a second B-tree.
Serial = BigInteger().with_variant(Integer, "sqlite")
SmallSerial = SmallInteger().with_variant(Integer, "sqlite")


meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
