"""Plans: immutable versions of the grids, with their outlines and their point-location index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sqlalchemy import Connection, false, func, insert, select, update

from gridmap.errors import Fault, InputError, NotFoundError
from gridmap.geo.crs import GEOGRAPHIC, area_km2
from gridmap.geo.dissolve import dissolve
from gridmap.geo.locate import GridIndex
from gridmap.model import GridKind, Level
from gridmap.store.base.frames import (
    as_date,
    frame,
    from_wkb,
    records,
    require,
    to_wkb,
    unique,
)
from gridmap.store.base.store import Store, touch
from gridmap.store.plans.units import put_shapes
from gridmap.store.tables import grids, plans

IN_FORCE, PAST = "in_force", "past"
OUTLINED = (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)
MOST_SHAPES = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of the grids; `valid_to` is the first day it is no longer in force, None
    while it is.
    """

    id: int
    name: str
    valid_from: date
    digest: str
    valid_to: date | None = None

    def nearest(self, day: date) -> date:
        """`day`, or the nearest day on which the plan is in force."""
        last = self.valid_to - timedelta(days=1) if self.valid_to else day
        return max(self.valid_from, min(day, last))


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Grids ready to be put in force: ordered by code, with their blobs; the index file of
    `digest` is written.

    `table`: code, name, kind, households, population, geometry, and predecessors (tuple of
    codes) where known.
    """

    table: gpd.GeoDataFrame
    blobs: list[bytes]
    digest: str


def prepare(store: Store, table: gpd.GeoDataFrame) -> Prepared:
    """Make `table` (see `publish_plan`) ready; its index file is written first, so that a
    plan never lacks one.

    Raises InputError when columns are missing, a code stands twice, or there is no grid.
    """
    ordered = _ordered(table)
    blobs = to_wkb(ordered.geometry)
    digest = _digest(ordered["code"].to_numpy(dtype=np.int64), blobs)
    _save_index(store, digest, ordered)
    return Prepared(ordered, blobs, digest)


def publish_plan(
    store: Store,
    table: gpd.GeoDataFrame,
    *,
    name: str,
    valid_from: date | str,
    also: Callable[[Connection], None] | None = None,
) -> int:
    """Put `table` in force as a new plan, child of the one before, and return its number.

    `table`: code (15 digits), geometry (EPSG:4490); optionally name, kind, households,
    population. Grids, outlines of the levels above and the plan itself appear together or
    not at all. What `also` writes belongs to the same transaction.

    Raises InputError as `prepare` does.
    """
    prepared = prepare(store, table)
    shapes = [_outlines(prepared.table, level) for level in OUTLINED]
    with store.write() as connection:
        number = put_in_force(connection, prepared, name=name, start=as_date(valid_from))
        put_shapes(
            connection, number, gpd.GeoDataFrame(pd.concat(shapes, ignore_index=True))
        )
        if also is not None:
            also(connection)
        touch(connection)
    return number


def put_in_force(
    connection: Connection, prepared: Prepared, *, name: str, start: date, **about: Any
) -> int:
    """Write `prepared` as the plan in force from `start` on, inside the caller's
    transaction; its number.

    The plan before ends with that day, as do those of its grids that have no place in the
    new one; a grid that stays keeps the day it began. `about`: further columns of the plan.
    Outlines are the caller's business.
    """
    hold(connection)
    before = in_force(connection)
    connection.execute(
        update(plans).where(plans.c.state == IN_FORCE).values(state=PAST, valid_to=start)
    )
    number = int(connection.scalar(select(func.coalesce(func.max(plans.c.id), 0))) or 0) + 1
    row = {
        "id": number,
        "parent": before.id if before else None,
        "name": name,
        "state": IN_FORCE,
        "valid_from": start,
    }
    connection.execute(insert(plans).values({**row, "digest": prepared.digest, **about}))
    begun = _begun(connection, before.id) if before else {}
    codes = prepared.table["code"].tolist()
    connection.execute(
        insert(grids),
        [
            {**row, "plan": number, "wkb": wkb, "valid_from": begun.get(row["code"], start)}
            for row, wkb in zip(_rows(prepared.table), prepared.blobs, strict=True)
        ],
    )
    retired = sorted(begun.keys() - set(codes))
    for at in range(0, len(retired), MOST_SHAPES):
        gone = (
            (grids.c.plan == before.id) & grids.c.code.in_(retired[at : at + MOST_SHAPES])
            if before
            else false()
        )
        connection.execute(update(grids).where(gone).values(valid_to=start))
    return number


def _begun(connection: Connection, plan: int) -> dict[int, date]:
    """The first day of each grid of a plan."""
    rows = connection.execute(
        select(grids.c.code, grids.c.valid_from).where(grids.c.plan == plan)
    )
    return {int(code): day for code, day in rows}


def _rows(table: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    rows = records(table[["code", "name", "kind", "households", "population"]])
    given = (
        table["predecessors"].tolist()
        if "predecessors" in table.columns
        else [()] * len(table)
    )
    told = [
        json.dumps([int(code) for code in codes]) if len(codes) else None for codes in given
    ]
    return [{**row, "predecessors": text} for row, text in zip(rows, told, strict=True)]


def plan_in_force(store: Store) -> Plan:
    """The plan in force. Raises NotFoundError when no grids were ever published."""
    with store.read() as connection:
        plan = in_force(connection)
    if plan is None:
        raise NotFoundError(
            "The city has no grids yet. Import them with `gridmap import grids FILE`."
        )
    return plan


def read_plan(store: Store, plan: int) -> Plan:
    """The plan with this number. Raises NotFoundError when there is none."""
    with store.read() as connection:
        row = connection.execute(select(plans).where(plans.c.id == plan)).first()
    if row is None:
        raise NotFoundError(f"There is no plan {plan}.")
    return Plan(row.id, row.name, row.valid_from, row.digest, row.valid_to)


def read_plans(store: Store) -> pd.DataFrame:
    """All plans, newest first: id (int64), name, state, valid_from, valid_to (dates or
    None), parent, draft, restores, published_by (0: none).
    """
    columns: list[Any] = [
        plans.c[name] for name in ("id", "name", "state", "valid_from", "valid_to")
    ]
    numbers = ("parent", "draft", "restores", "published_by")
    columns += [func.coalesce(plans.c[name], 0).label(name) for name in numbers]
    with store.read() as connection:
        query = select(*columns).order_by(plans.c.id.desc())
        return frame(connection, query, id="int64", **dict.fromkeys(numbers, "int64"))


def read_grids(store: Store, plan: int | None = None) -> gpd.GeoDataFrame:
    """The grids of `plan` (default: in force) by code: code (int64), name, kind,
    households, population (int64), geometry.
    """
    number = plan_in_force(store).id if plan is None else plan
    columns = [
        grids.c[name]
        for name in ("code", "name", "kind", "households", "population", "wkb")
    ]
    with store.read() as connection:
        query = select(*columns).where(grids.c.plan == number).order_by(grids.c.code)
        table = frame(
            connection, query, code="int64", households="int64", population="int64"
        )
    if table.empty:
        raise NotFoundError(f"There is no plan {number}.")
    return gpd.GeoDataFrame(
        table.drop(columns="wkb"), geometry=from_wkb(table["wkb"]), crs=GEOGRAPHIC
    )


def shapes_of(store: Store, codes: Iterable[int]) -> dict[int, shapely.Geometry]:
    """The polygons (EPSG:4490) of those of `codes` that are grids of the plan in force, by
    code; at most 500 codes.
    """
    wanted = list(codes)[:MOST_SHAPES]
    number = plan_in_force(store).id
    with store.read() as connection:
        query = select(grids.c.code, grids.c.wkb).where(
            grids.c.plan == number, grids.c.code.in_(wanted)
        )
        return {int(code): shapely.from_wkb(wkb) for code, wkb in connection.execute(query)}


def history_of(store: Store, code: int) -> pd.DataFrame:
    """One grid in every plan that had it, newest first: plan, name, state, valid_from,
    valid_to, households, area_km2.
    """
    columns = [
        plans.c.id.label("plan"),
        plans.c.name,
        plans.c.state,
        plans.c.valid_from,
        plans.c.valid_to,
    ]
    query = select(*columns, grids.c.households, grids.c.wkb).join(
        grids, grids.c.plan == plans.c.id
    )
    with store.read() as connection:
        table = frame(
            connection, query.where(grids.c.code == code).order_by(plans.c.id.desc())
        )
    table["area_km2"] = area_km2(from_wkb(table["wkb"])) if len(table) else []
    return table.drop(columns="wkb")


def retired(store: Store) -> gpd.GeoDataFrame:
    """The grids of earlier plans that are not in the one in force, each as it was last:
    code, name, geometry; by code.
    """
    number = plan_in_force(store).id
    present = select(grids.c.code).where(grids.c.plan == number)
    last = select(grids.c.code, func.max(grids.c.plan).label("plan")).where(
        grids.c.code.not_in(present)
    )
    found = last.group_by(grids.c.code).subquery()
    query = select(grids.c.code, grids.c.name, grids.c.wkb).join(
        found, (grids.c.code == found.c.code) & (grids.c.plan == found.c.plan)
    )
    with store.read() as connection:
        table = frame(connection, query.order_by(grids.c.code), code="int64")
    return gpd.GeoDataFrame(
        table.drop(columns="wkb"), geometry=list(from_wkb(table["wkb"])), crs=GEOGRAPHIC
    )


def redrawn(store: Store) -> npt.NDArray[np.int64]:
    """The sorted codes of grids that are not the same polygon in every plan, int64[n]; none
    with one plan.
    """
    with store.read() as connection:
        plans_there = int(connection.scalar(select(func.count()).select_from(plans)) or 0)
        if plans_there < 2:
            return np.empty(0, dtype=np.int64)
        differs = (func.count() < plans_there) | (func.count(grids.c.wkb.distinct()) > 1)
        query = (
            select(grids.c.code)
            .group_by(grids.c.code)
            .having(differs)
            .order_by(grids.c.code)
        )
        return np.fromiter(connection.scalars(query), dtype=np.int64)


def grid_codes(store: Store, plan: int | None = None) -> npt.NDArray[np.int64]:
    """The sorted codes of `plan` (default: in force), int64[n], without reading a polygon."""
    number = plan_in_force(store).id if plan is None else plan
    with store.read() as connection:
        rows = connection.execute(
            select(grids.c.code).where(grids.c.plan == number).order_by(grids.c.code)
        )
        return np.fromiter((code for (code,) in rows), dtype=np.int64)


def index(store: Store, plan: int | None = None) -> GridIndex:
    """The point-location index of `plan` (default: in force), from its file or built again."""
    found = plan_in_force(store) if plan is None else read_plan(store, plan)
    path = _index_path(store, found.digest)
    try:
        return GridIndex.load(path)
    except InputError:  # missing, damaged, or of an older format
        path.unlink(missing_ok=True)
        _save_index(store, found.digest, read_grids(store, found.id))
        return GridIndex.load(path)


def index_of(store: Store, digest: str) -> GridIndex:
    """The index of grids that have been prepared."""
    return GridIndex.load(_index_path(store, digest))


def hold(connection: Connection) -> None:
    """Let nobody else put a plan in force or give out codes of grids before the caller's
    transaction, which writes, ends.

    What is read afterwards is what the others before have left. The first plan stands for
    all of them: it never goes.
    """
    first = select(plans.c.id).order_by(plans.c.id).limit(1)
    connection.execute(first.with_for_update(key_share=True))


def in_force(connection: Connection) -> Plan | None:
    """The plan in force as the caller's transaction sees it; None when no grids were ever
    published.
    """
    row = connection.execute(select(plans).where(plans.c.state == IN_FORCE)).first()
    return Plan(row.id, row.name, row.valid_from, row.digest) if row else None


def _ordered(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    require(table, ("code", "geometry"), what="grids")
    if table.empty:
        raise InputError(
            Fault(rule="there are no grids", cure="Give a layer with at least one.")
        )
    unique(table, "code", what="grids")
    ordered = table.sort_values("code", ignore_index=True)
    defaults = {"name": "", "kind": GridKind.BASIC.value, "households": 0, "population": 0}
    for column, default in defaults.items():
        ordered[column] = (
            ordered[column].fillna(default) if column in ordered.columns else default
        )
    ordered["kind"] = [str(kind) for kind in ordered["kind"]]
    return ordered.astype({"code": "int64", "households": "int64", "population": "int64"})


def _digest(codes: npt.NDArray[np.int64], blobs: list[bytes]) -> str:
    content = hashlib.sha256(codes.tobytes())
    for blob in blobs:
        content.update(blob)
    return content.hexdigest()[:20]


def _index_path(store: Store, digest: str) -> Path:
    return store.folder("plans") / f"{digest}.npz"


def _save_index(store: Store, digest: str, table: gpd.GeoDataFrame) -> None:
    path = _index_path(store, digest)
    if not path.exists():
        GridIndex(
            table["code"].to_numpy(dtype=np.int64),
            np.asarray(table.geometry.array, dtype=object),
        ).save(path)


def _outlines(table: gpd.GeoDataFrame, level: Level) -> gpd.GeoDataFrame:
    codes, outlines = dissolve(
        table["code"].to_numpy(dtype=np.int64), table.geometry.array, level
    )
    return gpd.GeoDataFrame({"code": codes}, geometry=outlines, crs=GEOGRAPHIC)
