"""A Shapefile in a zip: counted and sized before a byte is unpacked, then only what belongs
to it.
"""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from gridmap.errors import Fault, InputError
from gridmap.sources.layer import MAX_BYTES

MAX_MEMBERS = 200
MAX_RATIO = 200
"""A zip that unpacks to more than this many times its size, and to more than 100 MB, is refused."""

_RATIO_FROM_BYTES = 100 * 2**20
_SUFFIXES = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_MAGIC = b"\x00\x00\x27\x0a"
_CHUNK = 2**20


def unpack(path: Path, folder: Path) -> Path:
    """Unpack the one Shapefile of the zip at `path` into `folder` and return its `.shp`.

    Where nothing names the encoding of its texts, a `.cpg` is added: UTF-8 when they are
    that, else GB18030. Raises InputError when the zip is damaged, too large, or holds none
    or several Shapefiles.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _refuse_bomb(path, members)
            for member in _parts(path, members):
                _copy(archive, member, folder / f"layer{_suffix(member)}")
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
    ) as error:
        raise _fault(
            path, f"the zip cannot be unpacked ({error})", "Zip the files again."
        ) from error
    shp = folder / "layer.shp"
    with shp.open("rb") as file:
        if file.read(4) != _MAGIC:
            raise _fault(path, "the .shp in the zip is no Shapefile", "Export it again.")
    _name_encoding(folder)
    return shp


def _refuse_bomb(path: Path, members: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in members)
    ratio = total / max(path.stat().st_size, 1)
    if len(members) > MAX_MEMBERS:
        raise _fault(
            path,
            f"the zip has {len(members)} members",
            f"Zip one Shapefile alone (at most {MAX_MEMBERS}).",
        )
    if total > MAX_BYTES or (total > _RATIO_FROM_BYTES and ratio > MAX_RATIO):
        raise _fault(
            path,
            f"the zip unpacks to {total:,} bytes, {ratio:,.0f} times its size",
            "Zip one Shapefile alone.",
        )


def _parts(path: Path, members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    shapes = [member for member in members if _suffix(member) == ".shp"]
    if len(shapes) != 1:
        raise _fault(
            path,
            f"the zip holds {len(shapes)} Shapefiles, not one",
            "Zip one .shp with its .shx, .dbf, .prj.",
        )
    stem = shapes[0].filename[:-4].lower()
    parts = [
        member
        for member in members
        if member.filename[:-4].lower() == stem and _suffix(member) in _SUFFIXES
    ]
    missing = {".shx", ".dbf"} - {_suffix(member) for member in parts}
    if missing:
        raise _fault(
            path,
            f"the zip lacks the {' and '.join(sorted(missing))} of the Shapefile",
            "Zip all its files.",
        )
    return parts


def _suffix(member: zipfile.ZipInfo) -> str:
    name = PurePosixPath(member.filename)
    return "" if member.is_dir() or name.name.startswith("._") else name.suffix.lower()


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    left = member.file_size
    with archive.open(member) as source, target.open("wb") as sink:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise zipfile.BadZipFile("a member is larger than it says")
            sink.write(chunk)


def _name_encoding(folder: Path) -> None:
    table, named = folder / "layer.dbf", folder / "layer.cpg"
    content = table.read_bytes()
    language_driver, header = content[29:30], int.from_bytes(content[8:10], "little")
    if named.exists() or language_driver not in (b"", b"\x00"):
        return
    try:
        content[header:].decode("utf-8")
        named.write_text("UTF-8")
    except UnicodeDecodeError:
        named.write_text("GB18030")


def _fault(path: Path, rule: str, cure: str) -> InputError:
    return InputError(Fault(rule=rule, cure=cure, file=path.name))
