"""Views with real geometry, for QGIS and its like, where the database has PostGIS.

map_grids     the grids of the plan in force: code, name, kind, households, population, geom
(EPSG:4490)
map_units     outlines of villages, townships and counties: code, level, name, name_en, geom
map_matters   finished matters as points: id, category, grid, reported_at, closed_at
(timestamps), status, geom
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text

NAMES = ("map_grids", "map_units", "map_matters")
VIEWS = (
    """
    CREATE VIEW map_grids AS
    SELECT g.code, g.name, g.kind, g.households, g.population,
           ST_Multi(ST_SetSRID(ST_GeomFromWKB(g.wkb), 4490))::geometry(MultiPolygon, 4490) AS geom
    FROM grids AS g JOIN plans AS p ON p.id = g.plan WHERE p.state = 'in_force'
    """,
    """
    CREATE VIEW map_units AS
    SELECT s.code, u.level, u.name, u.name_en,
           ST_Multi(ST_SetSRID(ST_GeomFromWKB(s.wkb), 4490))::geometry(MultiPolygon, 4490) AS geom
    FROM unit_shapes AS s JOIN plans AS p ON p.id = s.plan LEFT JOIN units AS u ON u.code = s.code
    WHERE p.state = 'in_force'
    """,
    """
    CREATE VIEW map_matters AS
    SELECT m.id, c.code AS category, m.grid, to_timestamp(m.reported_at) AS reported_at,
           to_timestamp(m.closed_at) AS closed_at, m.status,
           ST_SetSRID(ST_MakePoint(m.lon, m.lat), 4490)::geometry(Point, 4490) AS geom
    FROM matters AS m
    JOIN categories AS c ON c.id = m.category
    LEFT JOIN imports AS i ON i.id = m.import_id
    WHERE m.import_id IS NULL OR i.state = 'visible'
    """,
)


def make_views(engine: Engine) -> None:
    """Make the views where PostGIS is installed in the database and they are not there yet."""
    if engine.dialect.name != "postgresql":
        return
    with engine.begin() as connection:
        if _has_postgis(connection) and not _has_views(connection):
            for view in VIEWS:
                connection.execute(text(view))


def drop_views(connection: Connection) -> None:
    """Remove the views, so that a migration may change the tables below them."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"DROP VIEW IF EXISTS {', '.join(NAMES)}"))


def _has_postgis(connection: Connection) -> bool:
    return bool(
        connection.scalar(
            text("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'")
        )
    )


def _has_views(connection: Connection) -> bool:
    query = text(
        "SELECT count(*) FROM pg_views WHERE viewname = 'map_matters' AND schemaname = "
        "current_schema()"
    )
    return bool(connection.scalar(query))
