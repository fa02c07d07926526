"""Divisions above the grid: city, counties, townships, villages, and their outlines."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select

from gridmap.codes import level_of, parent
from gridmap.errors import NotFoundError
from gridmap.geo.crs import GEOGRAPHIC
from gridmap.model import Level
from gridmap.store.base.frames import frame, from_wkb, records, require, to_wkb, unique
from gridmap.store.base.store import Store, touch
from gridmap.store.tables import plans, unit_shapes, units

AS_GIVEN = 0
"""The plan number of outlines that came with the divisions themselves, before any plan."""


def replace_units(
    store: Store, table: pd.DataFrame, shapes: gpd.GeoDataFrame | None = None
) -> None:
    """Make `table` the divisions of the city, in one transaction.

    Parameters
    ----------
    store : Store
        The open city.
    table : DataFrame
        code (int), level (0 to 3), name; optionally name_en.
    shapes : GeoDataFrame, optional
        code, geometry (EPSG:4490): outlines as their source gives them, shown until a plan
        is published.

    Raises InputError when columns are missing, a code stands twice or is malformed.
    """
    with store.write() as connection:
        put_units(connection, table)
        if shapes is not None:
            put_shapes(connection, AS_GIVEN, shapes)
        touch(connection)


def put_units(connection: Connection, table: pd.DataFrame) -> None:
    """Make `table` the divisions, as `replace_units` does, inside the caller's transaction."""
    require(table, ("code", "level", "name"), what="divisions")
    unique(table, "code", what="divisions")
    rows = table.reindex(columns=["code", "level", "name", "name_en"])
    rows["name_en"] = rows["name_en"].astype(object).fillna(rows["name"])
    rows["parent"] = [_parent(int(code)) for code in rows["code"]]
    connection.execute(delete(units))
    connection.execute(insert(units), records(rows))


def read_units(store: Store) -> pd.DataFrame:
    """The divisions by code: code (int64), level (int64), name, name_en, parent (int64, 0
    for the city).
    """
    columns = (
        units.c.code,
        units.c.level,
        units.c.name,
        units.c.name_en,
        func.coalesce(units.c.parent, 0),
    )
    query = select(*columns[:4], columns[4].label("parent")).order_by(units.c.code)
    with store.read() as connection:
        return frame(connection, query, code="int64", level="int64", parent="int64")


def put_shapes(connection: Connection, plan: int, shapes: gpd.GeoDataFrame) -> None:
    """Replace the outlines of `plan` by `shapes` (code, geometry) inside the caller's
    transaction.
    """
    connection.execute(delete(unit_shapes).where(unit_shapes.c.plan == plan))
    rows = [
        {"plan": plan, "code": int(code), "wkb": wkb}
        for code, wkb in zip(shapes["code"], to_wkb(shapes.geometry), strict=True)
    ]
    if rows:
        connection.execute(insert(unit_shapes), rows)


def read_unit_shapes(
    store: Store, *, plan: int | None = None, level: Level | None = None
) -> gpd.GeoDataFrame:
    """Outlines by code: code (int64), level (int64), geometry (EPSG:4490).

    Of `plan`; by default of the plan in force, or as given when there is none. Raises
    NotFoundError when that plan has no outlines.
    """
    with store.read() as connection:
        if plan is None:
            plan = (
                connection.scalar(select(plans.c.id).where(plans.c.state == "in_force"))
                or AS_GIVEN
            )
        query = select(unit_shapes.c.code, unit_shapes.c.wkb).where(
            unit_shapes.c.plan == plan
        )
        rows = connection.execute(query.order_by(unit_shapes.c.code)).fetchall()
    if not rows:
        raise NotFoundError(
            f"Plan {plan} has no outlines. Import grids or divisions first."
        )
    codes = np.array([row.code for row in rows], dtype=np.int64)
    shapes = gpd.GeoDataFrame(
        {
            "code": codes,
            "level": np.array([level_of(code) for code in codes], dtype=np.int64),
        },
        geometry=from_wkb(row.wkb for row in rows),
        crs=GEOGRAPHIC,
    )
    return (
        shapes if level is None else shapes[shapes["level"] == level].reset_index(drop=True)
    )


def _parent(code: int) -> int | None:
    return None if level_of(code) is Level.CITY else parent(code)
