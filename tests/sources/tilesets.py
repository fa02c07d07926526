"""MBTiles files drawn by hand: one colour, few tiles."""

from __future__ import annotations

import io
import math

from PIL import Image
from pysqlite3 import dbapi2 as sqlite

BOUNDS = "113.7,35.2,114.0,35.5"


def picture(kind="PNG", colour=(200, 60, 60)):
    """A tile of one colour."""
    data = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(data, kind)
    return data.getvalue()


def tiles_of(zoom, bounds):
    """Column and row (as MBTiles counts them, from the south) of the tiles that meet `bounds`."""
    west, south, east, north = bounds
    side = 2**zoom

    def row(lat):
        angle = math.radians(lat)
        return int((1 - math.asinh(math.tan(angle)) / math.pi) / 2 * side)

    for x in range(int((west + 180) / 360 * side), int((east + 180) / 360 * side) + 1):
        for y in range(row(north), row(south) + 1):
            yield x, side - 1 - y


def mbtiles(path, *, zooms=(9, 10), data=None, bounds=BOUNDS, **metadata):
    """An MBTiles file at `path` with tiles of `data` at `zooms` over `bounds`."""
    about = {"name": "底图", "format": "png", "bounds": bounds, **metadata}
    box = tuple(float(part) for part in BOUNDS.split(","))
    with sqlite.connect(path) as connection:
        connection.execute("CREATE TABLE metadata (name text, value text)")
        connection.execute(
            "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row "
            "integer, tile_data blob)"
        )
        connection.executemany(
            "INSERT INTO metadata VALUES (?, ?)",
            [pair for pair in about.items() if pair[1] is not None],
        )
        picked = picture() if data is None else data
        connection.executemany(
            "INSERT INTO tiles VALUES (?, ?, ?, ?)",
            [(zoom, x, y, picked) for zoom in zooms for x, y in tiles_of(zoom, box)],
        )
    connection.close()
    return path
