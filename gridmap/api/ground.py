"""Tiles of the city's own base map, out of its MBTiles file."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

from pysqlite3 import dbapi2 as sqlite
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gridmap.api.files import FOREVER, SAFE, Handler, missing
from gridmap.sources.mbtiles import MAX_TILE_BYTES, MAX_ZOOM, opened, picture_of
from gridmap.store.look.basemaps import path_of

DIGEST = re.compile(r"[0-9a-f]{16}")
KINDS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
NOTHING = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364600000000600023081d02f0000000049454e44ae426082"
)
"""A picture of one clear point: where the file has no tile, the ground shows."""
_QUERY = (
    "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
)


def tile(home: Path) -> Handler:
    """The handler of tiles below `home`; they are public as all of the map is, and never
    change under their address.
    """

    async def answer(request: Request) -> Response:
        asked = request.path_params
        digest, zoom, column, row = (
            asked["digest"],
            asked["zoom"],
            asked["column"],
            asked["row"],
        )
        if not DIGEST.fullmatch(digest) or zoom > MAX_ZOOM or max(column, row) >= 1 << zoom:
            return missing()
        path = path_of(home, digest)
        try:
            data = await run_in_threadpool(_read, path, zoom, column, (1 << zoom) - 1 - row)
        except (FileNotFoundError, sqlite.DatabaseError):
            return missing()
        kind = picture_of(data) if len(data) <= MAX_TILE_BYTES else ""
        headers = {
            "Cache-Control": FOREVER,
            "Content-Type": KINDS.get(kind, "image/png"),
            **SAFE,
        }
        return Response(data if kind else NOTHING, headers=headers)

    return answer


def _read(path: Path, zoom: int, column: int, row: int) -> bytes:
    """A tile, rows counted from the south as MBTiles have them; nothing where there is none."""
    if not path.is_file():
        raise FileNotFoundError(path)
    with closing(opened(path)) as connection:
        found = connection.execute(_QUERY, (zoom, column, row)).fetchone()
    return bytes(found[0]) if found and isinstance(found[0], (bytes, memoryview)) else b""
