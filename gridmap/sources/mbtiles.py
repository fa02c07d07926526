"""MBTiles: a base map in one SQLite file, opened for reading alone, looked through before
it is used.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite

from gridmap.errors import Fault, InputError

MAX_ZOOM = 22
MAX_TILE_BYTES = 2**20
_HEAD = b"SQLite format 3\x00"
_SAMPLE = 20
_PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
_VECTOR = ("pbf", "mvt", "application/x-protobuf")


@dataclass(frozen=True, slots=True)
class TileSet:
    """What an MBTiles file says of itself: picture `format` (png, jpg, webp), zooms,
    `bounds` in degrees.
    """

    name: str
    format: str
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]


def read_tileset(path: Path | str) -> TileSet:
    """Look through an MBTiles file of pictures. Raises InputError when it is none, or holds
    vector tiles.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(
            Fault(rule="no such file", file=str(path), cure="Give the path of a file.")
        )
    with path.open("rb") as file:
        if file.read(len(_HEAD)) != _HEAD:
            raise _fault(
                path,
                "the file is no MBTiles: it is no SQLite database",
                "Give a file made as MBTiles.",
            )
    try:
        with closing(opened(path)) as connection:
            return _looked_through(connection, path)
    except sqlite.DatabaseError as error:
        raise _fault(
            path, f"the file cannot be read ({error})", "Export it again."
        ) from error


def opened(path: Path) -> Any:
    """A connection that reads the file as it is and writes nothing, not even beside it; its
    code is not run.
    """
    connection = sqlite.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def picture_of(data: bytes) -> str:
    """The format of a tile, by its first bytes; "" when it is no picture browsers draw."""
    for beginning, name in _PICTURES.items():
        if data.startswith(beginning):
            return name
    return "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def _looked_through(connection: Any, path: Path) -> TileSet:
    _refuse_without_tables(connection, path)
    about = {
        str(name): str(value)
        for name, value in connection.execute("SELECT name, value FROM metadata")
    }
    if about.get("format", "").casefold() in _VECTOR:
        raise _vector(path)
    lowest, highest = _zooms(connection, path)
    name = about.get("name", "") or path.stem
    tile_format = _format(connection, path)
    return TileSet(name, tile_format, lowest, highest, _bounds(about, path))


def _refuse_without_tables(connection: Any, path: Path) -> None:
    # Files made with one tile under several addresses have views of these names.
    present = {
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
        )
    }
    lacking = {"tiles", "metadata"} - present
    if lacking:
        names = " and ".join(sorted(lacking))
        raise _fault(
            path,
            f"the file is no MBTiles: it has no table {names}",
            "Give a file made as MBTiles.",
        )


def _zooms(connection: Any, path: Path) -> tuple[int, int]:
    lowest, highest = connection.execute(
        "SELECT min(zoom_level), max(zoom_level) FROM tiles"
    ).fetchone()
    if lowest is None:
        raise _fault(path, "the file has no tiles", "Export it again.")
    # SQLite keeps a text in a column of whole numbers when it is none.
    are_numbers = isinstance(lowest, int) and isinstance(highest, int)
    if not (are_numbers and 0 <= lowest <= highest <= MAX_ZOOM):
        raise _fault(
            path,
            f"its zoom levels are {lowest} to {highest}",
            f"Export levels from 0 to {MAX_ZOOM}.",
        )
    return lowest, highest


def _format(connection: Any, path: Path) -> str:
    rows = connection.execute("SELECT tile_data FROM tiles LIMIT ?", (_SAMPLE,)).fetchall()
    formats = set()
    for (data,) in rows:
        content = bytes(data) if isinstance(data, (bytes, memoryview)) else b""
        if content.startswith(b"\x1f\x8b"):
            raise _vector(path)
        if len(content) > MAX_TILE_BYTES:
            raise _fault(
                path, "a tile is larger than 1 MB", "Export tiles of 256 or 512 pixels."
            )
        formats.add(picture_of(content))
    if "" in formats:
        raise _fault(
            path, "its tiles are not pictures", "Export raster tiles as PNG, JPEG or WebP."
        )
    # Of a mixed file each tile is sent with a format of its own.
    return formats.pop() if len(formats) == 1 else "png"


def _bounds(about: dict[str, str], path: Path) -> tuple[float, float, float, float]:
    if "bounds" not in about:
        return (-180.0, -85.0511, 180.0, 85.0511)
    try:
        west, south, east, north = (float(part) for part in about["bounds"].split(","))
    except ValueError as error:
        raise _fault(
            path, "its bounds are not four numbers", "Export it again.", about["bounds"]
        ) from error
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise _fault(
            path, "its bounds are no place on earth", "Export it again.", about["bounds"]
        )
    return west, south, east, north


def _vector(path: Path) -> InputError:
    return _fault(
        path,
        "its tiles are vector tiles, which the map does not draw",
        "Export raster tiles (PNG, JPEG, WebP).",
    )


def _fault(path: Path, rule: str, cure: str, value: str = "") -> InputError:
    return InputError(Fault(rule=rule, cure=cure, value=value[:80], file=path.name))
