"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from gridmap.errors import Fault, InputError


class Format(StrEnum):
    """The formats grids are read from."""

    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GeoPackage"
    FLATGEOBUF = "FlatGeobuf"
    GEOPARQUET = "GeoParquet"
    SHAPEFILE_ZIP = "zipped Shapefile"


ACCEPTED = (
    "Give a GeoJSON, GeoPackage, FlatGeobuf or GeoParquet file, or a Shapefile in one zip."
)

_BEGINNINGS = {
    b"SQLite format 3\x00": Format.GEOPACKAGE,
    b"fgb\x03fgb": Format.FLATGEOBUF,
    b"PAR1": Format.GEOPARQUET,
    b"PK\x03\x04": Format.SHAPEFILE_ZIP,
}
_SHP = b"\x00\x00\x27\x0a"


def format_of(path: Path) -> Format:
    """The format of the file at `path`. Raises InputError when it is none of ours, empty,
    or no file.
    """
    if not path.is_file():
        raise InputError(
            Fault(rule="no such file", file=str(path), cure="Give the path of a file.")
        )
    with path.open("rb") as file:
        head = file.read(4096)
    for beginning, file_format in _BEGINNINGS.items():
        if head.startswith(beginning):
            return file_format
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return Format.GEOJSON
    raise InputError(Fault(rule=_what(head), file=path.name, cure=ACCEPTED))


def _what(head: bytes) -> str:
    if not head:
        return "the file is empty"
    if head.startswith(_SHP):
        return "a Shapefile is several files: zip them (.shp, .shx, .dbf, .prj) and give the zip"
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return "the file is XML, whatever its name says, and is not read"
    return "the file is of a kind that grids are not read from"
