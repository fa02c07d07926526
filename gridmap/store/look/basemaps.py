"""Base maps kept with the city: the file in the home's folder, what is known of it in the truth."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, insert, select

from gridmap.sources.mbtiles import TileSet
from gridmap.store.base.store import Store, count, part_key
from gridmap.store.look.layers import PART
from gridmap.store.tables import basemaps

FOLDER = "basemap"
_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class BaseMap:
    """The base map in use; `digest` (16 hex digits) is its name in addresses, `crs` wgs84,
    gcj02 or bd09.
    """

    id: int
    name: str
    digest: str
    format: str
    crs: str
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    made_at: int


def path_of(home: Path, digest: str) -> Path:
    """Where the tiles of a base map lie."""
    return home / FOLDER / f"{digest}.mbtiles"


def put_basemap(
    store: Store, path: Path, tiles: TileSet, *, crs: str, now: int
) -> tuple[BaseMap, bool]:
    """Make a file the base map of the city; the one before is removed. Whether anything has
    changed is said too.
    """
    before = read_basemap(store)
    store.folder(FOLDER)
    draft = store.home / FOLDER / f".draft.{os.getpid()}"
    try:
        digest = _copy(path, draft)
        if before is not None and before.digest == digest and before.crs == crs:
            return before, False
        draft.replace(path_of(store.home, digest))
    finally:
        draft.unlink(missing_ok=True)
    west, south, east, north = tiles.bounds
    values = {
        "name": tiles.name,
        "digest": digest,
        "format": tiles.format,
        "crs": crs,
        "min_zoom": tiles.min_zoom,
        "max_zoom": tiles.max_zoom,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "made_at": now,
    }
    with store.write() as connection:
        connection.execute(delete(basemaps))
        connection.execute(insert(basemaps).values(values))
        count(connection, part_key(PART))
    _tidy(store, digest)
    found = read_basemap(store)
    assert found is not None  # noqa: S101  (written just now)
    return found, True


def drop_basemap(store: Store) -> bool:
    """Remove the base map; whether there was one."""
    with store.write() as connection:
        gone = bool(connection.execute(delete(basemaps)).rowcount)
        count(connection, part_key(PART))
    _tidy(store, "")
    return gone


def read_basemap(store: Store) -> BaseMap | None:
    """The base map in use, None when there is none."""
    with store.read() as connection:
        row = connection.execute(select(basemaps).order_by(basemaps.c.id.desc())).first()
    if row is None:
        return None
    bounds = (row.west, row.south, row.east, row.north)
    return BaseMap(
        row.id,
        row.name,
        row.digest,
        row.format,
        row.crs,
        row.min_zoom,
        row.max_zoom,
        bounds,
        row.made_at,
    )


def _copy(source: Path, target: Path) -> str:
    content = hashlib.sha256()
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK):
            content.update(chunk)
    shutil.copyfile(source, target)
    return content.hexdigest()[:16]


def _tidy(store: Store, kept: str) -> None:
    for path in store.folder(FOLDER).glob("*.mbtiles"):
        if path.stem != kept:
            path.unlink(missing_ok=True)
