"""Map files: a coverage of grids as a small gzip-compressed binary that browsers draw from.

Layout, after gunzip: `GMAP`, a byte with the version, the length of the header (uint32,
little endian), the header (JSON, UTF-8), then the streams one after another, each a run of
variable-length whole numbers (LEB128; signed ones zigzag-coded). The header gives the
streams' lengths in order:

* `codes`: differences of the sorted grid codes;
* `arcs`: for each arc 2 × (points − 1), plus 1 when it starts away from the end of the one before;
* `x`, `y`: differences of the points in arc order, leaving out starts that continue the arc before;
* `left`, `right`: the polygons beside an arc (0: outside, else row + 1), as differences
  from the arc before.

Borders of townships, counties and the city are not stored: they are the arcs whose sides
differ in the code's prefix. `gridmap/ui/web/decode.js` is the browser's decoder; the one
below says the same in Python.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from gridmap.codes import Codes
from gridmap.errors import Fault, InputError
from gridmap.geo import arcs
from gridmap.geo.arcs import Arcs

MAGIC = b"GMAP"
VERSION = 1
STREAMS = ("codes", "arcs", "x", "y", "left", "right")
_HEAD = struct.Struct("<4sBI")

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Labels:
    """Names that travel with a map file, by language (`zh`, `en`).

    `units`: code of a county, township or village → name. `grids`: code → name, of those
    only whose name is not the regular one (第八网格 for a code ending in 008), which browsers
    make themselves.
    """

    units: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    grids: Mapping[str, Mapping[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pack:
    """A map file read back: sorted codes (int64[n]), arcs whose sides are rows of `codes`,
    and the header.
    """

    codes: Codes
    arcs: Arcs
    header: dict[str, Any]


def encode(
    codes: Codes,
    polygons: npt.NDArray[np.object_],
    *,
    quantum: float = 1e-6,
    labels: Labels | None = None,
    extra: Mapping[str, Any] | None = None,
) -> bytes:
    """The map file of `polygons` (longitude/latitude) with `codes` (int64[n], sorted, unique).

    Coordinates are rounded to multiples of `quantum` degrees; `extra` is added to the
    header. The same input gives the same bytes. Raises InputError when codes are not sorted
    and unique, or do not match the polygons.
    """
    numbers = np.asarray(codes, dtype=np.int64)
    if len(numbers) != len(polygons) or (np.diff(numbers) <= 0).any():
        raise InputError(
            Fault(
                rule="codes must be sorted, unique, one a polygon",
                field="code",
                cure="Sort by code, drop doubles.",
            )
        )
    net = arcs.build(polygons, origin=(0.0, 0.0), quantum=quantum)
    streams = _streams(numbers, net)
    header = {
        "quantum": quantum,
        "counts": {"grids": len(numbers), "arcs": len(net), "points": len(net.x)},
        "bytes": [len(streams[name]) for name in STREAMS],
        "names": _names(labels or Labels()),
        **(extra or {}),
    }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    body = b"".join(
        (_HEAD.pack(MAGIC, VERSION, len(text)), text, *(streams[name] for name in STREAMS))
    )
    return gzip.compress(body, compresslevel=9, mtime=0)


def decode(data: bytes) -> Pack:
    """Read a map file. Raises InputError when `data` is none."""
    try:
        body = gzip.decompress(data)
        magic, version, size = _HEAD.unpack_from(body)
    except (OSError, EOFError, struct.error) as error:
        raise _not_a_pack(str(error)) from error
    if magic != MAGIC or version != VERSION:
        raise _not_a_pack(f"{magic!r} version {version}")
    header = json.loads(body[_HEAD.size : _HEAD.size + size])
    at, streams = _HEAD.size + size, {}
    for name, length in zip(STREAMS, header["bytes"], strict=True):
        streams[name] = _read_varints(body[at : at + length])
        at += length
    return Pack(codes=np.cumsum(streams["codes"]), arcs=_read_arcs(streams), header=header)


def name_of(data: bytes, stem: str) -> str:
    """A file name that changes with the content: `stem`-<16 hex digits of the SHA-256>.bin."""
    return f"{stem}-{hashlib.sha256(data).hexdigest()[:16]}.bin"


def _not_a_pack(value: str) -> InputError:
    return InputError(
        Fault(
            rule="not a map file of this version",
            value=value,
            cure="Build the map files again.",
        )
    )


def _names(labels: Labels) -> dict[str, Any]:
    """Unit names by language, joined by newlines in the order of the sorted codes; codes as
    differences.
    """
    codes = sorted({code for names in labels.units.values() for code in names})
    named = sorted({code for names in labels.grids.values() for code in names})
    languages = sorted({*labels.units, *labels.grids})
    return {
        "codes": np.diff(np.array([0, *codes], dtype=np.int64)).tolist(),
        "units": {lang: _join(labels.units.get(lang, {}), codes) for lang in languages},
        "grid_codes": np.diff(np.array([0, *named], dtype=np.int64)).tolist(),
        "grids": {lang: _join(labels.grids.get(lang, {}), named) for lang in languages},
    }


def _join(names: Mapping[int, str], codes: list[int]) -> str:
    return "\n".join(" ".join(names.get(code, "").split()) for code in codes)


def _streams(codes: Codes, net: Arcs) -> dict[str, bytes]:
    first, last = net.start[:-1], net.start[1:] - 1
    jumps = np.ones(len(net), dtype=bool)
    jumps[1:] = (net.x[first[1:]] != net.x[last[:-1]]) | (
        net.y[first[1:]] != net.y[last[:-1]]
    )
    is_written = np.ones(len(net.x), dtype=bool)
    is_written[first] = jumps
    return {
        "codes": varints(np.diff(codes, prepend=0)),
        "arcs": varints((last - first) * 2 + jumps),
        "x": varints(zigzag(np.diff(net.x[is_written], prepend=0))),
        "y": varints(zigzag(np.diff(net.y[is_written], prepend=0))),
        "left": varints(zigzag(np.diff(net.left + 1, prepend=0))),
        "right": varints(zigzag(np.diff(net.right + 1, prepend=0))),
    }


def _read_arcs(streams: dict[str, Ints]) -> Arcs:
    sizes = streams["arcs"] // 2 + 1
    start = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    is_written = np.ones(int(start[-1]), dtype=bool)
    is_written[start[:-1]] = streams["arcs"] % 2 == 1
    # A start that was left out repeats the point before it.
    source = np.cumsum(is_written) - 1
    return Arcs(
        x=np.cumsum(_unzigzag(streams["x"]))[source],
        y=np.cumsum(_unzigzag(streams["y"]))[source],
        start=start,
        left=np.cumsum(_unzigzag(streams["left"])) - 1,
        right=np.cumsum(_unzigzag(streams["right"])) - 1,
    )


def zigzag(numbers: Ints) -> Ints:
    """Signed whole numbers as unsigned ones: 0, -1, 1, -2, and so on, as 0, 1, 2, 3."""
    return np.where(numbers < 0, -2 * numbers - 1, 2 * numbers)


def _unzigzag(numbers: Ints) -> Ints:
    return np.where(numbers % 2 == 1, -(numbers + 1) // 2, numbers // 2)


def varints(numbers: Ints) -> bytes:
    """LEB128 of non-negative `numbers`: seven bits a byte, lowest first, the top bit says
    that more follow.
    """
    rest = np.asarray(numbers, dtype=np.int64)
    groups = np.zeros((len(rest), 9), dtype=np.uint8)
    used = np.zeros((len(rest), 9), dtype=bool)
    for group in range(9):
        used[:, group] = (rest > 0) | (group == 0)
        groups[:, group] = rest & 0x7F
        rest = rest >> 7
    groups[:, :-1] |= np.where(used[:, 1:], 0x80, 0).astype(np.uint8)
    return groups[used].tobytes()


def _read_varints(data: bytes) -> Ints:
    octets = np.frombuffer(data, dtype=np.uint8).astype(np.int64)
    if not len(octets):
        return octets
    ends = octets < 0x80
    number: Ints = np.cumsum(ends) - ends
    starts = np.flatnonzero(np.concatenate(([True], ends[:-1])))
    place = np.arange(len(octets)) - starts[number]
    numbers = np.zeros(int(ends.sum()), dtype=np.int64)
    np.add.at(numbers, number, (octets & 0x7F) << (7 * place))
    return numbers
