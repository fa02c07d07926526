"""Reference layers in the truth: put whole, read by extent, searched by name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, delete, func, insert, select, update

from gridmap.errors import NotFoundError
from gridmap.geo.crs import GEOGRAPHIC
from gridmap.model import LayerKind
from gridmap.store.base.frames import frame, from_wkb, records, to_wkb
from gridmap.store.base.store import Store, count, part_key
from gridmap.store.tables import layer_features, layers

PART = "layers"
"""What the changes of layers are counted under (see `gridmap.store.base.store.part_key`)."""

NO_LAYER = "There is no such layer."
_SIDES = ("west", "south", "east", "north")
_INSERTED_AT_ONCE = 5000
_SHOWN = (
    "id",
    "name",
    "name_en",
    "kind",
    "file",
    "digest",
    "rows",
    "made_at",
    *_SIDES,
    "position",
    "visible",
)


@dataclass(frozen=True, slots=True)
class LayerAbout:
    """What a layer is called and how it is shown."""

    name: str
    kind: LayerKind
    file: str
    name_en: str = ""
    visible: bool = False


def put_layer(
    connection: Connection, about: LayerAbout, features: gpd.GeoDataFrame, *, now: int
) -> tuple[int, bool]:
    """Put a layer there, or in the place of the one of the same name, inside the caller's
    transaction.

    `features`: name, households (-1: not known), geometry (EPSG:4490). Returns its number
    and whether anything has changed: the same features under the same name and kind change
    nothing.
    """
    blobs = to_wkb(features.geometry)
    digest = _digest(about.kind, features, blobs)
    before = connection.execute(select(layers).where(layers.c.name == about.name)).first()
    if before is not None and before.digest == digest:
        return int(before.id), False
    box = shapely.total_bounds(np.asarray(features.geometry.array, dtype=object)).tolist()
    values = {
        "name_en": about.name_en or None,
        "kind": about.kind.value,
        "file": about.file,
        "digest": digest,
        "rows": len(features),
        "made_at": now,
        **dict(zip(_SIDES, box, strict=True)),
    }
    if before is not None:
        number = int(before.id)
        connection.execute(delete(layer_features).where(layer_features.c.layer == number))
        connection.execute(update(layers).where(layers.c.id == number).values(values))
    else:
        last = int(
            connection.scalar(select(func.coalesce(func.max(layers.c.position), 0))) or 0
        )
        own = {"name": about.name, "position": last + 1, "visible": about.visible}
        added = connection.execute(insert(layers).values(values | own))
        number = int(added.inserted_primary_key[0])  # type: ignore[index]
    _insert(connection, number, features, blobs)
    count(connection, part_key(PART))
    return number, True


def drop_layer(connection: Connection, layer: int) -> None:
    """Remove a layer inside the caller's transaction. Raises NotFoundError."""
    connection.execute(delete(layer_features).where(layer_features.c.layer == layer))
    if not connection.execute(delete(layers).where(layers.c.id == layer)).rowcount:
        raise NotFoundError(NO_LAYER)
    count(connection, part_key(PART))


def set_visible(connection: Connection, layer: int, *, visible: bool) -> None:
    """Show a layer from the start, or only when a reader switches it on. Raises NotFoundError."""
    if not connection.execute(
        update(layers).where(layers.c.id == layer).values(visible=visible)
    ).rowcount:
        raise NotFoundError(NO_LAYER)
    count(connection, part_key(PART))


def read_layers(store: Store) -> pd.DataFrame:
    """The layers in the order they are drawn: id, name, name_en, kind, file, digest, rows,
    made_at, west, south, east, north (degrees), position, visible.
    """
    query = select(*(layers.c[name] for name in _SHOWN)).order_by(
        layers.c.position, layers.c.id
    )
    with store.read() as connection:
        table = frame(
            connection, query, id="int64", rows="int64", made_at="int64", visible="bool"
        )
    table["name_en"] = table["name_en"].where(table["name_en"].notna(), table["name"])
    return table


def read_features(
    store: Store,
    *,
    layer: int = 0,
    kinds: Sequence[LayerKind] = (),
    bounds: tuple[float, float, float, float] | None = None,
    households_known: bool = False,
    limit: int | None = None,
) -> gpd.GeoDataFrame:
    """Features by layer and number: layer, id, kind, name, households (-1: not known),
    geometry (EPSG:4490).

    Narrowed to one `layer`, to `kinds`, to those whose extent meets `bounds` (west, south,
    east, north), to those whose households are known; at most `limit`.
    """
    columns = [
        layer_features.c[name] for name in ("layer", "id", "name", "households", "wkb")
    ]
    query = select(*columns, layers.c.kind).join(
        layers, layers.c.id == layer_features.c.layer
    )
    if layer:
        query = query.where(layer_features.c.layer == layer)
    if kinds:
        query = query.where(layers.c.kind.in_([kind.value for kind in kinds]))
    if bounds is not None:
        west, south, east, north = bounds
        box = layer_features.c
        query = query.where(
            box.west <= east, box.east >= west, box.south <= north, box.north >= south
        )
    if households_known:
        query = query.where(layer_features.c.households.is_not(None))
    query = query.order_by(layer_features.c.layer, layer_features.c.id).limit(limit)
    with store.read() as connection:
        table = frame(connection, query, layer="int64", id="int64")
    table["households"] = table["households"].fillna(-1).astype("int64")
    shapes = from_wkb(table["wkb"]) if len(table) else np.array([], dtype=object)
    order = ["layer", "id", "kind", "name", "households"]
    return gpd.GeoDataFrame(
        table[order], geometry=gpd.GeoSeries(shapes, index=table.index, crs=GEOGRAPHIC)
    )


def read_names(store: Store) -> pd.DataFrame:
    """The features that have a name, by layer and number: layer, id, name, west, south,
    east, north.
    """
    columns = [layer_features.c[name] for name in ("layer", "id", "name", *_SIDES)]
    query = (
        select(*columns)
        .where(layer_features.c.name != "")
        .order_by(layer_features.c.layer, layer_features.c.id)
    )
    with store.read() as connection:
        return frame(connection, query, layer="int64", id="int64")


def read_feature(store: Store, layer: int, number: int) -> shapely.Geometry:
    """The shape (EPSG:4490) of one feature. Raises NotFoundError."""
    this = (layer_features.c.layer == layer) & (layer_features.c.id == number)
    with store.read() as connection:
        blob = connection.scalar(select(layer_features.c.wkb).where(this))
    if blob is None:
        raise NotFoundError(NO_LAYER)
    return shapely.from_wkb(bytes(blob))


def version(store: Store) -> str:
    """A text that changes with the layers and base maps."""
    return store.get_meta(part_key(PART), "0")


def _insert(
    connection: Connection, layer: int, features: gpd.GeoDataFrame, blobs: list[bytes]
) -> None:
    shapes = np.asarray(features.geometry.array, dtype=object)
    table = pd.DataFrame(shapely.bounds(shapes), columns=list(_SIDES))
    table.insert(0, "id", np.arange(1, len(table) + 1))
    table["name"] = features["name"].to_numpy(dtype=object)
    known = features["households"].to_numpy(np.int64)
    table["households"] = [int(number) if number >= 0 else None for number in known]
    rows: list[dict[str, Any]] = [
        {**row, "layer": layer, "wkb": wkb}
        for row, wkb in zip(records(table), blobs, strict=True)
    ]
    for start in range(0, len(rows), _INSERTED_AT_ONCE):
        connection.execute(insert(layer_features), rows[start : start + _INSERTED_AT_ONCE])


def _digest(kind: LayerKind, features: gpd.GeoDataFrame, blobs: Iterable[bytes]) -> str:
    content = hashlib.sha256(kind.value.encode())
    content.update("\n".join(features["name"]).encode())
    content.update(features["households"].to_numpy(np.int64).tobytes())
    for blob in blobs:
        content.update(blob)
    return content.hexdigest()
